"""The numbers of a job for a plot, fetched part by part in the background."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.queries import Numbers

#: Tasks whose numbers are fetched at most; of a longer job every second, third ... task.
MOST: Final = 1_000_000
#: Seconds between two looks at a job that goes on, at least, and in times of what the last one took.
_AGAIN_SECONDS, _AGAIN_TIMES = 3.0, 3.0


class NumberColumns(QObject):
    """Fetches columns of the job that is shown, while somebody looks (`watch`).

    Signals:
        named(): other columns can be chosen: `names`.
        changed(): there are more numbers: `parts`, one after the other, each with all columns.
        trouble(str): they cannot be fetched.
    """

    named = Signal()
    changed = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._watched = False
        self._generation = 0
        self._running = False
        self._fetched = -1  # tasks that were done when fetching began
        self._began = 0.0
        self._parts: list[tuple[np.ndarray, ...]] = []
        self.names: tuple[str, ...] = ()
        self.wanted: tuple[str, ...] = ()
        self.parts: tuple[tuple[np.ndarray, ...], ...] = ()
        self.complete = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._begin)

    @property
    def at_rest(self) -> bool:
        return not self._running

    @property
    def stride(self) -> int:
        """Every how manieth task is looked at."""
        return max(1, -(-self._job.total // MOST)) if self._job is not None else 1

    def watch(self, watched: bool) -> None:
        """Somebody looks, or not any more."""
        self._watched = watched
        if watched:
            self.show_job(self._job)

    def show_job(self, job: JobStatus | None) -> None:
        """Fetch from this job, as it stands now."""
        before, self._job = self._job, job
        if job is None or before is None or job.id != before.id:
            self._start_over()
            self.names = ()
            self.named.emit()
        if job is not None and self._watched and not self._running and job.done != self._fetched:
            took = time.monotonic() - self._began
            wait = 0 if job.final or self._fetched < 0 else max(_AGAIN_SECONDS, min(_AGAIN_TIMES * took, 60.0))
            if not self._again.isActive() or job.final:
                self._again.start(int(1000 * wait))

    def choose(self, wanted: tuple[str, ...]) -> None:
        """Fetch these columns."""
        if wanted != self.wanted:
            self.wanted = wanted
            self._start_over()
            self.show_job(self._job)

    def _start_over(self) -> None:
        self._generation += 1
        self._running, self._fetched, self.complete = False, -1, False
        self._parts.clear()
        self.parts = ()
        self.changed.emit()

    @Slot()
    def _begin(self) -> None:
        job = self._job
        if job is None or not self._watched or self._running:
            return
        self._running, self._fetched, self._began = True, job.done, time.monotonic()
        self._parts.clear()
        if not any(name.startswith("result") for name in self.names):
            id, generation = job.id, self._generation
            self._background.run(
                lambda: self._source.numeric_columns(id),
                lambda names: self._on_names(generation, names),
                lambda error: self._on_trouble(generation, error),
            )
        else:
            self._fetch(0)

    def _on_names(self, generation: int, names: tuple[str, ...]) -> None:
        if generation != self._generation:
            return
        if names != self.names:
            self.names = names
            self.named.emit()  # whoever hears it may choose, which starts anew
        if generation == self._generation:
            self._fetch(0)

    def _fetch(self, start: int) -> None:
        if self._job is None or not self.wanted or not set(self.wanted) <= set(self.names):
            self._running, self.complete = False, True
            self.changed.emit()
            return
        id, wanted, stride, generation = self._job.id, self.wanted, self.stride, self._generation
        self._background.run(
            lambda: self._source.numbers(id, wanted, start, stride),
            lambda found: self._on_numbers(generation, found),
            lambda error: self._on_trouble(generation, error),
        )

    def _on_numbers(self, generation: int, found: Numbers) -> None:
        if generation != self._generation:
            return
        self._parts.append(tuple(np.frombuffer(column) for column in found.columns))
        first = not self.complete  # later looks take the place of the picture only once they are whole
        if found.ended:
            self._running, self.complete = False, True
        if first or found.ended:
            self.parts = tuple(self._parts)
            self.changed.emit()
        if found.ended:
            self.show_job(self._job)
        elif self._watched:
            self._fetch(found.next)
        else:
            self._running, self._fetched = False, -1

    def _on_trouble(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self._running = False
            self.trouble.emit(str(error))
