"""Outcomes opened, searched, plotted, reduced, exported."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "chosen_tasks",
    "csv_writer",
    "export",
    "export_formats",
    "export_progress",
    "outcome_reader",
    "plain_values",
    "reduce",
    "search",
    "task_detail",
]
