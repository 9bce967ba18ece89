"""The user's own values: pickled, weighed, shown, and opened as far as they can be."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "display",
    "function_with_setup",
    "immutable",
    "outcome_values",
    "partial_unpickling",
    "picked_values",
    "pickling",
    "size_estimate",
    "snapshot",
    "text",
]
