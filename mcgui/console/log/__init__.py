"""What tasks print and what happens, as one log."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["log_panel", "log_source", "snapshot_events"]
