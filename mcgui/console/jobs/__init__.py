"""The jobs: their table, and what is done with them."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "job_commands",
    "job_controller",
    "job_model",
    "job_notifications",
    "jobs_panel",
    "loss_warning",
    "work_tabs_controller",
]
