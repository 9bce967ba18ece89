"""How many slots there are for a job, and who has a free one. Kept as nodes change, so that nobody has to sum it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: A node is slow that takes so many times as long for a task as the average one, measured over so many tasks.
SLOW_FACTOR, MEASURED_ENOUGH = 2.0, 8


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a node was counted for."""

    python: str
    slots: int
    unfit: frozenset[int]
    aside: frozenset[int]  # and not unfit


class Capacity:
    """Counts of all nodes. Whoever changes a node says so: `recount` where its slots or the jobs that it is kept from
    have changed, `look` where its leases have."""

    def __init__(self) -> None:
        self._counted: dict[str, _Counted] = {}
        self._slots: Counter[str] = Counter()  # by version of Python
        self._unfit: Counter[tuple[int, str]] = Counter()  # job, version -> slots of nodes that cannot run it
        self._aside: Counter[tuple[int, str]] = Counter()  # ... that can, and were set aside
        self._hungry: dict[str, OrderedDict[str, NodeRecord]] = {}  # version -> nodes with a free slot

    def recount(self, node: NodeRecord) -> None:
        """Its slots may have changed, or the jobs that it is kept from."""
        unfit = frozenset(node.unfit)
        new = _Counted(node.python, node.slots, unfit, frozenset((*node.aside, *node.stalled)) - unfit)
        old = self._counted.get(node.info.id)
        if new != old:
            self.forget(node.info.id)
            self._counted[node.info.id] = new
            self._count(new, 1)
        self.look(node)

    def forget(self, id: str) -> None:
        """There is no such node any more."""
        old = self._counted.pop(id, None)
        if old is not None:
            self._count(old, -1)
            self._hungry.get(old.python, OrderedDict()).pop(id, None)

    def look(self, node: NodeRecord) -> None:
        """Its leases may have changed."""
        hungry = self._hungry.get(self._counted[node.info.id].python)
        if node.hungry:
            if hungry is None:
                hungry = self._hungry[node.python] = OrderedDict()
            hungry[node.info.id] = node
        elif hungry is not None:
            hungry.pop(node.info.id, None)

    def slots(self, job: JobRecord) -> int:
        """Slots of all nodes that it fits: those that were set aside count where there are no others."""
        able, willing = self._able(job)
        return willing or able

    def fits(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this node may run this job."""
        if not can_run(node, job):
            return False
        # Set aside means: others do it. Where there are none, a node that fails many tasks is better than nobody.
        return (job.id not in node.aside and job.id not in node.stalled) or not self.others(node, job)

    def others(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether a node that was not set aside could run this job instead."""
        mine = 0 if job.id in node.aside or job.id in node.stalled or not can_run(node, job) else node.slots
        return self._able(job)[1] > mine

    def hungry(self, job: JobRecord) -> Iterator[NodeRecord]:
        """Nodes with a free slot and the right Python; each time beginning with whom this has not brought up lately."""
        for python in self._versions(job):
            waiting = self._hungry.get(python, OrderedDict())
            for _ in range(len(waiting)):
                id, node = next(iter(waiting.items()))
                waiting.move_to_end(id)
                yield node

    def _versions(self, job: JobRecord) -> tuple[str, ...]:
        return tuple(self._slots) if job.spec.python is None else (job.spec.python,)

    def _able(self, job: JobRecord) -> tuple[int, int]:
        able = willing = 0
        for python in self._versions(job):
            key = (job.id, python)
            fit = self._slots[python] - self._unfit[key]
            able += fit
            willing += fit - self._aside[key]
        return able, willing

    def _count(self, counted: _Counted, sign: int) -> None:
        slots = sign * counted.slots
        self._slots[counted.python] += slots
        for kept, jobs in ((self._unfit, counted.unfit), (self._aside, counted.aside)):
            for job in jobs:
                key = (job, counted.python)
                kept[key] += slots
                if not kept[key]:
                    del kept[key]


def is_slow(node: NodeRecord, job: JobRecord) -> bool:
    """Whether this node takes much longer for a task of this job than all nodes do on average."""
    tasks, seconds = node.measures.get(job.id, (0, 0.0))
    all_tasks, all_seconds = job.measures
    return tasks >= MEASURED_ENOUGH and seconds * all_tasks > SLOW_FACTOR * all_seconds * tasks


def can_run(node: NodeRecord, job: JobRecord) -> bool:
    """Whether it is able to, as far as one knows."""
    return job.id not in node.unfit and (job.spec.python is None or node.python == job.spec.python)
