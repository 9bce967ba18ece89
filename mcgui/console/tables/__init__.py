"""What all tables of the window have in common."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "cell_delegate",
    "column_chooser",
    "columns_button",
    "sort_filter_model",
    "table_model",
    "table_view",
    "total_row",
]
