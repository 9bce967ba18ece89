"""Where the arguments of a job come from: an expression, a file, a folder or a sweep, read lazily."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "argument_fit",
    "argument_readers",
    "argument_source",
    "call_fit",
    "column_matching",
    "column_renaming",
    "column_types",
    "shared_expressions",
    "sweep",
    "sweep_axis",
    "tasks_of_job",
]
