"""Which row of a table is its header: there may be titles above it, and units below."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Final

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.number_formats import COMMA, GROUPED, PLAIN

#: What units are written with: those of the SI with their prefixes, and what else tables have, in powers and quotients.
_UNIT: Final = (
    r"(?:[YZEPTGMkhdcmuµμnpfazy]|da)?(?:m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|C|V|F|Ω|ohm|Ohm|S|Wb|T|H|lm|lx|Bq|Gy|Sv|kat|eV|l|L|bar|B|b|cal)"
    r"|°|°C|°F|degC|degF|deg|rad|sr|min|h|hr|d|day|days|a|yr|year|years|t|ha|in|ft|yd|mi|lb|oz|psi|rpm|dB|%|‰|ppm|ppb|pH"
    r"|EUR|USD|GBP|CHF|€|\$|£"
)
_POWER: Final = r"[²³]?(?:(?:\^|\*\*)?(?:-\d|[2-9]))?"
_UNITS: Final = re.compile(rf"[\[(]?(?:1/)?(?:{_UNIT}){_POWER}(?:\s*[·*/. ]\s*(?:{_UNIT}){_POWER})*[\])]?")
#: Cells of a row of units below which there is nothing that has one.
_NO_UNIT: Final = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}", "", "[-]", "[1]", "[]", "()"})
#: Units that are hexadecimal numbers, grades, playing cards or wells of a plate as well.
_VALUES_TOO: Final = re.compile(r"[A-Z]\d?|[0-9A-Fa-f]+")
#: How a date begins, whatever comes first in it.
_DATE: Final = re.compile(r"\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}([./])[0-9]{1,2}\1[0-9]{2,4})(?:\b|T)")


def units_below(rows: Sequence[Sequence[str]]) -> list[str]:
    """The units of the columns, "" where one has none, if these are what the first of these rows has, those below the
    header; else none at all. Each cell is a unit or none, and below most of them there are numbers alone.

    A row that is taken for one of units is no argument: what may be a value as well ("A", "C") is none.
    """
    cells = [cell.strip() for cell in rows[0]] if len(rows) > 1 else []
    units = [at for at, cell in enumerate(cells) if cell not in _NO_UNIT]
    if not all(_UNITS.fullmatch(cells[at]) for at in units) or [len(cells[at]) for at in units] == [1]:
        return []
    if all(_VALUES_TOO.fullmatch(cells[at]) for at in units):
        return []
    below = [[row[at] for row in rows[1:] if at < len(row) and row[at].strip() not in MISSING] for at in units]
    numbers = [bool(column) and all(map(is_number, column)) for column in below]
    return ["" if cell in _NO_UNIT else cell for cell in cells] if 2 * sum(numbers) > len(numbers) else []


def lines_above(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first of these rows, all with something in them, are none of the table: titles, in their first
    cell only, or a preamble of fewer columns than the table has ("Account";"DE12").

    Of words alone nobody can tell one from the names of the columns, unless numbers or dates stand below the others.
    """
    widths = [_width(cells) for cells in rows]
    titles = next((at for at, cells in enumerate(rows) if any(cells[1:])), 0)
    if titles and _are_a_table(rows[titles:], is_number):
        return titles
    widest = 0
    for at, width in enumerate(widths):
        wider = sum(one > widest for one in widths[at + 1 :])
        if 0 < widest < width and 2 * wider > len(rows) - at - 1 and _are_a_table(rows[at:], _is_number_or_date):
            return at
        widest = max(widest, width)
    return 0


def _width(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _are_a_table(rows: Sequence[Sequence[str]], is_value: Callable[[str], bool]) -> bool:
    """Whether the first of these rows names columns, and most others are as wide, with values in one of them."""
    names = rows[0][: _width(rows[0])]
    below = [cells for cells in rows[1:] if any(cells)]
    fitting = [cells for cells in below if not any(cells[len(names) :])]
    if not all(names) or any(map(is_value, names)) or 2 * len(fitting) <= len(below):
        return False
    columns = zip_longest(*fitting, fillvalue="")
    filled = ([cell for cell in column if cell.strip() not in MISSING] for column in columns)
    return any(cells and all(map(is_value, cells)) for cells in filled)


def is_number(cell: str) -> bool:
    """Whether the cell is a number, however it is written."""
    return any(form.fits(cell) for form in (PLAIN, COMMA, GROUPED))


def is_date(cell: str) -> bool:
    """Whether the cell begins with a date, however it is written."""
    return _DATE.match(cell) is not None


def _is_number_or_date(cell: str) -> bool:
    return is_number(cell) or is_date(cell)
