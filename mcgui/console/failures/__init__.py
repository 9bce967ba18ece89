"""The failures of a job: grouped, in a line each, and one of them whole."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["failure_source", "failures_panel"]
