"""The jobs: their table, and what is done with them."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "job_announcer",
    "job_commands",
    "job_controller",
    "job_model",
    "job_notifications",
    "job_reopener",
    "jobs_panel",
    "loss_warning",
    "past_job_commands",
    "task_reruns",
    "work_tabs_controller",
]
