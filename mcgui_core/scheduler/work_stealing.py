"""What nodes hold and have not begun is asked back: for who has nothing to do, for a job that has no slot, or as it is
not to run now. A node gives back the last tasks of its queue, as far as no slot has come to them. Sans I/O."""

from __future__ import annotations

import math
from itertools import islice

from mcgui_core.scheduler.capacity import Capacity
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.lease_table import LeaseTable
from mcgui_core.scheduler.node_state import NodeRecord

#: Seconds of queued work below which it is not worth asking a node to give it back.
RECALL_FROM = 0.1
#: Once it is known how long the tasks take of which the only node was given many (chunk_sizing.py: BEFORE_KNOWN), what
#: is beyond so many times what it wants is recalled.
SURPLUS = 2
#: Nodes with nothing to do for which one look searches the queues of others.
EVENED_OUT = 100


class WorkStealing:
    """Over what the dispatcher shares with it: the `live` jobs, the `nodes`, their leases, and who is `nudged`."""

    def __init__(
        self,
        live: dict[int, JobRecord],
        nodes: dict[str, NodeRecord],
        table: LeaseTable,
        capacity: Capacity,
        nudged: set[str],
    ) -> None:
        self._live, self._nodes, self._table, self._capacity, self._nudged = live, nodes, table, capacity, nudged

    def recall(self, node: NodeRecord, tasks: int) -> None:
        """Ask a node to give back so many tasks that it has not started."""
        if tasks:
            self._table.recall(node, tasks)
            self._nudged.add(node.info.id)

    def recall_job(self, job: JobRecord) -> None:
        """Ask all nodes that hold some of it for what they have not started: each knows itself what that is."""
        for node in filter(None, map(self._nodes.get, job.nodes)):
            if job.id in node.held:
                self._recall_jobs(node, {job.id})

    def _recall_jobs(self, node: NodeRecord, jobs: set[int]) -> None:
        self._table.recall_jobs(node, jobs)
        self._nudged.add(node.info.id)

    def recall_surplus(self, node: NodeRecord, want: float) -> None:
        """Ask the only node for what it was given before anybody knew how long that takes, beyond what it wants by now:
        it does not run, and a job that is paused, or another one, would wait for it."""
        if node.pieces <= 2 * node.slots or node.is_asked or node.recalled:
            return
        job = self._live[next(reversed(node.leases.values())).chunk.job]
        mean = node.task_seconds.get(job.id, job.task_seconds)
        if mean is not None and node.slots >= self._capacity.slots(job):
            self.recall(node, max(0, node.queued - math.ceil(SURPLUS * want * node.slots / max(mean, 1e-9))))

    def rebalance(self, idle: NodeRecord, now: float) -> bool:
        """Nothing waits, and a node has slots with nothing to do: ask those who have most in their queues to give back
        half of it, or as much as these slots can begin. False where nobody has enough."""
        wanted = idle.idle
        while wanted > 0 and (fullest := self._table.fullest(without=idle)) is not None:
            job, queued = self._live[next(reversed(fullest.leases.values())).chunk.job], fullest.queued
            seconds = now - job.progress if job.task_seconds is None else job.task_seconds  # so long, at least
            if queued * seconds < RECALL_FROM or not self._capacity.fits(idle, job) or not idle.idle_for(job.id):
                return False
            tasks = max((queued + 1) // 2, min(queued, wanted))
            self.recall(fullest, tasks)
            wanted -= tasks
        return wanted <= 0 or self._take_over(idle)

    def _take_over(self, idle: NodeRecord) -> bool:
        """Ask one for what waits there for content that this node has, since it has run some of that job. Not for what
        waits for arguments: this node lacks them likewise, and the two would take them from each other for ever."""
        for node in self._table.staging.values():
            if node is idle or not node.present or node.is_asked or node.recalled:
                continue
            jobs = {node.leases[number].chunk.job for number in node.staging}
            jobs &= node.bringing & idle.task_seconds.keys()
            if wanted := {id for id in jobs if self._capacity.fits(idle, self._live[id]) and idle.idle_for(id)}:
                self._recall_jobs(node, wanted)
                return True
        return False

    def even_out(self, now: float) -> None:
        """Nothing waits: what some have in their queues is for those who have nothing to do, also where these have
        asked already and were told that there was nothing."""
        for job in self._live.values():
            for node in islice(self._capacity.hungry(job), EVENED_OUT):
                if not self._capacity.fits(node, job) or not node.idle_for(job.id):
                    continue
                if not self.rebalance(node, now) and not self._table.staging:
                    return

    def make_room(self, job: JobRecord, jobs: int) -> None:
        """All slots are busy, and it has none yet, as one of so many `jobs` that wait for some: what others wait to run
        at some nodes waits for its turn instead."""
        wanted = min(len(job.waiting), self._capacity.slots(job) // max(1, jobs))
        while wanted > 0 and (node := self._table.fullest()) is not None:
            self.recall(node, node.queued)
            wanted -= node.slots
