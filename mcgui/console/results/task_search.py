"""A search through the tasks of a job, part by part in the background, so that what is found shows at once."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.results.matching_tasks import MatchingTasks
from mcgui.console.results.result_source import ResultSource
from mcgui_core.protocol.messages import FINAL_STATES, JobStatus
from mcgui_core.protocol.queries import Found

#: Milliseconds after a key press in which nothing else is typed, before a search begins.
_PAUSE: Final = 250
#: Seconds between two searches through a job that goes on, at least, and in times of what the last one took.
_AGAIN_SECONDS, _AGAIN_TIMES = 2.0, 3.0


class TaskSearch(QObject):
    """Searches the job that is shown for what is asked for. One question at a time is on its way.

    Signals:
        changed(): there are other matches, or more of them, or the search is further.
        trouble(str): the search broke off.
    """

    changed = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._asked = ("", "")  # state, text
        self._matches = MatchingTasks()
        self._fresh = MatchingTasks()  # of the search under way; shown when that is the first, or over
        self._searched: tuple[int, int, int, str] | None = None  # how the job stood when the search began
        self._complete = False  # there was a whole search for this already
        self._at = 0
        self._began = 0.0
        self._running = False
        self._generation = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._begin)

    @property
    def active(self) -> bool:
        """Something is searched for."""
        return self._asked != ("", "")

    @property
    def matches(self) -> MatchingTasks | None:
        """What was found; None while nothing is searched for."""
        return self._matches if self.active else None

    @property
    def part(self) -> float:
        """How much has been looked through, from 0.0 to 1.0. Only the first search of a job that goes on counts."""
        if self._complete or self._job is None or not self._job.total:
            return 1.0
        return min(self._at / self._job.total, 1.0)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return not self._running and not self._pause.isActive()

    def ask(self, state: str, text: str) -> None:
        """Search for tasks in this state ("" for any) with this text."""
        if (state, text) == self._asked:
            return
        at_once = text == self._asked[1]
        self._asked = (state, text)
        self._start_over()
        if self.active:
            self._pause.start(0 if at_once else _PAUSE)

    def show_job(self, job: JobStatus | None) -> None:
        """Search this job, as it stands now."""
        before, self._job = self._job, job
        if job is None or before is None or job.id != before.id:
            self._start_over()
        if self.active and job is not None and not self._running and not self._pause.isActive():
            if self._searched is None:
                self._pause.start(0)
            elif self._searched != _standing(job):
                # A job that is over is looked through once more at once, one that goes on now and then.
                self._pause.start(0 if job.state in FINAL_STATES else self._wait())

    def again(self) -> None:
        """Search once more: something else may be there now."""
        self._start_over()
        if self.active:
            self._pause.start(0)

    def _wait(self) -> int:
        took = time.monotonic() - self._began
        return int(1000 * max(_AGAIN_SECONDS, min(_AGAIN_TIMES * took, 30.0)))

    def _start_over(self) -> None:
        self._generation += 1
        self._pause.stop()
        self._running, self._complete, self._searched = False, False, None
        self._matches, self._at = MatchingTasks(), 0
        self.changed.emit()

    @Slot()
    def _begin(self) -> None:
        if self._job is None or not self.active:
            return
        self._searched = _standing(self._job)
        self._fresh = MatchingTasks() if self._complete else self._matches
        self._at, self._began, self._running = 0, time.monotonic(), True
        self._look()

    def _look(self) -> None:
        assert self._job is not None, "a search is of a job"
        job, (state, text), at, generation = self._job.id, self._asked, self._at, self._generation
        self._background.run(
            lambda: self._source.find(job, state, text, at),
            lambda found: self._on_found(generation, found),
            lambda error: self._on_trouble(generation, error),
        )

    def _on_found(self, generation: int, found: Found) -> None:
        if generation != self._generation:
            return
        self._fresh.extend(found.ranges)
        self._at = found.next
        if not found.ended:
            if not self._complete:
                self.changed.emit()
            self._look()
            return
        self._running = False
        if not self._complete or self._fresh != self._matches:
            self._matches = self._fresh
        self._complete = True
        self.changed.emit()
        self.show_job(self._job)  # it may stand differently by now

    def _on_trouble(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self._running = False
            self.trouble.emit(str(error))


def _standing(job: JobStatus) -> tuple[int, int, int, str]:
    return job.total, job.done, job.failed, job.state
