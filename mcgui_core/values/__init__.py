"""The user's own values: pickled, weighed, shown, and opened as far as they can be."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "display",
    "exception_fields",
    "file_slice",
    "function_with_setup",
    "immutable",
    "local_store",
    "outcome_values",
    "partial_unpickling",
    "picked_values",
    "pickling",
    "remote_call",
    "size_estimate",
    "snapshot",
    "text",
    "trust",
    "value_file",
]
