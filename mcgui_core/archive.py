"""What the journal holds, for consoles and scripts to read. Shares the hub's lock."""

from __future__ import annotations

import threading
from dataclasses import replace

from mcgui_core import wire
from mcgui_core.jobs import Block, JobSpec, Outcome, TaskFailure, TaskOutput
from mcgui_core.journal import Journal
from mcgui_core.scheduler import Scheduler


class Archive:
    """Reads a journal. Thread-safe; nothing here blocks for longer than the disk does."""

    def __init__(self, journal: Journal, scheduler: Scheduler, lock: threading.RLock) -> None:
        self._journal, self._scheduler, self._lock = journal, scheduler, lock

    def job_ids(self) -> tuple[int, ...]:
        with self._lock:
            return tuple(self._scheduler.jobs)

    def spec(self, job: int) -> JobSpec:
        """Raises JobUnknown."""
        with self._lock:
            return self._scheduler.job(job).spec

    @property
    def temporary_folder(self) -> str | None:
        """The folder of a temporary journal."""
        return self._journal.temporary_folder

    def outcomes_between(self, job: int, start: int, stop: int) -> tuple[Outcome, ...]:
        with self._lock:
            return tuple(map(for_wire, self._journal.outcomes_between(job, start, stop)))

    def failures(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        with self._lock:
            return self._journal.failures(job, after, limit)

    def output(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        """What tasks of a job, or of all, printed: up to `limit` pieces with `seq` > `after`."""
        with self._lock:
            return self._journal.output(job, after, limit)

    def blocks(self, job: int, start: int, stop: int) -> tuple[Block, ...]:
        with self._lock:
            return tuple(self._journal.blocks(job, start, stop))


def for_wire(outcome: Outcome) -> Outcome:
    """With values that travel as a buffer, where they are large."""
    return replace(outcome, values=wire.large(outcome.values)) if len(outcome.values) >= wire.BUFFER_FROM else outcome
