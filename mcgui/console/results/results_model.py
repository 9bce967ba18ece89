"""The results of one job as a table: as many rows as the job has tasks, of which only those in sight are fetched.

A page of rows is asked for when the view first looks at one of its cells, off the GUI thread; until it arrives its
cells say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal, Slot

from mcgui import format
from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.row_pages import PAGE, RowPages, Rows
from mcgui.console.results.table_query import FIRST, TableQuery
from mcgui.console.tables.table_model import AnyIndex, Cell, CellModel, Role, tone_colour
from mcgui.plain_text import plain_tip, unturned
from mcgui.theme import Theme, Tone
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobStatus, TaskStatus
from mcgui_core.protocol.queries import TableColumn, TableRow

#: Rows in the table at most. Qt counts pixels in 31 bits; of a longer job, the part around a task is shown.
LIMIT: Final = 1_000_000
_LOADING: Final = "…"
_RUNNING: Final = "Running"
#: What the columns are called that every job has; the others are called as the user called them.
_TITLES: Final = {"task": "#", "argument": "Argument", "result": "Result", "node": "Node"}


class ResultsModel(CellModel):
    """Rows `first` to `first` + LIMIT of a job; or those of a view, which `query` asks for: filtered, or sorted.

    The columns are those of the tasks' arguments and results. `columns_change` before there are others,
    `columns_changed` after it: in between, the model was reset. `rows_arrived` when a page is there. `trouble(str)`
    when rows could not be fetched.
    """

    trouble = Signal(str)
    columns_change = Signal()
    columns_changed = Signal()
    rows_arrived = Signal()

    def __init__(
        self, background: Background, source: ResultSource, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source, self._theme = source, theme
        self._view: int | None = 0
        self._running: dict[int, TaskStatus] = {}  # what tasks say of themselves
        self._job: JobStatus | None = None
        self._first = self._count = 0
        self._pages = RowPages(background, self._fetching, self)
        self._pages.arrived.connect(self._on_page)
        self._pages.trouble.connect(self._on_trouble)
        self._columns = FIRST
        self._outcome = 2  # the column in which it stands how a task goes, or why it failed
        self.query = TableQuery(background, source, self)
        self.query.columns_changed.connect(self._on_columns)
        self.query.rows_changed.connect(self._on_rows)
        self.query.trouble.connect(self.trouble)
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
        return self.query.at_rest and self._pages.at_rest

    def show_job(self, job: JobStatus | None) -> None:
        """Show this job as it stands now."""
        before, self._job = self._job, job
        self.query.show_job(job)
        if job is None or before is None or job.id != before.id or job.total < before.total:
            self._view = self.query.view
            self._start_over(0)
            return
        if self._view != 0:
            return  # there are others soon, if anything has changed
        self._grow()
        if before.finished is not None and job.finished != before.finished:
            self._pages.replace()  # some were run once more
            self._repaint()
        elif (job.done, job.failed) != (before.done, before.failed) or job.state != before.state:
            self._look_again()

    def set_first(self, first: int) -> None:
        """Begin with this task: for jobs that are longer than LIMIT."""
        if first != self._first:
            self._start_over(first)

    def forget(self) -> None:
        """Fetch everything anew."""
        self._start_over(self._first)

    @Slot()
    def _on_rows(self) -> None:
        """Show the rows that are wanted. What is here of others stays until those are here: nothing flickers."""
        view = self.query.view
        if view is None or (view == self._view == 0):
            return
        if view == 0 or self._view is None:
            self._view = view
            self._start_over(0)
            return
        if view != self._view:
            self._view = view
            self._first = 0
            self._pages.replace()
            self._resize(min(self.query.count, LIMIT))
            self._repaint()
        else:
            self._resize(min(self.query.count, LIMIT))

    def _resize(self, count: int) -> None:
        """So many rows, of which those at the end are new, or gone."""
        if count > self._count:
            self._pages.touch((self._count - 1) // PAGE)
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def show_statuses(self, statuses: Iterable[TaskStatus]) -> None:
        """What tasks say of themselves that run now."""
        job = self._job.id if self._job is not None else 0
        before, self._running = self._running, {one.index: one for one in statuses if one.job == job}
        if before == self._running:
            return
        if self._view:  # they may stand anywhere
            self._repaint()
            return
        for number in {self.row_of_shown(task) // PAGE for task in before.keys() | self._running.keys()}:
            self._changed(number)

    def task_of(self, row: int) -> int:
        """The task in a row; -1 where that is not known yet."""
        if not self._view:
            return self._first + row
        found = self._pages.known(row)
        return found.index if found is not None else -1

    def is_another(self, row: int) -> bool:
        """What is in this row is what stood there before there were others, until those are here."""
        return bool(self._view) and self._pages.is_another(row)

    @property
    def view(self) -> int | None:
        """Which rows these are: 0 for all tasks as they are; None: nothing, since that is not known yet."""
        return self._view

    def row_of_shown(self, task: int) -> int:
        """The row of a task, where all tasks are shown; a negative number where it is not in the table."""
        return task - self._first if self._first <= task < self._first + self._count else -PAGE

    def row_of(self, task: int) -> int:
        """The row of a task, where all tasks are shown. It comes into the table if it was not."""
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
            return unturned(self.title(section))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.title(section))
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
            return -1 if self.is_another(index.row()) else task
        if role not in _FROM_ROW:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole, Role.BAR):
            cell = self.cell(index.row(), column)
            if role == Qt.ItemDataRole.DisplayRole:
                return cell.text
            return cell.bar if role == Role.BAR else tone_colour(self._theme, cell.tone) if cell.tone else None
        row = self._pages.row(index.row())
        match role:
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._text(task, row, column)) if column else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.title(column)}: {self._text(task, row, column)}"
        return None

    def known_text(self, row: int, column: int) -> str:
        """What a cell shows, without asking for it: "" where it is not here."""
        found = self._pages.known(row)
        return "" if found is None else " ".join(self._text(found.index, found, column).split())

    def cell(self, row: int, column: int) -> Cell:
        task, found = self.task_of(row), self._pages.row(row)
        text = " ".join(self._text(task, found, column).split())
        return Cell(
            text, tone=self._tone(task, found, column), bar=self._bar(task, found) if column == self._outcome else None
        )

    def value(self, cell: AnyIndex) -> tuple[str, str] | None:
        """A column's title and the text in it, as a filter knows them; None for what is not there yet."""
        row = self._pages.row(cell.row()) if cell.isValid() else None
        if row is None:
            return None
        title = self._columns[cell.column()].title
        if title == "task":
            return title, str(row.index)
        if cell.column() == self._outcome and row.state == "failed":
            title = "error"
        return (title, row.cells.get(title, "")) if row.state != "waiting" or title in row.cells else None

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return self._columns

    def title(self, column: int) -> str:
        """What stands above a column."""
        return self.name(self._columns[column].title)

    def name(self, title: str) -> str:
        """What stands above the column with this title."""
        return _TITLES.get(title, title)

    def _align(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._columns[column].right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    @Slot()
    def _on_columns(self) -> None:
        self.columns_change.emit()
        self.beginResetModel()
        self._columns = self.query.columns
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
            return format.count(task) if task >= 0 else _LOADING
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
        # Rows may be here before it is known under which columns they have what they have.
        return row.cells.get(title, "" if self.query.knows_columns else _LOADING)

    def _tone(self, task: int, row: TableRow | None, column: int) -> Tone:
        if task in self._running and column == self._outcome:
            return ""
        if column == 0 or row is None or row.state == "waiting":
            return "muted"
        return "bad" if row.state == "failed" and column == self._outcome else ""

    # Pages

    def _fetching(self, number: int) -> Callable[[], Rows] | None:
        first, last = number * PAGE, min((number + 1) * PAGE, self._count)
        if self._job is None or first >= last:
            return None
        job, view, start = self._job.id, self._view or 0, first if self._view else self._first + first
        return lambda: self._source.rows(job, view, start, last - first)

    @Slot(int)
    def _on_page(self, number: int) -> None:
        self._changed(number)
        self.rows_arrived.emit()

    @Slot(object)
    def _on_trouble(self, error: Exception) -> None:
        if self._view and isinstance(error, BadInput):  # others have been asked for since, or the job has changed
            self.query.again()
        else:
            self.trouble.emit(str(error))

    def _changed(self, number: int) -> None:
        first, last = number * PAGE, min((number + 1) * PAGE, self._count) - 1
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _look_again(self) -> None:
        """Pages in which something waited may have changed. Those in sight are fetched anew as they are painted."""
        for number in self._pages.unfinished(self._count):
            self._changed(number)

    def _start_over(self, first: int) -> None:
        self.beginResetModel()
        self._pages.clear()
        total = self._job.total if self._job is not None else 0
        if self._view != 0:
            first, total = 0, self.query.count if self._view else 0
        self._first = min(first, max(total - 1, 0)) // LIMIT * LIMIT
        self._count = min(max(total - self._first, 0), LIMIT)
        self.endResetModel()

    def _grow(self) -> None:
        """More arguments have arrived."""
        if self._job is not None:
            self._resize(max(self._count, min(max(self._job.total - self._first, 0), LIMIT)))

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
