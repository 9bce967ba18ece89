"""The tables of the jobs that are looked at, and what was asked of them: filtered, sorted, by pages, by columns."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np

from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.protocol.queries import Series, TableColumn, TableRow, TableState
from mcgui_core.results.outcome_reader import OutcomeReader, arguments_between
from mcgui_core.results.table import filter_masks
from mcgui_core.results.table.column_store import ColumnStore
from mcgui_core.results.table.filters import parse
from mcgui_core.results.table.table_index import TableIndex

#: Jobs whose tables are kept.
JOBS: Final = 2
#: Selections of rows that are kept for each: the latest ones.
VIEWS: Final = 8

#: (title of a column, whether the largest comes first)
Order = tuple[str, bool] | None


@dataclass
class _View:
    number: int
    where: str
    order: Order
    rows: np.ndarray
    version: int


class JobTables:
    """Not thread-safe."""

    def __init__(self) -> None:
        self._tables: OrderedDict[int, TableIndex] = OrderedDict()
        self._views: dict[int, OrderedDict[int, _View]] = {}
        self._next = 1

    def look(self, job: Job, where: str, order: Order, seconds: float) -> TableState:
        """How the table stands, having read on for `seconds` at most; with the rows that are asked for as a view.

        Raises FilterInvalid.
        """
        table = self._table(job)
        complete = table.advance(job, seconds)
        titles = table.titles
        wanted = parse(where, titles)
        view = 0
        count = table.total
        if wanted is not None or order is not None:
            made = self._view(job.id, table, where, order)
            view, count = made.number, made.rows.size
        columns = tuple(_described(table.column(title)) for title in titles)
        return TableState(columns, view, count, table.read, table.total, complete)

    def rows(self, job: Job, reader: OutcomeReader, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        """A page of a view; of view 0, which is all tasks as they are, also of what has not been read yet."""
        if view == 0:
            return _page(job, reader, start, min(start + count, job.status.total))
        table = self._table(job)
        return _shown(table, self._found(job.id, view).rows[start : start + count].tolist(), 0)

    def rows_of(self, job: Job, reader: OutcomeReader, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        """The rows of some tasks, which ascend, as far as the job has them."""
        total = job.status.total
        ranges = RangeSet((task, task + 1) for task in tasks if task < total)
        return tuple(row for start, stop in ranges for row in _page(job, reader, start, stop))

    def place(self, job: Job, view: int, task: int) -> int | None:
        """In which row of a view a task stands."""
        if view == 0:
            return task if 0 <= task < job.status.total else None
        found = np.flatnonzero(self._found(job.id, view).rows == task)
        return int(found[0]) if found.size else None

    def tasks(self, job: Job, where: str) -> RangeSet:
        """The tasks that a filter keeps, once the whole job is read. Raises FilterInvalid."""
        table = self._table(job)
        while not table.advance(job, 1.0):
            continue
        wanted = parse(where, table.titles)
        kept = np.ones(table.total, bool) if wanted is None else filter_masks.mask(table, wanted)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], kept.view(np.int8), [0])))).reshape(-1, 2)
        return RangeSet((int(start), int(stop)) for start, stop in edges)

    def series(self, job: Job, view: int, titles: tuple[str, ...], most: int) -> Series:
        """Columns of the rows of a view that are done, in the order of the tasks; `most` of them, evenly taken."""
        table = self._table(job)
        rows = np.arange(table.total) if view == 0 else np.sort(self._found(job.id, view).rows)
        rows = rows[table.states[rows] == 0]
        stride = max(1, -(-rows.size // most))
        rows = rows[::stride].astype(np.int64)
        columns, kinds, words = [], [], []
        for title in titles:
            column = table.column(title)
            kind = column.drawn
            if kind == "category":
                codes, names = _categories(column, rows)
                columns.append(codes.tobytes())
                words.append(names)
            else:
                columns.append(column.numbers[rows].tobytes())
                words.append(())
            kinds.append(kind)
        return Series(rows.tobytes(), tuple(columns), tuple(kinds), tuple(words), stride)

    # --- inside -------------------------------------------------------------------------------------------------

    def _table(self, job: Job) -> TableIndex:
        table = self._tables.get(job.id)
        if table is not None:
            status = job.status
            if status.done + status.failed < table.read or status.total < table.total:
                table = None  # some are tried once more
        if table is None:
            table = self._tables[job.id] = TableIndex()
        self._tables.move_to_end(job.id)
        while len(self._tables) > JOBS:
            gone, _ = self._tables.popitem(last=False)
            self._views.pop(gone, None)
        return table

    def _view(self, job: int, table: TableIndex, where: str, order: Order) -> _View:
        views = self._views.setdefault(job, OrderedDict())
        for view in views.values():
            if (view.where, view.order, view.version) == (where, order, table.version):
                views.move_to_end(view.number)
                return view
        rows = selected(table, where, order)
        made = views[self._next] = _View(self._next, where, order, rows, table.version)
        self._next += 1
        while len(views) > VIEWS:
            views.popitem(last=False)
        return made

    def _found(self, job: int, view: int) -> _View:
        found = self._views[job].get(view) if job in self._views else None
        if found is None:
            raise BadInput("These rows were asked for too long ago. Sort or filter again.")
        return found


def selected(table: TableIndex, where: str, order: Order) -> np.ndarray:
    """The rows that a filter keeps, in this order. What has no value is last. Raises FilterInvalid."""
    wanted = parse(where, table.titles)
    rows = np.arange(table.total) if wanted is None else np.flatnonzero(filter_masks.mask(table, wanted))
    if order is not None:
        title, descending = order
        keys = table.column(title).order()[rows]
        there = ~np.isnan(keys)
        some = rows[there]
        keys = keys[there]
        places = np.argsort(-keys if descending else keys, kind="stable")
        rows = np.concatenate([some[places], rows[~there]])
    return rows.astype(np.int32)


def _page(job: Job, reader: OutcomeReader, start: int, stop: int) -> tuple[TableRow, ...]:
    found: list[TableRow] = []
    for first, last, settled in reader.between(job, start, stop):
        page = TableIndex()
        page.fill(first, arguments_between(job, first, last), settled)
        found += _shown(page, list(range(last - first)), first)
    return tuple(found)


def _shown(table: TableIndex, rows: list[int], first: int) -> tuple[TableRow, ...]:
    columns = [(title, table.column(title)) for title in table.titles if title != "task"]
    return tuple(
        TableRow(
            row + first,
            table.state(row),
            {title: text for title, column in columns if (text := column.text(row))},
        )
        for row in rows
    )


def _described(column: ColumnStore) -> TableColumn:
    return TableColumn(column.title, column.right, column.drawn)


def _categories(column: ColumnStore, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Numbers from 0 for the texts, the most frequent first; nan for all but the first hundred."""
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.words))
    first = np.argsort(-counts, kind="stable")[:100]
    first = np.array(sorted(first[counts[first] > 0], key=lambda code: column.words[code]), int)
    places = np.full(len(column.words) + 1, np.nan)
    places[first] = np.arange(first.size)
    return places[codes], tuple(column.words[code] for code in first)
