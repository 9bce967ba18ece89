"""How a column writes its numbers: with a decimal point or comma, with or without marks between the thousands."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Between thousands, beside point and comma: as French and Swiss programs write them.
_SPACES = " '\u2019\u00a0\u202f"
_SIGNS = "-+\u2212"


class Misfit(ValueError):
    """A cell that may not be read; the text says why, and begins with a verb."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One way to write numbers. Leading zeros make a name, not a number: "007"."""

    pattern: re.Pattern[str]
    dropped: dict[int, str | None]  # what is translated before Python reads the rest
    #: Many cells at once, each with an end of line: those that surely fit, short and without a power, or empty.
    surely: re.Pattern[str]

    def value(self, cell: str) -> int | float:
        """An int where it is written whole, else a float. Raises ValueError where it is no such number."""
        match = self.pattern.fullmatch(cell)
        if match is None:
            if cell.strip().lower() in ("nan", "inf", "+inf", "-inf"):
                return float(cell)
            raise ValueError(f"{cell!r} is no number")
        if self.dropped:
            cell = cell.translate(self.dropped)
        if not match["rest"]:
            return int(cell)
        number = float(cell)
        if math.isinf(number):
            raise ValueError(f"{cell!r} is too large")
        return number

    def fits(self, cell: str) -> bool:
        """Whether a cell is a number that is written so."""
        try:
            self.value(cell)
        except ValueError:
            return False
        return True


def _format(decimal: str, marks: str) -> NumberFormat:
    whole = "0|[1-9][0-9]*"
    if marks:  # groups of three digits, with the same mark between all of them
        mark = f"(?P<mark>[{re.escape(marks)}])"
        whole = f"[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*|{whole}"
    point = re.escape(decimal)
    rest = f"(?P<rest>(?:{point}[0-9]*)?(?:[eE][-+]?[0-9]+)?)"
    pattern = re.compile(rf"\s*[{_SIGNS}]?(?={point}?[0-9])(?:{whole})?{rest}\s*")
    dropped: dict[int, str | None] = {ord(mark): None for mark in marks}
    if marks:
        dropped |= {ord(decimal): ".", ord("\u2212"): "-"}
    return NumberFormat(pattern, dropped, many_of(rf"[-+]?(?:0|[1-9][0-9]{{0,99}})(?:{point}[0-9]{{1,99}})?"))


def many_of(pattern: str) -> re.Pattern[str]:
    """Cells that are as the pattern says, or empty, each with an end of line: a tenth of the time of a look at each."""
    return re.compile(f"(?:(?:{pattern})?\n)*+")


def are_many_of(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    """Whether all cells are of a pattern that `many_of` made."""
    text = "\n".join((*cells, ""))
    return text.count("\n") == len(cells) and pattern.fullmatch(text) is not None


#: 1234.5, as Python writes it.
PLAIN = _format(".", "")
#: 1234,5 and 1.234,5
COMMA = _format(",", "." + _SPACES)
#: 1,234.5
GROUPED = _format(".", "," + _SPACES)

_COMMA_SURELY = re.compile(r"[^,]*,[^,]*")
_GROUPED_SURELY = re.compile(r"[^.]*[0-9][,'\u2019\u00a0\u202f ][0-9]{3}\.[0-9]*\s*")
#: Between thousands, where nothing else can be meant; a space may divide a telephone number.
_MARKED_SURELY = re.compile(r"[^.,]*[0-9]['\u2019\u00a0\u202f][0-9]{3}[^.,]*")
_POINTLESS = re.compile(r"[^.,]*")
#: +491701234567, which would lose its sign as a number.
_TELEPHONE = re.compile(r"\s*\+[0-9]{7,}\s*")


def found_format(cells: Sequence[str], delimiter: str) -> NumberFormat | None:
    """How these cells write numbers; None where they are not all numbers, or where that could be read in two ways.

    A comma between columns says that commas in cells are no decimal ones, or cannot be told from marks of thousands;
    a semicolon, that they are decimal ones. Without a delimiter, in a workbook, points are no surer than commas.
    """
    if all(map(PLAIN.fits, cells)):
        return None if any(map(is_unsure, cells)) and not is_settled(PLAIN, cells, delimiter, commas=False) else PLAIN
    if delimiter != "," and all(map(COMMA.fits, cells)) and any(map(_COMMA_SURELY.fullmatch, cells)):
        return COMMA if is_settled(COMMA, cells, delimiter, commas=False) else None
    if all(map(GROUPED.fits, cells)) and any(map(_GROUPED_SURELY.fullmatch, cells)):
        return GROUPED
    if all(map(GROUPED.fits, cells)) and all(map(_POINTLESS.fullmatch, cells)):
        return GROUPED if any(map(_MARKED_SURELY.fullmatch, cells)) else None
    return None


def is_unsure(cell: str) -> bool:
    """Whether its mark may stand between thousands as well as before a fraction: 1.234 or 1,234."""
    if "." not in cell and "," not in cell:
        return False
    return COMMA.fits(cell) and GROUPED.fits(cell) and COMMA.value(cell) != GROUPED.value(cell)


def in_two_ways(cell: str) -> Misfit:
    """Why a cell that is unsure is not read."""
    small, large = sorted((COMMA.value(cell), GROUPED.value(cell)), key=abs)
    return Misfit(f"may mean {small} or {large}")


def are_unsure(cells: Sequence[str]) -> bool:
    """Whether points in these numbers may stand between thousands: 1.234, in a file that has decimal commas."""
    pointed = [cell for cell in cells if "." in cell]
    return bool(pointed) and all(map(is_unsure, pointed))


def decimal_marks(cells: Sequence[str]) -> str:
    """Which marks are decimal ones beyond doubt: "," or "." or both, each for a cell that can be read no other way."""
    fits = {(COMMA.fits(cell), GROUPED.fits(cell)) for cell in cells}
    return "," * ((True, False) in fits) + "." * ((False, True) in fits)


def is_settled(form: NumberFormat, cells: Sequence[str], delimiter: str, commas: bool) -> bool:
    """Whether it is known that a mark in these cells is what the format takes it for; `commas` as for `best_format`."""
    if marks := decimal_marks(cells):
        return marks == ("," if form is COMMA else ".")
    if commas or form is COMMA:
        return form is COMMA and (commas or delimiter == ";")
    return delimiter == "," or (form is PLAIN and delimiter != "")  # points as Python writes them


def are_telephones(cells: Sequence[str]) -> bool:
    """Whether these numbers are names: whole, some of them long and with a plus, and none below zero."""
    return any(map(_TELEPHONE.fullmatch, cells)) and all(cell.strip("+ ").isdecimal() for cell in cells)


def best_format(cells: Sequence[str], delimiter: str, commas: bool) -> NumberFormat:
    """How cells that are said to be numbers are to be read: as most of them can be.

    `commas`: other columns of the file have decimal commas, so that 1.234 is more than a thousand.
    """
    order = (
        (COMMA, PLAIN, GROUPED) if commas else (PLAIN, GROUPED, COMMA) if delimiter == "," else (PLAIN, COMMA, GROUPED)
    )
    return max(order, key=lambda one: sum(map(one.fits, cells)))
