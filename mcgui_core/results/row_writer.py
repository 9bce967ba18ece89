"""Results as rows, one task after the other: JSON Lines, and a pickle of lists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any, Final

from mcgui_core.results.export_notes import note_json
from mcgui_core.results.outcome_reader import in_one_line
from mcgui_core.results.plain_values import Unsayable, as_json, jsonable
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.values import pickling

NO_UTF8: Final = "{} {has} text that UTF-8 cannot hold, which is written with backslashes."
EMPTY: Final = "{} {has} text without a letter, which is an empty cell, as None is."
_PLAIN_CELLS: Final = frozenset({int, str, bool, type(None)})


def write_lines(table: ResultTable, path: Path) -> None:
    with text_file(path, "utf-8") as file:
        for task, argument in table.records():
            record: dict[str, Any] = {"index": task.index}
            if table.arguments:
                record["argument"] = _said(table, task.index, "argument", argument)
            if task.failure is None:
                record["result"] = _said(table, task.index, "result", task.value)
            else:
                record["error"] = in_one_line(task.failure)
            file.write(as_json(record) + "\n")


def _said(table: ResultTable, index: int, name: str, value: Any) -> Any:
    try:
        found = table.plain(value, name)
    except Unsayable as problem:
        raise Misfit(f"'{name}' of task {index:,} is {problem}, which has no place in it") from problem
    if type(found) not in _PLAIN_CELLS:
        note_json(table.notes, found, name)
    return jsonable(found)


def write_pickle(table: ResultTable, path: Path) -> None:
    """Whoever opens it has all of it in memory, and so have we."""
    import cloudpickle

    columns: dict[str, list[Any]] = {"index": [], "argument": [], "result": [], "error": []}
    for task, argument in table.records():
        columns["index"].append(task.index)
        columns["argument"].append(argument)
        columns["result"].append(task.value)
        columns["error"].append("" if task.failure is None else in_one_line(task.failure))
    if not table.arguments:
        del columns["argument"]
    # Classes of an environment travel by value: the module that holds them is nowhere else.
    for name, module in list(sys.modules.items()):
        if name.startswith(pickling.ENVIRONMENT_PREFIX):
            cloudpickle.register_pickle_by_value(module)
    with path.open("wb") as file, table.in_place():
        cloudpickle.dump(columns, file, protocol=5)


def text_file(path: Path, encoding: str) -> IO[str]:
    """The file, to be written."""
    # Halves of surrogate pairs, which have no UTF-8, become what they are in source (and in JSON): \udce9.
    return path.open("w", encoding=encoding, errors="backslashreplace", newline="")
