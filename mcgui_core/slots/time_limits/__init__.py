"""How long a task may take: who looks at the clock, in the slot and at its agent, and what happens when time is up."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["long_tasks", "task_clock", "time_limit"]
