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
from mcgui_core.arguments.tables.header_rows import is_number

#: What people and spreadsheets write in front of them. "Max" is a name, and "Media" more than a mean.
_TOTAL: Final = (
    r"(?:grand |sub[- ]?|sous-)?totals?|totals? (?:general|g[ée]n[ée]ral)|totale(?: complessivo)?|subsums?|overall"
    r"|(?:gesamt|zwischen|teil|end)?summen?|(?:ins)?gesamt|(?:gesamt|teil)?ergebnis|suma total"
)
#: These are the names of functions, too: of methods that are compared, or of what is to be computed.
_FUNCTION: Final = (
    r"sums?|somme|suma|somma|mean|average|avg|median|std|standard deviation|minimum|maximum"
    r"|mittel(?:wert)?|durchschnitt|standardabweichung|moyenne|m[ée]diane|[ée]cart[- ]type|promedio"
    r"|[\u2211\u03a3\u00d8]"
)
_BESIDE: Final = r"(?:\s+[0-9./-]+|\s*\(.*\))?\s*[:=]?\s*"
#: "Total 2026:", "Summe (EUR)"; and "North Total", as spreadsheets call the sums of groups.
_TOTAL_LABEL: Final = re.compile(
    rf"\s*(?:{_TOTAL}|\S.* (?:total|ergebnis|summe|mittelwert|average)){_BESIDE}", re.IGNORECASE
)
_FUNCTION_LABEL: Final = re.compile(rf"\s*(?:{_FUNCTION}){_BESIDE}", re.IGNORECASE)
#: How these end, and what may stand behind: most cells are told apart by that.
_ENDINGS: Final = frozenset(
    {
        "tal", "als", "ale", "ral", "ivo", "sum", "ums", "all", "mme", "men", "amt", "nis", "uma", "mma", "ean",
        "age", "avg", "ian", "std", "ion", "mum", "tel", "ert", "itt", "ung", "nne", "ane", "ype", "dio", "\u2211",
        "\u03c3", "\u00f8",
    }
)  # fmt: skip
_BEHIND: Final = " \t\n:=0123456789./-"
_LONGEST: Final = 60
#: Rows that are no totals, at least, and as many as are.
_OTHERS: Final = 2
#: Rows above one that is known by its numbers alone, at least.
_ABOVE: Final = 3


@dataclass(frozen=True, slots=True)
class TotalRows:
    """Which rows of a table are totals: those that begin with a word for it, and the last one if its numbers say so.

    Attributes:
        by_total: words for totals are no names in this table.
        by_function: nor are words for functions.
        kept: columns whose words are data: somebody says so.
        last: the cells of the last row, where it has no name and what stands above adds up to it.
        doubtful: the number of the last row, where it may be a total by its name, or has none, and does not add up;
            else 0.
        word: its name, if that is for a function.
    """

    by_total: bool = False
    by_function: bool = False
    kept: frozenset[int] = frozenset()
    last: tuple[str, ...] = ()
    doubtful: int = 0
    word: str = ""

    def has(self, cells: Sequence[str]) -> bool:
        """Whether the row is a total."""
        if not _may_be(cells):
            return False
        label = _label(cells, self.kept) if self.by_total or self.by_function else ""
        if label:
            return self.by_function if _FUNCTION_LABEL.fullmatch(label) else self.by_total
        return bool(self.last) and tuple(cells) == self.last

    def has_any(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether one of the rows is a total."""
        if not self.by_total and not self.by_function and not self.last:
            return False
        return any(self.has(cells) for cells in filter(_may_be, rows))


def total_rows(rows: Sequence[tuple[int, Sequence[str]]], are_all: bool, kept: Collection[int] = ()) -> TotalRows:
    """What is known by these first rows below the header, each with its number; `are_all` if there are no others.

    In the columns that are `kept`, no word and no empty cell makes a total.
    """
    kept = frozenset(kept)
    labels = [_label(cells, kept) for _, cells in rows]
    functions = sum(_FUNCTION_LABEL.fullmatch(label) is not None for label in labels)
    totals, others = len(labels) - labels.count("") - functions, labels.count("")
    by_total = others >= max(_OTHERS, totals)
    if not are_all:
        return TotalRows(by_total, not functions, kept)  # a method that is compared stands among the first ones
    if functions and by_total and _one_adds_up(rows, labels):
        return TotalRows(by_total, others >= functions, kept)
    number, last = rows[-1] if rows else (0, ())
    if functions:
        is_one = _FUNCTION_LABEL.fullmatch(labels[-1]) is not None and others >= max(_OTHERS, functions)
        return TotalRows(by_total, kept=kept, doubtful=number if is_one else 0, word=labels[-1] if is_one else "")
    above = [cells for _, cells in rows[:-1]]
    if len(rows) <= _ABOVE or 0 in kept or not _is_nameless(last, above):
        return TotalRows(by_total, kept=kept)
    if _adds_up(last, above):
        return TotalRows(by_total, kept=kept, last=tuple(last))
    return TotalRows(by_total, kept=kept, doubtful=number)


def _one_adds_up(rows: Sequence[tuple[int, Sequence[str]]], labels: Sequence[str]) -> bool:
    """Whether what stands above a row with a label adds up to it: all of it, or what is below the last such row."""
    above: list[Sequence[str]] = []
    group = 0  # where it begins
    for (_, cells), label in zip(rows, labels, strict=True):
        if not label:
            above.append(cells)
        elif len(above) > 1 and (_adds_up(cells, above) or (group < len(above) and _adds_up(cells, above[group:]))):
            return True
        else:
            group = len(above)
    return False


def _may_be(cells: Sequence[str]) -> bool:
    """Whether it is worth a closer look: most rows are told apart by the last letters of their first cell."""
    first = cells[0] if cells else ""
    return not first or first.partition("(")[0].rstrip(_BEHIND)[-3:].lower() in _ENDINGS


def _label(cells: Sequence[str], kept: Collection[int]) -> str:
    """The word with which a row of totals begins, in front of numbers; "" where the row is none."""
    at = 0 if cells and cells[0] else next((at for at, cell in enumerate(cells) if cell), 0)
    cell = cells[at] if cells else ""
    if cell.partition("(")[0].rstrip(_BEHIND)[-3:].lower() not in _ENDINGS or at in kept:
        return ""
    if len(cell) > _LONGEST or not (_TOTAL_LABEL.fullmatch(cell) or _FUNCTION_LABEL.fullmatch(cell)):
        return ""
    return cell if any(is_number(cell) or has_sign(cell) for cell in cells[at + 1 :]) else ""


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
                is_mean = min(numbers) < max(numbers) and abs(total / len(numbers) - number) <= near
                if is_mean or (len(numbers) > 1 and abs(total - number) <= near):
                    return True
    return False
