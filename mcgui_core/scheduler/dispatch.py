"""Which node runs what: the scheduler's half that hands out. Sans I/O; scheduler.py takes back what was handed out."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import Chunk, Unfit
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.chunk_sizing import chunk_size, still_growing
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import LeaseRecord, NodeRecord

#: Seconds of queued work below which it is not worth asking a node to give it back.
RECALL_FROM = 0.1
#: Seconds that any chunk counts for in a lease: one of tiny chunks (their size may be the user's choice) must end too.
CHUNK_COST = 0.005
#: A lease without news is late after so many seconds, and after so many times as long as it should have taken.
LATE_SECONDS, LATE_TIMES = 2.0, 3.0


class Dispatcher:
    """Hands out the tasks of the jobs that are not over to `nodes`, which it shares with the scheduler."""

    def __init__(self, nodes: dict[str, NodeRecord], next_lease: int) -> None:
        self.nodes = nodes
        self.next_lease = next_lease
        self.live: dict[int, JobRecord] = {}  # jobs that are not final, most urgent first
        self.nudged: set[str] = set()  # nodes with new orders
        self.halted = False  # nothing is handed out, because what comes back could not be kept

    def admit(self, job: JobRecord) -> None:
        """From now on its tasks are handed out."""
        self.live[job.id] = job
        self.live = {job.id: job for job in sorted(self.live.values(), key=lambda job: (-job.spec.priority, job.id))}

    def prioritize(self, job: JobRecord, priority: int) -> None:
        """From now on it goes before those with a lower priority. What nodes hold already stays with them."""
        job.spec = replace(job.spec, priority=priority)
        if job.id in self.live:
            self.admit(job)

    def fits(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this node may run this job."""
        if not _can_run(node, job):
            return False
        # Set aside means: others do it. Where there are none, a node that fails many tasks is better than nobody.
        return job.id not in node.aside or not self.others(node, job)

    def is_hopeless(self, job: JobRecord, unfit: Unfit) -> bool:
        """Nobody who is here can run this job, as the last one has just said.

        If it has not said so itself, but its slots have died (of which somebody else may be guilty), then who is lost
        and may come back can neither.
        """
        hoped = [node for node in self.nodes.values() if node.present or (node.departed == "lost" and not unfit.type)]
        return not any(self.fits(node, job) for node in hoped)

    def others(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether a node that was not set aside could run this job instead."""
        return any(
            other is not node and other.slots and job.id not in other.aside and _can_run(other, job)
            for other in self.nodes.values()
        )

    def has_work(self, node: NodeRecord, now: float) -> bool:
        """Whether a slot of it would have something to do."""
        return (
            not self.halted
            and node.hungry
            and (self._next_job(node) is not None or self._latest(node, now) is not None)
        )

    def nudge(self, job: JobRecord) -> None:
        """It has tasks to hand out: whoever has too little to do should ask."""
        if job.leasable:
            hungry = [node for node in self.nodes.values() if len(node.leases) < node.slots]
            self.nudged.update(node.info.id for node in hungry if self.fits(node, job))

    def lease(self, node: NodeRecord, want: float, now: float) -> tuple[Chunk, ...]:
        """Chunks for a node that wants to hold `want` seconds of work for each of its slots."""
        if self.halted or not node.slots or want <= 0:
            return ()
        chunks: list[Chunk] = []
        held = self._held_seconds(node)
        shares: dict[int, tuple[int, int]] = {}  # job -> tasks of it that the node holds, slots of all that fit it
        while (job := self._next_job(node)) is not None:
            mine, slots = shares.get(job.id) or (node.holding(job.id), self._slots(job))
            mean = node.task_seconds.get(job.id, job.task_seconds)
            if not node.hungry and (
                mean is None
                or (job.spec.chunksize is None and still_growing(mean, job.largest))
                or held >= want * node.slots
                # It has its fair part of what is left: the last tasks must not pile up on whoever came first.
                or mine * slots >= (len(job.waiting) + job.running) * node.slots
            ):
                break
            size = chunk_size(len(job.waiting), slots, mean, job.largest, job.spec.chunksize)
            chunk = self._take(node, job, size, now)
            shares[job.id] = mine + chunk.count, slots
            held += max(CHUNK_COST, chunk.count * (mean or 0.0))
            chunks.append(chunk)
        if not chunks:
            self._rebalance()
        while node.hungry and (late := self._latest(node, now)) is not None:
            chunks.append(self._repeat(node, late, now))
        return tuple(chunks)

    def why_waiting(self, job: JobRecord) -> Reason:
        """Why a job that could run does not; NO_REASON where it does or there is nothing to say."""
        if job.reason or job.final or job.running or job.state == "paused":
            return job.reason
        present = [node for node in self.nodes.values() if node.present]
        if not present:
            return Reason("no worker", "Waiting for a worker to join.")
        if job.spec.python and not any(self.fits(node, job) for node in present):
            text = f"Waiting for a worker with Python {job.spec.python}: the function was pickled by that version."
            return Reason("python version", text)
        if all(job.id in node.unfit for node in present):
            text = "Its environment does not load on any worker that is here. Waiting for another one."
            return Reason("does not load", text)
        if not job.waiting and (count := len(job.postponed)):
            return Reason("retrying", f"Waiting a moment before {count:,} failed tasks are tried again.")
        return NO_REASON

    # --- inside -------------------------------------------------------------------------------------------------

    def _next_job(self, node: NodeRecord) -> JobRecord | None:
        return next(
            (job for job in self.live.values() if job.leasable and self.fits(node, job) and self._is_for(job, node)),
            None,
        )

    def _is_for(self, job: JobRecord, node: NodeRecord) -> bool:
        """It has a task that did not fail on this very node a moment ago, or that no other node can take."""
        avoided = self._avoided(job, node)
        return avoided is None or job.waiting.outside(avoided) is not None

    def _avoided(self, job: JobRecord, node: NodeRecord) -> RangeSet | None:
        avoided = job.avoided(node.info.id)
        return avoided if avoided and self.others(node, job) else None

    def _take(self, node: NodeRecord, job: JobRecord, size: int, now: float) -> Chunk:
        chunk = job.chunk(self._number(), size, self._avoided(job, node))
        # An order to drop the job that is not sent yet (it was set aside, and is needed now) would drop this too.
        node.drop.discard(job.id)
        node.leases[chunk.lease] = LeaseRecord(chunk, now)
        job.running += chunk.count
        if job.state == "waiting":
            job.state = "running"
            job.started = job.started or now
        return chunk

    def _number(self) -> int:
        self.next_lease += 1
        return self.next_lease - 1

    def _slots(self, job: JobRecord) -> int:
        """Slots of all nodes that it fits: those that were set aside count where there are no others."""
        able = self._able(job)
        return sum(node.slots for node in able if job.id not in node.aside) or sum(node.slots for node in able)

    def _able(self, job: JobRecord) -> list[NodeRecord]:
        """The nodes that can run it. Of all nodes at once, since this is asked with each lease of a large room."""
        able = [node for node in self.nodes.values() if job.id not in node.unfit]
        return able if job.spec.python is None else [node for node in able if _can_run(node, job)]

    def _held_seconds(self, node: NodeRecord) -> float:
        held = 0.0
        for lease in node.leases.values():
            job = self.live[lease.chunk.job]
            mean = node.task_seconds.get(job.id, job.task_seconds or 0.0)
            held += max(CHUNK_COST, len(lease.outstanding) * mean)
        return held

    def _latest(self, node: NodeRecord, now: float) -> LeaseRecord | None:
        """The lease that is most overdue, of a job that has nothing else to hand out, and that nobody repeats yet.

        None whose next task has killed a slot: a second computer is not to suffer from it at the same time.
        """
        found, most = None, 0.0
        for job in self.live.values():
            if not job.is_ending or job.task_seconds is None or not self.fits(node, job):
                continue
            for lease in self._leases(job):
                expected = len(lease.outstanding) * job.task_seconds
                late = now - lease.since - max(LATE_SECONDS, LATE_TIMES * expected)
                if late > most and not self._is_repeated(lease) and not job.deaths[lease.outstanding.first]:
                    found, most = lease, late
        return found

    def _leases(self, job: JobRecord) -> list[LeaseRecord]:
        found = [lease for node in self.nodes.values() for lease in node.leases.values()]
        return [lease for lease in found if lease.chunk.job == job.id and not lease.repeats]

    def _is_repeated(self, lease: LeaseRecord) -> bool:
        return any(other.repeats == lease.chunk.lease for node in self.nodes.values() for other in node.leases.values())

    def _repeat(self, node: NodeRecord, late: LeaseRecord, now: float) -> Chunk:
        """Run what is late once more. Nothing is counted on that: should it come first, it settles the tasks."""
        job = self.live[late.chunk.job]
        start, stop = next(iter(late.outstanding))
        chunk = Chunk(self._number(), job.id, start, stop, job.is_careful(start, stop))
        node.drop.discard(job.id)  # as above
        node.leases[chunk.lease] = LeaseRecord(chunk, now, repeats=late.chunk.lease)
        return chunk

    def _rebalance(self) -> None:
        """Nothing waits, and a node has nothing to do: ask whoever has most in its queue to give some of it back."""
        fullest = max((n for n in self.nodes.values() if n.present), key=lambda n: n.queued, default=None)
        if fullest is None or fullest.recall:
            return
        queued = fullest.queued
        job = self.live[next(reversed(fullest.leases.values())).chunk.job] if queued else None
        if job is None or queued * (job.task_seconds or 0.0) < RECALL_FROM:
            return
        if any(n.hungry and n is not fullest and self.fits(n, job) for n in self.nodes.values()):
            fullest.recall = (queued + 1) // 2
            self.nudged.add(fullest.info.id)


def _can_run(node: NodeRecord, job: JobRecord) -> bool:
    if job.id in node.unfit:
        return False
    return job.spec.python is None or node.info.python.split(".")[:2] == job.spec.python.split(".")[:2]
