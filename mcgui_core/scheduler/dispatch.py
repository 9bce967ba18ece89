"""Which node runs what: the scheduler's half that hands out. Sans I/O.

settlement.py takes back what was handed out, and work_stealing.py asks for what of that is not begun.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from itertools import islice

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.protocol.messages import Chunk, Unfit
from mcgui_core.scheduler.capacity import Capacity, is_slow
from mcgui_core.scheduler.chunk_sizing import chunk_size, queue_depth
from mcgui_core.scheduler.job_state import CHUNK_COST, JobRecord
from mcgui_core.scheduler.lease_record import LeaseRecord
from mcgui_core.scheduler.lease_table import LATE_SECONDS, LATE_TIMES, LeaseTable
from mcgui_core.scheduler.node_state import NodeRecord
from mcgui_core.scheduler.stragglers import AT_ONCE, Stragglers
from mcgui_core.scheduler.work_stealing import WorkStealing

#: Nodes with nothing to do that a report passes over because they are not for its job. The next report goes on behind
#: them, and each node asks with its heartbeat anyway.
PASSED_OVER = 16
#: Part of the time for which reports may gather: if all slots need no longer for what waits, that is shared out whole.
LAST_PART = 1 / 6
#: Times as long as a task takes that others are taken to need for one that a slow node leaves to them.
OTHERS_TAKE = 1.5


class Dispatcher:
    """Hands out the tasks of the jobs that are not over to `nodes`, which it shares with the scheduler."""

    def __init__(self, nodes: dict[str, NodeRecord], next_lease: int) -> None:
        self.nodes = nodes
        self.capacity = Capacity()
        self.table = LeaseTable(next_lease, self.capacity)
        self.live: dict[int, JobRecord] = {}  # jobs that are not final, most urgent first
        self.stragglers = Stragglers(self.live, nodes, self.table, self.capacity)
        self.nudged: set[str] = set()  # nodes with new orders
        self.stealing = WorkStealing(self.live, nodes, self.table, self.capacity, self.nudged)
        self._now = 0.0
        self.halted = False  # nothing is handed out, because what comes back could not be kept
        self._emptied = ""  # the node that is to run tasks alone which may have taken workers down
        self._ready: dict[int, JobRecord] = {}  # those of the live ones that may have tasks to hand out
        self._expecting: set[int] = set()  # jobs that may expect more

    def admit(self, job: JobRecord) -> None:
        """From now on its tasks are handed out."""
        self.live[job.id] = job
        _by_urgency(self.live)
        self._ready.pop(job.id, None)
        self._make_ready(job)
        self._expecting.add(job.id)

    def dismiss(self, job: JobRecord) -> None:
        """It is over."""
        self.live.pop(job.id, None)
        self._expecting.discard(job.id)

    def prioritize(self, job: JobRecord, priority: int) -> None:
        """From now on it goes before those with a lower priority. What nodes hold already stays with them."""
        job.spec = replace(job.spec, priority=priority)
        if job.id in self.live:
            self.admit(job)

    def fits(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this node may run this job."""
        return self.capacity.fits(node, job)

    def is_hopeless(self, job: JobRecord, unfit: Unfit) -> bool:
        """Nobody who is here can run this job, as the last one has just said.

        If it has not said so itself, but its slots have died (of which somebody else may be guilty), then who is lost
        and may come back can neither.
        """
        return not self.capacity.is_able(job, "here") and not (not unfit.type and self.capacity.is_able(job, "lost"))

    def has_room_elsewhere(self, node: NodeRecord, job: JobRecord, index: int) -> bool:
        """Whether a task that is too large for this node's memory may find room on another one."""
        return any(
            other is not node and other.slots and self.fits(other, job) and not job.too_large.has(id, index)
            for id, other in self.nodes.items()
        )

    def call(self, node: NodeRecord, now: float) -> bool:
        """Whether a slot of it would have something to do: then it is told so."""
        self._now = now
        job = self._work_for(node, now) if node.hungry and not self.halted else None
        if job is None:
            self.capacity.has_asked(node)
            return False
        self.capacity.call(node, job)
        return True

    @property
    def has_waiting(self) -> bool:
        """A task waits to be handed out."""
        return any(job.leasable for job in self._ready.values())

    def expects_more(self) -> bool:
        """A task of some job may come to wait that does not now."""
        while self._expecting:
            id = self._expecting.pop()
            if id in self.live and self.live[id].expects_more:
                self._expecting.add(id)
                return True
        return False

    @property
    def only_waiting(self) -> JobRecord | None:
        """The job that has tasks to hand out, where there is one such."""
        jobs = list(islice((job for job in self._ready.values() if job.leasable), 2))
        return jobs[0] if len(jobs) == 1 else None

    def nudge(self, job: JobRecord, returned: bool = False) -> None:
        """It has tasks to hand out: as many who have too little to do as can have one should ask. Where some were
        `returned` for such nodes, one more: it may find others that have too much (`rebalance`)."""
        if job.expects_more:
            self._expecting.add(job.id)
        if not job.leasable:
            return
        self._make_ready(job)
        left = len(job.waiting) - self.capacity.promised(job)
        if left > 0 or returned:
            left = self._call_hungry(job, left, returned)
        if left > 0 and not job.leases:
            self.stealing.make_room(job, len(self._ready))

    def lease(self, node: NodeRecord, want: float, now: float, repeats: bool = True) -> tuple[Chunk, ...]:
        """Chunks for a node that wants to hold `want` seconds of work for each of its slots, beside what these run.

        Second runs of what is late only with `repeats`, else of nothing but what waits."""
        self.capacity.has_asked(node)
        if self.halted or not node.slots or want <= 0:
            return ()
        self._now = now
        self.stragglers.look(now, AT_ONCE)
        if self._holds_suspect(node):
            return ()
        suspected = self._suspect_job(node)
        if suspected is not None and not node.is_busy and node.hungry:
            return (self._take_suspects(node, suspected, now),)
        if suspected is not None and self._empties(node, suspected):
            return ()
        self.stealing.recall_surplus(node, want)
        chunks = self._share(node, want, now)
        if node.hungry:
            self.stealing.rebalance(node, now)
        while repeats and node.hungry and not self._holds_suspect(node) and (late := self.stragglers.next(node, now)):
            chunks.append(self._speculate(node, *late, now))
        if not node.hungry and not node.has_orders:
            self.nudged.discard(node.info.id)
        return tuple(chunks)

    def resized(self, node: NodeRecord, slots: int) -> None:
        """A node had so many slots for us before. If it has another number now, it is counted anew."""
        if node.slots != slots:
            self.table.touch(node)
            self.capacity.recount(node)

    def set_stalled_aside(self, now: float) -> bool:
        """Nodes on which nothing of a job ends any more, while it goes on elsewhere, get no more of it."""
        changed = self.stragglers.take_back(now)
        for node, job in self.stragglers.stalled(now):
            changed = True
            self.stealing.recall(node, node.queued)
            self.nudge(job)
        return changed

    def even_out(self) -> None:
        """To be called now and then, since nobody is told when nothing waits any more."""
        if not self.halted and not self.has_waiting:
            self.stealing.even_out(self._now)

    def grant_again(self, node: NodeRecord, chunk: Chunk, tasks: RangeSet, since: float, now: float) -> None:
        """A node goes on with a lease that it held before: with these tasks of it, the first and the last included."""
        job = self.live[chunk.job]
        self._grant(node, job, chunk, now)
        for gap in tasks.missing(chunk.start, chunk.stop):
            self.table.report(node, job, chunk.lease, *gap)
        node.leases[chunk.lease].since = since
        node.knows.add((job.id, -1))
        if job.suspects.has_any(chunk.start, chunk.stop):
            node.suspect = chunk.lease

    # --- inside -------------------------------------------------------------------------------------------------

    def _work_for(self, node: NodeRecord, now: float) -> JobRecord | None:
        """A job that a slot of this node would have something of."""
        if self._holds_suspect(node):
            return None
        suspected = self._suspect_job(node)
        if suspected is not None and (not node.is_busy or self._empties(node, suspected)):
            return suspected if not node.is_busy else None
        sated = {id for id in node.held if not node.idle_for(id)} if node.staging else ()
        if (job := self._next_job(node, sated)) is not None:
            return job
        late = self.stragglers.next(node, now)
        return self.live[late[0].chunk.job] if late is not None else None

    def _call_hungry(self, job: JobRecord, left: int, one_more: bool) -> int:
        """Call as many nodes as can have so many tasks, and perhaps `one_more`. Returns how many tasks are left."""
        passed = 0
        for node in self.capacity.hungry(job):
            if not self.fits(node, job) or not node.idle_for(job.id) or self._leaves_it_to_others(node, job):
                passed += 1
                if passed == PASSED_OVER:
                    break
                continue
            self.capacity.call(node, job)
            self.nudged.add(node.info.id)
            one_more = one_more and left > 0
            left -= node.idle
            if left <= 0 and not one_more:
                break
        return left

    def _share(self, node: NodeRecord, want: float, now: float) -> list[Chunk]:
        """Waiting tasks for its slots that have nothing to do, and for its queue."""
        chunks: list[Chunk] = []
        queued = self._queued_seconds(node, 0)
        left: dict[int, int] = {}  # job -> pieces that this node may still have of it
        sated: set[int] = set()  # jobs of which it has all that it may have
        while (node.staging or node.hungry or queued < want * node.slots) and (
            job := self._next_job(node, sated)
        ) is not None:
            if node.staging:
                queued = self._queued_seconds(node, job.id)
                if not node.idle_for(job.id) and queued >= want * node.slots:
                    sated.add(job.id)  # others may use the slots until what it has can begin
                    continue
            mean = node.task_seconds.get(job.id, job.task_seconds)
            slots = self.capacity.slots(job)
            each = chunk_size(len(job.waiting), slots, mean, job.largest, job.spec.chunksize)
            cost = max(CHUNK_COST, each * (mean or 0.0))
            free = pieces = node.idle_for(job.id)
            # Where a node was lost, all that the next one holds might be to blame for that.
            alone = node.slots >= slots and len(self._ready) == 1 and not job.losses
            if depth := queue_depth(mean, job.largest, job.spec.chunksize, alone):
                if job.id not in left:
                    left[job.id] = self._part(node, job, slots, each)
                wanted = free + depth * int((want * node.slots - queued) / cost + 0.5)
                pieces = max(free, min(wanted, left[job.id]))
            if pieces <= 0 and node.staging:
                sated.add(job.id)
                continue
            if pieces <= 0:
                break
            if len(self._ready) > 1:  # others are to have something of this node as well
                pieces = -(-pieces // (2 * len(self._ready)))
            chunk = self._take(node, job, each, pieces, now)
            taken = chunk.pieces
            chunks.append(chunk)
            if taken == pieces and len(self._ready) == 1:  # as nearly always: it has all that it may have
                break
            queued += max(0, taken - free) * cost
            left[job.id] = left.get(job.id, 0) - taken
        return chunks

    def _make_ready(self, job: JobRecord) -> None:
        if job.id not in self._ready:
            self._ready[job.id] = job
            if len(self._ready) > 1:
                _by_urgency(self._ready)

    def _next_job(self, node: NodeRecord, sated: Collection[int] = ()) -> JobRecord | None:
        """The most urgent one that has a task for this node; of those alike, the one that has least of the slots. None
        of the `sated` ones."""
        found: JobRecord | None = None
        idle: list[int] = []
        for job in self._ready.values():
            if not job.leasable:
                idle.append(job.id)
            elif job.id in sated:
                continue
            elif found is not None and job.spec.priority < found.spec.priority:
                break
            elif (found is None or job.use < found.use) and self.capacity.fits(node, job) and self._is_for(job, node):
                found = job
        for id in idle:
            del self._ready[id]
        return found

    def _is_for(self, job: JobRecord, node: NodeRecord) -> bool:
        """It has a task that this very node may have."""
        if node.measures and self._leaves_it_to_others(node, job):
            return False
        if not job.avoiding and not job.losses and not job.too_large:  # as nearly always
            return True
        avoided = self._avoided(job, node)
        return avoided is None or job.waiting.outside(avoided) is not None

    def _avoided(self, job: JobRecord, node: NodeRecord) -> RangeSet | None:
        """Tasks that failed on this node a moment ago, or are too large for it, unless no other node can take them; and
        those that may have taken workers down, which run where nothing else does."""
        if not job.avoiding and not job.losses and not job.too_large:
            return None
        avoided = job.avoided(node.info.id)
        if avoided and not self.capacity.others(node, job):
            avoided = None
        if job.losses and job.suspects:
            return RangeSet([*(avoided or ()), *job.suspects])
        return avoided or None

    def _holds_suspect(self, node: NodeRecord) -> bool:
        held = self.table.get(node.suspect)
        return held is not None and not held.late  # one that hangs takes nobody down

    def _suspect_job(self, node: NodeRecord) -> JobRecord | None:
        """A job with tasks that may have taken workers down, which this node could run."""
        for job in self._ready.values():
            if job.losses and job.leasable and job.waiting_suspects is not None and self.fits(node, job):
                return job
        return None

    def _empties(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this is the node that gets nothing more until it is empty, to run suspects alone: one at a time."""
        other = self.nodes.get(self._emptied)
        if other is None or not other.slots or not self.fits(other, job):
            self._emptied = node.info.id
        return self._emptied == node.info.id

    def _take_suspects(self, node: NodeRecord, job: JobRecord, now: float) -> Chunk:
        suspects = job.waiting_suspects
        assert suspects is not None
        mean = node.task_seconds.get(job.id, job.task_seconds)
        size = chunk_size(len(job.waiting), node.slots, mean, job.largest, job.spec.chunksize)
        chunk = self._grant(node, job, job.suspect_chunk(self.table.number(), suspects, size), now)
        node.suspect = chunk.lease
        return chunk

    def _take(self, node: NodeRecord, job: JobRecord, each: int, pieces: int, now: float) -> Chunk:
        return self._grant(node, job, job.chunk(self.table.number(), each, pieces, self._avoided(job, node)), now)

    def _grant(self, node: NodeRecord, job: JobRecord, chunk: Chunk, now: float) -> Chunk:
        if not job.leases:
            job.progress = max(job.progress, now)
        self.table.grant(node, job, chunk, now)
        if job.state == "waiting":
            job.state = "running"
            job.started = job.started or now
        return chunk

    def _speculate(self, node: NodeRecord, late: LeaseRecord, tasks: Range, now: float) -> Chunk:
        """Run what is late once more. Nothing is counted on that: should it come first, it settles the tasks."""
        job = self.live[late.chunk.job]
        start, stop = tasks
        size = chunk_size(stop - start, node.slots, job.task_seconds, job.largest)
        # Careful: should it hang as well, then it is known at which task.
        chunk = Chunk(self.table.number(), job.id, start, min(stop, start + size), careful=True)
        self.table.grant(node, job, chunk, now, repeats=late.chunk.lease)
        if start in job.suspects:
            node.suspect = chunk.lease
        return chunk

    def _queued_seconds(self, node: NodeRecord, job: int) -> float:
        """Of slots, for what no slot can have started. What waits for content counts only where it is of this job."""
        free, queued = node.slots + node.kept, 0.0
        for lease in node.leases.values() if node.pieces > free else ():
            pieces = lease.pieces if lease.chunk.job == job else lease.pieces - node.waits(lease)
            if pieces > free:
                mean = node.task_seconds.get(lease.chunk.job, self.live[lease.chunk.job].task_seconds or 0.0)
                queued += max(CHUNK_COST, mean * len(lease.outstanding) / lease.pieces) * (pieces - free)
            free = max(0, free - pieces)
        return queued

    def _part(self, node: NodeRecord, job: JobRecord, slots: int, each: int) -> int:
        """Pieces that this node may have in its queue, to hold its part of all that is held and of half of what waits:
        the last tasks must not pile up on whoever came first, and so much is left to even out what was shared badly.
        What is left for a moment only is shared out as a whole: nobody is uneven by more than that, or asks sooner."""
        mine, waiting = self.table.left_of(node, job, self._now), len(job.waiting)
        if node.slots >= slots:
            return math.ceil(waiting / each)
        moment = LAST_PART * self.table.gather * slots / (job.task_seconds or math.inf)
        part = (self.table.left(job, self._now) + max(waiting / 2, min(waiting, moment))) * node.slots / slots
        if is_slow(node, job):  # as many seconds as others have
            tasks, seconds = node.measures[job.id]
            part *= (job.measures[1] / job.measures[0]) / (seconds / tasks)
        return round((part - mine) / each)

    def _leaves_it_to_others(self, node: NodeRecord, job: JobRecord) -> bool:
        """The job would end sooner if this node, a slow one, did not take one of its last tasks: others are done with
        all of them before it were done with that one."""
        if not job.no_more_come or not is_slow(node, job) or not self.capacity.others(node, job):
            return False
        tasks, seconds = node.measures[job.id]
        mean = job.measures[1] / job.measures[0]
        others = (len(job.waiting) / self.capacity.slots(job) + OTHERS_TAKE) * mean
        return seconds / tasks > others and self._now - job.progress <= max(LATE_SECONDS, LATE_TIMES * mean)


def _by_urgency(jobs: dict[int, JobRecord]) -> None:
    """Sort them, most urgent first, and of those alike the oldest."""
    found = sorted(jobs.values(), key=lambda job: (-job.spec.priority, job.id))
    jobs.clear()
    jobs.update((job.id, job) for job in found)
