"""Cells by which a column of numbers is text: a word for what is missing, a second row of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.readers.header_rows import is_number
from mcgui_core.base.listing import listed
from mcgui_core.values.text import short

#: Different cells at most that are odd ones: a column with more is of text.
MOST: Final = 3
#: Numbers for each odd cell at least.
OFTEN: Final = 10
#: Rows below the header that may be of units or names, at most, and numbers behind them at least.
HEADS: Final = 2
NUMBERS: Final = 3


def odd_cells(cells: Sequence[str]) -> list[int]:
    """The places of the few cells that are no numbers, where all others are; none in a column of another kind.

    Digits alone are a number or, with zeros in front, make names of all that is in the column: they are never odd.
    """
    odd: dict[str, list[int]] = {}
    numbers = 0
    for at, cell in enumerate(cells):
        if cell.strip() in MISSING:
            continue
        if is_number(cell):
            numbers += 1
        elif len(odd) == MOST or cell.strip().isdecimal():
            return []
        else:
            odd.setdefault(cell, []).append(at)
    places = sorted(at for some in odd.values() for at in some)
    heads = numbers >= NUMBERS and len(places) <= HEADS and places == list(range(len(places)))
    return places if heads or len(places) * OFTEN <= numbers else []


def odd_cells_note(columns: Mapping[str, Sequence[str]], rows: Sequence[int], row_word: str) -> str:
    """Which of these columns of text are of numbers but for some cells, and what to do; "" where none is."""
    found = {name: places for name, cells in columns.items() if (places := odd_cells(cells))}
    if not found:
        return ""
    name, (first, *_) = next(iter(found.items()))
    quoted = listed([repr(name) for name in found], 3)
    are = f"The column {quoted} is" if len(found) == 1 else f"The columns {quoted} are"
    return (
        f"{are} text, since {short(columns[name][first])} in {row_word} {rows[first]} is no number. If that is no "
        f"data, say that {name!r} is a number, and leave out bad rows."
    )
