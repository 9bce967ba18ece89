"""A folder with the results that are files, each under its name, and a list of which task it is of."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any, Final

from mcgui_core.results.csv_writer import delimiter_of, harmless
from mcgui_core.results.files.file_names import FreeNames
from mcgui_core.results.files.result_files import ResultFile, beside_files, files_of
from mcgui_core.results.outcome_reader import in_one_line
from mcgui_core.results.plain_values import Unsayable, cell, plain
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.values.display import shown

#: The list, beside the files.
LIST: Final = "index.csv"
_TITLES: Final = ("index", "argument", "file", "result", "error")
_LEFT_OUT: Final = "Results that are no files stand only in {}."
_NONE: Final = (
    "no result is a file: bytes, a picture, a figure, or such as (name, content). A path is one where it is of this "
    "computer, and its worker is trusted"
)


def write_folder(table: ResultTable, folder: Path) -> None:
    """Raises Misfit where no result is a file."""
    folder.mkdir()
    names = FreeNames()
    names.free((LIST,))
    width, count = len(str(max(table.total - 1, 0))), 0
    with (folder / LIST).open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter_of(table.options))
        writer.writerow(title for title in _TITLES if title != "argument" or table.arguments)
        for task, argument in table.records():
            line: list[Any] = [task.index, *([harmless(shown(argument))] if table.arguments else [])]
            if task.failure is not None:
                writer.writerow([*line, "", "", harmless(in_one_line(task.failure))])
                continue
            files = files_of(task.value, argument, f"task-{task.index:0{width}}", task.trusted)
            count += len(files)
            beside = beside_files(task.value, task.trusted) if files else {}
            for one in files:
                writer.writerow([*line, harmless(_write(folder, names, one)), _words(beside) if beside else "", ""])
            if not files:
                table.notes.add(_LEFT_OUT, LIST)
                writer.writerow([*line, "", harmless(shown(task.value)), ""])
    if not count and table.results:
        raise Misfit(_NONE)


def _words(value: Any) -> str:
    """As JSON, whole; what JSON has no place for as it is shown."""
    try:
        return harmless(cell(plain(value)))
    except Unsayable:
        return harmless(shown(value))


def _write(folder: Path, names: FreeNames, file: ResultFile) -> str:
    """Returns its name below the folder."""
    parts = names.free(file.path)
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file.content, Path):
        shutil.copyfile(file.content, path)
    else:
        path.write_bytes(file.content)
    return "/".join(parts)
