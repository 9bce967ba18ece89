"""The code of jobs: modules that a callable needs, other code for a job, and what the values of one are opened with."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["callable_project", "changed_code", "job_code"]
