"""Which columns the results of a job have, and which rows are to be seen in which order: asked for in the background.

A job that goes on is asked about again and again, as its results arrive.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.results.result_source import Order, ResultSource
from mcgui_core.errors import BadInput, FilterInvalid
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.queries import TableColumn, TableState

#: Before anything of a job has been read.
FIRST: Final = tuple(TableColumn(title, title == "task", "") for title in ("task", "argument", "result", "node"))
#: Seconds of reading between two answers. Pages of rows may have to wait for it, and a filter is at work after each.
_LOOK, _LOOK_CHOSEN = 0.1, 0.5
#: Milliseconds between two looks at a job that goes on, at least, and in times of what the last one took.
_AGAIN, _AGAIN_TIMES = 1000, 3.0


class TableQuery(QObject):
    """Asks about one job: `where` is a filter ("": all rows), `order` by which column they are sorted, and which way.

    What was known last stays until there is an answer, also to another question about the same job.

    Signals:
    columns_changed(): there are other columns, or they stand otherwise.
    rows_changed(): there are other rows, or more of them, or more has been read.
    refused(str): the filter does not fit this job; all of its rows are shown.
    trouble(str): there is no answer. It is asked again until there is one, and said once.
    """

    columns_changed = Signal()
    rows_changed = Signal()
    refused = Signal(str)
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._columns = FIRST
        self.known = FIRST  # also those that a filter knows and the table does not show
        self._state: TableState | None = None
        self._answered: tuple[str, Order] | None = None  # what it is the answer to
        self._where = ""
        self._order: Order = None
        self._read: tuple[float | None, ...] | None = None  # how the job stood when it was read to its end
        self._asking = False
        self._took = 0.0
        self._trouble = ""  # why there was no answer, as it was said
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """From left to right. The first is always that of the tasks' numbers, and one begins with "result"."""
        return self._columns

    @property
    def knows_columns(self) -> bool:
        """The columns are those of all that has been read, and not those that every job, or a part of it, has."""
        return self._state is not None and self._state.complete

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @property
    def read(self) -> int:
        """How many of the tasks that are over have been read."""
        return self._state.read if self._state is not None else 0

    @property
    def closed(self) -> int:
        """How many results were not opened, because that may run code of the worker that sent them."""
        return self._state.refused if self._state is not None else 0

    @property
    def where(self) -> str:
        return self._where

    @property
    def order(self) -> Order:
        return self._order

    @property
    def view(self) -> int | None:
        """The rows that are to be seen; 0 for all tasks as they are, None while that is not known."""
        if (self._where, self._order) == ("", None):
            return 0
        if self._state is not None:
            return self._state.view
        return None if self._where else 0

    @property
    def count(self) -> int:
        """How many rows that are, as far as it is known."""
        return self._state.count if self._state is not None and self.view else 0

    @property
    def part(self) -> float:
        """How much of the job has been read, from 0.0 to 1.0."""
        if self._state is None or self._state.complete or self._job is None:
            return 0.0 if self._state is None else 1.0
        return min(self._state.read / max(self._job.done + self._job.failed, 1), 1.0)

    @property
    def is_answered(self) -> bool:
        """What is known is about the rows that are asked for, and not about those that were before."""
        return self._answered == (self._where, self._order)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return not self._asking and not (self._again.isActive() and self._read is None and not self._trouble)

    def ask(self, where: str, order: Order) -> None:
        """Ask for these rows."""
        if (where, order) != (self._where, self._order):
            self._where, self._order = where, order
            self._trouble = ""
            self.again()
            self.rows_changed.emit()

    @Slot()
    def again(self) -> None:
        """Ask once more: what was answered does not hold any longer."""
        self._read = None
        if self._job is not None and not self._asking:
            self._again.start(0)

    def show_job(self, job: JobStatus | None) -> None:
        """Ask about this job, as it stands now."""
        before, self._job = self._job, job
        if job is None or before is None or job.id != before.id:
            self._read = self._state = self._answered = None
            self._trouble = ""
            self._again.stop()
            self._show(FIRST, FIRST)
            self.rows_changed.emit()
        elif job.final != before.final:  # what was on its way may never come
            self.rows_changed.emit()
        if job is not None and _counts(job) != self._read and not self._asking and not self._again.isActive():
            self._again.start(0 if self._read is None else max(_AGAIN, int(1000 * _AGAIN_TIMES * self._took)))

    @Slot()
    def _ask(self) -> None:
        job, where, order = self._job, self._where, self._order
        if job is None or self._asking:
            return
        self._asking = True
        begun = time.monotonic()
        seconds = _LOOK_CHOSEN if where or order else _LOOK
        self._background.run(
            lambda: self._source.table(job.id, where, order, seconds),
            lambda state: self._on_state(job, (where, order), begun, state),
            lambda error: self._on_trouble(job, (where, order), error),
        )

    def _is_old(self, job: JobStatus, asked: tuple[str, Order]) -> bool:
        """Something else is wanted by now, which is asked for."""
        if self._job is not None and job.id == self._job.id and asked == (self._where, self._order):
            return False
        self._again.start(0)
        return True

    def _on_state(self, job: JobStatus, asked: tuple[str, Order], begun: float, state: TableState) -> None:
        self._asking, self._took = False, time.monotonic() - begun
        if self._is_old(job, asked):
            return
        self._trouble = ""
        before, news = self._state, not self.is_answered
        self._state, self._answered = state, asked
        self._show(_shown(state.columns), state.columns)
        if news or before is None or _rows(before) != _rows(state):
            self.rows_changed.emit()
        if not state.complete:
            self._again.start(0)
            return
        self._read = _counts(job)
        self.show_job(self._job)  # it may stand differently by now

    def _on_trouble(self, job: JobStatus, asked: tuple[str, Order], error: Exception) -> None:
        self._asking = False
        if self._is_old(job, asked):
            return
        if isinstance(error, FilterInvalid):
            self._where = ""
            self.refused.emit(str(error))
        elif isinstance(error, BadInput) and self._order is not None:
            self._order = None
            self.trouble.emit(str(error))
        else:
            self._again.start(_AGAIN)
            if str(error) != self._trouble:
                self._trouble = str(error)
                self.trouble.emit(self._trouble)
            return
        self.again()
        self.rows_changed.emit()

    def _show(self, columns: tuple[TableColumn, ...], known: tuple[TableColumn, ...]) -> None:
        if known != self.known or columns != self._columns:
            self._columns, self.known = columns, known
            self.columns_changed.emit()


def _shown(columns: tuple[TableColumn, ...]) -> tuple[TableColumn, ...]:
    """Errors stand in the place of the result, which is there from the beginning."""
    own = [column for column in columns if column.title not in ("error", "node") and not column.within]
    if not any(column.title.startswith("result") for column in own):
        own.append(FIRST[2])
    return (*own, FIRST[3])


def _rows(state: TableState) -> tuple[int | bool, ...]:
    return state.view, state.count, state.read, state.complete


def _counts(job: JobStatus) -> tuple[float | None, ...]:
    return job.total, job.done, job.failed, job.finished  # a retry may leave as many failed as there were
