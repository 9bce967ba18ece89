"""The worker behind tray and panel: its agent, what it did, and what it remembers."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "log_file",
    "machine_load",
    "master_search",
    "saved_state",
    "throughput_history",
    "work_spells",
    "worker_session",
]
