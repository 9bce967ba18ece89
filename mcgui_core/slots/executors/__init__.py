"""Slots elsewhere: in the workers of any executor of `concurrent.futures`, and in those of a Dask cluster."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["dask_slots", "executor_slots"]
