"""What a file of results may be: the one list that the terminal, the console and the writers go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Which arguments are written: those that are short (numbers, names; not the content of files), all, or none.
ExportedArguments = Literal["short", "all", "none"]


@dataclass(frozen=True)
class ExportOptions:
    """How a file is written. `exact`: a CSV file with text as it is, for programs, and not as is safe for Excel.

    `where` is a filter of rows ("": all), `order` the title of the column by which they are sorted and whether the
    largest comes first, `columns` the titles of those that are written, in their order (none: all). Titles are those of
    the table of results; JSON Lines and pickles have no columns to choose. `decimal_comma`: a CSV file with numbers as
    1,5 and semicolons between its columns, as spreadsheets read it where numbers are written so.
    """

    arguments: ExportedArguments = "short"
    exact: bool = False
    where: str = ""
    order: tuple[str, bool] | None = None
    columns: tuple[str, ...] = ()
    decimal_comma: bool = False


#: Everything, as is best for most.
ALL = ExportOptions()


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One kind of file."""

    name: str  # by which it is asked for
    title: str  # what people call it
    use: str  # what it is good for, in a line
    package: str = ""  # what has to be installed for it, by the extra of ours
    extra: str = ""

    @property
    def ending(self) -> str:
        """How the name of such a file ends, without the dot."""
        return self.name.partition("-")[0]


#: What is offered to people; "csv-exact" and "csv-comma" are CSV with the options `exact` and `decimal_comma`.
OFFERED = (
    ExportFormat("csv", "CSV for Excel", "One line a task, with text that no spreadsheet runs as a formula"),
    ExportFormat(
        "csv-comma",
        "CSV for Excel, with 1,5",
        "The same with decimal commas and semicolons: for Excel in German, French, Spanish and others",
    ),
    ExportFormat("csv-exact", "CSV, exact", "One line a task, with text as it is: for programs"),
    ExportFormat("xlsx", "Excel", "A sheet of numbers, dates and text; needs openpyxl", "openpyxl", "xlsx"),
    ExportFormat("jsonl", "JSON Lines", "One JSON object a line, with lists and dicts as they are"),
    ExportFormat("parquet", "Parquet", "Typed columns, compressed; needs pyarrow", "pyarrow", "parquet"),
    ExportFormat(
        "npy",
        "NumPy",
        "A structured array of what is done: numbers, text, dates, arrays of one shape",
        "numpy",
        "numpy",
    ),
    ExportFormat("pickle", "Pickle", "Any Python values, for Python only"),
)
#: Not by the ending of a name: what is asked for by itself.
FOLDER = ExportFormat(
    "folder", "Files in a folder", "Results that are files (bytes, pictures, figures), each under its name"
)
FORMATS = {kind.name: kind for kind in OFFERED if kind.name == kind.ending}
FORMAT_NAMES = tuple(FORMATS)


def listed(prefix: str = "") -> str:
    """Such as "csv, jsonl or pickle", each with the prefix."""
    *first, last = (prefix + name for name in FORMAT_NAMES)
    return f"{', '.join(first)} or {last}"
