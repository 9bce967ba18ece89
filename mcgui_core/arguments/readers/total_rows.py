"""Rows of totals and means below, or between, the rows of a table: they are no arguments."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.number_formats import COMMA, GROUPED, PLAIN
from mcgui_core.arguments.number_signs import has_sign
from mcgui_core.arguments.readers.header_rows import is_number

#: What people and spreadsheets write in front of them. "Max" is a name, and "Media" more than a mean.
_WORD: Final = (
    r"(?:grand |sub[- ]?|sous-)?totals?|totals? (?:general|g[ée]n[ée]ral)|totale(?: complessivo)?|(?:sub)?sums?|overall"
    r"|(?:gesamt|zwischen|teil|end)?summen?|(?:ins)?gesamt|(?:gesamt|teil)?ergebnis|somme|suma(?: total)?|somma"
    r"|mean|average|avg|median|std|standard deviation|minimum|maximum"
    r"|mittel(?:wert)?|durchschnitt|standardabweichung|moyenne|m[ée]diane|[ée]cart[- ]type|promedio"
    r"|[\u2211\u03a3\u00d8]"
)
#: "Total 2026:", "Summe (EUR)"
_LABEL: Final = re.compile(rf"\s*(?:{_WORD})(?:\s+[0-9./-]+|\s*\(.*\))?\s*[:=]?\s*", re.IGNORECASE)
#: How these begin: most cells are told apart by that.
_INITIALS: Final = frozenset("gGsStToOiIzZeEmMaAdDpPéÉ\u2211\u03a3\u00d8 ")
#: One row in so many at most is a total; in a table of functions "sum" and "mean" are names.
_RARE: Final = 3
#: Rows above one that is known by its numbers alone, at least.
_ABOVE: Final = 3


@dataclass(frozen=True, slots=True)
class TotalRows:
    """Which rows of a table are totals: those that begin with a word for it, and the last one if its numbers say so.

    Attributes:
        by_word: such words are no names in this table.
        last: the cells of the last row, where it has no name and what stands above adds up to it.
        doubtful: the number of the last row, where it has no name and numbers of which that is not known; else 0.
    """

    by_word: bool = False
    kept: frozenset[int] = frozenset()  # columns whose words are data: somebody says so
    last: tuple[str, ...] = ()
    doubtful: int = 0

    def has(self, cells: Sequence[str]) -> bool:
        return (self.by_word and _label(cells, self.kept) != "") or (bool(self.last) and tuple(cells) == self.last)

    def has_any(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether one of the rows is a total."""
        if not self.by_word and not self.last:
            return False
        return any(self.has(cells) for cells in rows if not cells or cells[0][:1] in _INITIALS or not cells[0])


def total_rows(rows: Sequence[tuple[int, Sequence[str]]], are_all: bool, kept: Collection[int] = ()) -> TotalRows:
    """What is known by these first rows below the header, each with its number; `are_all` if there are no others.

    In the columns that are `kept`, no word and no empty cell makes a total.
    """
    labelled = sum(_label(cells, kept) != "" for _, cells in rows)
    by_word = _RARE * labelled <= len(rows)
    kept = frozenset(kept)
    if not are_all or len(rows) <= _ABOVE or 0 in kept:
        return TotalRows(by_word, kept)
    above, (number, last) = [cells for _, cells in rows[:-1]], rows[-1]
    if not _is_nameless(last, above):
        return TotalRows(by_word, kept)
    if _adds_up(last, above):
        return TotalRows(by_word, kept, tuple(last))
    return TotalRows(by_word, kept, doubtful=number)


def _label(cells: Sequence[str], kept: Collection[int]) -> str:
    """The word with which a row of totals begins, in front of numbers; "" where the row is none."""
    at = next((at for at, cell in enumerate(cells) if cell), 0)
    if not cells or cells[at][:1] not in _INITIALS or at in kept or not _LABEL.fullmatch(cells[at]):
        return ""
    return cells[at] if any(is_number(cell) or has_sign(cell) for cell in cells[at + 1 :]) else ""


def _is_nameless(last: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    """Whether the row has numbers only, none in the first column, where all others have something."""
    filled = [cell for cell in last if cell.strip() not in MISSING]
    return bool(filled and not last[0] and all(map(is_number, filled))) and all(cells and cells[0] for cells in above)


def _adds_up(last: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    """Whether one of the numbers is the sum or the mean of those above it, to the digits that are written."""
    for at, cell in enumerate(last):
        if not is_number(cell):
            continue
        column = [cells[at] for cells in above if at < len(cells) and cells[at].strip() not in MISSING]
        for form in (PLAIN, COMMA, GROUPED):
            if column and form.fits(cell) and all(map(form.fits, column)):
                numbers, number = [form.value(one) for one in column], form.value(cell)
                total = math.fsum(numbers)
                digits = len(re.split("[.,]", cell)[-1]) if re.search("[.,]", cell) else 0
                near = max(0.51 * 10.0**-digits, 1e-9 * abs(total))
                if abs(total - number) <= near or abs(total / len(numbers) - number) <= near:
                    return True
    return False
