"""Arguments from a CSV file: each row is one, passed as keyword arguments named by the header."""

from __future__ import annotations

import csv
import math
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mcgui_core.arguments.cell_values import converted
from mcgui_core.arguments.row_reader import ROWS_A_LOOK, Bad, RowArguments, Scan
from mcgui_core.arguments.text_reader import text_lines
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import CallStyle

#: What may stand between two columns; of several that fit a file equally well, the first.
DELIMITERS = (",", ";", "\t", "|")
#: Endings of files whose columns are separated by tabs, whatever else is in them.
TAB_ENDINGS = (".tsv", ".tab")
#: Rows that are looked at to find the delimiter.
ROWS_SNIFFED = 50


class CsvReader(RowArguments):
    """The rows of a CSV file below its header, each as a dict from column to value.

    Numbers become int or float, but for those with leading zeros ("007" is a name); what is empty becomes None;
    rows with nothing in them are left out. A row is bad where it has more or fewer columns than the header.
    """

    call: CallStyle = "kwargs"

    def __init__(self, path: Path, skip_bad: bool = False) -> None:
        """Reads the header. Raises ArgumentsInvalid."""
        super().__init__(skip_bad)
        self._path = path
        self._delimiter = _delimiter(path)
        self.columns = self._header()

    def _rows(self) -> Iterator[Any]:
        for line, cells in self._records():
            if len(cells) == len(self.columns):
                yield dict(zip(self.columns, map(converted, cells), strict=True))
            else:
                yield Bad(self._problem(line, cells))

    def _scan(self, seconds: float = math.inf) -> Scan:
        """As for all readers, but without making the rows: a third of a second for a million."""
        if self._scanned is not None:
            return self._scanned
        scan = Scan()
        deadline = time.monotonic() + seconds
        width = len(self.columns)
        reader = _reader(self._path, self._delimiter)
        next(reader, None)
        while rows := self._some(reader):
            filled = sum(map(any, rows))
            widths = Counter(map(len, rows))
            odd = 0 if len(widths) == 1 and width in widths else sum(len(row) != width and any(row) for row in rows)
            scan.good += filled - odd
            scan.bad += odd
            if time.monotonic() > deadline:
                scan.complete = False
                break
        if scan.bad:
            bad = (self._problem(line, cells) for line, cells in self._records() if len(cells) != width)
            scan.first_bad = next(bad)
        if scan.complete:
            self._scanned = scan
        return scan

    def _some(self, reader: Iterator[list[str]]) -> list[list[str]]:
        try:
            return list(islice(reader, ROWS_A_LOOK))
        except csv.Error:
            # Which line it is, is known to whoever counts them.
            for _ in self._records():
                continue
            raise

    def _problem(self, line: int, cells: list[str]) -> str:
        columns = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
        return f"Line {line} of {self._path.name} has {columns}, the header {len(self.columns)}."

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record below the header with the line that it starts on; those with nothing in them left out."""
        records = _read(self._path, self._delimiter)
        next(records, None)
        for line, cells in records:
            if any(cells):
                yield line, cells

    def _header(self) -> tuple[str, ...]:
        _, cells = next(_read(self._path, self._delimiter), (1, []))
        names = tuple(cell.strip() for cell in cells)
        where = f"The first line of {self._path.name}"
        hint = "It has to name the columns, which become the names of the keyword arguments."
        if not any(names):
            raise ArgumentsInvalid(
                f"{where} is empty." if self._path.stat().st_size else f"{self._path.name} is empty.", hint
            )
        for number, name in enumerate(names, 1):
            if not name:
                raise ArgumentsInvalid(f"{where} has no name for column {number}.", hint)
            if names.index(name) < number - 1:
                raise ArgumentsInvalid(f"{where} names {name!r} twice.", hint)
        if all(isinstance(converted(name), int | float) for name in names):
            raise ArgumentsInvalid(f"{where} holds numbers only: {', '.join(names[:5])}.", hint)
        return names


def _reader(path: Path, delimiter: str) -> Any:
    return csv.reader(text_lines(path, newline=""), delimiter=delimiter, skipinitialspace=True)


def _read(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record of the file with the line that it starts on, counted from 1."""
    reader = _reader(path, delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ArgumentsInvalid(
            f"Line {line} of {path.name} cannot be read: {error}.", "Is a quotation mark there never closed?"
        ) from error


def _delimiter(path: Path) -> str:
    """The delimiter that gives most rows the header's number of columns, and the most columns."""
    if path.suffix.lower() in TAB_ENDINGS:
        return "\t"
    best, best_fit = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(cells) for _, cells in islice(_read(path, delimiter), ROWS_SNIFFED) if any(cells)]
        if widths and widths[0] > 1:
            fit = (Counter(widths)[widths[0]], widths[0])
            if fit > best_fit:
                best, best_fit = delimiter, fit
    return best
