"""One job as a line: its name, how far it is, how fast it goes, how long it will take, how many tasks failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mcgui import format
from mcgui.console.jobs.job_model import shares
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.progress.segmented_bar import SegmentedBar
from mcgui.console.tables.table_view import tabular
from mcgui.plain_text import plain_button, plain_tip, unturned
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone, set_tone
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.reasons import WAITING_CODES

#: Pixels that a name takes at most: what is compared is beside it.
_NAME = 220
_LONGEST = 32  # characters of a name on a button
#: Part of the window's width that it takes there at most, and pixels that it may take at any rate.
_SHARE, _LEAST = 0.25, 60


class ProgressLine(QObject):
    """The widgets of one row of a grid. The first line is the job that is shown; pressing another one shows that.

    Signals: `wanted(job id)`; `failures_wanted`.
    """

    wanted = Signal(int)
    failures_wanted = Signal()

    def __init__(self, theme: Theme, grid: QGridLayout, row: int, parent: QWidget, *, first: bool) -> None:
        super().__init__(parent)
        self._id = 0
        self._short = ""  # the name, of which a button shows what there is room for
        self.name = ElidedLabel(parent, least=24) if first else QPushButton(parent)
        if isinstance(self.name, QPushButton):
            self.name.setProperty("link", True)
            self.name.setStyleSheet("margin-left: -4px;")  # its text stands below that of the first line
            self.name.setToolTip("Show this job")
            self.name.setAccessibleName("Show the job")
            self.name.clicked.connect(self._on_pressed)
        else:
            self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            self.name.setMaximumWidth(scaled(_NAME))
            self.name.setAccessibleName("Name of the job")
            font = self.name.font()
            font.setWeight(QFont.Weight.Bold)
            self.name.setFont(font)
        self.bar = SegmentedBar(theme, parent)
        self.count = _label("Tasks settled", parent)
        self.count.setTextFormat(Qt.TextFormat.RichText)
        self.count.setProperty("html", True)
        self.rate = _label("Tasks a second", parent, "muted")
        self.left = _label("Time left", parent)
        self.failed = QPushButton(parent)
        self.failed.setProperty("link", True)
        self.failed.setAccessibleName("Failed tasks")
        self.failed.setToolTip("Show the failures")
        self.failed.clicked.connect(self._on_failed_pressed)
        set_tone(self.failed, "bad")
        self._widgets: tuple[QWidget, ...] = (self.name, self.bar, self.count, self.rate, self.left, self.failed)
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, row, column)

    def hide(self) -> None:
        self._show(())

    def say_nothing(self) -> None:
        """There is no job yet."""
        self._name_it("No job yet", "muted")
        self.bar.set_parts(())
        self._show((self.name, self.bar))

    def show_job(self, job: JobStatus, estimate: tuple[float, float] | None) -> None:
        """Show how a job stands; `estimate` is the range of seconds that it will still take, where that is known."""
        self._id = job.id
        self._name_it(job.name, "")
        self.bar.set_parts(shares(job), parts_in_words(job))
        self.count.setText(f"<b>{format.count(job.done + job.failed)}</b> of {total_words(job)}")
        goes = job.state == "running" and job.rate > 0
        self.rate.setText(f"{format.rate(job.rate, short=True)} tasks/s" if goes else "")
        words, tone = time_words(job, estimate)
        self.left.setText(words)
        set_tone(self.left, tone)
        self.failed.setText(f"{format.count(job.failed)} failed")
        idle = {self.rate: not goes, self.failed: not job.failed}
        self._show([widget for widget in self._widgets if not idle.get(widget, False)])

    def fit(self) -> None:
        """Show as much of the name as the window has room for."""
        if isinstance(self.name, QPushButton):
            # A button claims the room of all of its text, and with large text the window would get wider than a screen.
            room = max(round(self.name.window().width() * _SHARE), scaled(_LEAST))
            shown = self.name.fontMetrics().elidedText(self._short, Qt.TextElideMode.ElideRight, room)
            self.name.setText(plain_button(shown))

    def _show(self, shown: Sequence[QWidget]) -> None:
        """Have these in sight, and no others. What is shown and hidden again has the strip laid out each time."""
        if shown:  # the count of failures is higher than words are: the window's panels would jump when it comes
            self.name.setMinimumHeight(self.failed.sizeHint().height())
        for widget in self._widgets:
            widget.setVisible(widget in shown)

    def _name_it(self, name: str, tone: Tone) -> None:
        if isinstance(self.name, ElidedLabel):
            if name != self.name.whole:
                self.name.say(name)
            set_tone(self.name, tone)
            return
        name = unturned(name)
        self._short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        self.fit()
        self.name.setAccessibleName(f"Show the job {name}")
        self.name.setToolTip(plain_tip(f"Show the job {name}"))

    def _on_pressed(self) -> None:
        self.wanted.emit(self._id)

    def _on_failed_pressed(self) -> None:
        self.wanted.emit(self._id)
        self.failures_wanted.emit()


def in_words(job: JobStatus, estimate: tuple[float, float] | None) -> str:
    """A job's line as a sentence."""
    settled = f"{format.count(job.done + job.failed)} of {total_words(job)}"
    return f"{job.name}: {settled}, {time_words(job, estimate)[0]}, {format.count(job.failed)} failed."


