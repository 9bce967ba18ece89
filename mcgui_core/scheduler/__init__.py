"""The brain, without I/O: which node runs which tasks, and what counts when it reports. Time comes in."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["job_state", "node_state"]
