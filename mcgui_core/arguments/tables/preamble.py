"""What stands above a table and is none of it: titles, and notes about what the table is of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise, zip_longest

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.tables.header_rows import is_date, is_number, names_of_two


def lines_above(rows: Sequence[Sequence[str]], below_blank: Collection[int]) -> int:
    """How many of the first of these rows, all with something in them, are none of the table: titles, in their first
    cell only, or a preamble of fewer columns than the table has ("Account:";"DE12"). There is a blank row above those
    `below_blank`.

    Of words alone nobody can tell one from the names of the columns, unless numbers or dates stand below the others.
    Nor is a row of words the header for being wider than what is above it: a header may lack the names of columns of
    comments. So what is above must be seen to be no header, too.
    """
    if names_of_two(rows)[1]:
        return 0
    widths = [_width(cells) for cells in rows]
    titles = next((at for at, cells in enumerate(rows) if any(cells[1:])), 0)
    if titles and _are_a_table(rows[titles:], is_number) and _is_preamble(rows, titles, below_blank):
        return titles
    widest = 0
    for at, width in enumerate(widths):
        wider = sum(one > widest for one in widths[at + 1 :])
        if (
            (0 < widest < width and 2 * wider > len(rows) - at - 1)
            and _are_a_table(rows[at:], _is_value)
            and _is_preamble(rows, at, below_blank)
        ):
            return at
        widest = max(widest, width)
    return 0


def _is_preamble(rows: Sequence[Sequence[str]], header: int, below_blank: Collection[int]) -> bool:
    """Whether what stands above this row is plainly no table, nor the names and first rows of one: notes or titles next
    to it, and above a blank row what is no table itself.
    """
    starts = [0, *sorted(at for at in below_blank if 0 < at <= header), header]
    *apart, adjoining = (rows[start:end] for start, end in pairwise(starts))
    below = rows[header + 1 :]
    if any(map(_may_be_a_table, (*apart, adjoining))):
        return False
    if not all(_is_note(cells) or _is_title(cells, _width(rows[header]), below) for cells in adjoining):
        return False
    named = max((_width(cells) for block in apart for cells in block if not _is_note(cells)), default=0)
    # There may be a blank row below a header, and comments behind its last name: numbers there tell nothing.
    return named < 2 or bool(_columns_of([cells[:named] for cells in below], _is_value))


def _is_note(cells: Sequence[str]) -> bool:
    """Whether the row has a colon, as in "Account:";"DE12", or is of gaps mostly: names of columns are otherwise."""
    filled = [cell for cell in cells if cell]
    width = _width(cells)
    return any(cell.rstrip().endswith(":") or ": " in cell for cell in filled) or (
        width > 2 and 2 * len(filled) <= width
    )


def _is_title(cells: Sequence[str], width: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether the row is a cell alone and none of a table of this width next below it.

    One word above two columns may be the name of the first, with comments in the second, unless that is of numbers.
    """
    if _width(cells) > 1 or is_number(cells[0]):
        return False
    return width > 2 or len(cells[0].split()) > 1 or 0 in _columns_of(below, is_number)


def _may_be_a_table(block: Sequence[Sequence[str]]) -> bool:
    """Whether these rows between blank ones are names of columns and what they name: there is a column of numbers or
    dates, or nothing but words, where values of many kinds stand below one another in a preamble.
    """
    rows = [cells for cells in block if not _is_note(cells)]
    wide = [cells for cells in rows if _width(cells) > 1]
    _, *below = wide or rows or [[]]
    if len(below) < (1 if wide else 2):
        return False
    if _columns_of(below, is_number) or _columns_of(below, is_date):
        return True
    return bool(wide) and not any(_is_value(cell) for cells in wide for cell in cells)


def _are_a_table(rows: Sequence[Sequence[str]], is_value: Callable[[str], bool]) -> bool:
    """Whether the first of these rows names columns, and most others are as wide, with values in one of them."""
    two, heads = names_of_two(rows)
    rows = [two, *rows[heads:]] if heads else rows
    names = rows[0][: _width(rows[0])]
    below = [cells for cells in rows[1:] if any(cells)]
    fitting = [cells for cells in below if not any(cells[len(names) :])]
    if any(name.strip() in MISSING or is_value(name) for name in names) or 2 * len(fitting) <= len(below):
        return False
    return bool(_columns_of(fitting, is_value))


def _columns_of(rows: Sequence[Sequence[str]], is_value: Callable[[str], bool]) -> set[int]:
    """The columns in which there are such values, and nothing else."""
    columns = zip_longest(*rows, fillvalue="")
    filled = ([cell for cell in column if cell.strip() not in MISSING] for column in columns)
    return {at for at, cells in enumerate(filled) if cells and all(map(is_value, cells))}


def _width(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _is_value(cell: str) -> bool:
    return is_number(cell) or is_date(cell)
