"""Rows of cells of text, below a header: what a CSV file and a sheet of a workbook have in common."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.cell_values import converted
from mcgui_core.arguments.column_types import TYPE_WORDS, Column, columns_of_sample
from mcgui_core.arguments.number_formats import Misfit
from mcgui_core.arguments.readers.row_reader import ROWS_A_LOOK, Bad, RowArguments, Scan
from mcgui_core.arguments.tables.header_rows import is_number, names_of_two, units_below
from mcgui_core.arguments.tables.odd_cells import odd_cells_note
from mcgui_core.arguments.tables.total_rows import total_rows
from mcgui_core.arguments.tables.written_forms import written_forms_note
from mcgui_core.base.listing import listed
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.values.text import short

#: Rows by which it is found what the columns are.
ROWS_SAMPLED = 1000
_HINT = "It has to name the columns, which become the names of the keyword arguments."


class Records(Protocol):
    """Where the cells come from. A row without anything in it is none."""

    delimiter: str  # "" in a workbook, which has none
    header_below: int  # the number of the header's row, where titles or a preamble above it are left out; else 0

    def header(self) -> list[str]:
        """The cells of the first row; none where there is no such row."""

    def below(self) -> Iterator[tuple[int, list[str]]]:
        """Each row below the header, with its number, counted from 1. Raises ArgumentsInvalid."""

    def in_parts(self, most: int) -> Iterator[list[list[str]]]:
        """As `below`, in lists of up to `most` rows, without the numbers."""


class CellReader(RowArguments):
    """The rows below the header, each as a dict from column to value; rows with nothing in them left out.

    What a column is (column_types.py) holds for all of the file. A row is bad where a cell is no such value, where it
    has more or fewer columns than the header (empty cells behind the last column do not count), and where it is a total
    of others (total_rows.py). A column without a name is called by its number, and is one of `unnamed` if it is the
    first, as pandas writes row numbers, or behind the last name, as comments are, which is said; a name that comes
    again is numbered. A row of units between the header and its numbers is no row, unless a column that has one is said
    to be text.
    """

    call: CallStyle = "kwargs"
    skip_hint = "Mend it, leave out bad rows, or say that the column is another type."

    #: What a row is called where it is named by its number.
    row_word = "Line"
    _rows_a_part = ROWS_A_LOOK

    def __init__(self, path: Path, records: Records, skip_bad: bool, types: Mapping[str, ColumnType] | None) -> None:
        """Looks at the header and the first rows, which say what is not in `types`. Raises ArgumentsInvalid."""
        super().__init__(skip_bad)
        self._path, self._records = path, records
        header = self._checked(self._records.header())
        rows: list[tuple[int, list[str]]] = []
        with suppress(ArgumentsInvalid):  # whoever reads so far says it
            rows.extend(islice(self._records.below(), ROWS_SAMPLED))
        said = dict(types or {})
        names, heads = names_of_two([header, *(cells for _, cells in rows)])
        below = max(heads - 1, 0)  # rows of names below the header's first
        heads_note = self._heads_note([row for row, _ in rows[:below]])
        header = names or header
        del rows[:below]
        units = self._units_note([cells for _, cells in rows], _names(header), said)
        self._heads = below + bool(units)  # and of units
        del rows[: bool(units)]
        sample = [cells for _, cells in rows]
        while not header[-1] and not any(any(cells[len(header) - 1 :]) for cells in sample):
            header.pop()  # there is a separator at the end of the line
        self.columns = _names(header)
        # Between others a name is missing: merged with the one beside it, or forgotten. That column is passed.
        named = max(at for at, name in enumerate(header, 1) if name)
        self.unnamed = (*(() if header[0] else self.columns[:1]), *self.columns[named:])
        for name, type in said.items():
            if name not in self.columns:
                raise ArgumentsInvalid(
                    f"{path.name} has no column {name!r} to read as {TYPE_WORDS[type]}.",
                    f"It has: {listed(self.columns)}.",
                )
        kept = [at for at, name in enumerate(self.columns) if said.get(name) == "text"]
        self._totals = total_rows(rows, len(rows) < ROWS_SAMPLED - 1, kept)
        fitting = [(row, cells) for row, cells in rows if self._fits(cells)]
        self._columns = columns_of_sample(self.columns, [cells for _, cells in fitting], self._records.delimiter, said)
        self.types = tuple(column.type for column in self._columns)
        self._reads = [column.read for column in self._columns]
        notes = [self._header_note(), heads_note, self._nameless_note(named), units, self._odd_note(fitting, said)]
        notes.append(self._forms_note([cells for _, cells in fitting], said))
        self.note = " ".join(filter(None, (*notes, self._totals_note())))

    def _header_note(self) -> str:
        at = self._records.header_below
        return (
            f"What stands above {self.row_word.lower()} {at} of {self._path.name}, its header, is left out."
            if at
            else ""
        )

    def _heads_note(self, rows: Sequence[int]) -> str:
        """What is told of the rows below the header's first that name the columns, too; "" where there is none."""
        if not rows:
            return ""
        places = " and ".join(f"{self.row_word.lower()} {row}" for row in rows)
        no_argument = "which is no argument" if len(rows) == 1 else "which are no arguments"
        return f"The names of the columns of {self._path.name} go on in {places}, {no_argument}."

    def _nameless_note(self, named: int) -> str:
        """What is told of the columns behind the last name, which is that of column `named`; "" where there is none."""
        behind = self.columns[named:]
        if not behind:
            return ""
        return (
            f"The header of {self._path.name} ends before its last columns: {listed(behind)} "
            f"{'is' if len(behind) == 1 else 'are'} left out unless you say as what to pass "
            f"{'it' if len(behind) == 1 else 'them'}."
        )

    def _totals_note(self) -> str:
        row = self._totals.doubtful
        if not row:
            return ""
        word = self._totals.word
        told = f"is named {short(word)}" if word else f"has numbers but no {self.columns[0]!r}"
        return (
            f"{self.row_word} {row} of {self._path.name}, the last, {told}. If it is a total of those above, remove it "
            "from the file."
        )

    def _odd_note(self, rows: Sequence[tuple[int, Sequence[str]]], said: Mapping[str, ColumnType]) -> str:
        texts = {
            column.name: [cells[at] for _, cells in rows]
            for at, column in enumerate(self._columns)
            if column.type == "text" and column.name not in said
        }
        return odd_cells_note(texts, [row for row, _ in rows], self.row_word.lower())

    def _forms_note(self, rows: Sequence[Sequence[str]], said: Mapping[str, ColumnType]) -> str:
        found = {
            column.name: (column.type, [cells[at] for cells in rows])
            for at, column in enumerate(self._columns)
            if column.name not in said
        }
        return written_forms_note(found, self._records.delimiter)

    def _units_note(self, rows: Sequence[Sequence[str]], names: Sequence[str], said: Mapping[str, ColumnType]) -> str:
        """What is told of a row of units that is left out, the first of these; "" where it is none."""
        units = units_below(rows)
        measured = [name for name, unit in zip(names, units, strict=False) if unit]
        if not measured or any(said.get(name) == "text" for name in measured):
            return ""
        return (
            f"The row of units below the header of {self._path.name} ({listed([unit for unit in units if unit])}) is "
            f"left out. If it is data, read the column {measured[0]!r} as text."
        )

    def _rows(self) -> Iterator[Any]:
        names, reads = self.columns, self._reads
        for line, cells in islice(self._records.below(), self._heads, None):
            if self._fits(cells):
                try:
                    # The reads are as many as the columns: cells behind those are empty.
                    yield dict(zip(names, [read(cell) for read, cell in zip(reads, cells, strict=False)], strict=True))
                    continue
                except ValueError:
                    pass
            yield Bad(self._problem(line, cells))

    def _fits(self, cells: Sequence[str]) -> bool:
        return self._is_wide_enough(cells) and not self._totals.has(cells)

    def _is_wide_enough(self, cells: Sequence[str]) -> bool:
        width = len(self.columns)
        return len(cells) == width or (len(cells) > width and not any(cells[width:]))

    def _scan(self, seconds: float = math.inf) -> Scan:
        """As for all readers, but without making the rows, and by columns: in half the time."""
        if self._scanned is not None:
            return self._scanned
        scan = Scan()
        deadline = time.monotonic() + seconds
        for number, rows in enumerate(self._records.in_parts(self._rows_a_part)):
            del rows[: 0 if number else self._heads]
            bad = 0 if self._all_good(rows) else sum(self._is_bad(row) for row in rows)
            scan.good += len(rows) - bad
            scan.bad += bad
            if time.monotonic() > deadline:
                scan.complete = False
                break
        if scan.bad:
            scan.first_bad = next(row.problem for row in self._rows() if isinstance(row, Bad))
        if scan.complete:
            self._scanned = scan
        return scan

    def _all_good(self, rows: Sequence[Sequence[str]]) -> bool:
        if {*map(len, rows)} != {len(self.columns)} and not all(map(self._is_wide_enough, rows)):
            return False
        if self._totals.has_any(rows):
            return False
        try:
            for column, cells in zip(self._columns, zip(*rows, strict=False), strict=False):
                column.check(cells)
        except ValueError:
            return False
        return True

    def _is_bad(self, cells: Sequence[str]) -> bool:
        return not self._fits(cells) or self._misfit(cells) is not None

    def _misfit(self, cells: Sequence[str]) -> tuple[Column, str, ValueError] | None:
        for column, cell in zip(self._columns, cells, strict=False):
            try:
                column.read(cell)
            except ValueError as error:
                return column, cell, error
        return None

    def _problem(self, line: int, cells: Sequence[str]) -> str:
        where = f"{self.row_word} {line} of {self._path.name}"
        if self._is_wide_enough(cells) and self._totals.has(cells):
            return f"{where} seems to be a total{self._word_of_total(cells)}"
        misfit = self._misfit(cells) if self._is_wide_enough(cells) else None
        if misfit is None:
            filled = [number for number, cell in enumerate(cells, 1) if cell]
            count = filled[-1] if len(cells) > len(self.columns) else len(cells)
            columns = "1 column" if count == 1 else f"{count} columns"
            return f"{where} has {columns}, the header {len(self.columns)}."
        column, cell, error = misfit
        if isinstance(error, Misfit):
            return f"{where}: {short(cell)} in the column {column.name!r} {error}."
        return f"{where}: {short(cell)} does not fit the column {column.name!r} ({TYPE_WORDS[column.type]})."

    def _word_of_total(self, cells: Sequence[str]) -> str:
        name, cell = next((name, cell) for name, cell in zip(self.columns, cells, strict=False) if cell)
        if is_number(cell):
            return f". If it is data, read the column {self.columns[0]!r} as text."
        return f", {short(cell)}. If it is data, read the column {name!r} as text."

    def _has_something(self) -> bool:
        return self._path.stat().st_size > 0

    def _checked(self, header: Sequence[str]) -> list[str]:
        """The names as they stand there, "" where there is none."""
        names = [cell.strip() for cell in header]
        if not any(names):
            raise ArgumentsInvalid(
                f"{self._path.name} {'has no header' if self._has_something() else 'is empty'}.", _HINT
            )
        if all(isinstance(converted(name), int | float) for name in names):
            where = f"The first {self.row_word.lower()} of {self._path.name}"
            raise ArgumentsInvalid(f"{where} holds numbers only: {', '.join(names[:5])}.", _HINT)
        return names


def _names(header: Sequence[str]) -> tuple[str, ...]:
    """A name for each column, all different: "column 3" for one without, "speed (2)" for the second of a name."""
    found: dict[str, None] = {}
    given = frozenset(header)
    last: dict[str, int] = {}  # by which number each name came last: all before are taken
    for number, name in enumerate(header, 1):
        named = first = name or f"column {number}"
        again = last.get(first, 1)
        while named in found or (named != name and named in given):
            again += 1
            named = f"{first} ({again})"
        last[first] = again
        found[named] = None
    return tuple(found)
