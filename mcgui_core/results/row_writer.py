"""Results as rows, one task after the other: CSV, JSON Lines, and a pickle of lists."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import IO, Any, Final

from mcgui_core.results.outcome_reader import in_one_line
from mcgui_core.results.plain_values import Unsayable, as_json, cell, has_bytes, jsonable, plain
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.values import pickling

#: What makes a spreadsheet take a cell for a formula, which may fetch and send things; in Asian widths too.
_FORMULA: Final = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_APOSTROPHE: Final = (
    "{} has text that spreadsheets would take for a formula, so an apostrophe stands before it. "
    "An exact CSV file has none."
)
BASE64: Final = "{} has bytes, which are written in base64."


def write_csv(table: ResultTable, path: Path) -> None:
    """For Excel: with a byte-order mark, and no text that it would run. As it is, with the option `exact`."""
    exact = table.options.exact
    between = "T" if exact else " "  # Excel knows a date by the space
    titles = table.titles
    with _text_file(path, "utf-8" if exact else "utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(titles if exact else map(harmless, titles))
        for row in table.rows(plain):
            for at, value in enumerate(row):
                if type(value) in _PLAIN_CELLS or value == "":
                    continue  # the writer makes of them what `cell` does
                row[at] = cell(value, between)
                if type(value) is str:
                    if not exact and harmless(value) is not value:
                        row[at] = harmless(value)
                        table.notes.add(_APOSTROPHE, titles[at])
                elif has_bytes(value):
                    table.notes.add(BASE64, titles[at])
            writer.writerow(row)


_PLAIN_CELLS: Final = frozenset({int, float, bool, type(None)})


def harmless(text: str) -> str:
    """The text, which no spreadsheet takes for a formula. Numbers stay as they are."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def write_lines(table: ResultTable, path: Path) -> None:
    with _text_file(path, "utf-8") as file:
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
        found = plain(value)
    except Unsayable as problem:
        raise Misfit(f"'{name}' of task {index:,} is {problem}, which has no place in it") from problem
    if type(found) not in _PLAIN_CELLS and has_bytes(found):
        table.notes.add(BASE64, name)
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
    with path.open("wb") as file:
        cloudpickle.dump(columns, file, protocol=5)


def _text_file(path: Path, encoding: str) -> IO[str]:
    # Halves of surrogate pairs, which have no UTF-8, become what they are in source (and in JSON): \udce9.
    return path.open("w", encoding=encoding, errors="backslashreplace", newline="")
