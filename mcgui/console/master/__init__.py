"""The master that the window shows: its own, or one that runs elsewhere."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "connect_panel",
    "links_controller",
    "links_panel",
    "master_startup",
    "master_switch",
    "preview_bench",
    "serving_label",
    "startup_failures",
]
