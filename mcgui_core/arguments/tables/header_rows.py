"""The rows below a header that are of it: a second row of names, and units. Also what numbers and dates are."""

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


def names_of_two(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The names of the columns where the first two of these rows are heads, the first over groups of the second: merged
    ("Temperature";"";"Note" over "min";"max";"") or repeated, as pandas writes them; and how many rows these take.

    Pandas has the first column's name alone in a third row. No names are found where there is one row of heads: that
    the second is no data is seen by numbers or dates below the words of a group, or below a gap in it.
    """
    names = _joined(rows) if len(rows) > 2 else []  # something has to stand below the second
    if not names:
        return [], 0
    first, *others = rows[2]
    if first and not names[0] and not any(others):
        return [first.strip(), *names[1:]], 3
    return names, 2


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    below = rows[3:] if units_below(rows[2:]) else rows[2:]
    width = max(len(rows[0]), len(rows[1]))
    upper, lower = ([cell.strip() for cell in (*row, *[""] * (width - len(row)))] for row in rows[:2])
    words = [cell for cell in lower if cell]
    if not words or sum(map(bool, upper)) < 2 or units_below(rows[1:]):
        return []  # a title stands alone
    if any(cell in MISSING or is_number(cell) or is_date(cell) for cell in words):
        return []
    heads = _spread(upper, lower)
    groups: dict[int, list[int]] = {}
    for at, head in enumerate(heads):
        if head is not None and lower[at]:
            groups.setdefault(head, []).append(at)
    wide = [group for group in groups.values() if len(group) > 1 and len({lower[at] for at in group}) == len(group)]
    valued = [_holds_values(below, at) for at in range(width)]
    gaps = any(upper[at] and not lower[at] and valued[at] for at in range(width))
    if not wide or not (gaps or any(all(valued[at] for at in group) for group in wide)):
        return []
    over = ["" if head is None else upper[head] for head in heads]
    return [one if one == other else f"{one} {other}".strip() for one, other in zip(over, lower, strict=True)]


def _spread(upper: Sequence[str], lower: Sequence[str]) -> list[int | None]:
    """The place of the name above each column: in it, or left of it where there is none and something stands below."""
    heads: list[int | None] = []
    for at, (name, below) in enumerate(zip(upper, lower, strict=True)):
        before = heads[-1] if heads else None
        goes_on = before is not None and (name == upper[before] if name else bool(below and lower[at - 1]))
        heads.append(before if goes_on else at if name else None)
    return heads


def _holds_values(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether there are numbers or dates in the column, and nothing else."""
    cells = [row[at] for row in rows if at < len(row) and row[at].strip() not in MISSING]
    return bool(cells) and (all(map(is_number, cells)) or all(map(is_date, cells)))


def is_number(cell: str) -> bool:
    """Whether the cell is a number, however it is written."""
    return any(form.fits(cell) for form in (PLAIN, COMMA, GROUPED))


def is_date(cell: str) -> bool:
    """Whether the cell begins with a date, however it is written."""
    return _DATE.match(cell) is not None
