"""Processes of ours: how they are started, watched and ended."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "child_commands",
    "child_pipes",
    "closed_pipe",
    "default_signals",
    "exit_status",
    "parent_death",
    "process_family",
    "process_priority",
    "processor_count",
    "thread_limits",
    "watched_process",
]
