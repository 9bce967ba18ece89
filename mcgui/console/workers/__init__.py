"""The panel of workers, and how computers join."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "add_workers_panel",
    "sharing",
    "worker_columns",
    "worker_model",
    "worker_steering",
    "worker_table",
]
