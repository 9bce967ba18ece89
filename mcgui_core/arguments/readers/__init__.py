"""A reader for each kind of file that arguments come from, and what they have in common."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "csv_reader",
    "excel_reader",
    "json_lines_reader",
    "json_reader",
    "numpy_reader",
    "parquet_reader",
    "row_reader",
    "text_encoding",
    "text_reader",
]
