"""Which columns the results of a job have: read in the background, on and on as its results arrive."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.queries import TableColumn, TableState

#: Before anything of a job has been read.
FIRST: Final = tuple(TableColumn(title, title == "task", "") for title in ("task", "argument", "result", "node"))
#: Tasks of a job that are all read, at most: of a longer one, the columns are those of its first tasks.
ALL: Final = 5_000_000
_FIRST_TASKS: Final = 200
#: Milliseconds between two looks at a job that goes on.
_AGAIN: Final = 1000


class JobColumns(QObject):
    """Signals:
    changed(): there are other columns, or they stand otherwise.
    trouble(str): they could not be read.
    """

    changed = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._columns = FIRST
        self._read: tuple[int, int, int] | None = None  # how the job stood when it was read to its end
        self._asking = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """From left to right. The first is always that of the tasks' numbers, and one begins with "result"."""
        return self._columns

    @property
    def at_rest(self) -> bool:
        """Nothing is read, or about to be."""
        return not (self._asking or self._again.isActive())

    def show_job(self, job: JobStatus | None) -> None:
        """Read this job, as it stands now."""
        before, self._job = self._job, job
        if job is None or before is None or job.id != before.id:
            self._read = None
            self._again.stop()
            self._show(FIRST)
        if job is not None and _counts(job) != self._read and not self._asking and not self._again.isActive():
            self._again.start(0 if self._read is None else _AGAIN)

    @Slot()
    def _ask(self) -> None:
        job = self._job
        if job is None or self._asking:
            return
        self._asking = True
        self._background.run(lambda: self._columns_of(job), lambda state: self._on_state(job, state), self._on_trouble)

    def _columns_of(self, job: JobStatus) -> TableState:
        """In a thread."""
        if job.total <= ALL:
            return self._source.table(job.id)
        titles = ["task"]
        for row in self._source.rows(job.id, 0, _FIRST_TASKS):
            titles += [title for title in row.cells if title not in titles]
        titles.sort(key=lambda title: title.startswith("result"))  # which arguments come before
        columns = tuple(TableColumn(title, title == "task", "") for title in titles)
        return TableState(columns, 0, job.total, 0, job.total, True)

    def _on_state(self, job: JobStatus, state: TableState) -> None:
        self._asking = False
        if self._job is None or job.id != self._job.id:
            self._again.start(0)
            return
        self._show(_shown(state.columns))
        if not state.complete:
            self._again.start(0)
            return
        self._read = _counts(job)
        self.show_job(self._job)  # it may stand differently by now

    def _on_trouble(self, error: Exception) -> None:
        self._asking = False
        self.trouble.emit(str(error))

    def _show(self, columns: tuple[TableColumn, ...]) -> None:
        if columns != self._columns:
            self._columns = columns
            self.changed.emit()


def _shown(columns: tuple[TableColumn, ...]) -> tuple[TableColumn, ...]:
    """Errors stand in the place of the result, which is there from the beginning."""
    own = [column for column in columns if column.title not in ("error", "node")]
    if not any(column.title.startswith("result") for column in own):
        own.append(FIRST[2])
    return (*own, FIRST[3])


def _counts(job: JobStatus) -> tuple[int, int, int]:
    return job.total, job.done, job.failed
