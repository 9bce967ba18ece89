"""Where chunks run: the interface that a node feeds, our processes, executors; and what runs in a slot."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "loaded_job",
    "output_capture",
    "process_slots",
    "progress_report",
    "slot_interface",
    "task_runner",
]
