"""The failures of the selected job: a line each, and the whole remote traceback of the one that is selected."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QItemSelection, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.background import Background
from mcgui.console.empty_state import EmptyStack, EmptyState
from mcgui.console.table_model import Cell, Column, Role, SortProxy, TableModel
from mcgui.console.table_view import TableView
from mcgui.theme import Theme, monospace, set_tone
from mcgui_core.jobs import FailureKind, JobStatus, TaskFailure

#: Failures that are fetched at first, and more with each press of "Show more".
STEP: Final = 1000
#: Milliseconds between two looks at a job that goes on failing.
_PAUSE: Final = 1000

_KINDS: Final[dict[FailureKind, str]] = {
    "raised": "The function raised an exception.",
    "died": "The task killed the process that ran it, each time it was tried.",
    "timeout": "The task took longer than its time limit and was stopped.",
    "unpicklable": "The function returned something that cannot be sent: its result does not pickle.",
}

FailureSource = Callable[[int, int, int], tuple[TaskFailure, ...]]  # (job, after, limit)


def summary(failure: TaskFailure) -> str:
    """A failure in one line."""
    line = failure.message.strip().split("\n")[0]
    return f"{failure.type}: {line}" if failure.type else line or _KINDS[failure.kind]


def whole(failure: TaskFailure) -> str:
    """Everything that is known of a failure, as text to read and to copy."""
    head = [
        f"Task {format.count(failure.index)} failed on {failure.node or 'an unknown node'}.",
        _KINDS[failure.kind],
        f"Argument: {failure.argument}",
    ]
    what = f"{failure.type}: {failure.message}" if failure.type else failure.message
    return "\n".join([*head, "", failure.traceback.rstrip() or what]) + "\n"


class FailuresModel(TableModel[TaskFailure]):
    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, lambda failure: failure.index, theme, parent)


class FailuresPanel(QWidget):
    """Shows the failures of one job. `retry_wanted(job id)`; `trouble(str)` when they cannot be fetched."""

    retry_wanted = Signal(int)
    trouble = Signal(str)

    def __init__(
        self, background: Background, failures: FailureSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._fetch = background, failures
        self._job: JobStatus | None = None
        self._limit = STEP
        self._shown = -1  # failures that the job had when they were last fetched
        self._under_way = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._look)
        self.model = FailuresModel(theme, self)
        self.proxy = SortProxy(self.model, self)
        self.view = TableView(theme, "Failures", self)
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        for number, column in enumerate(_COLUMNS):
            self.view.setColumnWidth(number, column.width)
        self.view.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setFont(monospace())
        self.details.setAccessibleName("The whole failure, with its remote traceback")
        self._make_head()
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.view)
        split.addWidget(self.details)
        split.setChildrenCollapsible(False)
        split.setSizes([460, 400])
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(split, 1)
        self._empty = EmptyState(
            "No failures",
            "A task that fails appears here with its argument and its whole traceback. The others go on.",
            self,
        )
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)

    def _make_head(self) -> None:
        self._title = QLabel(self)
        set_tone(self._title, "muted")
        self._more = self._button("Show more", f"Show {format.count(STEP)} more failures", self._on_more)
        self._copy = self._button("Copy", "Copy the selected failure with its traceback", self._on_copy)
        self._retry = self._button(
            "Retry failed", "Run the failed tasks again, on their original arguments", self._on_retry
        )
        self._head = QHBoxLayout()
        self._head.setContentsMargins(8, 4, 4, 2)
        self._head.setSpacing(8)
        self._head.addWidget(self._title, 1)
        for button in (self._more, self._copy, self._retry):
            self._head.addWidget(button)

    def _button(self, text: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.clicked.connect(slot)
        return button

    @Slot(object)
    def show_job(self, job: JobStatus | None) -> None:
        """Show this job's failures as they stand now."""
        if job is None or self._job is None or job.id != self._job.id:
            self._limit, self._shown = STEP, -1
            self.model.apply((), time.time())
            self.details.clear()
        self._job = job
        failed = job.failed if job is not None else 0
        self._stack.show_content(failed > 0)
        if job is None:
            return
        self._title.setText(f"{job.name}  ·  {format.plural(job.failed, 'failed task')}")
        self._retry.setEnabled(failed > 0)
        self._look()

    @Slot()
    def _look(self) -> None:
        """Fetch what is not shown yet, a while after the last time."""
        job = self._job
        if job is None or job.failed == self._shown or self._under_way or self._pause.isActive():
            return
        self._under_way, self._shown = True, job.failed
        self._pause.start()
        id, limit = job.id, self._limit
        self._background.run(
            lambda: self._fetch(id, 0, limit), lambda found: self._on_failures(id, found), self._on_trouble
        )

    def _on_failures(self, id: int, failures: tuple[TaskFailure, ...]) -> None:
        self._under_way = False
        if self._job is None or self._job.id != id:
            self._look()
            return
        self.model.apply(failures, time.time())
        self._more.setVisible(len(failures) < self._job.failed)
        if failures and not self.view.selectionModel().hasSelection():
            self.view.selectRow(0)

    def _on_trouble(self, error: Exception) -> None:
        self._under_way = False
        self.trouble.emit(str(error))

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        failure = self.selected()
        self.details.setPlainText(whole(failure) if failure is not None else "")
        self._copy.setEnabled(failure is not None)

    def selected(self) -> TaskFailure | None:
        """The failure that is shown whole."""
        rows = self.view.selectionModel().selectedRows()
        if not rows:
            return None
        row = self.model.row_of(rows[0].data(Role.KEY))
        return None if row is None else self.model.item(row)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.details.toPlainText())

    @Slot()
    def _on_more(self) -> None:
        self._limit += STEP
        self._shown = -1
        self._pause.stop()
        self._look()

    @Slot()
    def _on_retry(self) -> None:
        if self._job is not None:
            self.retry_wanted.emit(self._job.id)


_COLUMNS: Final[tuple[Column[TaskFailure], ...]] = (
    Column("#", lambda f, _: Cell(format.count(f.index), f.index), "The number of the task", 72, right=True),
    Column("Argument", lambda f, _: Cell(f.argument), "What the function was called with", 90),
    Column("What happened", lambda f, _: Cell(summary(f), tone="bad"), "The failure in one line", 200),
    Column("Node", lambda f, _: Cell(f.node), "Where it happened", 112),
)
