"""One job inside the scheduler: which of its tasks wait, are leased, are settled. Plain bookkeeping, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from math import inf
from typing import TYPE_CHECKING

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.base.rates import RateMeter
from mcgui_core.protocol.messages import (
    FINAL_STATES,
    Chunk,
    JobSpec,
    JobState,
    JobStatus,
    Outcome,
    SlotDeath,
    TaskFailure,
)
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.attempt_counts import AttemptCounts
from mcgui_core.scheduler.failure_places import FailurePlaces
from mcgui_core.scheduler.lease_record import newest_weight
from mcgui_core.scheduler.retry_queue import RetryQueue

if TYPE_CHECKING:
    from mcgui_core.scheduler.lease_record import LeaseRecord
    from mcgui_core.scheduler.node_state import NodeRecord

#: Slots that a task may kill before it is given up: two deaths may be bad luck (a machine out of memory), three are
#: the task's.
DEATHS_ALLOWED = 3
#: Kinds of failure that are the end of a slot.
DEADLY = frozenset({"died", "memory"})
#: Seconds that a retry waits at most, however often the task has failed.
LONGEST_BACKOFF = 60.0
#: Times that this wait doubles at most: the thousandth would be no number any more.
MOST_DOUBLINGS = 40
#: Seconds for which a task that is due again is kept for nodes on which it did not fail.
ELSEWHERE_SECONDS = 5.0
#: Parts into which a chunk is cut whose node was lost.
SUSPECT_PARTS = 32
#: Suspects up to which each runs alone. Of more, as many as that run together first: each try costs a round trip.
SUSPECTS_ALONE = 64
#: Seconds that a lease counts for, at least and at most, where jobs share slots and nodes are filled: one of tiny
#: chunks (their size may be the user's choice) must end too.
CHUNK_COST, LONGEST_COUNTED = 0.005, 1.0
#: Seconds below which a time limit is so short that each task is announced: to find a long one by looking now and then
#: (slots/time_limits/) would be too rough.
SHORT_LIMIT = 0.2
#: Weight of the newest chunk in the moving mean of a task's duration.
NEWEST = 0.3


class JobRecord:
    """A job. `waiting`, `postponed`, the leases' outstanding ranges and `settled` share out its tasks: each is in
    exactly one, but for a task that was leased again after its node fell silent, whose first outcome settles it."""

    def __init__(self, id: int, spec: JobSpec, created: float, state: JobState = "waiting") -> None:
        self.id, self.spec, self.created, self.state = id, spec, created, state
        self.total = 0
        self.sealed = False
        self.broken_off = False  # it ends without the rest of its arguments, unless somebody brings them after all
        self.started: float | None = None
        self.finished: float | None = None
        self.idle = 0.0  # seconds in which it was over, or rested, before it went on
        self.rests: float | None = None  # since when nobody works on it, though it is not over
        self.reason = NO_REASON
        self.waiting = RangeSet()
        self.settled = RangeSet()
        self.failed = RangeSet()
        self.careful = RangeSet()  # tasks that were in a chunk which killed its slot
        self.postponed = RetryQueue()  # tasks that failed, until they are tried again
        self.tries = AttemptCounts()  # times that a task failed and was tried again
        self.deaths = AttemptCounts()  # slots that a task killed
        self.losses = AttemptCounts()  # times that a task may have run on a node as that was lost
        self.lost_alone = AttemptCounts()  # of these, times that nothing else ran there
        self.condemned: dict[int, str] = {}  # tasks that took their workers down; the last one's name
        self.failed_on = FailurePlaces()  # where tasks failed that have no outcome yet
        self.avoiding: dict[str, float] = {}  # node -> time until which those go elsewhere, if they can
        self.too_large = FailurePlaces()  # where tasks needed more memory than one may have there
        # What nodes hold of it; kept by LeaseTable.
        self.running = 0  # tasks in leases, each once
        self.leases = self.pieces = 0  # second runs too; a lease has a piece for each slot that can be at it
        self.at_work, self.worked_from, self.kept = 0, 0.0, 0  # as in Holding, of all nodes
        self.nodes: set[str] = set()  # that hold or held some of it, or were kept from it
        self.repeating = RangeSet()  # tasks that run a second time now, because they are late
        self.repeats = AttemptCounts()  # times that they did
        self.late: dict[int, LeaseRecord] = {}  # leases that are late, by number
        self.late_on: dict[str, NodeRecord] = {}  # and the nodes that hold them
        self.overdue: list[tuple[int, float, int]] = []  # a heap of those: times repeated, last heard of, number
        self.progress = created  # when an outcome last counted, or the first of its leases was granted
        self.task_seconds: float | None = None
        self.measures = (0, 0.0)  # tasks measured, and their seconds together
        self.largest = 1  # tasks in the largest part completed so far
        self.meter = RateMeter()

    @property
    def final(self) -> bool:
        """Whether nothing of it will run any more."""
        return self.state in FINAL_STATES

    @property
    def leasable(self) -> bool:
        """There is a task to hand out now."""
        return self.state in ("waiting", "running") and bool(self.waiting)

    @property
    def expects_more(self) -> bool:
        """Tasks of it may come to wait that do not now: arguments arrive, or what failed is tried again later."""
        return not self.final and (not self.no_more_come or bool(self.postponed))

    @property
    def is_ending(self) -> bool:
        """Nothing of it waits to be handed out, and it may run tasks twice rather than wait."""
        return self.spec.hedge and self.no_more_come and self.state == "running" and not self.waiting

    @property
    def use(self) -> float:
        """Seconds of slots that it has now. A long task counts for one: who has many of them has many slots as well."""
        seconds = self.running * (LONGEST_COUNTED if self.task_seconds is None else self.task_seconds)
        return min(max(seconds, self.pieces * CHUNK_COST), self.pieces * LONGEST_COUNTED)

    @property
    def no_more_come(self) -> bool:
        """It has to do with the arguments that it has."""
        return self.sealed or self.broken_off

    def extend(self, count: int, sealed: bool) -> None:
        """`count` more arguments have arrived; the last ones, if `sealed`."""
        self.broken_off = False
        self.waiting.add(self.total, self.total + count)
        self.total += count
        self.sealed = self.sealed or sealed

    def sift(self, outcome: Outcome, seen: RangeSet, held: RangeSet, nowhere: RangeSet | None = None) -> Outcome:
        """What of a report counts: the tasks that nobody settled before and that are not to be tried again.

        Changes nothing, so that the journal can refuse to write it. `seen` are the tasks that an earlier part of the
        same report settles, `held` those that the node holds by the lease which it reports on, `nowhere` those for
        which no other node has the memory.
        """
        o = outcome
        if self._is_whole_and_new(o, seen):  # as nearly all are
            whole = ((o.start, o.stop),)
            return Outcome(o.job, o.start, o.stop, o.values, (), o.seconds, o.node, o.lease, (), whole, o.seq)
        fresh = RangeSet(self.settled.missing(max(outcome.start, 0), min(outcome.stop, self.total)))
        for start, stop in seen:
            fresh.remove(start, stop)
        final = {
            f.index: f
            for f in outcome.failures
            if f.index in fresh
            and self.gives_up(f, f.index in held, f.kind == "memory" and nowhere is not None and f.index in nowhere)
        }
        for index in (*outcome.missing, *(f.index for f in outcome.failures)):
            fresh.remove(index, index + 1)
        # As `replace` would, in a tenth of its time: this is done for every part of every job.
        failures, accepted = tuple(final.values()), tuple(fresh)
        return Outcome(
            o.job, o.start, o.stop, o.values, failures, o.seconds, o.node, o.lease, o.missing, accepted, o.seq
        )

    def settle(self, sifted: Iterable[Outcome], now: float) -> tuple[int, int]:
        """Apply what `sift` let through. Returns how many tasks are newly done and newly failed."""
        done = failed = 0
        for outcome in sifted:
            for start, stop in outcome.accepted:
                done += stop - start
                self._settle(start, stop)
            for failure in outcome.failures:
                failed += 1
                self._settle(failure.index, failure.index + 1)
                self.failed.add(failure.index, failure.index + 1)
        self.meter.add(now, done + failed)
        self.progress = now
        return done, failed

    def try_again(self, index: int, kind: str, node: str, now: float) -> None:
        """A task failed on a node and has tries left, or killed a slot and is not given up yet."""
        self.failed_on.add(node, index)
        if kind in DEADLY:
            self.deaths.add(index)  # at once: it is watched from now on, and nobody gains by waiting
            if kind == "memory":
                self.too_large.add(node, index)
            return
        doublings = min(self.tries.add(index) - 1, MOST_DOUBLINGS)
        wait = min(self.spec.backoff * 2**doublings, LONGEST_BACKOFF)
        self.avoiding[node] = now + wait + ELSEWHERE_SECONDS
        if wait > 0 and index in self.waiting:
            self.waiting.remove(index, index + 1)
            self.postponed.add(index, now + wait)

    def wake(self, now: float) -> bool:
        """Let tasks wait for a slot whose time has come. True if there are more to hand out, or to more nodes."""
        due = self.postponed.take_due(now)
        for span in due:
            self.waiting.add(*span)
        over = [node for node, until in self.avoiding.items() if until <= now]
        for node in over:
            del self.avoiding[node]
        return bool(due or over)

    def avoided(self, node: str) -> RangeSet | None:
        """The tasks that this node should not have, if another one can."""
        failed = self.failed_on.of(node) if node in self.avoiding else None  # what is too large is among them
        return failed or self.too_large.of(node)

    def done_after_others(self, outcome: Outcome, node: str) -> dict[str, int]:
        """Of how many tasks that `node` has done here each other node had made a failure."""
        counts = self.failed_on.counts(outcome.accepted)
        return {other: count for other, count in counts.items() if other != node}

    def take_back(self, ranges: Iterable[Range]) -> None:
        """A node does not hold these tasks any more: those that are not settled wait again."""
        for start, stop in ranges:
            for gap in self.settled.missing(start, stop) if not self.final else ():
                self.waiting.add(*gap)

    def measured(self, count: int, seconds: float, pieces: int = 1) -> None:
        """`count` tasks took `seconds` in the function, in so many pieces, each by one slot."""
        if count < 1 or not 0 <= seconds < inf:
            return
        mean = seconds / count
        tasks, total = self.measures
        self.measures = (tasks + count, total + seconds)
        if self.task_seconds is None:
            self.task_seconds = mean
        else:
            # A single first task is often slow (imports, caches); many tasks tell more than one, so the weight grows.
            # Later the newest ones tell most, but all that run at a time together: of a thousand, one may be odd.
            weight = max(newest_weight(NEWEST, pieces, self.pieces), count / (count + tasks))
            self.task_seconds += weight * (mean - self.task_seconds)
        self.largest = max(self.largest, count // pieces)

    def gives_up(self, failure: TaskFailure, held: bool, nowhere: bool = False) -> bool:
        """This failure is the last word on its task.

        Tries are counted only of those that hold the task (`held`): anybody else may be telling of a try a second time.
        `nowhere`: it needed too much memory, and no other node has more.
        """
        if failure.kind == "unpicklable":
            return True  # it would be no different a second time
        if failure.kind in DEADLY:
            return held and (nowhere or self.deaths[failure.index] + 1 >= DEATHS_ALLOWED)
        return not self.spec.retries or (held and self.tries[failure.index] >= self.spec.retries)

    def end_if_complete(self, now: float) -> bool:
        """Enter the state that all tasks being settled leads to: only a job with all of its arguments has finished.

        True if that happened now.
        """
        if self.final or not self.no_more_come or len(self.settled) < self.total:
            return False
        self.end("finished" if self.sealed else "cancelled", now)
        return True

    def finishes_with(self, counted: Iterable[Outcome]) -> bool:
        """These outcomes, of which all that `sift` let through counts, are the last that it lacks."""
        if self.final or not self.sealed:
            return False
        failed = done = 0
        for outcome in counted:
            failed += len(outcome.failures)
            done += sum(stop - start for start, stop in outcome.accepted)
        if self.spec.on_error == "stop" and (failed or self.failed):
            return False
        return len(self.settled) + done + failed == self.total

    def finished_copy(self, tasks: int, seconds: float, pieces: int, now: float) -> JobRecord:
        """As it will stand when it has finished, with so much measured as `measured` has it."""
        found = copy(self)
        found.measured(tasks, seconds, pieces)
        found._stand("finished", now, NO_REASON)
        return found

    def rest(self, since: float) -> None:
        """Nobody works on it from that time on, though it is not over: it is paused, or there was no master."""
        if self.rests is None and self.started is not None and not self.final:
            self.rests = since

    def go_on(self, now: float) -> None:
        """It may be worked on again."""
        self.idle, self.rests = self._idle(now), None

    def _idle(self, now: float) -> float:
        return self.idle + (max(now - self.rests, 0.0) if self.rests is not None else 0.0)

    def end(self, state: JobState, now: float, reason: Reason = NO_REASON) -> None:
        """Nothing more of it is given out; what was waiting is forgotten."""
        self._stand(state, now, reason)
        self.waiting = RangeSet()
        self.postponed.clear()
        self.condemned.clear()
        self.overdue.clear()
        self.failed_on.clear()
        self.avoiding.clear()
        self.too_large.clear()

    def _stand(self, state: JobState, now: float, reason: Reason) -> None:
        """It is over: what is told and written of that."""
        self.go_on(now)
        self.state, self.finished, self.reason = state, now, reason

    def retry_failed(self, now: float, arriving: bool = False) -> None:
        """The failed tasks wait again, as though they had never run. If it was over: those that never ran too.

        Where it was over before all of its arguments had come, the rest is waited for only if that is still `arriving`.
        """
        for start, stop in self.failed:
            self.settled.remove(start, stop)
            self.waiting.add(start, stop)
            self.tries.clear(start, stop)
            for counts in (self.deaths, self.losses, self.lost_alone, self.repeats):
                counts.clear(start, stop)
        self.failed = RangeSet()
        if self.final:
            self.broken_off = not self.sealed and not arriving
            self.idle += (
                max(now - self.finished, 0.0) if self.finished is not None and self.started is not None else 0.0
            )
            self.reason, self.finished = NO_REASON, None
            self.state = "running" if self.started else "waiting"
            self.waiting = RangeSet(self.settled.missing(0, self.total))

    def status(self, now: float) -> JobStatus:
        """What is told of it at `now`, a time in seconds."""
        return JobStatus(
            id=self.id,
            name=self.spec.name,
            function=self.spec.function,
            state=self.state,
            total=self.total,
            sealed=self.sealed,
            done=len(self.settled) - len(self.failed),
            failed=len(self.failed),
            running=self.running,
            created=self.created,
            started=self.started,
            finished=self.finished,
            priority=self.spec.priority,
            reduce=self.spec.reduce,
            reason=self.reason.text,
            reason_code=self.reason.code,
            rate=0.0 if self.final else self.meter.rate(now),
            task_seconds=self.task_seconds,
            expected=self._expected(),
            note=self.spec.note,
            idle=self._idle(now),
        )

    def _expected(self) -> int | None:
        """What the total will be, as far as that has not turned out to be wrong."""
        expected = self.spec.expected
        return None if self.sealed or expected is None or expected < self.total else expected

    def chunk(self, lease: int, each: int, pieces: int, avoided: RangeSet | None = None) -> Chunk:
        """Take up to so many pieces of waiting tasks as a chunk, none of the `avoided` if there are others."""
        if self.losses or self.careful:
            start, stop = self._next_alike(each, pieces, avoided)
            self.waiting.remove(start, stop)
        else:
            start, stop = self.waiting.take(each * pieces, avoided)
        return Chunk(lease, self.id, start, stop, self.is_careful(start, stop), each)

    @property
    def suspects(self) -> RangeSet:
        """Tasks that were lost so often that they run where nothing else does."""
        return self.losses.reached(DEATHS_ALLOWED - 1)

    @property
    def waiting_suspects(self) -> Range | None:
        """The first of them that wait."""
        for span in self.suspects if self.losses else ():
            if found := self.waiting.common(*span, 1):
                return found[0]
        return None

    def suspect_chunk(self, lease: int, suspects: Range, most: int) -> Chunk:
        """Take some of these suspects that wait: one, unless they are many and were not lost in such a company yet."""
        start, stop = suspects
        alone = self.losses.reached(DEATHS_ALLOWED).common(start, stop, 1)
        if alone and alone[0][0] > start:
            stop = alone[0][0]
        elif alone:
            most = 1
        waiting = sum(last - first for span in self.suspects for first, last in self.waiting.common(*span))
        stop = min(stop, start + max(1, min(most, waiting // SUSPECTS_ALONE, SUSPECTS_ALONE)))
        self.waiting.remove(start, stop)
        return Chunk(lease, self.id, start, stop, self.is_careful(start, stop))

    def condemn(self, index: int, node: str) -> None:
        """A task took its workers down, `node` at last: it is not handed out again."""
        self.condemned[index] = node
        self.waiting.remove(index, index + 1)
        self.postponed.add(index, inf)

    def acquit(self, start: int, stop: int, alone: bool = False) -> None:
        """The node that these ran on, `alone` or not, was there all the time: its loss does not count."""
        self.losses.take_back(start, stop)
        if alone:
            self.lost_alone.take_back(start, stop)
        for index in [index for index in self.condemned if start <= index < stop]:
            del self.condemned[index]
            self.postponed.remove(index, index + 1)
            self.waiting.add(index, index + 1)

    def is_careful(self, start: int, stop: int) -> bool:
        """Whether a slot has to say at which of these tasks it is, before each of them."""
        timeout = self.spec.timeout
        return (timeout is not None and timeout < SHORT_LIMIT) or self.careful.has_any(start, stop)

    def _is_whole_and_new(self, o: Outcome, seen: RangeSet) -> bool:
        if o.failures or o.missing or not 0 <= o.start < o.stop <= self.total:
            return False
        return not self.settled.has_any(o.start, o.stop) and not seen.has_any(o.start, o.stop)

    def _settle(self, start: int, stop: int) -> None:
        self.settled.add(start, stop)
        self.waiting.remove(start, stop)  # it may wait for a second try that is not needed any more
        if self.postponed:
            self.postponed.remove(start, stop)
        if self.condemned:
            self.condemned = {at: node for at, node in self.condemned.items() if not start <= at < stop}
        if self.failed_on:  # what is too large is among them
            self.failed_on.remove(start, stop)
            self.too_large.remove(start, stop)

    def _next_alike(self, each: int, pieces: int, avoided: RangeSet | None) -> Range:
        """The next waiting tasks that are alike in whether they were lost with a node, and in whether they were in a
        piece that killed its slot. Those that were, one piece of them; and of what was lost a small one: then the next
        loss leaves fewer to look at."""
        start, stop = (self.waiting.outside(avoided) if avoided else None) or next(iter(self.waiting))
        most = each * pieces
        for marked, parts in ((self.careful, 1), (self.losses.reached(1), SUSPECT_PARTS)):
            if found := marked.common(start, stop, 1):
                first, last = found[0]
                if first > start:
                    stop = first
                else:
                    stop, most = last, max(1, each // parts)
        return start, min(stop, start + most)


def as_outcome(death: SlotDeath, node: str) -> Outcome:
    """The death of a slot as the end of the one task that it ran."""
    failure = TaskFailure(death.start, death.kind, "", death.reason, "", "", node)
    return Outcome(death.job, death.start, death.stop, b"", (failure,), 0.0, node, death.lease, missing=(death.start,))
