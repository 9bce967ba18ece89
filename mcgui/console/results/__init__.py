"""Results and failures: their tables, plots, details and files."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["result_exporter", "result_source", "results_panel", "rows_copier", "snippets", "task_detail"]
