"""What the journal holds, for consoles and scripts to read.

Keyset pagination: no call reads more than a page under the lock, and each page says where the next one begins, so that
nodes never wait behind a reader. Nothing here opens a value of the user's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from mcgui_core.base.exposed import exposed
from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.errors import BadInput
from mcgui_core.master.shared_state import SharedState
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.messages import Block, JobStatus, Outcome, TaskFailure, TaskOutput
from mcgui_core.protocol.queries import FailureGroup, OutputQuery
from mcgui_core.scheduler.job_state import JobRecord

T = TypeVar("T")

#: Ranges, failures and pieces of output that one call looks at, at most, whatever it is asked for.
PAGE = 20_000

#: Bytes of arguments or results in one answer, about; one that is larger travels alone.
ANSWER_BYTES = 16 << 20
#: Bytes of results from which they do not gather any longer: who opens them has work for a moment.
ENOUGH = 64 << 10


class JournalReader:
    """Thread-safe. Every method that names a job raises JobUnknown."""

    def __init__(self, state: SharedState, values: ValueService) -> None:
        self._state, self._journal, self._scheduler, self._values = state, state.journal, state.scheduler, values

    @exposed("console")
    def outcomes(
        self, job: int, after: int, timeout: float, limit_bytes: int, named: bool = False, gather: float = 0.0
    ) -> tuple[tuple[Outcome, ...], JobStatus | None]:
        """Outcomes with `seq` > `after`, in order of arrival; and how the job stands where there will be no more.

        Blocks up to `timeout` seconds while there are none; and where they are small together, `gather` seconds for
        more, or until the job is over. `named`: whoever asks can read what is in the store.
        """
        most = min(limit_bytes, ANSWER_BYTES)
        with self._state.lock:
            record = self._scheduler.job(job)
            before = 0
            found: tuple[Outcome, ...] = ()

            def arrived() -> bool:
                nonlocal before, found
                if len(record.settled) != before:  # only then can the journal hold more
                    before = len(record.settled)
                    found = self._journal.outcomes.after(job, after, most)
                return bool(found) or record.final

            self._state.wait(arrived, timeout)
            size = sum(len(outcome.values) for outcome in found)
            if gather > 0 and found and not record.final and size < min(ENOUGH, most):
                self._state.wait(lambda: record.final, gather)
                found += self._journal.outcomes.after(job, found[-1].seq, most - size)
            ended = record.final and (not found or not self._journal.outcomes.after(job, found[-1].seq, 0))
            status = self._state.status(record) if ended else None
        return self._shown(found, "values", named), status

    @exposed("console")
    def outcomes_between(self, job: int, start: int, stop: int, named: bool = False) -> tuple[tuple[Outcome, ...], int]:
        """Those that touch the tasks from `start` on, and up to which task they are these: `stop`, or before it where
        that would be too much for one message."""
        with self._state.lock:
            reached = self._journal.outcomes.reach(job, start, stop, ANSWER_BYTES)
            found = self._journal.outcomes.between(job, start, reached)
        return self._shown(found, "values", named), reached

    @exposed("console", "watch")
    def tasks_in(self, job: int, state: str, start: int, limit: int) -> tuple[tuple[Range, ...], bool]:
        """The tasks of a job that are "done", "failed", "waiting" (not settled), or "" for all of them.

        As ranges from `start` on, ascending, `limit` of them at most; and whether there are no more.
        """
        with self._state.lock:
            found = _in_state(self._scheduler.job(job), state, start, _page(limit))
        return tuple(found[: _page(limit)]), len(found) <= _page(limit)

    @exposed("console", "watch")
    def failures(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        with self._state.lock:
            return self._journal.failures.page(job, after, _page(limit))

    @exposed("console", "watch")
    def failure_groups(self, job: int, after: int) -> tuple[tuple[FailureGroup, ...], int | None]:
        """The failures from task `after` on, grouped by what was raised where: of one page.

        And the task to go on from; None where that was all.
        """
        with self._state.lock:
            return self._journal.failures.groups(job, after, PAGE)

    @exposed("console", "watch")
    def failures_like(
        self, job: int, group: FailureGroup, after: int, limit: int
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        """Failures of one group from task `after` on, out of one page; and the task to go on from, or None."""
        with self._state.lock:
            return self._journal.failures.like(job, group, after, _page(limit), PAGE)

    @exposed("console", "watch")
    def output(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        """What tasks of a job, or of all, printed: up to `limit` pieces with `seq` > `after`."""
        with self._state.lock:
            return self._journal.output.page(job, after, _page(limit))

    @exposed("console", "watch")
    def find_output(
        self, query: OutputQuery, before: int | None, limit: int
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        """The latest that fit the query, of those with `seq` < `before`, out of one page, as they came.

        And what to go on from, further back; None where that was the beginning.
        """
        with self._state.lock:
            return self._journal.output.find(query, before, _page(limit), PAGE)

    @exposed("console")
    def blocks(self, job: int, start: int, stop: int, named: bool = False) -> tuple[Block, ...]:
        """Those that hold the arguments from `start` on: up to `stop`, or as many as one message carries well."""
        with self._state.lock:
            reached, _ = self._journal.jobs.reach(job, start, stop, ANSWER_BYTES)
            found = self._journal.jobs.blocks(job, start, reached)
        return self._shown(found, "data", named)

    def _shown(self, found: Iterable[T], field: str, named: bool) -> tuple[T, ...]:
        """As they travel."""
        return tuple(found) if named else tuple(self._values.for_wire_if_there(thing, field) for thing in found)


def _page(limit: int) -> int:
    """How many of those that are asked for one call looks at: one at least, so that whoever asks gets on."""
    return max(1, min(limit, PAGE))


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
