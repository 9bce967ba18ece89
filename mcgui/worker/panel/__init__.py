"""The panel of the worker: one narrow column, a file for each part of it."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["screenshot", "worker_panel", "wrapped_label"]
