"""The strip at the bottom of the window: how far the jobs are, how fast they go, how long they will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from mcgui import format
from mcgui.console.progress.progress_line import ProgressLine, in_words
from mcgui.console.progress.time_left_estimate import TimeLeftEstimate
from mcgui.scale import scaled
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobStatus, TaskStatus

#: Lines at most, and pixels of the height of the window for each. What else is at work is counted below them.
LINES: Final = 3
_FOR_EACH: Final = 200
_ACTIVE: Final = ("running", "paused", "waiting")


class ProgressStrip(QWidget):
    """Shows the job that is selected, and below it those that are also at work.

    Signals: `failures_wanted` when a failed count is pressed; `job_wanted(id)` when another job's name is;
    `jobs_wanted` when what has no line is.
    """

    failures_wanted = Signal()
    job_wanted = Signal(int)
    jobs_wanted = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._estimates: dict[int, TimeLeftEstimate] = {}
        self._progress: dict[int, float] = {}  # job -> what its running tasks say of how far they are
        self._job: JobStatus | None = None
        self._others: tuple[JobStatus, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 4, 12, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.lines = [ProgressLine(theme, grid, row, self, first=row == 0) for row in range(LINES + 1)]
        for line in self.lines:
            line.failures_wanted.connect(self.failures_wanted)
            line.wanted.connect(self._on_wanted)
        self.more = QPushButton(self)
        self.more.setProperty("link", True)
        self.more.setProperty("tone", "muted")
        self.more.setStyleSheet("margin-left: -4px;")
        self.more.setToolTip("Show all jobs")
        self.more.setAccessibleName("Show all jobs")
        self.more.clicked.connect(self.jobs_wanted)
        grid.addWidget(self.more, LINES + 1, 0, 1, 2)
        self.setAccessibleName("Progress")
        self.show_job(None)

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @Slot()
    def show_job(self, job: JobStatus | None) -> None:
        """The job that is selected stands so now; None: there is none."""
        self._job = job
        self._show()

    def show_jobs(self, jobs: Iterable[JobStatus], tasks: Iterable[TaskStatus] = ()) -> None:
        """All jobs, and what tasks that run now say of themselves."""
        active = [job for job in jobs if job.state in _ACTIVE]
        # Those that run first; then as they will come: the higher priority, the older.
        active.sort(key=lambda job: (_ACTIVE.index(job.state), -job.priority, job.id))
        self._others = tuple(active)
        self._progress = {}
        for task in tasks:
            if task.fraction is not None:
                self._progress[task.job] = self._progress.get(task.job, 0.0) + min(max(task.fraction, 0.0), 1.0)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for line in self.lines:
            line.fit()

    def _show(self) -> None:
        shown = self._job
        others = [job for job in self._others if shown is None or job.id != shown.id]
        jobs = [*([shown] if shown is not None else []), *others]
        self._estimates = {job.id: self._estimates.get(job.id) or TimeLeftEstimate() for job in jobs}
        now = self._clock()
        ranges = {job.id: self._estimates[job.id].watch(job, now, self._progress.get(job.id, 0.0)) for job in jobs}
        room = LINES if self.isWindow() else max(self.window().height() // scaled(_FOR_EACH), 1)
        if len(jobs) == room + 1:  # that there is one more takes the line that it has room in itself
            room += 1
        first, *rest = self.lines[:room]
        if shown is None:
            first.say_nothing()
        else:
            first.show_job(shown, ranges[shown.id])
        for line, job in zip(rest, others, strict=False):
            line.show_job(job, ranges[job.id])
        for line in self.lines[1 + min(len(rest), len(others)) :]:
            line.hide()
        without = len(others) - len(rest)
        self.more.setVisible(without > 0)
        if without > 0:
            self.more.setText(f"and {format.plural(without, 'more job')}")
        said = [in_words(job, ranges[job.id]) for job in jobs[: 1 + len(rest)]]
        self.setAccessibleDescription(" ".join(said) or "No job yet.")

    @Slot(int)
    def _on_wanted(self, id: int) -> None:
        if self._job is None or self._job.id != id:
            self.job_wanted.emit(id)
