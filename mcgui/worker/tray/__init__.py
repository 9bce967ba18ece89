"""The icon in the system tray, its menu, and what the desktop is told."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["notifications", "processor_steps", "state_icon", "tray_availability", "worker_tray"]
