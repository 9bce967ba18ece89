"""A cluster as an executor of `concurrent.futures`."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["cluster_executor"]
