"""Where arguments come from: an expression, a file, a folder's files, a sweep, or a job that there was.

argument_readers.py opens it; the last kind needs that job's master (client/job_arguments.py)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

ArgumentKind = Literal[
    "expression", "text", "csv", "xlsx", "json", "jsonl", "numpy", "parquet", "folder", "sweep", "tasks"
]
ARGUMENT_KINDS: tuple[ArgumentKind, ...] = get_args(ArgumentKind)
FileContent = Literal["path", "text", "bytes", "named"]
#: What of each file of a folder is the argument: its path, its text, its bytes, or its name and its bytes as two.
FILE_CONTENTS: tuple[FileContent, ...] = ("path", "text", "bytes", "named")
Combine = Literal["product", "zip"]
#: Every value of an axis with every value of the others; or the first values together, the second ones, and so on.
COMBINES: tuple[Combine, ...] = ("product", "zip")
#: What a column of a table of text is read as; see column_types.py.
ColumnType = Literal["text", "integer", "number", "boolean", "date", "datetime"]
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
#: Kinds that are one file each, with the endings by which such a file is known.
FILE_ENDINGS: dict[ArgumentKind, tuple[str, ...]] = {
    "text": (".txt", ".lst", ".list"),
    "csv": (".csv", ".tsv", ".tab"),
    "xlsx": (".xlsx", ".xlsm"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "numpy": (".npy", ".npz"),
    "parquet": (".parquet", ".pq"),
}
#: Kinds that may have bad rows to leave out.
SKIPPING_KINDS: frozenset[ArgumentKind] = frozenset({"csv", "xlsx", "json", "jsonl", "folder"})
#: Kinds that may have columns to pass under other names.
TABLE_KINDS: frozenset[ArgumentKind] = frozenset({"csv", "xlsx", "json", "jsonl", "numpy", "parquet"})
#: Kinds that are text, in some encoding.
TEXT_KINDS: frozenset[ArgumentKind] = frozenset({"text", "csv", "json", "jsonl"})
#: Kinds whose columns may be said to be of a type.
TYPED_KINDS: frozenset[ArgumentKind] = frozenset({"csv", "xlsx"})


@dataclass(frozen=True, slots=True)
class ArgumentSource:
    """What a user says of the arguments: `text` is the expression, or names tasks of a job (tasks_of_job.py); `path` is
    the file or the folder.

    `skip_bad` leaves out the rows of a file that cannot be read; without it they are an error. `pattern` and `content`
    are a folder's (see folder.py), `axes` and `combine` a sweep's (sweep.py, sweep_axis.py). `columns` says as which
    parameter a column of a file is passed where that is not its own name, "" to leave it out. `types` says what a
    column of a CSV file or a workbook is, and `encoding` (a name that Python knows) how a file of text, or a folder's,
    is encoded; what is not said is found by looking at the file. `sheet` is one of a workbook, "" the first.
    """

    kind: ArgumentKind
    text: str = ""
    path: str = ""
    skip_bad: bool = False
    pattern: str = "*"
    content: FileContent = "path"
    combine: Combine = "product"
    axes: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    types: tuple[tuple[str, ColumnType], ...] = ()
    encoding: str = ""
    sheet: str = ""


def kind_of_file(path: Path) -> ArgumentKind | None:
    """What kind of source a file is, by its ending; None where that does not tell."""
    ending = path.suffix.lower()
    return next((kind for kind, endings in FILE_ENDINGS.items() if ending in endings), None)
