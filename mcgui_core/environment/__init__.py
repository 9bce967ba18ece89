"""The environment: what its source defines, found by reading it; and the one place that runs it."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "callable_info",
    "environment_loader",
    "environment_source",
    "function_info",
    "import_path",
    "project_imports",
    "project_layout",
    "project_modules",
    "project_reader",
    "requirements",
    "source_encoding",
]
