"""What came of the tasks that a slot ran, on its way to the agent."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["growing_part"]
