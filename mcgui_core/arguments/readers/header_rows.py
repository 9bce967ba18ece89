"""The row below a header that has the units of the columns, and what numbers and dates are."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


def is_number(cell: str) -> bool:
    """Whether the cell is a number, however it is written."""
    return any(form.fits(cell) for form in (PLAIN, COMMA, GROUPED))


def is_date(cell: str) -> bool:
    """Whether the cell begins with a date, however it is written."""
    return _DATE.match(cell) is not None
