"""Says that a job has ended, and with what, to who hears the window instead of seeing it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mcgui import format
from mcgui.console.jobs.job_notifications import sentence
from mcgui.screen_reader import announce
from mcgui_core.protocol.messages import JobStatus, Snapshot

#: Jobs that are told one by one; of more that end at once, their number is.
FEW = 3


class NewlyEnded:
    """Compares snapshots, as `EndedJobs` does; a job counts also that began and ended between two. No Qt in here."""

    def __init__(self) -> None:
        self._over: set[int] | None = None  # None: no snapshot was seen

    def after(self, snapshot: Snapshot) -> tuple[JobStatus, ...]:
        over = {job.id for job in snapshot.jobs if job.final}
        before, self._over = self._over, over
        return () if before is None else tuple(job for job in snapshot.jobs if job.id in over - before)

    def forget(self) -> None:
        """Another master is shown: what has ended there is no news."""
        self._over = None


class JobAnnouncer(QObject):
    """Hears every snapshot."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ended = NewlyEnded()

    def forget(self) -> None:
        self._ended.forget()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        ended = self._ended.after(snapshot)
        if len(ended) > FEW:
            announce(self._window, f"{format.count(len(ended))} jobs have ended.")
            return
        for job in ended:
            announce(self._window, sentence(job))
