"""What a node holds: leased chunks, what they need, and what is to be reported. Shared by the threads of its agent.

Nothing here talks to anybody. A chunk is either in the queue, or with a slot, or reported and not yet acknowledged;
its arguments are kept until the master has acknowledged the last of its tasks, which is also until when the master
takes them for known here (lease_payload.py).
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Lease,
    Outcome,
    Report,
    SlotDeath,
    Stored,
    TaskOutput,
    TaskStatus,
    Unfit,
)

#: Bytes of results that one report may carry, roughly.
REPORT_BYTES = 8 << 20
#: Characters that tasks printed and that may wait to be reported; while the master is away, what is beyond is lost.
TEXT_LIMIT = 4 << 20

Entry = Outcome | SlotDeath | Unfit | TaskOutput | TaskStatus | Chunk  # a chunk: to be given back


class Workload:
    """Thread-safe. `changed` is notified whenever a slot may have something to do, and `news` whenever the agent may
    have something to tell the master: each over the same lock, so that a report does not wake every idle slot."""

    def __init__(self) -> None:
        lock = threading.RLock()
        self.changed, self.news = threading.Condition(lock), threading.Condition(lock)
        self.specs: dict[int, JobSpec] = {}
        self._blocks: dict[tuple[int, int], Block] = {}
        self._held: dict[int, tuple[Chunk, RangeSet]] = {}  # lease -> chunk, what the master takes us to hold of it
        self._queue: deque[Chunk] = deque()
        self._outbox: list[Entry] = []
        self._text = 0  # characters that tasks printed, in the outbox
        self.taken = 0  # chunks that slots have taken since the last report
        self.pressing = False  # something in the outbox may be what somebody waits for
        self._dropped: dict[int, int] = {}  # job -> leases of it from before this one are not wanted any more
        self._spec_since: dict[int, int] = {}  # job -> lease that its spec came with
        self.master = 0  # grows when we meet another master: what was done for the one before is nobody's any more
        self.done = self.failed = 0

    @property
    def queued(self) -> int:
        """Chunks that no slot has started."""
        return len(self._queue)

    def runs_dry(self, nprocs: int) -> bool:
        """The queue is shorter than what its slots may take until a report that is due in a while is answered."""
        return self.queued < min(nprocs, 2 * self.taken + 1)

    @property
    def to_report(self) -> bool:
        return bool(self._outbox)

    def take(self, idle: int) -> tuple[Chunk, JobSpec, list[Block]] | None:
        """The next chunk for a slot, while `idle` slots (this one included) have none. None: there is nothing."""
        with self.changed:
            if not self._queue:
                return None
            chunk = self._queue.popleft()
            self.taken += 1
            if idle > 1 and not self._queue and chunk.count > 1 and self.specs[chunk.job].chunksize is None:
                middle = (chunk.start + chunk.stop + 1) // 2
                self._queue.append(replace(chunk, start=middle))
                chunk = replace(chunk, stop=middle)
                self.changed.notify_all()
            if self._outbox:
                self.news.notify_all()  # the queue is running dry, perhaps
            return chunk, self.specs[chunk.job], self._blocks_of(chunk)

    def wake(self) -> None:
        """Let everybody look again. To be called under the lock."""
        self.changed.notify_all()
        self.news.notify_all()

    def put_back(self, chunk: Chunk) -> None:
        """What a slot did not start of its chunk."""
        with self.changed:
            if chunk.job in self.specs and chunk.lease in self._held:
                self._queue.appendleft(chunk)
                self.changed.notify_all()

    def report(self, event: Outcome | SlotDeath | Unfit | TaskOutput | TaskStatus, master: int) -> None:
        """A slot has something to tell of a chunk that it took when `master` was this."""
        with self.changed:
            if master != self.master:
                return
            if isinstance(event, TaskOutput):
                if self._text + len(event.text) > TEXT_LIMIT:
                    return
                self._text += len(event.text)
            elif isinstance(event, Unfit):
                self._queue = deque(chunk for chunk in self._queue if chunk.job != event.job)
            elif isinstance(event, Outcome):
                self.failed += len(event.failures)
                self.done += event.stop - event.start - len(event.failures)
            if not isinstance(event, TaskOutput | TaskStatus):
                # The last of a job that is here may be its end; of others, more will come.
                self.pressing |= not isinstance(event, Outcome) or all(c.job != event.job for c in self._queue)
            self._outbox.append(event)
            self.news.notify_all()

    def accept(self, lease: Lease) -> None:
        """New work from the master."""
        with self.changed:
            self.specs.update(lease.specs)
            for job, _ in lease.specs:
                self._spec_since[job] = max(chunk.lease for chunk in lease.chunks if chunk.job == job)
            for job, block in lease.blocks:
                self._blocks[job, block.start] = block
            for chunk in lease.chunks:
                if chunk.lease < self._dropped.get(chunk.job, 0):
                    continue  # granted before its job was dropped, and overtaken on its way by the order to do so
                self._held[chunk.lease] = (chunk, RangeSet([(chunk.start, chunk.stop)]))
                self._queue.append(chunk)
            if lease.chunks:
                self.changed.notify_all()

    def next_report(self) -> tuple[Report, int]:
        """What to report now, and how many entries of the outbox that is. They stay there until `acknowledge`."""
        with self.changed:
            self.pressing, self.taken = False, 0
            taken: list[Entry] = []
            size = 0
            for entry in self._outbox:
                taken.append(entry)
                if isinstance(entry, Outcome):
                    # Values that lie in the store do not travel.
                    size += 0 if isinstance(entry.values, Stored) else len(entry.values)
                    size += sum(500 + len(failure.traceback) for failure in entry.failures)
                elif isinstance(entry, TaskOutput):
                    size += len(entry.text)
                if size >= REPORT_BYTES:
                    break
            return _as_report(taken), len(taken)

    def acknowledge(self, report: Report, entries: int) -> None:
        """The master has the first `entries` of the outbox, which were this report."""
        with self.changed:
            del self._outbox[:entries]
            self._text -= sum(len(part.text) for part in report.output)
            parts: tuple[Outcome | SlotDeath | Chunk, ...] = (*report.outcomes, *report.deaths, *report.returned)
            for part in parts:
                self._finished(part.lease, part.start, part.stop)
            for unfit in report.unfit:
                self._held = {n: held for n, held in self._held.items() if held[0].job != unfit.job}
                # Also what was leased before the master heard of it, and came after we had noticed.
                self._queue = deque(chunk for chunk in self._queue if chunk.job != unfit.job)
            self._drop_unneeded_blocks()

    def give_back(self, most: int | None = None) -> None:
        """Return queued chunks to the master, the last ones first: about `most` tasks, or all."""
        with self.changed:
            left = most if most is not None else sum(chunk.count for chunk in self._queue)
            while self._queue and left > 0:
                chunk = self._queue.pop()
                if chunk.count > left:
                    middle = chunk.stop - left
                    self._queue.append(replace(chunk, stop=middle))
                    chunk = replace(chunk, start=middle)
                left -= chunk.count
                self._outbox.append(chunk)
            self.news.notify_all()

    def drop(self, jobs: tuple[int, ...], before: int = sys.maxsize) -> None:
        """Jobs that are over: forget them, but for leases from the number `before` on (they were retried)."""
        with self.changed:
            self._queue = deque(chunk for chunk in self._queue if chunk.job not in jobs or chunk.lease >= before)
            self._held = {n: held for n, held in self._held.items() if held[0].job not in jobs or n >= before}
            for job in jobs:
                self._dropped[job] = before if before < sys.maxsize else 0
                if self._spec_since.get(job, 0) < before:  # else the master takes it for known here, and is right
                    self.specs.pop(job, None)
            self._drop_unneeded_blocks()

    def start_over(self, keep_reports: bool) -> None:
        """We join (again): the master takes us to hold nothing, and sends anew what we need.

        What slots have done and do is still worth reporting, if it is the master that it was done for.
        """
        with self.changed:
            self._queue.clear()
            self._held.clear()
            self._blocks.clear()
            self._dropped.clear()
            self._outbox = [e for e in self._outbox if keep_reports and isinstance(e, Outcome | TaskOutput)]
            self._text = sum(len(entry.text) for entry in self._outbox if isinstance(entry, TaskOutput))
            if not keep_reports:
                self.specs.clear()
                self.master += 1

    # --- inside, under the lock ---------------------------------------------------------------------------------

    def _blocks_of(self, chunk: Chunk) -> list[Block]:
        return [
            block
            for (job, start), block in sorted(self._blocks.items())
            if job == chunk.job and start < chunk.stop and chunk.start < start + block.count
        ]

    def _finished(self, lease: int, start: int, stop: int) -> None:
        held = self._held.get(lease)
        if held is not None:
            held[1].remove(start, stop)
            if not held[1]:
                del self._held[lease]

    def _drop_unneeded_blocks(self) -> None:
        if not self._held:
            self._blocks.clear()
            return
        needed = [(chunk.job, chunk.start, chunk.stop) for chunk, _ in self._held.values()]
        self._blocks = {
            (job, start): block
            for (job, start), block in self._blocks.items()
            if any(j == job and a < start + block.count and start < b for j, a, b in needed)
        }


def _as_report(entries: list[Entry]) -> Report:
    return Report(
        outcomes=tuple(e for e in entries if isinstance(e, Outcome)),
        deaths=tuple(e for e in entries if isinstance(e, SlotDeath)),
        returned=tuple(e for e in entries if isinstance(e, Chunk)),
        unfit=tuple(e for e in entries if isinstance(e, Unfit)),
        output=tuple(e for e in entries if isinstance(e, TaskOutput)),
        statuses=tuple(e for e in entries if isinstance(e, TaskStatus)),
    )
