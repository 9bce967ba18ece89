"""The tables of the jobs that are looked at, and what was asked of them: filtered, sorted, by pages, by columns."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import numpy as np

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput, FilterInvalid
from mcgui_core.protocol.queries import Series, TableColumn, TableRow, TableState
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.outcome_reader import OutcomeReader, arguments_between
from mcgui_core.results.table import filter_masks
from mcgui_core.results.table.column_store import ColumnStore
from mcgui_core.results.table.filters import parse
from mcgui_core.results.table.long_job import LongJob
from mcgui_core.results.table.table_index import TableIndex

#: Tasks of a job up to which all are kept in columns, in 13 bytes each a column. A longer one is read through.
MOST_TASKS: Final = 5_000_000
#: Jobs whose tables are kept: the one that is shown, and two that are plotted over each other.
JOBS: Final = 3
#: Selections of rows that are kept for each: the latest ones.
VIEWS: Final = 8
#: Of a longer one, how many handfuls of tasks are drawn, and of how many tasks.
SAMPLES, SAMPLE = 100, 256
#: Texts of a column that are offered where one is typed.
OFFERED: Final = 20

#: (title of a column, whether the largest comes first)
Order = tuple[str, bool] | None


class Rows(Protocol):
    """Which task stands in which row of a view."""

    def __len__(self) -> int: ...

    def between(self, start: int, stop: int) -> list[int]:
        """The tasks in rows `start` to before `stop`."""

    def row_of(self, task: int) -> int | None:
        """The row of a task; None where the view is without it."""

    def chosen(self) -> ChosenTasks:
        """All of them, in their order, for an export or a plot."""


class OrderedTasks:
    """Tasks in any order."""

    def __init__(self, tasks: np.ndarray) -> None:
        self.tasks = tasks

    def __len__(self) -> int:
        return int(self.tasks.size)

    def between(self, start: int, stop: int) -> list[int]:
        """The tasks in rows `start` to before `stop`."""
        found: list[int] = self.tasks[start:stop].tolist()
        return found

    def row_of(self, task: int) -> int | None:
        """The row of a task; None where the view is without it."""
        found = np.flatnonzero(self.tasks == task)
        return int(found[0]) if found.size else None

    def chosen(self) -> ChosenTasks:
        """All of them, in their order, for an export or a plot."""
        if not self.tasks.size:
            return ChosenTasks(RangeSet())
        there = np.sort(self.tasks)
        steps = np.flatnonzero(np.diff(there) != 1) + 1
        starts, stops = there[np.append(0, steps)], there[np.append(steps, there.size) - 1] + 1
        ranges = RangeSet(zip(starts.tolist(), stops.tolist(), strict=True))
        return ChosenTasks(ranges, None if np.array_equal(there, self.tasks) else tuple(self.tasks.tolist()))


@dataclass
class _View:
    number: int
    where: str
    order: Order
    rows: Rows
    version: int


@dataclass
class _Table:
    """What is known of one job."""

    index: TableIndex = field(default_factory=TableIndex)
    long: LongJob = field(default_factory=LongJob)
    views: OrderedDict[int, _View] = field(default_factory=OrderedDict)


class JobTables:
    """Not thread-safe. What needs a reader may read it in the meantime; no other call may use it then."""

    def __init__(self) -> None:
        self._tables: OrderedDict[int, _Table] = OrderedDict()
        self._next = 1

    def look(self, job: Job, reader: OutcomeReader, where: str, order: Order, seconds: float) -> TableState:
        """How the table stands, having read on for `seconds` at most; with the rows that are asked for as a view.

        Raises FilterInvalid, and BadInput where so long a job is to be sorted.
        """
        table = self._table(job)
        if _is_long(job):
            return self._look_through(table, job, reader, where, order, seconds)
        index = table.index
        complete = index.advance(job, seconds)
        view, count = 0, index.total
        wanted = parse(where, index.titles)
        if wanted is not None and complete and (reason := filter_masks.unfit(index, wanted)):
            raise FilterInvalid(reason, 0, len(where))
        if wanted is not None or order is not None:
            view, count = self._view(table, where, order)
        return TableState(_described(index), view, count, index.read, index.total, complete, index.refused)

    def rows(self, job: Job, reader: OutcomeReader, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        """A page of a view; of view 0, which is all tasks as they are, also of what has not been read yet."""
        if view == 0:
            return _page(job, reader, start, min(start + count, job.status.total))
        tasks = self._found(job, view).between(start, start + count)
        return self.rows_of(job, reader, tuple(tasks)) if _is_long(job) else _shown(self._table(job).index, tasks, 0)

    def rows_of(self, job: Job, reader: OutcomeReader, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        """The rows of some tasks, which ascend, as far as the job has them."""
        total = job.status.total
        ranges = RangeSet((task, task + 1) for task in tasks if task < total)
        return tuple(row for start, stop in ranges for row in _page(job, reader, start, stop))

    def place(self, job: Job, view: int, task: int) -> int | None:
        """In which row of a view a task stands."""
        if view == 0:
            return task if 0 <= task < job.status.total else None
        return self._found(job, view).row_of(task)

    def tasks_at(self, job: Job, view: int, ranges: Iterable[Range]) -> list[int]:
        """The tasks in these rows of a view, in their order."""
        if view == 0:
            return [task for start, stop in ranges for task in range(start, min(stop, job.status.total))]
        rows = self._found(job, view)
        return [task for start, stop in ranges for task in rows.between(start, stop)]

    def chosen(self, job: Job, reader: OutcomeReader, where: str, order: Order) -> ChosenTasks | None:
        """The tasks that a filter keeps, in this order, once the whole job is read; None: all as they are.

        Raises as `look` does.
        """
        while not (state := self.look(job, reader, where, order, 1.0)).complete:
            continue
        return self._found(job, state.view).chosen() if state.view else None

    def series(self, job: Job, reader: OutcomeReader, view: int, titles: tuple[str, ...], most: int) -> Series:
        """Columns of the rows of a view that are done, in the order of the tasks; `most` of them, evenly taken.

        Of a job that is not kept in columns, some handfuls of tasks from all over it.
        """
        if _is_long(job):
            spots = np.unique(np.linspace(0, max(job.status.total - SAMPLE, 0), SAMPLES).astype("int64")).tolist()
            if view:
                rows = self._found(job, view)
                spots = [
                    spot
                    for at in np.linspace(0, len(rows), SAMPLES, False).astype("int64")
                    for spot in rows.between(at, at + 1)
                ]
            return _sampled(job, reader, spots, titles)
        table = self._table(job).index
        kept = range(table.total) if view == 0 else self._found(job, view).between(0, table.total)
        found = np.sort(np.array(kept, np.int64))  # of no row at all, numpy would make fractions
        return series_of(table, found, titles, most)

    # --- inside -------------------------------------------------------------------------------------------------

    def _look_through(
        self, table: _Table, job: Job, reader: OutcomeReader, where: str, order: Order, seconds: float
    ) -> TableState:
        """As `look`, of a long job."""
        total = job.status.total
        if order is not None:
            raise BadInput(f"Jobs of more than {MOST_TASKS:,} tasks are filtered, but not sorted.")
        columns = _described(table.long.sample(job, reader))
        if not where.strip():
            return TableState(columns, 0, total, total, total, True)
        complete = table.long.look(job, reader, where, seconds)
        rows = table.long.found
        view = next((view for view in table.views.values() if view.rows is rows), None)
        return TableState(
            columns,
            self._keep(table, where, None, rows, 0) if view is None else view.number,
            len(rows),
            table.long.searched,
            total,
            complete,
        )

    def _table(self, job: Job) -> _Table:
        table = self._tables.get(job.id)
        if table is not None:
            status = job.status
            if status.done + status.failed < table.index.read or status.total < table.index.total:
                table = None  # some are tried once more
        if table is None:
            table = self._tables[job.id] = _Table()
        self._tables.move_to_end(job.id)
        while len(self._tables) > JOBS:
            self._tables.popitem(last=False)
        return table

    def _view(self, table: _Table, where: str, order: Order) -> tuple[int, int]:
        """The number of a view with these rows, and how many they are."""
        for view in table.views.values():
            if (view.where, view.order, view.version) == (where, order, table.index.version):
                table.views.move_to_end(view.number)
                return view.number, len(view.rows)
        rows = OrderedTasks(selected(table.index, where, order))
        return self._keep(table, where, order, rows, table.index.version), len(rows)

    def _keep(self, table: _Table, where: str, order: Order, rows: Rows, version: int) -> int:
        number = self._next
        self._next += 1
        table.views[number] = _View(number, where, order, rows, version)
        while len(table.views) > VIEWS:
            table.views.popitem(last=False)
        return number

    def _found(self, job: Job, view: int) -> Rows:
        found = self._table(job).views.get(view)
        if found is None:
            raise BadInput("These rows were asked for too long ago. Sort or filter again.")
        return found.rows


def _is_long(job: Job) -> bool:
    return job.status.total > MOST_TASKS


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
    all_columns = [(title, table.column(title)) for title in table.titles if title != "task"]
    columns = [(title, column) for title, column in all_columns if not column.is_within]
    return tuple(
        TableRow(
            row + first,
            table.state(row),
            {title: text for title, column in columns if (text := column.text(row))},
        )
        for row in rows
    )


def _sampled(job: Job, reader: OutcomeReader, spots: list[int], titles: tuple[str, ...]) -> Series:
    """The columns of the tasks at these places and of those behind them."""
    table = TableIndex()
    tasks: list[int] = []
    total, stride = job.status.total, max(1, job.status.total // (SAMPLES * SAMPLE))
    for start in spots:
        for first, last, settled in reader.between(job, start, min(start + SAMPLE, total)):
            shift = len(tasks) - first
            moved = {index + shift: replace(one, index=index + shift) for index, one in settled.items()}
            table.append(arguments_between(job, first, last), moved)
            tasks += range(first, last)
    found = series_of(table, np.arange(table.total), titles, table.total)
    drawn = np.array(tasks, np.int64)[np.frombuffer(found.tasks, np.int64)]
    return Series(drawn.tobytes(), found.columns, found.kinds, found.words, stride)


def series_of(table: TableIndex, rows: np.ndarray, titles: tuple[str, ...], most: int) -> Series:
    """The columns `titles` of these rows for a plot: of those that are done, `most` of them, evenly spread."""
    rows = rows[table.states[rows] == 0]
    stride = max(1, -(-rows.size // max(most, 1)))
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
            columns.append(column.along_axis[rows].tobytes())
            words.append(())
        kinds.append(kind)
    return Series(rows.tobytes(), tuple(columns), tuple(kinds), tuple(words), stride)


def _described(index: TableIndex) -> tuple[TableColumn, ...]:
    columns = (index.column(title) for title in index.titles)
    return tuple(TableColumn(one.title, one.right, one.drawn, one.frequent(OFFERED), one.is_within) for one in columns)


def _categories(column: ColumnStore, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Numbers from 0 for the texts, the most frequent first; nan for all but the first hundred."""
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.words))
    first = np.argsort(-counts, kind="stable")[:100]
    first = np.array(sorted(first[counts[first] > 0], key=lambda code: column.words[code]), int)
    places = np.full(len(column.words) + 1, np.nan)
    places[first] = np.arange(first.size)
    return places[codes], tuple(column.words[code] for code in first)