def parts_in_words(job: JobStatus) -> str:
    """The parts of the bar: "712,000 done, 3 failed, 20,000 running, 267,997 waiting"."""
    running = 0 if job.final else job.running
    unread = (job.whole or job.total) - job.total if job.final else 0
    waiting = max(job.remaining - running - unread, 0)
    words = ("done", "failed", "running", "waiting", "never read")
    counts = zip((job.done, job.failed, running, waiting, unread), words, strict=True)
    return ", ".join(f"{format.count(count)} {word}" for count, word in counts if count) or "no tasks"


#: How a job was stopped that was, by the code of its reason.
_STOPPED_BY: Final = {
    "first failure": "stopped at a failure",
    "does not load": "stopped: the environment does not load",
}


def _kept_by(job: JobStatus) -> str:
    """Why a job waits, as it stands in the line: "waiting for a worker to join"."""
    if job.reason_code in WAITING_CODES:
        return job.reason[:1].lower() + job.reason[1:].rstrip(".")
    return f"waiting: {job.reason}" if job.reason else "waiting"


def time_words(job: JobStatus, estimate: tuple[float, float] | None) -> tuple[str, Tone]:
    """How long it will take, or what keeps it, or how it ended."""
    match job.state:
        case "running" if job.reason and not job.running:
            return _kept_by(job), "muted"
        case "running":
            return (format.time_left(*estimate) if estimate else format.UNKNOWN), ""
        case "finished" if job.failed and not job.done:
            return f"all failed in {format.duration(took(job))}", "bad"
        case "finished":
            return f"done in {format.duration(took(job))}", "" if job.failed else "good"
        case "waiting":
            return _kept_by(job), "muted"
        case "paused" if job.reason_code == "journal full":  # which nobody has wanted, and which is to be mended
            return "paused: the journal cannot be written", "bad"
        case "paused":
            return "paused", "warn"
        case "stopped":
            return _with(_STOPPED_BY.get(job.reason_code, "stopped"), never_read_words(job)), "bad"
        case _:
            return _with("cancelled", never_read_words(job)), "muted"


def _with(word: str, more: str) -> str:
    return f"{word}, {more}" if more else word


def took(job: JobStatus) -> float | None:
    """Seconds that a job that has ended took, from its first task on."""
    if job.finished is None:
        return None
    seconds = job.took(job.finished)
    return job.finished - job.created if seconds is None else seconds


def total_words(job: JobStatus) -> str:
    """The number of tasks, "and counting" while arguments still arrive and nobody knows how many."""
    if job.whole is not None:
        return format.count(job.whole)
    return f"{format.count(job.total)} {'that were read' if job.final else 'and counting'}"


def never_read_words(job: JobStatus) -> str:
    """What a job that is over lacks: "383,490 never read"; "" where it has all of its arguments."""
    if job.sealed or not job.final:
        return ""
    return "not all were read" if job.whole is None else f"{format.count(job.whole - job.total)} never read"


def _label(name: str, parent: QWidget, tone: Tone = "") -> QLabel:
    label = QLabel(parent)
    label.setAccessibleName(name)
    label.setFont(tabular(label.font()))
    if tone:
        set_tone(label, tone)
    return label
