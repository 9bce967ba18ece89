"""The table of jobs as data: every job of the master, also those of the days before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from mcgui import format
from mcgui.console.tables.table_model import Cell, Column, TableModel
from mcgui.theme import Theme, Tone
from mcgui_core.protocol.messages import JobStatus

#: State -> the word for it, its icon's name, and the icon's tone.
STATES: Final[dict[str, tuple[str, str, Tone]]] = {
    "running": ("Running", "working", "accent"),
    "waiting": ("Waiting", "idle", "muted"),
    "paused": ("Paused", "paused", "warn"),
    "finished": ("Finished", "check", "good"),
    "stopped": ("Stopped", "trouble", "bad"),
    "cancelled": ("Cancelled", "cancel", "muted"),
}


def shares(job: JobStatus) -> tuple[tuple[float, Tone], ...]:
    """A job's progress as parts of a bar: failed, done, running. None while nobody knows how much there is to do."""
    if job.state == "finished" and job.total == 0:
        return ((1.0, "good"),)
    if job.whole is None and not job.final:
        return ()
    whole = max(job.total if job.whole is None else job.whole, 1)
    running = 0 if job.final else job.running
    return ((job.failed / whole, "bad"), (job.done / whole, "good"), (running / whole, "accent"))


class JobModel(TableModel[JobStatus]):
    """One row a job."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, lambda job: job.id, theme, parent)

    def show(self, jobs: Iterable[JobStatus], now: float) -> None:
        self.apply(jobs, now)


def _number(job: JobStatus, _now: float) -> Cell:
    return Cell(str(job.id), job.id)


def _name(job: JobStatus, _now: float) -> Cell:
    is_called_so = job.function in (job.name, "")
    text = job.name if is_called_so else f"{job.name} · {job.function}"
    return Cell(text, job.name.casefold(), short=job.name, tip=f"{job.name}: {job.function}")


def _note(job: JobStatus, _now: float) -> Cell:
    return Cell(" ".join(job.note.split()), job.note.casefold(), "muted" if job.note else "", tip=job.note)


def _state(job: JobStatus, _now: float) -> Cell:
    word, sign, tone = STATES[job.state]
    text = f"{word}: {job.reason}" if job.reason else word
    return Cell(text, (list(STATES).index(job.state), job.reason), sign=sign, sign_tone=tone, short=word, tip=text)


def _progress(job: JobStatus, _now: float) -> Cell:
    settled = job.done + job.failed
    whole = job.total if job.whole is None else job.whole
    text = f"{format.count(settled)} of {format.count(whole)}{'' if job.whole is not None else ' …'}"
    short = format.count(settled) if job.whole is None else f"{100 * settled // max(whole, 1)} %"
    return Cell(text, settled / max(whole, 1), bar=shares(job), short=short, tip=f"{text} tasks")


def _failed(job: JobStatus, _now: float) -> Cell:
    return Cell(format.count(job.failed), job.failed, "bad" if job.failed else "")


def _priority(job: JobStatus, _now: float) -> Cell:
    return Cell(format.count(job.priority), job.priority)


def _rate(job: JobStatus, _now: float) -> Cell:
    return Cell(format.rate(job.rate) if job.rate > 0 else format.UNKNOWN, job.rate)


def _started(job: JobStatus, now: float) -> Cell:
    begun = job.started if job.started is not None else job.created
    moment, today = datetime.fromtimestamp(begun).astimezone(), datetime.fromtimestamp(now).astimezone()
    # As short as tells the days of a history apart: the tip has all of it.
    this_year = f"{moment:%d %b %H:%M}" if moment.year == today.year else f"{moment:%Y-%m-%d}"
    text = f"{moment:%H:%M:%S}" if moment.date() == today.date() else this_year
    return Cell(text, begun, tip=f"Started {moment:%Y-%m-%d %H:%M:%S}")


def _took(job: JobStatus, now: float) -> Cell:
    seconds = job.took(now)
    if seconds is None:
        return Cell(format.UNKNOWN, 0.0)
    # Whole seconds while it runs: tenths would flicker.
    return Cell(format.duration(seconds if job.final or seconds < 1 else float(int(seconds))), seconds)


_COLUMNS: Final[tuple[Column[JobStatus], ...]] = (
    Column("#", _number, "The number of the job at its master", 58, right=True, least_width=40),
    Column("Name", _name, "What the job is called, and the function that it maps", 150, least_width=90),
    Column("State", _state, "How it stands, and why", 130, least_width=90),
    Column("Progress", _progress, "Tasks settled, of all: done green, failed red, running blue", 260, least_width=90),
    Column("Failed", _failed, "Tasks that failed", 64, right=True),
    Column("Tasks/s", _rate, "Tasks a second over the last seconds", 76, right=True),
    Column("Started", _started, "When its first task began", 100, right=True),
    Column("Took", _took, "How long it took, or has been at it", 72, right=True),
    Column("Note", _note, "What was written about it", 150),
    Column("Priority", _priority, "Jobs with a higher priority run first", 68, right=True),
)
