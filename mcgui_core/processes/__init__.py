"""Processes of ours: how they are started, watched and ended."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "c_output",
    "child_commands",
    "child_pipes",
    "closed_pipe",
    "default_signals",
    "exit_status",
    "memory_trimming",
    "own_interpreter",
    "own_pipe",
    "parent_death",
    "process_family",
    "process_priority",
    "processor_count",
    "raw_output",
    "shared_memory_sweepers",
    "thread_limits",
    "watched_process",
]
