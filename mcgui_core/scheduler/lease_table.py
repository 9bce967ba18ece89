"""All leases, and what is counted of them: for each job, for each node, and for both together.

Whatever changes a lease does it here, so that the counts are kept and nothing has to be summed (tests/core/counts.py
says which sum each of them is).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappush
from itertools import islice

from mcgui_core.base.ranges import Range
from mcgui_core.protocol.messages import Chunk
from mcgui_core.scheduler.capacity import Capacity
from mcgui_core.scheduler.deadline_queue import DeadlineQueue
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.lease_record import Holding, LeaseRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: A lease without news is late after so many seconds, and after so many times as long as it should have taken.
LATE_SECONDS, LATE_TIMES = 2.0, 3.0
#: ... and while nobody knows how long a task takes, after so many. It is not repeated then, but its job says so.
LATE_UNKNOWN = 30.0
#: Seconds for which nodes may let their reports gather, at least and at most; and how many may report in a second.
GATHER_LEAST, GATHER_MOST, REPORTS = 0.2, 4.0, 250
#: Nodes whose queue is looked at again in one search for the fullest: of the others, what was so before is good enough.
SORTED_AT_ONCE = 200
#: Late leases that may be listed though they have ended.
MANY = 100


class LeaseTable:
    """Every lease of every node, by its number."""

    def __init__(self, next_lease: int, capacity: Capacity) -> None:
        self.next_lease = next_lease
        self._capacity = capacity
        self._records: dict[int, LeaseRecord] = {}
        self.deadlines = DeadlineQueue()  # when each becomes late, if nothing is heard of it
        self.gather = GATHER_LEAST  # seconds for which nodes may keep what they have to report
        self._queues: dict[int, dict[str, NodeRecord]] = {}  # bits of the number of tasks in its queue -> nodes
        self._bits: dict[str, int] = {}  # where each node is there
        self._asked: set[str] = set()  # nodes that are to give something back, or were told so and may still do it
        self.staging: dict[str, NodeRecord] = {}  # nodes with leases that wait for content
        self._touched: dict[str, NodeRecord] = {}  # nodes whose queue may be another one since that was last counted

    def get(self, lease: int) -> LeaseRecord | None:
        return self._records.get(lease)

    def grant(self, node: NodeRecord, job: JobRecord, chunk: Chunk, now: float, repeats: int = 0) -> LeaseRecord:
        """A node holds this chunk from now on; as a second run of the tasks of another lease, if it `repeats` one."""
        record = LeaseRecord(chunk, node.info.id, now, repeats)
        self._records[chunk.lease] = node.leases[chunk.lease] = record
        count = chunk.stop - chunk.start
        holding = node.held.get(job.id)
        if holding is None:
            holding = node.held[job.id] = Holding(now)
            job.nodes.add(node.info.id)
        holding.leases += 1
        holding.tasks += count
        job.leases += 1
        self._count_pieces(node, job, holding, record.pieces)
        more = min(node.slots, holding.pieces) - holding.at_work
        self._count_work(job, holding, more, more * (now - job.created))
        if repeats:
            # One that takes long wherever it runs is not run everywhere at once: each run has longer than the last.
            record.patience = now - self._records[repeats].since
            job.repeating.add(chunk.start, chunk.stop)
            job.repeats.add_all(chunk.start, chunk.stop)
        else:
            job.running += count
        self.deadlines.add(chunk.lease, self.next_look(record, job, now))
        return record

    def number(self) -> int:
        """Of the next lease."""
        self.next_lease += 1
        return self.next_lease - 1

    def report(self, node: NodeRecord, job: JobRecord, lease: int, start: int, stop: int) -> list[Range]:
        """Those tasks of a lease are reported or returned. Returns those that the node still held, and answers for."""
        record = node.leases.get(lease)
        if record is None or record.chunk.job != job.id:
            return []
        pieces = record.pieces
        held = record.remove(start, stop)
        count = sum(last - first for first, last in held)
        holding = node.held[job.id]
        holding.tasks -= count
        self._count_pieces(node, job, holding, record.pieces - pieces)
        record.since = node.contact
        if record.repeats:
            self._repeated(job, record, held)
            held = []
        else:
            job.running -= count
        if not record.pieces:
            self._end(node, job, record, holding)
        elif record.late and count:
            self.not_late(record, job)
            self.deadlines.add(lease, self.next_look(record, job, record.since))
        return held

    def end_job(self, node: NodeRecord, job: JobRecord) -> None:
        """A node holds nothing of a job any more, because that is over."""
        for record in [record for record in node.leases.values() if record.chunk.job == job.id]:
            self.report(node, job, record.chunk.lease, record.chunk.start, record.chunk.stop)

    def late(self, record: LeaseRecord, job: JobRecord, node: NodeRecord) -> None:
        """Nothing was heard of a lease for too long."""
        record.late = True
        node.held[job.id].late += 1
        job.late[record.chunk.lease] = record
        job.late_on[node.info.id] = node
        if not record.repeats:
            self.overdue(record, job)

    def overdue(self, record: LeaseRecord, job: JobRecord) -> None:
        """Its tasks may run a second time: those that did so least often go first."""
        heappush(job.overdue, (job.repeats[record.outstanding.first], record.since, record.chunk.lease))
        if len(job.overdue) > MANY and len(job.overdue) > 2 * len(job.late):  # most have ended by themselves
            job.overdue = [entry for entry in set(job.overdue) if entry[2] in job.late]
            heapify(job.overdue)

    def all_overdue(self, job: JobRecord) -> None:
        """Tasks of it may run a second time that could not before: all of its late leases are looked at again."""
        job.overdue.clear()
        for record in job.late.values():
            if not record.repeats:
                self.overdue(record, job)

    def open_again(self, record: LeaseRecord, job: JobRecord, tasks: list[Range]) -> None:
        """Of these tasks of a second run there may be another one: who answers for them is looked at again. That need
        not be the lease that this repeats: that one's node may have gone, or have given them back."""
        left = [gap for span in tasks for gap in job.settled.missing(*span)] if not job.final else []
        first = self._records.get(record.repeats)
        if first is None or any(first.outstanding.missing(*gap) for gap in left):
            if left:
                self.all_overdue(job)
        elif first.late:
            self.overdue(first, job)

    def not_late(self, record: LeaseRecord, job: JobRecord) -> None:
        """Something was heard of one that was late."""
        record.late = False
        del job.late[record.chunk.lease]
        node = job.late_on[record.node]
        holding = node.held[job.id]
        holding.late -= 1
        if not holding.late:
            del job.late_on[record.node]

    def set_gather(self, nodes: int) -> None:
        """So many nodes are here."""
        self.gather = min(GATHER_MOST, max(GATHER_LEAST, nodes / REPORTS))

    def recall(self, node: NodeRecord, tasks: int) -> None:
        """It is to be asked to give back so many tasks. Until it has told what it has, nobody looks for its queue."""
        node.recall = tasks
        self._sort_in(node)

    def recall_jobs(self, node: NodeRecord, jobs: Iterable[int]) -> None:
        """It is to be asked to give back all that it has not begun of these jobs."""
        node.recall_jobs.update(jobs)
        self._sort_in(node)

    def recalled(self, node: NodeRecord) -> None:
        """It was asked. Where it has none by now, it need not tell so at once, and to ask again would be in vain."""
        node.recalled = node.recalled or node.is_asked
        node.recall_jobs.clear()
        self.recall(node, 0)

    @property
    def has_spare(self) -> bool:
        """A node has tasks in its queue, as of the last search for the fullest; also where it is to give some back, or
        was told so and has not said yet what it has."""
        return bool(self._queues or self._asked)

    def touch(self, node: NodeRecord) -> None:
        """The number of its slots has changed: more or fewer of its tasks may have been started."""
        self._touched[node.info.id] = node

    def forget(self, id: str) -> None:
        """There is no such node any more, and it holds nothing."""
        self._touched.pop(id, None)
        self._asked.discard(id)
        self._take_out(id)

    def heard(self, node: NodeRecord, jobs: Mapping[int, JobRecord], kept: int, now: float) -> None:
        """It has told what its slots have done, but for so many pieces of it. What they have worked beside that belongs
        to the tasks that they are at: where all take the same time, the first one to end is told alone."""
        was_hungry = node.hungry
        node.kept = min(kept, node.pieces)
        node.recalled = False
        if node.hungry != was_hungry:
            self._capacity.look(node)
        self._touched[node.info.id] = node
        part = node.kept / node.pieces if node.pieces else 0.0
        for id, holding in node.held.items():
            job = jobs[id]
            mean, age = job.task_seconds or 0.0, now - job.created
            slots = min(node.slots, round((1 - part) * holding.pieces))
            more_kept = round(part * holding.tasks) - holding.kept
            worked = holding.at_work * age - holding.worked_from
            begun = min(max(0.0, worked - holding.told - more_kept * mean), slots * mean)
            holding.told = 0.0
            job.kept += more_kept
            holding.kept += more_kept
            self._count_work(job, holding, slots - holding.at_work, slots * age - begun - holding.worked_from)

    def set_staging(self, node: NodeRecord, staging: Mapping[int, int], now: float) -> None:
        """It has told of how many pieces of its leases what they need is still on its way, by lease."""
        if not staging and not node.staging:  # as nearly always
            return
        for number in node.staging.keys() - staging.keys():
            node.leases[number].since = now  # from now on one may wait for it
        node.staging = {number: pieces for number, pieces in staging.items() if number in node.leases and pieces}
        if node.staging:
            self.staging[node.info.id] = node
        else:
            self.staging.pop(node.info.id, None)
        self._touched[node.info.id] = node
        self._capacity.look(node)

    def left(self, job: JobRecord, now: float) -> float:
        """Tasks that nodes hold and that are still to be done, as far as one can guess: while reports gather, slots go
        on, and of a thousand nodes the one that has just told would seem to have less than its share."""
        return self._left(job, job.running, job, now)

    def left_of(self, node: NodeRecord, job: JobRecord, now: float) -> float:
        """Those that one node holds, likewise."""
        holding = node.held.get(job.id)
        return self._left(job, holding.tasks, holding, now) if holding is not None else 0.0

    def _left(self, job: JobRecord, tasks: int, work: JobRecord | Holding, now: float) -> float:
        seconds = min(work.at_work * (now - job.created) - work.worked_from, work.at_work * self.gather)
        return max(0.0, tasks - work.kept - (seconds / job.task_seconds if job.task_seconds else 0.0))

    def goes_on(self, node: NodeRecord) -> None:
        """A node has something to report of its slots: what had to wait for one of them until now is not late yet."""
        free = node.slots
        for record in node.leases.values() if node.pieces > free else ():
            if free <= 0:
                record.since = max(record.since, node.contact)
            free -= record.pieces

    def fullest(self, without: NodeRecord | None = None) -> NodeRecord | None:
        """A node with about the longest queue, that was not asked yet to give some of it back. It holds something: who
        has ended everything since its queue was last counted is passed over."""
        for id in list(islice(self._touched, SORTED_AT_ONCE)):
            self._sort_in(self._touched.pop(id))
        for size in sorted(self._queues, reverse=True):
            for node in self._queues[size].values():
                if node is not without and node.leases and node.present:
                    return node
        return None

    def late_at(self, record: LeaseRecord, job: JobRecord) -> float:
        """When a lease is late, if nothing is heard of it until then."""
        since = record.since + self.gather
        if job.task_seconds is None:
            return since + LATE_UNKNOWN
        return since + max(LATE_SECONDS, LATE_TIMES * record.piece * job.task_seconds, record.patience)

    def next_look(self, record: LeaseRecord, job: JobRecord, now: float) -> float:
        """When to see whether it is late: soon, while nobody knows how long a task takes: one may know by then."""
        time = self.late_at(record, job)
        return min(time, now + LATE_SECONDS) if job.task_seconds is None else time

    # --- inside -------------------------------------------------------------------------------------------------

    def _repeated(self, job: JobRecord, record: LeaseRecord, tasks: list[Range]) -> None:
        """A second run of these tasks has ended, somehow. If it came to nothing, there may be another one."""
        if not record.let_go:
            for span in tasks:
                job.repeating.remove(*span)
        self.open_again(record, job, tasks)

    def _end(self, node: NodeRecord, job: JobRecord, record: LeaseRecord, holding: Holding) -> None:
        number = record.chunk.lease
        del node.leases[number], self._records[number]
        if record.late:
            self.not_late(record, job)
        holding.leases -= 1
        job.leases -= 1
        if not holding.leases:
            del node.held[job.id]
            job.kept -= holding.kept
            self._count_work(job, holding, -holding.at_work, -holding.worked_from)
        if number == node.suspect:
            node.suspect = 0
        if node.staging.pop(number, 0) and not node.staging:
            del self.staging[node.info.id]

    def _count_pieces(self, node: NodeRecord, job: JobRecord, holding: Holding, more: int) -> None:
        self._touched[node.info.id] = node
        if more:
            was_hungry = node.hungry
            node.pieces += more
            holding.pieces += more
            job.pieces += more
            if node.hungry != was_hungry or node.staging:
                self._capacity.look(node)

    def _count_work(self, job: JobRecord, holding: Holding, slots: int, times: float) -> None:
        """So many more slots are at work, from times with that sum on."""
        holding.at_work += slots
        job.at_work += slots
        holding.worked_from += times
        job.worked_from += times

    def _sort_in(self, node: NodeRecord) -> None:
        id, before = node.info.id, self._bits.get(node.info.id, 0)
        queued = node.queued
        after = 0 if node.is_asked or node.recalled else queued.bit_length()
        if node.present and (node.is_asked or (node.recalled and queued)):
            self._asked.add(id)
        else:
            self._asked.discard(id)
        if before != after:
            self._take_out(id)
        if after:
            self._queues.setdefault(after, {})[id] = node
            self._bits[id] = after

    def _take_out(self, id: str) -> None:
        """It is in no queue."""
        size = self._bits.pop(id, 0)
        if size:
            del self._queues[size][id]
            if not self._queues[size]:
                del self._queues[size]
