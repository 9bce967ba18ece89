"""The kinds of sources that arguments come from, as the window offers them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mcgui_core.arguments.argument_source import FILE_ENDINGS, ArgumentKind, ArgumentSource, kind_of_file

#: Bytes at the beginning of a file that tell whether it is text.
_SNIFFED: Final = 4096


@dataclass(frozen=True, slots=True)
class OfferedKind:
    """One kind: its name in the list, and what is said of it while nothing has been entered."""

    kind: ArgumentKind
    name: str
    hint: str

    @property
    def is_file(self) -> bool:
        return self.kind in FILE_ENDINGS


KINDS: Final[tuple[OfferedKind, ...]] = (
    OfferedKind("expression", "Expression", "A Python expression: one task for each value that it gives."),
    OfferedKind("sweep", "Sweep", "One task for each combination of the values of its axes, passed by name."),
    OfferedKind("text", "Text file", "One task for each line of the file."),
    OfferedKind(
        "csv", "CSV file", "One task for each row, its columns passed by name. Tabs or semicolons will do too."
    ),
    OfferedKind("xlsx", "Excel workbook", "One task for each row of a sheet; its columns are passed by name."),
    OfferedKind("json", "JSON file", "One task for each element of its array; objects are passed by name."),
    OfferedKind("jsonl", "JSON Lines file", "One task for each line; objects are passed by name."),
    OfferedKind("numpy", "NumPy file", "One task for each item of the array; several arrays are passed by name."),
    OfferedKind("parquet", "Parquet file", "One task for each row; its columns are passed by name."),
    OfferedKind("folder", "Folder", "One task for each file in it that matches the pattern."),
    OfferedKind("tasks", "Tasks of a job", "The arguments of a job once more: 3, or 3: failed, or 3: 0-9, 12."),
)


def offered(kind: ArgumentKind) -> OfferedKind:
    return next(one for one in KINDS if one.kind == kind)


def source_of_paths(paths: list[Path]) -> ArgumentSource:
    """The source that somebody brings as files: a file of a known kind, a folder, or else a list of their names."""
    if len(paths) == 1:
        path = paths[0]
        if path.is_dir():
            return ArgumentSource("folder", path=str(path))
        kind = kind_of_file(path) or ("text" if _is_text(path) else None)
        if kind is not None:
            return ArgumentSource(kind, path=str(path))
    return ArgumentSource("expression", text=f"[{', '.join(repr(str(path)) for path in paths)}]")


def _is_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"\0" not in file.read(_SNIFFED)
    except OSError:
        return True  # whoever reads it says what is wrong
