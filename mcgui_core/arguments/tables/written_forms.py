"""What is told of dates, times and numbers that are written in several ways, or in one that may be read in two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.known_cells import KnownNumber
from mcgui_core.arguments.number_formats import COMMA, are_unsure, decimal_marks
from mcgui_core.arguments.tables.header_rows import is_number
from mcgui_core.base.listing import listed
from mcgui_core.values.text import short

#: The ways in which days are written, by what stands behind the first number.
_DAY: Final = re.compile(r"\s*[0-9]{1,4}([-./])")
_SLASHED: Final = re.compile(r"\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b.*", re.DOTALL)
#: Digits of a number that a workbook keeps.
_DIGITS: Final = 15
#: A mark that may be one of thousands.
_MARKED: Final = re.compile(r"[0-9][.,][0-9]{3}(?![0-9])")
#: Hours, minutes and seconds, or minutes and seconds.
_CLOCK: Final = re.compile(r"\s*[0-9]{1,4}:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?\s*")


def written_forms_note(columns: Mapping[str, tuple[ColumnType, Sequence[str]]], delimiter: str) -> str:
    """What is told of these columns, each with its type and some of its cells; "" where there is nothing."""
    exact = _digits_note({name: cells for name, (_, cells) in columns.items()})
    filled = {
        name: (type, [cell for cell in cells if cell.strip() not in MISSING and not isinstance(cell, KnownNumber)])
        for name, (type, cells) in columns.items()
    }
    of_text = {name: cells for name, (type, cells) in filled.items() if type == "text" and cells}
    of_days = {name: cells for name, (type, cells) in filled.items() if type in ("date", "datetime")}
    of_numbers = {name: cells for name, (type, cells) in filled.items() if type == "number"}
    notes = (_days_note(of_days), _slashes_note(of_text), _clocks_note(of_text), _unsure_note(of_text))
    points = "" if delimiter != ";" else _points_note(of_numbers)
    return " ".join(filter(None, (*notes, points, exact)))


def _days_note(columns: Mapping[str, Sequence[str]]) -> str:
    for name, cells in columns.items():
        ways = {match[1]: cell for cell in cells if (match := _DAY.match(cell))}
        if len(ways) > 1:
            return f"The days in the column {name!r} are written in several ways, such as {listed([*ways.values()])}."
    return ""


def _slashes_note(columns: Mapping[str, Sequence[str]]) -> str:
    found = {name: cells[0] for name, cells in columns.items() if all(map(_SLASHED.fullmatch, cells))}
    if not found:
        return ""
    cell = short(next(iter(found.values())))
    return f"{_are(found)} text, since dates such as {cell} are not read for sure. Written as 2026-11-29, they are."


def _clocks_note(columns: Mapping[str, Sequence[str]]) -> str:
    found = {name: cells[0] for name, cells in columns.items() if all(map(_CLOCK.fullmatch, cells))}
    return f"{_are(found)} text, times or durations such as {short(next(iter(found.values())))}." if found else ""


def _unsure_note(columns: Mapping[str, Sequence[str]]) -> str:
    found = {
        name: next(filter(_MARKED.search, cells))
        for name, cells in columns.items()
        if all(map(is_number, cells)) and any(map(_MARKED.search, cells))
    }
    if not found:
        return ""
    name, cell = next(iter(found.items()))
    return (
        f"{_are(found)} text, since the marks in {short(cell)} may stand between thousands. Say that {name!r} is a "
        "number if it is one."
    )


def _points_note(columns: Mapping[str, Sequence[str]]) -> str:
    """Of points that may be between thousands, where semicolons stand between columns as in Germany."""
    if any("." in decimal_marks(cells) for cells in columns.values()):
        return ""
    found = {name: next(cell for cell in cells if "." in cell) for name, cells in columns.items() if are_unsure(cells)}
    if not found:
        return ""
    cell = next(iter(found.values())).strip()
    return (
        f"The points in {listed([repr(name) for name in found], 3)} are read as decimal ones: {cell} is less than "
        f"{COMMA.value(cell)}. If they stand between thousands, remove them from the file."
    )


def _digits_note(columns: Mapping[str, Sequence[str]]) -> str:
    """Of numbers that are ids, and longer than those that a workbook keeps."""
    found = {name: "" for name, cells in columns.items() if any(map(_is_cut, cells))}
    if not found:
        return ""
    has = "column has" if len(found) == 1 else "columns have"
    quoted = listed([repr(name) for name in found], 3)
    return f"The {has} numbers of more than 15 digits, of which workbooks keep 15: {quoted}. Ids are kept as text."


def _is_cut(cell: str) -> bool:
    if not isinstance(cell, KnownNumber):
        return False
    digits, _, power = cell.lower().partition("e")
    long = sum(map(str.isdigit, digits)) >= _DIGITS
    return long and (power.startswith("+") or digits.lstrip("-").isdecimal()) and abs(float(cell)) >= 10**_DIGITS


def _are(names: Mapping[str, object]) -> str:
    quoted = listed([repr(name) for name in names], 3)
    return f"The column {quoted} is" if len(names) == 1 else f"The columns {quoted} are"
