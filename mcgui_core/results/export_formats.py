"""What a file of results may be: the one list that the terminal, the console and the writers go by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One kind of file."""

    name: str  # by which it is asked for, and how the name of such a file ends
    title: str  # what people call it
    use: str  # what it is good for, in a line


FORMATS = (
    ExportFormat("csv", "CSV", "For spreadsheets: one line a task"),
    ExportFormat("jsonl", "JSON Lines", "One JSON object a line, with lists and dicts as they are"),
    ExportFormat("parquet", "Parquet", "Typed columns, compressed; needs pyarrow"),
    ExportFormat("npy", "NumPy", "A structured array of what is done, for numbers, text, and arrays of one shape"),
    ExportFormat("pickle", "Pickle", "Any Python values, for Python only"),
)
FORMAT_NAMES = tuple(format.name for format in FORMATS)


def listed(prefix: str = "") -> str:
    """Such as "csv, jsonl or pickle", each with the prefix."""
    *first, last = (prefix + name for name in FORMAT_NAMES)
    return f"{', '.join(first)} or {last}"
