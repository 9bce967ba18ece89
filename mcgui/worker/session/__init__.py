"""The worker behind tray and panel: its agent, what it did, and what it remembers."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["machine_load", "master_search", "saved_state", "throughput_history", "worker_session"]
