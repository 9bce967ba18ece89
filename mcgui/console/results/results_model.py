"""The results of one job as a table: as many rows as the job has tasks, of which only those in sight are fetched.

A page of rows is asked for when the view first looks at one of its cells, off the GUI thread; until it arrives its
cells say so. One page is on its way at a time and the one asked for last goes first, so that scrolling through a
million rows fetches what one stops at and not what one passed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.results.job_columns import FIRST, JobColumns
from mcgui.console.results.matching_tasks import MatchingTasks
from mcgui.console.results.result_source import ResultSource
from mcgui.console.tables.table_model import AnyIndex, Cell, CellModel, Role, tone_colour
from mcgui.theme import Theme, Tone
from mcgui_core.protocol.messages import JobStatus, TaskStatus
from mcgui_core.protocol.queries import TableRow

#: Rows fetched at once: a few screens full.
PAGE: Final = 200
#: Pages that are kept.
KEPT: Final = 100
#: Rows in the table at most. Qt counts pixels in 31 bits; of a longer job, the part around a task is shown.
LIMIT: Final = 1_000_000
#: Milliseconds that are waited for the view to come to rest before a page is fetched.
_REST: Final = 25

_LOADING: Final = "…"
_RUNNING: Final = "Running"
#: What the columns are called that every job has; the others are called as the user called them.
_TITLES: Final = {"task": "#", "argument": "Argument", "result": "Result", "node": "Node"}


class ResultsModel(CellModel):
    """Rows `first` to `first` + LIMIT of a job; or, where something is searched for, the tasks that fit.

    The columns are those of the tasks' arguments and results. `columns_change` before there are others,
    `columns_changed` after it: in between, the model was reset. `trouble(str)` when rows could not be fetched.
    """

    trouble = Signal(str)
    columns_change = Signal()
    columns_changed = Signal()

    def __init__(
        self, background: Background, source: ResultSource, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._source, self._theme = background, source, theme
        self._matches: MatchingTasks | None = None
        self._running: dict[int, TaskStatus] = {}  # what tasks say of themselves
        self._job: JobStatus | None = None
        self._first = self._count = 0
        self._pages: OrderedDict[int, tuple[TableRow, ...]] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._stale: set[int] = set()
        self._on_its_way: int | None = None  # the page that was asked for
        self._generation = 0  # answers to questions of an earlier one are dropped
        self._columns = FIRST
        self._outcome = 2  # the column in which it stands how a task goes, or why it failed
        self._known = JobColumns(background, source, self)
        self._known.changed.connect(self._on_columns)
        self._known.trouble.connect(self.trouble)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._ask)
        theme.changed.connect(self._repaint)

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @property
    def first(self) -> int:
        """The task in the first row."""
        return self._first

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        pages = not (self._wanted or self._on_its_way is not None or self._rest.isActive())
        return pages and self._known.at_rest

    def show_job(self, job: JobStatus | None) -> None:
        """Show this job as it stands now."""
        before, self._job = self._job, job
        self._known.show_job(job)
        if job is None or before is None or job.id != before.id or job.total < before.total:
            self._start_over(0)
            return
        if self._matches is None:
            self._grow()
        if (job.done, job.failed) != (before.done, before.failed) or job.state != before.state:
            self._look_again()

    def set_first(self, first: int) -> None:
        """Begin with this task: for jobs that are longer than LIMIT."""
        if first != self._first:
            self._start_over(first)

    def forget(self) -> None:
        """Fetch everything anew."""
        self._start_over(self._first)

    def show_matches(self, matches: MatchingTasks | None) -> None:
        """Show these tasks only; None: all. The same object again: it has grown."""
        if matches is None or matches is not self._matches:
            if matches is not self._matches:
                self._matches = matches
                self._start_over(0)
            return
        count = min(len(matches), LIMIT)
        if count > self._count:
            self._stale.add((self._count - 1) // PAGE)  # it was not whole
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def show_statuses(self, statuses: Iterable[TaskStatus]) -> None:
        """What tasks say of themselves that run now."""
        job = self._job.id if self._job is not None else 0
        before, self._running = self._running, {one.index: one for one in statuses if one.job == job}
        if before != self._running:
            for number in {self.row_of_shown(task) // PAGE for task in before.keys() | self._running.keys()}:
                self._changed(number)

    def task_of(self, row: int) -> int:
        """The task in a row."""
        return self._matches.task(row) if self._matches is not None else self._first + row

    def row_of_shown(self, task: int) -> int:
        """The row of a task; a negative number where it is not in the table."""
        if self._matches is not None:
            row = self._matches.row_of(task)
            return -PAGE if row is None else row
        return task - self._first if self._first <= task < self._first + self._count else -PAGE

    def row_of(self, task: int) -> int | None:
        """The row of a task, which comes into the table if it was not; None where it was not searched for."""
        if self._matches is not None:
            return self._matches.row_of(task)
        if not self._first <= task < self._first + LIMIT:
            self.set_first(task // LIMIT * LIMIT)
        return task - self._first

    # What views ask

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(column)
        task = self.task_of(index.row())
        if role == Role.KEY:
            return task
        if role not in _FROM_ROW:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole, Role.BAR):
            cell = self.cell(index.row(), column)
            if role == Qt.ItemDataRole.DisplayRole:
                return cell.text
            return cell.bar if role == Role.BAR else tone_colour(self._theme, cell.tone) if cell.tone else None
        row = self._row(index.row())
        match role:
            case Qt.ItemDataRole.ToolTipRole:
                return self._text(task, row, column) if column else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.title(column)}: {self._text(task, row, column)}"
        return None

    def cell(self, row: int, column: int) -> Cell:
        task, found = self.task_of(row), self._row(row)
        text = " ".join(self._text(task, found, column).split())
        return Cell(
            text, tone=self._tone(task, found, column), bar=self._bar(task, found) if column == self._outcome else None
        )

    def title(self, column: int) -> str:
        """What stands above a column."""
        title = self._columns[column].title
        return _TITLES.get(title, title)

    def _align(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._columns[column].right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    @Slot()
    def _on_columns(self) -> None:
        self.columns_change.emit()
        self.beginResetModel()
        self._columns = self._known.columns
        self._outcome = next(at for at, one in enumerate(self._columns) if one.title.startswith("result"))
        self.endResetModel()
        self.columns_changed.emit()

    def is_right(self, column: int) -> bool:
        return self._align(column) & Qt.AlignmentFlag.AlignRight == Qt.AlignmentFlag.AlignRight

    def _bar(self, task: int, row: TableRow | None) -> tuple[tuple[float, Tone], ...] | None:
        status = self._running.get(task) if row is not None and row.state == "waiting" else None
        return None if status is None or status.fraction is None else ((status.fraction, "accent"),)

    def _text(self, task: int, row: TableRow | None, column: int) -> str:
        title = self._columns[column].title
        if title == "task":
            return format.count(task)
        if row is None:
            return _LOADING
        if row.state == "waiting" and (column >= self._outcome or title == "node"):
            status = self._running.get(task)
            if title == "node":
                return format.UNKNOWN if status is None else status.node
            if column == self._outcome:
                return format.UNKNOWN if status is None else status.text or _RUNNING
        if row.state == "failed" and column == self._outcome:
            return row.cells.get("error", "")
        return row.cells.get(title, "")

    def _tone(self, task: int, row: TableRow | None, column: int) -> Tone:
        if task in self._running and column == self._outcome:
            return ""
        if column == 0 or row is None or row.state == "waiting":
            return "muted"
        return "bad" if row.state == "failed" and column == self._outcome else ""

    # Pages

    def _row(self, row: int) -> TableRow | None:
        """A row as far as it is here. What is not, or may have changed, is asked for."""
        number = row // PAGE
        page = self._pages.get(number)
        # One that is on its way is not asked for a second time; if it is out of date, that shows when it is painted.
        if (page is None or number in self._stale) and number != self._on_its_way:
            self._wanted[number] = None
            self._wanted.move_to_end(number)
            if not self._rest.isActive() and self._on_its_way is None:
                self._rest.start()
        if page is None:
            return None
        at = row % PAGE
        return page[at] if at < len(page) else None

    @Slot()
    def _ask(self) -> None:
        """Fetch the page that was wanted last."""
        if self._job is None or not self._wanted or self._on_its_way is not None:
            return
        number, _ = self._wanted.popitem()
        # Of those that were passed on the way here, the latest few may still be in sight.
        while len(self._wanted) > 2:
            self._wanted.popitem(last=False)
        self._stale.discard(number)
        job, generation = self._job.id, self._generation
        first, last = number * PAGE, min((number + 1) * PAGE, self._count)
        if first >= last:  # there are fewer rows than when it was asked for
            return
        self._on_its_way = number
        tasks = tuple(map(self.task_of, range(first, last)))
        searched = self._matches is not None
        self._background.run(
            lambda: self._source.rows_of(job, tasks) if searched else self._source.rows(job, tasks[0], len(tasks)),
            lambda rows: self._on_page(generation, number, rows),
            lambda error: self._on_trouble(generation, error),
        )

    def _on_page(self, generation: int, number: int, rows: tuple[TableRow, ...]) -> None:
        self._on_its_way = None
        if generation == self._generation:
            self._pages[number] = rows
            self._pages.move_to_end(number)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        self._changed(number)  # also where it is of another job: as it is painted, the right one is asked for
        if self._wanted:
            self._rest.start()

    def _on_trouble(self, generation: int, error: Exception) -> None:
        self._on_its_way = None
        if generation == self._generation:
            self._wanted.clear()
            self.trouble.emit(str(error))

    def _changed(self, number: int) -> None:
        first, last = number * PAGE, min((number + 1) * PAGE, self._count) - 1
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _look_again(self) -> None:
        """Pages in which something waited may have changed. Those in sight are fetched anew as they are painted."""
        for number, rows in self._pages.items():
            whole = len(rows) == min(PAGE, max(self._count - number * PAGE, 0))
            if number not in self._stale and not (whole and all(row.state == "done" for row in rows)):
                self._stale.add(number)
                self._changed(number)

    def _start_over(self, first: int) -> None:
        self.beginResetModel()
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._stale.clear()
        total = self._job.total if self._job is not None else 0
        if self._matches is not None:
            first, total = 0, len(self._matches)
        self._first = min(first, max(total - 1, 0)) // LIMIT * LIMIT
        self._count = min(max(total - self._first, 0), LIMIT)
        self.endResetModel()

    def _grow(self) -> None:
        """More arguments have arrived."""
        if self._job is None:
            return
        count = min(max(self._job.total - self._first, 0), LIMIT)
        if count > self._count:
            self._stale.add((self._count - 1) // PAGE)
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    @Slot()
    def _repaint(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(self._columns) - 1))


_FROM_ROW: Final = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ForegroundRole,
        Role.BAR,
    }
)
