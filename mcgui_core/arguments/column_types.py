"""What the columns of a table of text are, for all of its rows: found by a sample of the cells, or said by the user."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.cell_words import MISSING, NAMES_TOO, TRUTH_FOUND, TRUTH_SAID
from mcgui_core.arguments.known_cells import KnownMoment, KnownNumber
from mcgui_core.arguments.number_formats import (
    COMMA,
    PLAIN,
    Misfit,
    NumberFormat,
    are_many_of,
    are_telephones,
    are_unsure,
    found_format,
    in_two_ways,
    is_settled,
    is_unsure,
    many_of,
)
from mcgui_core.arguments.number_signs import said_numbers

#: What messages and windows call them.
TYPE_WORDS: Final[dict[ColumnType, str]] = {
    "text": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "date",
    "datetime": "date and time",
}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: To the microsecond, as Python keeps them: what is finer stays text, and is not cut.
_ISO_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6}0*)?)?"
    r"\s?(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)?"
)
#: 31.1.2024: with points, the day comes first everywhere.
_POINTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:\s+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?")
#: 31.1.24, which is a date where the user says so.
_SHORT_YEAR = re.compile(r"([0-9]{1,2}\.[0-9]{1,2}\.)([0-9]{2})(\s.*)?", re.DOTALL)
#: Years of two digits from here on are of the last century, as in Excel.
_LAST_CENTURY: Final = 30

#: 1/31/2024: here it depends on the country, and is read only where some cell says which is the day.
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/(.*)", re.DOTALL)

_WHOLE_SURELY = many_of("[-+]?(?:0|[1-9][0-9]{0,99})")

Read = Callable[[str], Any]
Order = Literal["day", "month", ""]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `read` makes a cell's value, None where there is none; it raises ValueError for a misfit."""

    name: str
    type: ColumnType
    read: Read
    surely: re.Pattern[str] | None = None  # of `number_formats.many_of`

    def check(self, cells: Sequence[str]) -> None:
        """Raises ValueError where one of the cells does not fit."""
        if self.type != "text" and not (self.surely is not None and are_many_of(self.surely, cells)):
            alike = len({*map(type, cells)}) == 1  # else a known number may equal a text that is none
            deque(map(self.read, set(cells) if alike else cells), 0)


def columns_of_sample(
    names: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str, said: Mapping[str, ColumnType]
) -> tuple[Column, ...]:
    """The columns, by what all cells of the sample can be; where it is `said`, by that.

    `delimiter` is "" for a workbook. How the texts of a column write numbers, its known numbers do not say.
    """
    cells = [[row[at] for row in rows if row[at].strip() not in MISSING] for at in range(len(names))]
    texts = [[cell for cell in some if not isinstance(cell, KnownNumber)] for some in cells]
    commas = any(found_format(some, delimiter) is COMMA for some in texts if some)
    found = []
    for name, some, written in zip(names, cells, texts, strict=True):
        form = found_format(written, ";" if commas else delimiter) if some else None
        if name in said:
            found.append(_said(name, said[name], some, delimiter, commas))
        elif form is None or (commas and form is PLAIN and are_unsure(written)) or _are_names(written, delimiter):
            found.append(_found_by_words(name, some))
        else:
            # Whole numbers beside decimal commas: should there be a mark further down, it is one of those.
            pointless = commas and form is PLAIN and not any("." in cell for cell in written)
            best = COMMA if pointless else form
            found.append(_found_number(name, some, best, delimiter, is_settled(best, written, delimiter, commas)))
    return tuple(found)


def _are_names(cells: Sequence[str], delimiter: str) -> bool:
    """Whether what looks like numbers is names: of telephones; in a workbook the well 1E5, as text of its own will."""
    return are_telephones(cells) or (not delimiter and any(map(_has_power, cells)))


def _has_power(cell: str) -> bool:
    return "e" in cell.lower()


def _said(name: str, type: ColumnType, cells: Sequence[str], delimiter: str, commas: bool) -> Column:
    slashes = _slashes_of(cells)
    of_number, surely_number = said_numbers(cells, delimiter, commas)
    reads: dict[ColumnType, Read] = {
        "text": _text,
        "integer": _unless_missing(lambda cell: _whole(of_number(cell))),
        "number": _unless_missing(lambda cell: _real(of_number(cell))),
        "boolean": _unless_missing(lambda cell: _word(cell, TRUTH_SAID)),
        "date": _unless_missing(lambda cell: _date(_with_century(_pointed(cell, slashes)))),
        "datetime": _unless_missing(lambda cell: _datetime(_with_century(_pointed(cell, slashes)))),
    }
    surely = {"integer": _WHOLE_SURELY, "number": surely_number}.get(type)
    return Column(name, type, reads[type], surely)


