"""What the rows of a table are that a file holds: titles, names of columns, units, totals, and notes on cells."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "header_rows",
    "odd_cells",
    "preamble",
    "total_rows",
    "written_forms",
]
