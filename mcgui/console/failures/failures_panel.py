"""The failures of the selected job: grouped by what was raised where, each in a line, and one of them whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QItemSelection, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.background import Background
from mcgui.console.failures.failure_source import FailureSource, key
from mcgui.console.failures.failure_words import printed, summary, whole
from mcgui.console.head_row import HeadRow
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.tables.column_chooser import ColumnChooser
from mcgui.console.tables.table_model import Cell, Column, Role, SortProxy, TableModel
from mcgui.console.tables.table_view import TableView, row_height
from mcgui.exact_text import ExactTextEdit
from mcgui.icons import show_copied
from mcgui.theme import Theme, monospace, set_tone
from mcgui_core.protocol.messages import JobStatus, TaskFailure
from mcgui_core.protocol.queries import FailureGroup

#: What stands there while there are none.
_NONE: Final = (
    "No failures",
    "A task that fails appears here with its argument and its whole traceback. The others go on.",
)
#: Failures of a group that are fetched at first, and more with each press of "Show more".
STEP: Final = 1000
#: Milliseconds between two looks at a job that goes on failing; and times of what the last look took.
_PAUSE: Final = 1000
_TIMES: Final = 3
#: Milliseconds that a failure stays selected before what its task printed is fetched.
_REST: Final = 80
#: Groups that are in sight without scrolling.
_GROUPS: Final = 4


class FailuresPanel(QWidget):
    """Shows the failures of one job.

    Signals: `retry_wanted(job id)`; `try_wanted(job id, task)`: this one is to be tried here; `task_wanted(task)`: show
    it among the results; `trouble(str)` when they cannot be fetched.
    """

    retry_wanted = Signal(int)
    try_wanted = Signal(int, int)
    task_wanted = Signal(int)
    trouble = Signal(str)

    def __init__(
        self, background: Background, source: FailureSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._limit = STEP
        self._shown = -1  # failures that the job had when they were last fetched
        self._under_way = False
        self._began = 0.0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._look)
        self._has_printed = False  # what the task printed stands below its failure
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_REST)
        self._still.timeout.connect(self._fetch_printed)
        self.groups: TableModel[FailureGroup] = TableModel(_GROUP_COLUMNS, key, theme, self)
        self.model: TableModel[TaskFailure] = TableModel(_COLUMNS, lambda failure: failure.index, theme, self)
        self._make_tables(theme)
        self._make_details()
        self._make_head()
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._lists)
        split.addWidget(self.details)
        split.setChildrenCollapsible(False)
        split.setSizes([460, 400])
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(split, 1)
        self._empty = EmptyState(*_NONE, self)
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)

    def _make_tables(self, theme: Theme) -> None:
        self.group_proxy = SortProxy(self.groups, self)
        self.group_view = self._table("Kinds of failures", self.group_proxy, self.groups, theme)
        self.group_view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        _fit_columns(self.group_view, self.groups, "Failed alike", ("First",))
        self.group_view.selectionModel().selectionChanged.connect(self._on_group)
        self.proxy = SortProxy(self.model, self)
        self.view = self._table("Failures", self.proxy, self.model, theme)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        _fit_columns(self.view, self.model, "What happened", ("Node", "Argument"))
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.view.activated.connect(self._on_activated)
        self._lists = QWidget(self)
        layout = QVBoxLayout(self._lists)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.group_view)
        layout.addWidget(self.view, 1)

    def _table(self, name: str, proxy: SortProxy, model: TableModel, theme: Theme) -> TableView:  # type: ignore[type-arg]
        view = TableView(theme, name, self)
        view.setModel(proxy)
        view.setSortingEnabled(True)
        view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        return view

    def _make_details(self) -> None:
        self.details = ExactTextEdit(self)
        self.details.setReadOnly(True)
        self.details.keep_lines(True)
        self.details.setFont(monospace())
        self.details.setAccessibleName("The whole failure, with its remote traceback")

    def _make_head(self) -> None:
        self._title = ElidedLabel(self)
        set_tone(self._title, "muted")
        self._more = self._button("Show more", f"Show {format.count(STEP)} more failures of this kind", self._on_more)
        self._try = self._button("Try here", "Try the selected task on this computer", self._on_try)
        self._copy = self._button("Copy", "Copy the selected failure with its whole traceback", self.copy)
        self._retry = self._button(
            "Retry failed", "Run the failed tasks again, on their original arguments", self._on_retry
        )
        self._head = HeadRow(self._title, self)
        for button in (self._more, self._try, self._copy, self._retry):
            self._head.add(button)

    def _button(self, text: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.clicked.connect(slot)
        return button

    @Slot(object)
    def show_job(self, job: JobStatus | None) -> None:
        """Show this job's failures as they stand now."""
        if job is None or self._job is None or job.id != self._job.id or _was_retried(self._job, job):
            self._limit, self._shown = STEP, -1
            self.groups.apply((), time.time())
            self.model.apply((), time.time())
            self.details.show_text("")
        self._job = job
        failed = job.failed if job is not None else 0
        self._stack.show_content(failed > 0)
        stopped = job is not None and job.state == "stopped" and bool(job.reason)
        self._empty.say(*(("Stopped before a task could fail", job.reason) if job is not None and stopped else _NONE))
        if job is None:
            return
        self._say()
        self._retry.setEnabled(failed > 0)
        self._look()

    def _say(self) -> None:
        if self._job is None:
            return
        kinds = self.groups.rowCount()
        of_kinds = f" of {format.plural(kinds, 'kind')}" if kinds else ""
        self._title.say(f"{self._job.name}  ·  {format.plural(self._job.failed, 'failed task')}{of_kinds}")

    @Slot()
    def _look(self) -> None:
        """Fetch what is not shown yet, a while after the last time."""
        job = self._job
        if job is None or not job.failed or job.failed == self._shown or self._under_way or self._pause.isActive():
            return
        self._under_way, self._shown, self._began = True, job.failed, time.monotonic()
        id = job.id
        self._background.run(
            lambda: self._source.groups(id), lambda found: self._on_groups(id, found), self._on_trouble
        )

    def _rest(self) -> None:
        """What there is was fetched: look again after a while."""
        self._under_way = False
        self._pause.start(max(_PAUSE, int(1000 * _TIMES * (time.monotonic() - self._began))))

    def _on_groups(self, id: int, groups: tuple[FailureGroup, ...]) -> None:
        self._rest()
        if self._job is None or self._job.id != id:
            self._pause.stop()
            self._look()
            return
        self.groups.apply(groups, time.time())
        head = self.group_view.horizontalHeader().sizeHint().height()
        self.group_view.setFixedHeight(head + 2 + row_height() * max(1, min(len(groups), _GROUPS)))
        self._say()
        if groups and self.group() is None:
            self.group_view.choose_row(0)  # which fetches its failures
        else:
            self._fetch()

    def _fetch(self) -> None:
        """The failures of the group that is selected."""
        job, group, limit = self._job, self.group(), self._limit
        if job is not None and group is not None:
            self._background.run(
                lambda: self._source.failures(job.id, group, limit),
                lambda found: self._on_failures(job.id, group, found),
                self._on_trouble,
            )

    def _on_failures(self, id: int, group: FailureGroup, failures: tuple[TaskFailure, ...]) -> None:
        chosen = self.group()
        if self._job is None or self._job.id != id or chosen is None or key(chosen) != key(group):
            return
        self.model.apply(failures, time.time())
        self._more.setVisible(len(failures) < chosen.count)
        if failures and not self.view.selectionModel().hasSelection():
            self.view.choose_row(0)

    def _on_trouble(self, error: Exception) -> None:
        self._rest()
        self.trouble.emit(str(error))

    @Slot(QItemSelection, QItemSelection)
    def _on_group(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self.group() is not None:
            self._limit = STEP
            self.view.clearSelection()
            self._fetch()

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        failure = self.selected()
        self.details.show_text(whole(failure) if failure is not None else "")
        self._copy.setEnabled(failure is not None)
        self._try.setEnabled(failure is not None)
        self._has_printed = False
        self._still.start()

    @Slot()
    def _fetch_printed(self) -> None:
        """What the task of the failure that is shown whole printed."""
        job, failure = self._job, self.selected()
        if job is not None and failure is not None:
            self._background.run(
                lambda: self._source.printed(job.id, failure.index),
                lambda text: self._on_printed(job.id, failure, text),
                lambda error: self._on_printed(job.id, failure, f"It could not be fetched: {error}"),
            )

    def _on_printed(self, id: int, failure: TaskFailure, text: str) -> None:
        here = self._job is not None and self._job.id == id and self.selected() == failure
        if text and here and not self._has_printed:
            self._has_printed = True
            self.details.add_text(printed(text))

    def group(self) -> FailureGroup | None:
        """The group whose failures are listed."""
        return _chosen(self.group_view, self.groups)

    def selected(self) -> TaskFailure | None:
        """The failure that is shown whole."""
        return _chosen(self.view, self.model)

    @Slot()
    def copy(self) -> None:
        """Put the failure that is shown on the clipboard."""
        if self.details.exact:
            QApplication.clipboard().setText(self.details.exact)
            show_copied(self._copy)

    @Slot()
    def _on_more(self) -> None:
        self._limit += STEP
        self._fetch()

    @Slot()
    def _on_retry(self) -> None:
        if self._job is not None:
            self.retry_wanted.emit(self._job.id)

    @Slot()
    def _on_try(self) -> None:
        failure = self.selected()
        if self._job is not None and failure is not None:
            self.try_wanted.emit(self._job.id, failure.index)

    @Slot("QModelIndex")
    def _on_activated(self, index: object) -> None:
        self.task_wanted.emit(index.data(Role.KEY))  # type: ignore[attr-defined]


def _was_retried(before: JobStatus, now: JobStatus) -> bool:
    """Its failures are others than before, be there as many."""
    return now.failed < before.failed or (before.finished is not None and now.finished != before.finished)


def _chosen(view: TableView, model: TableModel):  # type: ignore[no-untyped-def, type-arg]
    """The item of the row that is selected."""
    rows = view.selectionModel().selectedRows()
    row = model.row_of(rows[0].data(Role.KEY)) if rows else None
    return None if row is None else model.item(row)


_COLUMNS: Final[tuple[Column[TaskFailure], ...]] = (
    Column("#", lambda f, _: Cell(format.count(f.index), f.index), "The number of the task", 72, right=True),
    Column("Argument", lambda f, _: Cell(f.argument), "What the function was called with", 90),
    Column("What happened", lambda f, _: Cell(summary(f), tone="bad"), "The failure in one line", 300, least_width=110),
    Column("Node", lambda f, _: Cell(f.node), "Where it happened", 112),
)
_GROUP_COLUMNS: Final[tuple[Column[FailureGroup], ...]] = (
    Column("Tasks", lambda g, _: Cell(format.count(g.count), g.count), "How many failed like this", 72, right=True),
    Column(
        "Failed alike",
        lambda g, _: Cell(
            summary(g), tone="bad", tip=f"{summary(g)}\nThe first of them; all failed at the same place."
        ),
        "What the first of them raised; all of one line failed at the same place",
        300,
        least_width=110,
    ),
    Column(
        "First",
        lambda g, _: Cell(format.count(g.first), g.first),
        "The lowest task that failed like this",
        78,
        right=True,
    ),
)


def _fit_columns(view: TableView, model: TableModel[Any], wide: str, dispensable: tuple[str, ...]) -> None:
    ColumnChooser(view, model.columns, wide=wide, dispensable=dispensable).follow_size()
