"""Which row of a table is its header: there may be titles above it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.number_formats import COMMA, GROUPED, PLAIN


def titles_above(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first of these rows, all with something in them, are titles, in their first cell only.

    Of words alone nobody can tell a title from the name of the first column, unless numbers stand below the others.
    """
    titles = next((at for at, cells in enumerate(rows) if any(cells[1:])), 0)
    return titles if titles and _are_a_table(rows[titles:]) else 0


def _are_a_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows names columns, and most others are as wide, with numbers in one of them."""
    names = list(rows[0])
    while names and not names[-1]:
        names.pop()
    below = [cells for cells in rows[1:] if any(cells)]
    fitting = [cells for cells in below if not any(cells[len(names) :])]
    if not all(names) or any(map(is_number, names)) or 2 * len(fitting) <= len(below):
        return False
    columns = zip_longest(*fitting, fillvalue="")
    filled = ([cell for cell in column if cell.strip() not in MISSING] for column in columns)
    return any(cells and all(map(is_number, cells)) for cells in filled)


def is_number(cell: str) -> bool:
    """Whether the cell is a number, however it is written."""
    return any(form.fits(cell) for form in (PLAIN, COMMA, GROUPED))