def _found_number(name: str, cells: Sequence[str], form: NumberFormat, delimiter: str, settled: bool) -> Column:
    """In a workbook, texts further down that would have made a text of the column are refused.

    `settled`: what the marks are.
    """
    if delimiter:
        settled = True

    def value(cell: str) -> int | float:
        if isinstance(cell, KnownNumber):
            return PLAIN.value(cell)
        if not settled and is_unsure(cell):
            raise in_two_ways(cell)
        if not delimiter and _has_power(cell):
            raise Misfit("is a text that may be a name")
        return form.value(cell)

    surely = form.surely if settled else None
    if all(isinstance(value(cell), int) for cell in cells):
        # Another number further down in the file is no reason to refuse it.
        return Column(name, "integer", _unless_missing(value), surely)
    return Column(name, "number", _unless_missing(lambda cell: _real(value(cell))), surely)


def _found_by_words(name: str, cells: Sequence[str]) -> Column:
    words = {cell.strip() for cell in cells}
    if words - NAMES_TOO and all(word.lower() in TRUTH_FOUND for word in words):
        return Column(name, "boolean", _unless_missing(lambda cell: _word(cell, TRUTH_FOUND)))
    slashes = _slashes_of(cells)
    dates: tuple[tuple[ColumnType, Read], ...] = (("date", _date), ("datetime", _datetime))
    for type, of_points in dates:

        def read(cell: str, of_points: Read = of_points) -> Any:
            return of_points(_pointed(cell, slashes))

        if cells and all(_fits(read, cell) for cell in cells):
            return Column(name, type, _unless_missing(_with_moments(read)))
    return Column(name, "text", _text)


def _with_moments(read: Read) -> Read:
    """Also those of a workbook, which knows no dates alone: that those of the sample were midnights was by chance."""

    def value(cell: str) -> Any:
        return _datetime(cell) if isinstance(cell, KnownMoment) and not _ISO_DATE.fullmatch(cell) else read(cell)

    return value


def _slashes_of(cells: Sequence[str]) -> Order:
    """Which comes first in dates such as 1/31/2024; "" where that could be either, or is both."""
    found = [match for cell in cells if (match := _SLASHED.fullmatch(cell.strip()))]
    days_first = any(int(match[1]) > 12 for match in found)
    months_first = any(int(match[2]) > 12 for match in found)
    if days_first == months_first:
        return ""
    return "day" if days_first else "month"


def _pointed(cell: str, slashes: Order) -> str:
    """With points and the day first, where it is a date with slashes of a known order; else the cell."""
    match = _SLASHED.fullmatch(cell.strip()) if slashes else None
    if match is None:
        return cell
    day, month = (match[1], match[2]) if slashes == "day" else (match[2], match[1])
    return f"{day}.{month}.{match[3]}"


def _with_century(cell: str) -> str:
    match = _SHORT_YEAR.fullmatch(cell.strip())
    if match is None:
        return cell
    century = 19 if int(match[2]) >= _LAST_CENTURY else 20
    return f"{match[1]}{century}{match[2]}{match[3] or ''}"


def _fits(read: Read, cell: str) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


def _text(cell: str) -> str | None:
    return str(cell) or None  # of known cells no more than the text


def _unless_missing(read: Read) -> Read:
    def value(cell: str) -> Any:
        return None if cell in MISSING or cell.strip() in MISSING else read(cell)

    return value


def _whole(value: float) -> int | None:
    """Also of "1.0": so pandas writes whole numbers where some are missing."""
    if value != value:  # noqa: PLR0124 - not a number, which means that there is none
        return None
    if value % 1:
        raise ValueError(f"{value} is not whole")
    return int(value)


def _real(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError(f"{value} is too large") from error


def _word(cell: str, words: Mapping[str, bool]) -> bool:
    try:
        return words[cell.strip().lower()]
    except KeyError:
        raise ValueError(f"{cell!r} is neither") from None


def _date(cell: str) -> date:
    text = cell.strip()
    if _ISO_DATE.fullmatch(text):
        return date.fromisoformat(text)
    pointed = _POINTED.fullmatch(text)
    if pointed is None or pointed[4]:
        raise ValueError(f"{cell!r} is no date")
    return date(int(pointed[3]), int(pointed[2]), int(pointed[1]))


def _datetime(cell: str) -> datetime:
    """Midnight of a mere date: so pandas writes the whole column where all are midnight."""
    text = cell.strip()
    if _ISO_DATE.fullmatch(text) or _ISO_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    pointed = _POINTED.fullmatch(text)
    if pointed is None:
        raise ValueError(f"{cell!r} is no date and time")
    time = pointed[4] or "00:00"
    time = f"0{time}" if time[1] == ":" else time
    return datetime.fromisoformat(f"{pointed[3]}-{pointed[2]:0>2}-{pointed[1]:0>2} {time}")
