"""What the journal holds, for consoles and scripts to read. Shares the hub's lock.

Nothing here opens a value of the user's, and no call reads more than a page: whoever wants all asks page by page, so
that nodes never wait behind a reader.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, TaskFailure, TaskOutput
from mcgui_core.protocol.queries import FailureGroup, OutputQuery
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler

#: Ranges, failures and pieces of output that one call looks at, at most, whatever it is asked for.
PAGE = 20_000

#: Bytes of arguments or results in one answer, about; one that is larger travels alone.
ANSWER_BYTES = 16 << 20


class JournalReader:
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

    def outcomes_between(self, job: int, start: int, stop: int) -> tuple[tuple[Outcome, ...], int]:
        """Those that touch the tasks from `start` on, and up to which task they are these: `stop`, or before it where
        that would be too much for one message."""
        with self._lock:
            reached = self._journal.outcomes_reach(job, start, stop, ANSWER_BYTES)
            return tuple(map(for_wire, self._journal.outcomes_between(job, start, reached))), reached

    def tasks_in(self, job: int, state: str, start: int, limit: int) -> tuple[tuple[Range, ...], bool]:
        """The tasks of a job that are "done", "failed", "waiting" (not settled), or "" for all of them.

        As ranges from `start` on, ascending, `limit` of them at most; and whether there are no more.
        """
        with self._lock:
            found = _in_state(self._scheduler.job(job), state, start, min(limit, PAGE))
        return tuple(found[: min(limit, PAGE)]), len(found) <= min(limit, PAGE)

    def failures(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        with self._lock:
            return self._journal.failures(job, after, limit)

    def failure_groups(self, job: int, after: int) -> tuple[tuple[FailureGroup, ...], int | None]:
        """The failures from task `after` on, grouped by what was raised where: of one page.

        And the task to go on from; None where that was all.
        """
        with self._lock:
            return self._journal.failure_store.groups(job, after, PAGE)

    def failures_like(
        self, job: int, group: FailureGroup, after: int, limit: int
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        """Failures of one group from task `after` on, out of one page; and the task to go on from, or None."""
        with self._lock:
            return self._journal.failure_store.like(job, group, after, limit, PAGE)

    def output(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        """What tasks of a job, or of all, printed: up to `limit` pieces with `seq` > `after`."""
        with self._lock:
            return self._journal.output(job, after, limit)

    def find_output(
        self, query: OutputQuery, before: int | None, limit: int
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        """The latest that fit the query, of those with `seq` < `before`, out of one page, as they came.

        And what to go on from, further back; None where that was the beginning.
        """
        with self._lock:
            return self._journal.output_store.find(query, before, limit, PAGE)

    def blocks(self, job: int, start: int, stop: int) -> tuple[Block, ...]:
        """Those that hold the arguments from `start` on: up to `stop`, or as many as one message carries well."""
        with self._lock:
            reached, _ = self._journal.reach(job, start, stop, ANSWER_BYTES)
            found = self._journal.blocks(job, start, reached)
            return tuple(Block(block.start, block.count, codec.large(block.data)) for block in found)


def _in_state(job: JobRecord, state: str, start: int, limit: int) -> list[Range]:
    """One range more than `limit`, if there are as many. Looks at no more of them than it has to."""
    start = max(start, 0)
    if state == "":
        return [(start, job.total)] if start < job.total else []
    if state == "waiting":
        return _gaps(job.settled, start, job.total, limit)
    if state == "failed":
        return job.failed.common(start, job.total, limit + 1)
    if state != "done":
        raise BadInput(f"Tasks are waiting, done or failed, not {state!r}.")
    found: list[Range] = []
    for first, last in job.settled.common(start, job.total, limit + 1):
        found.extend(_gaps(job.failed, first, last, limit))
        if len(found) > limit:
            break
    return found[: limit + 1]


def _gaps(members: RangeSet, start: int, stop: int, limit: int) -> list[Range]:
    """The first ranges of non-members; there are as many between `limit` + 2 ranges of members."""
    some = members.common(start, stop, limit + 2)
    if len(some) == limit + 2:
        stop = some[-1][0]
    return members.missing(start, stop)[: limit + 1]


def for_wire(outcome: Outcome) -> Outcome:
    """With values that travel as a buffer, where they are large."""
    return replace(outcome, values=codec.large(outcome.values)) if len(outcome.values) >= codec.BUFFER_FROM else outcome
