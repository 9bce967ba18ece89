"""The tasks of a job as columns in memory: sorted, filtered and plotted by them, a million rows in a second or two."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["copied_rows", "filters", "job_comparison", "job_tables"]
