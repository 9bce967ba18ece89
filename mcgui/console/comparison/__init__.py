"""What differs: between a job's code and the code as it is now, and between two jobs."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "difference_window",
    "file_differences",
    "job_differences",
    "jobs_plot",
    "line_differences",
    "spec_differences",
]
