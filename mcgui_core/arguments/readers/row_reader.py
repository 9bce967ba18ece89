"""Rows of a file that are read one by one: what readers of files have in common."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from itertools import islice
from typing import Any

from mcgui_core.arguments.argument_shapes import keys_of, widths_of
from mcgui_core.arguments.expression import NOTHING_TO_DO
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.values.text import short

#: Seconds that a preview may take to count, unless its caller says otherwise. A longer file has no count there.
PREVIEW_SECONDS = 2.0
#: Rows between two looks at the clock.
ROWS_A_LOOK = 10_000
#: Rows that are looked at to find the columns of a file whose rows name them one by one.
ROWS_FOR_COLUMNS = 100
SKIP_HINT = "Mend it, or leave out bad rows."


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is no argument; `problem` says why, as a sentence with its line."""

    problem: str


@dataclass(slots=True)
class Scan:
    """What a pass through the rows found."""

    good: int = 0
    bad: int = 0
    first_bad: str = ""
    complete: bool = True  # False: time was up before the end

    @property
    def problem(self) -> str:
        """The first bad row, and how many others there are; "" where all are good."""
        more = self.bad - 1
        if more < 1:
            return self.first_bad
        so_far = "" if self.complete else " so far"
        return f"{self.first_bad} {more:,} more {'row is' if more == 1 else 'rows are'} bad{so_far}."

    def preview(
        self, first: Sequence[Any], columns: tuple[str, ...], call: CallStyle, skip_bad: bool
    ) -> ArgumentsPreview:
        """What was found, with the first good rows."""
        problem = self.problem
        if problem and skip_bad:
            problem += " Left out."
        if self.complete and not self.good:
            problem = f"{problem} {NOTHING_TO_DO}".strip()
        return preview_of(self.good if self.complete else None, first, columns, call, problem)


class RowArguments(ABC):
    """Rows, each good or bad. Iterating raises ArgumentsInvalid at a bad one, or leaves it out with `skip_bad`."""

    call: CallStyle = "single"
    columns: tuple[str, ...] = ()
    #: What the columns are, where the file does not say that itself; and how its text is encoded.
    types: tuple[str, ...] = ()
    encoding: str = ""
    #: What was made of the file that it does not say itself, and how to have it otherwise; "" where there is nothing.
    note: str = ""
    skip_hint = SKIP_HINT

    def __init__(self, skip_bad: bool = False) -> None:
        self._skip_bad = skip_bad
        self._scanned: Scan | None = None

    @abstractmethod
    def _rows(self) -> Iterator[Any]:
        """Each row as an argument, or as a `Bad`."""

    @property
    def count(self) -> int | None:
        return self._scan().good

    @property
    def values(self) -> Iterable[Any]:
        return iter(self)

    def check(self) -> None:
        """Reads all: raises ArgumentsInvalid, naming the first bad row, unless `skip_bad` is set."""
        scan = self._scan()
        if scan.bad and not self._skip_bad:
            raise ArgumentsInvalid(scan.problem, self.skip_hint)

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        scan = self._scan(seconds)
        good = (row for row in self._rows() if not isinstance(row, Bad))
        preview = scan.preview(list(islice(good, n)), self.columns, self.call, self._skip_bad)
        return replace(preview, types=self.types, encoding=self.encoding, note=self.note)

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows():
            if not isinstance(row, Bad):
                yield row
            elif not self._skip_bad:
                raise ArgumentsInvalid(row.problem, self.skip_hint)

    def _scan(self, seconds: float = math.inf) -> Scan:
        """Count the rows; the result is kept once it is complete."""
        if self._scanned is not None:
            return self._scanned
        scan = Scan()
        deadline = time.monotonic() + seconds
        for number, row in enumerate(self._rows(), 1):
            if isinstance(row, Bad):
                scan.bad += 1
                scan.first_bad = scan.first_bad or row.problem
            else:
                scan.good += 1
            if number % self._rows_a_look == 0 and time.monotonic() > deadline:
                scan.complete = False
                return scan
        self._scanned = scan
        return scan

    #: Fewer where a row takes long.
    _rows_a_look = ROWS_A_LOOK


def preview_of(
    count: int | None,
    first: Sequence[Any],
    columns: tuple[str, ...] = (),
    call: CallStyle = "single",
    problem: str = "",
) -> ArgumentsPreview:
    """A preview of arguments of which the first few are known: dicts, where they have columns."""
    if call != "kwargs":
        texts = tuple(map(short, first))
        return ArgumentsPreview(count, texts, call=call, problem=problem, widths=widths_of(first), keys=keys_of(first))
    cells = tuple(tuple(_cell(row[column]) if column in row else "" for column in columns) for row in first)
    texts = tuple(row_text(columns, row) for row in cells)
    return ArgumentsPreview(count, texts, columns, call, problem, fields=columns, rows=cells)


def _cell(value: Any) -> str:
    """A value as its repr, and a date as one reads it."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else short(value)


def row_text(columns: Iterable[str], cells: Iterable[str]) -> str:
    """A row as a dict's repr, with the columns in their order: reprlib would sort them. An empty cell is not there."""
    return f"{{{', '.join(f'{name!r}: {cell}' for name, cell in zip(columns, cells, strict=True) if cell)}}}"


def columns_of(rows: Iterable[Any]) -> tuple[str, ...]:
    """All keys of the first rows, in the order of their appearance; none where the very first is no object."""
    found: dict[str, None] = {}
    first = True
    for row in islice(rows, ROWS_FOR_COLUMNS):
        if isinstance(row, dict):
            found.update(dict.fromkeys(row))
        elif first and not isinstance(row, Bad):
            return ()
        first = first and isinstance(row, Bad)
    return tuple(found)


def needed(module: str, extra: str, what: str) -> Any:
    """A module that reads files of a kind. Raises ArgumentsInvalid, saying how to get it, where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise ArgumentsInvalid(
            f"{what} files are read by {module.partition('.')[0]}, which is not installed on this computer.",
            f'Install it: pip install "mcgui[{extra}]"',
        ) from error
