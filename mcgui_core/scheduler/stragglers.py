"""Late work: which leases are late, and which of their tasks may run once more elsewhere. Sans I/O.

A lease is late when nothing was heard of it for much longer than it should take (`late_at`). Its tasks that nobody has
settled then wait in a heap of their job, those first that were repeated least often. A task is repeated by one lease
at a time, unless that one is late as well (it has as long as the first one had had), and REPEATS_ALLOWED times in all:
what hangs wherever it runs must not take one slot after the other. One that is suspected of taking workers down is
repeated as it ran, where nothing else does. A node of which all slots are late, while its job goes on elsewhere, gets
no more of that job until one of them reports again, or the job goes on nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.capacity import Capacity, is_slow
from mcgui_core.scheduler.job_state import DEATHS_ALLOWED, ELSEWHERE_SECONDS, JobRecord
from mcgui_core.scheduler.lease_record import LeaseRecord
from mcgui_core.scheduler.lease_table import LeaseTable
from mcgui_core.scheduler.node_state import NodeRecord

#: Times that a task is repeated because it is late, in all.
REPEATS_ALLOWED = 3
#: Late leases that one look for work considers, at most, of those that its node should not repeat.
LOOKS = 16
#: Leases whose time has come that one look considers while a node waits for the answer.
AT_ONCE = 256
#: Seconds without any outcome after which a job says what it waits for, and so many times as long as a task takes.
QUIET_SECONDS, QUIET_TIMES = 30.0, 5.0
#: Tasks and nodes that are named in one reason.
NAMED = 5


class Stragglers:
    """Watches the leases of `table`, for jobs and nodes that it shares with the scheduler."""

    def __init__(
        self, live: dict[int, JobRecord], nodes: dict[str, NodeRecord], table: LeaseTable, capacity: Capacity
    ) -> None:
        self._live, self._nodes, self._table, self._capacity = live, nodes, table, capacity
        self._now = 0.0

    def look(self, now: float, most: int | None = None) -> None:
        """Mark the leases that have become late, `most` of them; the others with the next look."""
        self._now = now
        for number in self._table.deadlines.take_due(now, most):
            record = self._table.get(number)
            if record is None or record.late:
                continue
            job = self._live[record.chunk.job]
            node = self._nodes[record.node]
            if node.staging and node.waits(record) == record.pieces:
                record.since = now  # nothing of it has begun
            if self._table.late_at(record, job) > now:
                self._table.deadlines.add(number, self._table.next_look(record, job, now))
                continue
            self._table.late(record, job, node)
            if record.repeats and not record.let_go:
                self._let_go(record, job)

    def next(self, node: NodeRecord, now: float) -> tuple[LeaseRecord, Range] | None:
        """The tasks of a late lease that this node may repeat now: of a job that has nothing else to hand out."""
        self.look(now, AT_ONCE)
        for job in self._live.values():
            if not job.overdue or not job.is_ending or job.task_seconds is None or not self._capacity.fits(node, job):
                continue
            if node.staging and not node.idle_for(job.id):
                continue
            if is_slow(node, job) and self._capacity.others(node, job) and now - job.progress < QUIET_SECONDS:
                continue
            if found := self._next_of(job, node):
                return found
        return None

    def stalled(self, now: float) -> Iterator[tuple[NodeRecord, JobRecord]]:
        """Nodes all of whose slots are late with a job that goes on elsewhere: they are set aside for it here."""
        self.look(now)
        for job in self._live.values():
            if now - job.progress >= QUIET_SECONDS:
                continue
            for node in list(job.late_on.values()):
                holding = node.held[job.id]
                if (
                    job.id not in node.stalled
                    and 0 < node.slots <= _late_pieces(node, job)
                    and job.progress > holding.progress
                    and self._capacity.others(node, job)
                ):
                    quiet = now - holding.progress
                    node.stalled[job.id] = (
                        f"set aside for job {job.id}: none of its tasks here has ended for {quiet:.0f} s, "
                        "while others go on"
                    )
                    self._capacity.recount(node)
                    yield node, job

    def needless(self, now: float) -> Iterator[tuple[NodeRecord, JobRecord]]:
        """Nodes that have long been at nothing of a job but late tasks that others have settled.

        Nobody wants what comes of these, which may keep slots for ever from what waits.
        """
        for job in list(self._live.values()):
            patience = _patience(job)
            for node in list(job.late_on.values()):
                holding = node.held[job.id]
                if now - holding.progress >= patience and holding.late == holding.leases and _has_settled(node, job):
                    yield node, job

    def take_back(self, now: float) -> bool:
        """Nodes that were set aside while others went on may try again where nobody goes on. True if there are any."""
        found = False
        for job in self._live.values():
            if now - job.progress < QUIET_SECONDS:
                continue
            for node in [node for id in job.nodes if (node := self._nodes.get(id)) and job.id in node.stalled]:
                del node.stalled[job.id]
                self._capacity.recount(node)
                found = True
        return found

    def why_quiet(self, job: JobRecord) -> Reason:
        """What a job waits for whose tasks hang, as of the last look; NO_REASON where none seems to."""
        quiet = self._now - job.progress
        aside = [node for node in job.late_on.values() if job.id in node.stalled]
        if quiet >= _patience(job) and (where := self._where(job)):
            text = f"No task has ended for {quiet:.0f} s. Perhaps these hang: {where}."
            return Reason("hanging", text + _of_suspects(job))
        if aside:
            names = _listed([node.info.name for node in aside])
            text = f"No task ends any more on {names}, while others go on: set aside, its tasks run elsewhere as well."
            return Reason("worker set aside", text)
        return NO_REASON

    # --- inside -------------------------------------------------------------------------------------------------

    def _next_of(self, job: JobRecord, node: NodeRecord) -> tuple[LeaseRecord, Range] | None:
        passed: list[tuple[int, float, int]] = []
        found = None
        while job.overdue and found is None and len(passed) < LOOKS:
            entry = job.overdue[0]
            record = self._table.get(entry[2])
            open_ = self._open(record, job) if record is not None and record.late else None
            if record is None or open_ is None:
                heappop(job.overdue)  # it has ended, or is not late any more, or all of its tasks are taken care of
            elif open_[0] > entry[0]:
                heappop(job.overdue)
                heappush(job.overdue, (open_[0], *entry[1:]))
            elif self._is_for_others(record, node, job) or (node.is_busy and open_[1][0] in job.suspects):
                passed.append(heappop(job.overdue))
            else:
                found = record, open_[1]
        for entry in passed:
            heappush(job.overdue, entry)
        return found

    def _is_for_others(self, record: LeaseRecord, node: NodeRecord, job: JobRecord) -> bool:
        """Where it hangs, it would perhaps hang again: others have a few seconds to take it. Who keeps results that he
        tells later may have just that one."""
        if record.node != node.info.id:
            return False
        if node.kept:
            return True
        if not self._capacity.others(node, job):
            return False
        return self._now < self._table.late_at(record, job) + ELSEWHERE_SECONDS

    def _open(self, record: LeaseRecord, job: JobRecord) -> tuple[int, Range] | None:
        """Of the tasks of a lease that nobody has settled or repeats now, the first that were repeated least often,
        and how often. A slot that a task has killed counts as a repeat of it: one that hangs after that must run once
        more too, and costs no more slots than others that hang. (A plug that was pulled once is no suspicion.)"""
        spans = _without(record.outstanding, job.settled, job.repeating)
        if not job.suspects:
            return _repeated_least(spans, job)
        # One by one, and after all others; and where another worker was lost since, then one hung is enough.
        suspects = [part for span in spans for part in job.suspects.common(*span)]
        found = _repeated_least(_without(suspects, job.losses.reached(DEATHS_ALLOWED)), job)
        alone = (found[0], (found[1][0], found[1][0] + 1)) if found else None
        return _repeated_least(_without(spans, job.suspects), job) or alone

    def _let_go(self, record: LeaseRecord, job: JobRecord) -> None:
        """A second run is late itself: others may try. Being careful, it has begun with none but its first task."""
        record.let_go = True
        begun = record.outstanding.first
        for start, stop in record.outstanding:
            job.repeating.remove(start, stop)
            job.repeats.take_back(max(start, begun + 1), stop)
        self._table.open_again(record, job, list(record.outstanding))

    def _where(self, job: JobRecord) -> str:
        """Which tasks hang on which nodes, in words: those that nobody has settled; where there are none, those that
        others have settled since, and that keep slots from what waits."""
        return self._named(job, lambda record: _without(record.outstanding, job.settled)) or self._named(
            job, lambda record: list(record.outstanding)
        )

    def _named(self, job: JobRecord, of: Callable[[LeaseRecord], list[Range]]) -> str:
        """The first of these tasks of each late lease, and on which nodes they are."""
        tasks: dict[str, list[int]] = {}
        for record in job.late.values():
            spans = of(record)
            if spans and spans[0][0] not in tasks.setdefault(record.node, []):
                tasks[record.node].append(spans[0][0])
            if len(tasks) > NAMED:
                break
        named = [
            f"{_listed([str(index) for index in found])} on {self._nodes[id].info.name}"
            for id, found in tasks.items()
            if found
        ]
        return _listed(named)


def _patience(job: JobRecord) -> float:
    """Seconds without any outcome after which its tasks seem to hang."""
    return max(QUIET_SECONDS, QUIET_TIMES * (job.task_seconds or 0.0))


def _has_settled(node: NodeRecord, job: JobRecord) -> bool:
    """All that a node holds of a job is settled."""
    held = (record for record in node.leases.values() if record.chunk.job == job.id)
    return not any(_without(record.outstanding, job.settled) for record in held)


def _without(spans: Iterable[Range], *others: RangeSet) -> list[Range]:
    """What of those ranges is in none of the others."""
    left = list(spans)
    for taken in others:
        left = [gap for span in left for gap in taken.missing(*span)] if taken else left
    return left


def _repeated_least(spans: list[Range], job: JobRecord) -> tuple[int, Range] | None:
    """The first of these tasks that were repeated least often, and how often; None where that is too often."""
    for count in range(REPEATS_ALLOWED):
        for span in spans:
            if free := _tried_at_most(count, job, span):
                return count, free
    return None


def _of_suspects(job: JobRecord) -> str:
    """Which of the tasks that are late were lost with workers before, as a sentence."""
    late = [span for record in job.late.values() for span in _without(record.outstanding, job.settled)]
    found = sorted({index for span in late for index, _ in job.suspects.common(*span)})
    return f" Workers were lost while they ran {_listed([str(index) for index in found])}." if found else ""


def _tried_at_most(times: int, job: JobRecord, span: Range) -> Range | None:
    """The first tasks of a range that were repeated or have killed a slot so often at most, together."""
    found: list[Range] = []
    for died in range(times + 1 if job.deaths else 1):
        spans = job.deaths.reached(died + 1).missing(*span) if job.deaths else [span]
        found += [gap for part in spans for gap in job.repeats.reached(times - died + 1).missing(*part)]
    return min(found, default=None)


def _late_pieces(node: NodeRecord, job: JobRecord) -> int:
    """Of its slots, as many can be at leases of this job that are late."""
    return sum(lease.pieces for lease in node.leases.values() if lease.late and lease.chunk.job == job.id)


def _listed(words: list[str]) -> str:
    """A few of them, and how many more there are."""
    shown = ", ".join(words[:NAMED])
    return shown if len(words) <= NAMED else f"{shown} and {len(words) - NAMED:,} more"
