"""Cells by which a column of numbers or dates is text: a word for what is missing, a second row of units, a total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.number_signs import has_sign
from mcgui_core.arguments.tables.header_rows import is_date, is_number
from mcgui_core.base.listing import listed
from mcgui_core.values.text import short

#: Different cells at most that are odd ones: a column with more is of text.
MOST: Final = 3
#: Cells that mean that there is nothing, as people write it: odd ones beside any number.
_NOTHING: Final = frozenset(
    (
        *("-", "--", "\N{EN DASH}", "\N{EM DASH}", ".", "..", "\N{HORIZONTAL ELLIPSIS}", "?", "x", "none", "nil"),
        *("k.a.", "k. a.", "n.a.", "n. a.", "n.v.", "n. v.", "n.d.", "s.d.", "missing", "leer", "keine angabe"),
    )
)
#: Numbers for each odd cell at least.
OFTEN: Final = 10
#: Rows below the header that may be of units or names, at most, and numbers behind them at least.
HEADS: Final = 2
NUMBERS: Final = 3


def odd_cells(cells: Sequence[str], fits: Callable[[str], bool] = is_number) -> list[int]:
    """The places of the few cells that do not fit, where all others do; none in a column of another kind.

    Digits alone are a number or, with zeros in front, make names of all that is in the column: they are never odd.
    """
    odd: dict[str, list[int]] = {}
    numbers = 0
    for at, cell in enumerate(cells):
        if cell.strip() in MISSING:
            continue
        if fits(cell):
            numbers += 1
        elif len(odd) == MOST or cell.strip().isdecimal():
            return []
        else:
            odd.setdefault(cell, []).append(at)
    places = sorted(at for some in odd.values() for at in some)
    if places and len(places) <= numbers and all(cells[at].strip().lower() in _NOTHING for at in places):
        return places
    heads = numbers >= NUMBERS and len(places) <= HEADS and places == list(range(len(places)))
    return places if heads or len(places) * OFTEN <= numbers else []


def odd_cells_note(columns: Mapping[str, Sequence[str]], rows: Sequence[int], row_word: str) -> str:
    """Which of these columns of text are of numbers, else of dates, but for some cells, and what to do; "" where none
    is."""
    return (
        _note(columns, rows, row_word, is_number, "number")
        or _note(columns, rows, row_word, is_date, "date")
        or _signs_note(columns)
    )


def _signs_note(columns: Mapping[str, Sequence[str]]) -> str:
    found = {name: cell for name, cells in columns.items() if (cell := _with_sign(cells))}
    if not found:
        return ""
    name, cell = next(iter(found.items()))
    quoted = listed([repr(name) for name in found], 3)
    are = f"The column {quoted} is" if len(found) == 1 else f"The columns {quoted} are"
    return f"{are} text, with signs such as in {short(cell)}. Say that {name!r} is a number to have it as one."


def _with_sign(cells: Sequence[str]) -> str:
    """The first that has a sign of a currency or of percent, where all are numbers; "" where they are not."""
    first = ""
    for cell in cells:
        if cell.strip() in MISSING or is_number(cell):
            continue
        if not has_sign(cell):
            return ""
        first = first or cell
    return first


def _note(
    columns: Mapping[str, Sequence[str]], rows: Sequence[int], row_word: str, fits: Callable[[str], bool], kind: str
) -> str:
    found = {name: places for name, cells in columns.items() if (places := odd_cells(cells, fits))}
    if not found:
        return ""
    name, (first, *_) = next(iter(found.items()))
    quoted = listed([repr(name) for name in found], 3)
    are = f"The column {quoted} is" if len(found) == 1 else f"The columns {quoted} are"
    return (
        f"{are} text, since {short(columns[name][first])} in {row_word} {rows[first]} is no {kind}. If that is no "
        f"data, say that {name!r} is a {kind}, and leave out bad rows."
    )
