"""Arguments from a CSV file: each row is one, passed as keyword arguments named by the header."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.cell_values import converted
from mcgui_core.arguments.column_types import TYPE_WORDS, Column, columns_of_sample
from mcgui_core.arguments.readers.csv_records import CsvRecords
from mcgui_core.arguments.readers.row_reader import ROWS_A_LOOK, Bad, RowArguments, Scan
from mcgui_core.arguments.readers.text_reader import file_encoding
from mcgui_core.base.listing import listed
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.values.text import short

#: Rows by which it is found what the columns are.
ROWS_SAMPLED = 1000
_HINT = "It has to name the columns, which become the names of the keyword arguments."


class CsvReader(RowArguments):
    """The rows of a CSV file below its header, each as a dict from column to value; rows with nothing in them left out.

    What a column is (column_types.py) holds for all of the file. A row is bad where a cell is no such value, and where
    it has more or fewer columns than the header; empty cells behind the last column do not count. A column without a
    name is called by its number and is one of `unnamed`; a name that comes again is numbered.
    """

    call: CallStyle = "kwargs"
    skip_hint = "Mend it, leave out bad rows, or say that the column is another type."

    def __init__(
        self, path: Path, skip_bad: bool = False, encoding: str = "", types: Mapping[str, ColumnType] | None = None
    ) -> None:
        """Looks at the header and the first rows; what is not given is found by them. Raises ArgumentsInvalid."""
        super().__init__(skip_bad)
        self._path, self.encoding = path, file_encoding(path, encoding)
        self._records = CsvRecords(path, self.encoding)
        header = self._checked(self._records.header())
        sample: list[list[str]] = []
        with suppress(ArgumentsInvalid):  # whoever reads so far says it
            sample.extend(cells for _, cells in islice(self._records.below(), ROWS_SAMPLED))
        while not header[-1] and not any(any(cells[len(header) - 1 :]) for cells in sample):
            header.pop()  # there is a separator at the end of the line
        self.columns = _names(header)
        self.unnamed = tuple(column for column, name in zip(self.columns, header, strict=True) if not name)
        said = dict(types or {})
        for name, type in said.items():
            if name not in self.columns:
                raise ArgumentsInvalid(
                    f"{path.name} has no column {name!r} to read as {TYPE_WORDS[type]}.",
                    f"It has: {listed(self.columns)}.",
                )
        fitting = [cells for cells in sample if self._fits(cells)]
        self._columns = columns_of_sample(self.columns, fitting, self._records.delimiter, said)
        self.types = tuple(column.type for column in self._columns)
        self._reads = [column.read for column in self._columns]

    def _rows(self) -> Iterator[Any]:
        names, reads, width = self.columns, self._reads, len(self.columns)
        for line, cells in self._records.below():
            if len(cells) == width or self._fits(cells):
                try:
                    # The reads are as many as the columns: cells behind those are empty.
                    yield dict(zip(names, [read(cell) for read, cell in zip(reads, cells, strict=False)], strict=True))
                    continue
                except ValueError:
                    pass
            yield Bad(self._problem(line, cells))

    def _fits(self, cells: Sequence[str]) -> bool:
        width = len(self.columns)
        return len(cells) == width or (len(cells) > width and not any(cells[width:]))

    def _scan(self, seconds: float = math.inf) -> Scan:
        """As for all readers, but without making the rows, and by columns: in half the time."""
        if self._scanned is not None:
            return self._scanned
        scan = Scan()
        deadline = time.monotonic() + seconds
        for rows in self._records.in_parts(ROWS_A_LOOK):
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
        if {*map(len, rows)} != {len(self.columns)} and not all(map(self._fits, rows)):
            return False
        try:
            for column, cells in zip(self._columns, zip(*rows, strict=False), strict=False):
                column.check(cells)
        except ValueError:
            return False
        return True

    def _is_bad(self, cells: Sequence[str]) -> bool:
        return not self._fits(cells) or self._misfit(cells) is not None

    def _misfit(self, cells: Sequence[str]) -> tuple[Column, str] | None:
        for column, cell in zip(self._columns, cells, strict=False):
            try:
                column.read(cell)
            except ValueError:
                return column, cell
        return None

    def _problem(self, line: int, cells: Sequence[str]) -> str:
        where = f"Line {line} of {self._path.name}"
        misfit = self._misfit(cells) if self._fits(cells) else None
        if misfit is None:
            filled = [number for number, cell in enumerate(cells, 1) if cell]
            count = filled[-1] if len(cells) > len(self.columns) else len(cells)
            columns = "1 column" if count == 1 else f"{count} columns"
            return f"{where} has {columns}, the header {len(self.columns)}."
        column, cell = misfit
        return f"{where}: {short(cell)} does not fit the column {column.name!r} ({TYPE_WORDS[column.type]})."

    def _checked(self, header: Sequence[str]) -> list[str]:
        """The names as they stand there, "" where there is none."""
        names = [cell.strip() for cell in header]
        if not any(names):
            what = "has no header." if self._path.stat().st_size else "is empty."
            raise ArgumentsInvalid(f"{self._path.name} {what}", _HINT)
        if all(isinstance(converted(name), int | float) for name in names):
            where = f"The first line of {self._path.name}"
            raise ArgumentsInvalid(f"{where} holds numbers only: {', '.join(names[:5])}.", _HINT)
        return names


def _names(header: Sequence[str]) -> tuple[str, ...]:
    """A name for each column, all different: "column 3" for one without, "speed (2)" for the second of a name."""
    found: list[str] = []
    for number, name in enumerate(header, 1):
        named = first = name or f"column {number}"
        again = 1
        while named in found or (named != name and named in header):
            again += 1
            named = f"{first} ({again})"
        found.append(named)
    return tuple(found)
