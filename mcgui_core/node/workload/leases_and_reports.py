"""What a node holds: leased chunks, what they need, and what is to be reported. Shared by the threads of its agent.

Nothing here talks to anybody. A chunk is either in the queue, or with a slot, or reported and not yet acknowledged;
its arguments are kept until the master has acknowledged the last of its tasks, which is also until when the master
takes them for known here (lease_payload.py).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from mcgui_core.base.ranges import RangeSet
from mcgui_core.node.workload.chunk_queue import ChunkQueue
from mcgui_core.node.workload.held_leases import HeldLeases
from mcgui_core.node.workload.idle_slots import IdleSlots
from mcgui_core.node.workload.job_specs import JobSpecs
from mcgui_core.node.workload.outbox import Entry
from mcgui_core.node.workload.output_room import OutputRoom
from mcgui_core.node.workload.pending_reports import PendingReports
from mcgui_core.node.workload.report_timing import ReportTiming
from mcgui_core.node.workload.staging import Staging
from mcgui_core.node.workload.task_durations import TaskDurations
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Lease,
    Outcome,
    Report,
    SlotDeath,
    TaskOutput,
    TaskStatus,
    Unfit,
)
from mcgui_core.protocol.messages.field_limits import MOST_HELD


class Workload:
    """Thread-safe. `idle_slots` are woken where there is work, `news` is notified whenever the agent may have something
    to tell the master, `answered` when that has answered a report, `limited` when tasks with a limit of memory begin,
    `absent` when there are arguments to be fetched, `outgoing` when there may be large results to be brought, `changed`
    with all else: each over the same `lock`. So a report wakes no idle slot, nor a small job who watches the memory
    of others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lock = lock = threading.RLock()
        self.changed, self.news, self.answered, self.limited = (threading.Condition(lock) for _ in range(4))
        self.absent, self.outgoing = threading.Condition(lock), threading.Condition(lock)
        self.idle_slots = IdleSlots(lock)
        self.specs = JobSpecs()
        self._held = HeldLeases()
        self._reports = PendingReports(self.specs.urgency, clock)
        self._room = OutputRoom(self._reports.small, self.changed)
        self._running: dict[int, RangeSet] = {}  # job -> tasks that slots have taken, and nothing is known of yet
        self._durations = TaskDurations()
        self.staging = Staging(self._held)
        self._queue = ChunkQueue(self._held, self.staging, self.specs, self._running, self._durations)
        # When these are told. Under the lock.
        self.timing = ReportTiming(self._reports, self._queue, self.staging, self._durations, lambda: self.ready, clock)
        self.master = 0  # grows when we meet another master: what was done for the one before is nobody's any more
        self.done = self.failed = 0

    @property
    def queued(self) -> int:
        """Pieces of chunks that no slot has started."""
        with self.lock:
            return self._queue.pieces

    @property
    def ready(self) -> int:
        """Those of them that can begin."""
        with self.lock:
            return 0 if self._is_held_up() else self._queue.ready

    def task_seconds(self, job: int) -> float:
        """How long a task of this job has taken here; 0.0 where nobody knows."""
        return self._durations.get(job) or 0.0

    @property
    def unreported(self) -> bool:
        """There is something to tell the master, or large results travel."""
        return bool(self._reports.large) or self.to_report

    @property
    def to_report(self) -> bool:
        """There is something to tell the master, large results apart."""
        if self._reports.to_tell or self._queue.waiting() != self.staging.told:
            return True
        return self._queue.bringing() != self.staging.told_bringing

    def take(self, idle: int, slots: int = 0) -> tuple[Chunk, JobSpec, list[Block]] | None:
        """The next chunk for a slot, while `idle` of all `slots` (this one included) have none. None: there is nothing.

        Where nobody says how many slots there are, pieces are as large as the master wants them."""
        with self.lock:
            self._reports.large.slots = slots or self._reports.large.slots
            chunk = None if self._is_held_up() else self._queue.take(slots)
            if chunk is None:
                return None
            self.timing.taken += 1
            if idle > 1 and not self._queue and self._queue.is_worth_sharing(chunk):
                middle = self._queue.at_block(chunk, (chunk.start + chunk.stop + 1) // 2)
                self._queue.append(replace(chunk, start=middle))
                chunk = replace(chunk, stop=middle)
            self.idle_slots.wake(self.ready)  # for what is left
            self._running.setdefault(chunk.job, RangeSet()).add(chunk.start, chunk.stop)
            if self._reports.small:
                self.news.notify_all()  # the queue is running dry, perhaps
            return chunk, self.specs[chunk.job], self._held.blocks_of(chunk)

    def wake(self) -> None:
        """Let everybody look again. To be called under the lock."""
        self.changed.notify_all()
        self.idle_slots.wake_all()
        self.news.notify_all()
        self.answered.notify_all()
        self.absent.notify_all()
        self.outgoing.notify_all()

    def next_absent(self) -> tuple[int, list[Block]] | None:
        """A job, and arguments of it that have to be fetched next; None where there are none. Under the lock."""
        return self.staging.next_arguments(self.specs.urgency)

    def next_large(self) -> tuple[Report, tuple[int, ...]] | None:
        """Large results that are to be brought next, and their numbers: they stay until `brought`. Under the lock."""
        return self._reports.next_large()

    def bring_next(self) -> tuple[Report, tuple[int, ...]] | None:
        """As `next_large`, where the call begins now."""
        return self._reports.bring_next()

    def brought(self, report: Report, numbers: tuple[int, ...], master: int) -> None:
        """The master has these large results, which it was to have when `master` was this.

        Not while an exchange is under way: its lease may reckon with arguments that are needed here no more by that."""
        with self.lock:
            if master != self.master:
                return
            self._reports.brought(numbers)
            for outcome in report.outcomes:
                self._held.finished(outcome.lease, outcome.start, outcome.stop)
            self._held.forget_arguments()
            self.idle_slots.wake(self.ready)
            self.news.notify_all()

    def come(self, job: int, block: Block) -> int:
        """Bytes that have been fetched of arguments that are not all here."""
        with self.lock:
            return self._held.come(job, block)

    def arrived(self, job: int, block: Block, data: Any, offset: int = 0) -> None:
        """Bytes of these arguments have been fetched, from that one on: all of the rest, or some."""
        with self.lock:
            if not self._held.is_absent(job, block):
                return  # nobody needs them any more
            whole = self._held.joined(job, block, data, offset)
            if whole is not None:
                self._held.add_block(job, replace(block, data=whole))
                self._more_is_ready()

    def staged(self, job: int, spec: JobSpec, master: int) -> None:
        """All that `stage` was to bring for a job with this spec is here, or cannot be brought."""
        with self.lock:
            if master == self.master:
                self.staging.end(job)
                now = self.specs.get(job)
                if now is not None and now is not spec and self._held.has(job):  # it was retried meanwhile
                    self.staging.forget(job)
                    self.staging.begin(job, now)
                self._more_is_ready()

    def _more_is_ready(self) -> None:
        self.idle_slots.wake(self.ready)
        if not self._queue.waiting():
            self.timing.all_is_ready()
        if self.staging.told:
            self.news.notify_all()

    def put_back(self, chunk: Chunk) -> None:
        """What a slot did not start of its chunk."""
        with self.lock:
            self._not_running(chunk.job, chunk.start, chunk.stop)
            if chunk.job in self.specs and (parts := self._held.parts(chunk)):
                self._queue.put_back(parts)
                self.idle_slots.wake(self.ready)

    def report(self, event: Entry, master: int, *, quiet: bool = False) -> None:
        """A slot has something to tell of a chunk that it took when `master` was this. A chunk: it was not run. Where
        that is `quiet`, whoever calls looks after the news himself."""
        with self.lock:
            if master != self.master:
                return
            if isinstance(event, Chunk):
                self.put_back(event)
                return
            if isinstance(event, TaskOutput):
                fitted = self._room.fitted(event)
                if fitted is None or master != self.master:
                    return  # while it waited for room
                event = fitted
            elif isinstance(event, Unfit):
                self._queue.forget(lambda chunk: chunk.job == event.job)
                self._running.pop(event.job, None)
            elif isinstance(event, Outcome | SlotDeath):
                self._not_running(event.job, event.start, event.stop)
            if isinstance(event, Outcome):
                self._count(event)
            self._put_out(event)
            if not quiet:
                self.news.notify_all()

    def accept(self, lease: Lease, *, along: bool = False) -> None:
        """New work from the master, `along` with the answer to a heartbeat; or none."""
        with self.lock:
            self.timing.answered(lease, along=along, held=bool(self._held))
            for job, spec in lease.specs:
                first = max(chunk.lease for chunk in lease.chunks if chunk.job == job)
                self._durations.begin(job, self.specs.add(job, spec, first))
            for job, block in lease.blocks:
                self._held.add_block(job, block)
            for chunk in lease.chunks:
                if self.specs.is_dropped(chunk):
                    continue
                self._held.add(chunk)
                self._queue.append(chunk)
                self.staging.begin(chunk.job, self.specs[chunk.job])
            if self.staging:
                self.absent.notify_all()
                self.news.notify_all()
            if lease.chunks:
                self.idle_slots.wake(self.ready)

    def beats(self) -> None:
        """A heartbeat begins: by it, the master knows that we have what came along with the one before."""
        with self.lock:
            self.timing.beats()

    def next_report(self, nprocs: int = 1) -> tuple[Report, tuple[int, ...]]:
        """What to report now, and the numbers of that in the outbox, where it stays until `acknowledge`.

        How much is left here to gather (`ReportTiming.begin`) is told, so that it knows which slots are idle.
        """
        with self.lock:
            until = self.timing.begin(nprocs)
            report, numbers = self._reports.next(until, self._held.first if self._queue else _unknown)
            self.timing.made(len(numbers))
            if staging := self._queue.waiting():
                report = replace(report, staging=staging, bringing=self._queue.bringing())
            return report, numbers

    def acknowledge(self, report: Report, numbers: tuple[int, ...]) -> None:
        """The master has those of the outbox, which were this report."""
        with self.lock:
            self._reports.acknowledge(numbers)
            self.staging.told, self.staging.told_bringing = report.staging, report.bringing
            if self._reports.large:
                self.outgoing.notify_all()  # what was to be told before them is
            if report.output:
                self.changed.notify_all()  # there is room for more
            parts: tuple[Outcome | SlotDeath | Chunk, ...] = (*report.outcomes, *report.deaths, *report.returned)
            for part in parts:
                self._held.finished(part.lease, part.start, part.stop)
            for unfit in report.unfit:
                self._held.drop((unfit.job,))
                # Also what was leased before the master heard of it, and came after we had noticed.
                self._queue.forget(lambda chunk, job=unfit.job: chunk.job == job)  # type: ignore[misc]
            self._held.forget_arguments()

    def give_back(self, most: int | None = None) -> None:
        """Return queued chunks to the master, the last ones first: about `most` tasks, or all."""
        with self.lock:
            self._return(self._queue.take_last(most))

    def give_back_ready(self) -> None:
        """Return to the master all that could begin; not what waits for content, which would travel once more."""
        with self.lock:
            self._return(self._queue.take_ready())

    def give_back_jobs(self, jobs: Collection[int]) -> None:
        """Return all queued chunks of these jobs to the master; what is on its way for others comes as before."""
        with self.lock:
            self._return(self._queue.take_jobs(jobs))

    def drop(self, jobs: tuple[int, ...], before: int = sys.maxsize) -> None:
        """Jobs that are over: forget them, but for leases from the number `before` on (they were retried)."""
        with self.lock:
            self._queue.forget(lambda chunk: chunk.job in jobs and chunk.lease < before)
            self._held.drop(jobs, before)
            self._reports.large.drop(jobs, before)
            self.idle_slots.wake(self.ready)
            for job in jobs:
                if self.specs.drop(job, before):
                    self.staging.forget(job)
                    self._durations.forget(job)
            self._held.forget_arguments()

    def still_held(self) -> tuple[Chunk, ...]:
        """Before we join again: the parts of leases that are queued here, or with a slot, or to be reported. Not what
        was reported already and perhaps heard, where it would count twice."""
        with self.lock:
            for entry in self._reports.small.take_doubtful():
                if isinstance(entry, Outcome | SlotDeath | Chunk):
                    self._held.finished(entry.lease, entry.start, entry.stop)
                elif isinstance(entry, Unfit):
                    self._held.drop((entry.job,))
            return tuple(islice((chunk for chunk in self._held if chunk.job in self.specs), MOST_HELD))

    def start_over(self, keep_reports: bool, kept: Iterable[Chunk] = ()) -> None:
        """We have joined (again): the master takes us to hold what it has `kept` of what is `still_held`, and no more.

        What slots have done and do is worth reporting beside that, if it is the master that it was done for.
        """
        with self.lock:
            self._held.keep(kept if keep_reports else ())
            self._queue.keep(self._held.parts)
            self._held.forget_arguments()
            self.specs.nothing_is_dropped()
            self._reports.start_over(
                lambda entry: keep_reports and self._is_worth_reporting(entry), keep_large=keep_reports
            )
            self.timing.start_over()
            self.staging.told, self.staging.told_bringing = (), ()
            if not keep_reports:
                self._running.clear()
                self.staging.another_master()
                self.specs.clear()
                self._durations.another_master()
                self.master += 1

    # --- inside, under the lock ---------------------------------------------------------------------------------

    def _is_held_up(self) -> bool:
        """Slots wait until the master has taken some of the large results: else the memory would fill with them."""
        if not self._reports.large:  # as nearly always
            return False
        job = self._queue.most_urgent
        return job is not None and self._reports.large.hold_up(job)

    def _put_out(self, event: Entry) -> None:
        beside = self._reports.add(event)
        if beside:
            self.outgoing.notify_all()
        if not isinstance(event, TaskOutput | TaskStatus) and (self._reports.small or not beside):
            # The last of a job that is here may be its end; of others, more will come.
            self.timing.pressing |= not isinstance(event, Outcome) or self._has_ended(event.job)

    def _return(self, chunks: Iterable[Chunk]) -> None:
        for chunk in chunks:
            self._reports.add(chunk)
            self.timing.pressing = True  # somebody else has nothing to do
        self.news.notify_all()

    def _not_running(self, job: int, start: int, stop: int) -> None:
        running = self._running.get(job)
        if running is not None:
            running.remove(start, stop)
            if not running:
                del self._running[job]

    def _has_ended(self, job: int) -> bool:
        """No task of it waits here, or runs."""
        return job not in self._running and all(chunk.job != job for chunk in self._queue)

    def _count(self, outcome: Outcome) -> None:
        count = outcome.stop - outcome.start
        self.failed += len(outcome.failures)
        self.done += count - len(outcome.failures)
        self._durations.count(outcome)

    def _is_worth_reporting(self, entry: Entry) -> bool:
        """Also after we have joined anew."""
        if isinstance(entry, SlotDeath | Chunk):
            return entry.lease in self._held
        if isinstance(entry, Unfit):
            return self._held.has(entry.job)
        return isinstance(entry, Outcome | TaskOutput)


def _unknown(_lease: int) -> int:
    """For the last tasks, where to be the first of its lease is no reason to be told: soon all are, as one."""
    return -1
