"""The strip at the bottom of the window: how far the job is, how fast it goes, how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mcgui import format
from mcgui.console.cell_delegate import paint_bar
from mcgui.console.estimate import Estimate
from mcgui.console.job_model import shares
from mcgui.console.table_view import tabular
from mcgui.theme import Theme, Tone, set_tone
from mcgui_core.jobs import JobStatus


class SegmentedBar(QWidget):
    """A bar of coloured parts on an empty track."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[tuple[float, Tone], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress of the job")
        theme.changed.connect(self.update)

    def set_parts(self, parts: Sequence[tuple[float, Tone]]) -> None:
        """Shares of the whole from 0 to 1, with their tones, from the left."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bar(painter, QRectF(self.rect()), self._parts, self._theme)
        painter.end()


class ProgressStrip(QWidget):
    """Shows one job. `failures_wanted` when its failed count is pressed."""

    failures_wanted = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._estimate = Estimate()
        self._job: JobStatus | None = None
        self._name = _label("Name of the job", bold=True)
        self._bar = SegmentedBar(theme, self)
        self._count = _label("Tasks settled")
        self._count.setTextFormat(Qt.TextFormat.RichText)
        self._rate = _label("Tasks a second", "muted")
        self._left = _label("Time left")
        self._failed = QPushButton(self)
        self._failed.setProperty("link", True)
        self._failed.setAccessibleName("Failed tasks")
        self._failed.setToolTip("Show the failures")
        self._failed.clicked.connect(self.failures_wanted)
        set_tone(self._failed, "bad")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.setSpacing(14)
        layout.addWidget(self._name)
        layout.addWidget(self._bar, 1)
        for widget in (self._count, self._rate, self._left, self._failed):
            layout.addWidget(widget)
        self.setAccessibleName("Progress")
        self.show_job(None)

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @Slot()
    def show_job(self, job: JobStatus | None) -> None:
        """Show how this job stands now; None: there is none."""
        self._job = job
        for widget in (self._rate, self._left, self._failed):
            widget.setVisible(job is not None)
        if job is None:
            self._name.setText("No job yet")
            set_tone(self._name, "muted")
            self._count.setText("")
            self._bar.set_parts(())
            self.setAccessibleDescription("No job yet.")
            return
        set_tone(self._name, "")
        self._name.setText(job.name)
        self._bar.set_parts(shares(job))
        self._bar.setAccessibleDescription(f"{job.done + job.failed} of {job.total}")
        self._count.setText(f"<b>{format.count(job.done + job.failed)}</b> of {total_words(job)}")
        self._rate.setText(f"{format.rate(job.rate, short=True)} tasks/s" if job.state == "running" else "")
        self._rate.setVisible(bool(self._rate.text()))
        words, tone = self._time_words(job)
        self._left.setText(words)
        set_tone(self._left, tone)
        self._failed.setText(f"{format.count(job.failed)} failed")
        self._failed.setVisible(job.failed > 0)
        self.setAccessibleDescription(
            f"{job.name}: {format.count(job.done + job.failed)} of {total_words(job)}, {words}, {job.failed} failed."
        )

    def _time_words(self, job: JobStatus) -> tuple[str, Tone]:
        estimate = self._estimate.watch(job, self._clock())
        match job.state:
            case "running":
                return (format.time_left(*estimate) if estimate else format.UNKNOWN), ""
            case "finished":
                return f"done in {format.duration(took(job))}", "good"
            case "waiting":
                return (f"waiting: {job.reason}" if job.reason else "waiting"), "muted"
            case "paused":
                return "paused", "warn"
            case "stopped":
                return "stopped at a failure", "bad"
            case _:
                return "cancelled", "muted"


def took(job: JobStatus) -> float | None:
    """Seconds that a job that has ended took, from its first task on."""
    if job.finished is None:
        return None
    return job.finished - (job.started if job.started is not None else job.created)


def total_words(job: JobStatus) -> str:
    """The number of tasks, "and counting" while arguments still arrive."""
    return format.count(job.total) if job.sealed else f"{format.count(job.total)} and counting"


def _label(name: str, tone: Tone = "", bold: bool = False) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setFont(tabular(label.font()))
    if bold:
        font = label.font()
        font.setWeight(QFont.Weight.Bold)
        label.setFont(font)
    if tone:
        set_tone(label, tone)
    return label
