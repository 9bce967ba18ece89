"""How many slots there are for a job, who has a free one, and who was called to it. Kept as nodes change, so that
nobody has to sum it, or to walk all nodes for it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord

T = TypeVar("T")

#: A node is slow that takes so many times as long for a task as the average one, measured over so many tasks.
SLOW_FACTOR, MEASURED_ENOUGH = 2.0, 8

#: Whether a node has joined, was lost (and may come back), or has left.
Presence = Literal["here", "lost", "gone"]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a node was counted for."""

    python: str
    presence: Presence
    slots: int
    unfit: frozenset[int]
    aside: frozenset[int]  # and not unfit


class Capacity:
    """Counts of all nodes. Whoever changes a node says so: `recount` where its presence, its slots or the jobs that it
    is kept from have changed, `look` where its leases have."""

    def __init__(self) -> None:
        self._counted: dict[str, _Counted] = {}
        self._slots: Counter[str] = Counter()  # by version of Python
        self._unfit: Counter[tuple[int, str]] = Counter()  # job, version -> slots of nodes that cannot run it
        self._aside: Counter[tuple[int, str]] = Counter()  # ... that can, and were set aside
        self._nodes: Counter[tuple[Presence, str]] = Counter()  # by version
        self._unfit_nodes: Counter[tuple[int, Presence, str]] = Counter()  # job, presence, version
        self._hungry: dict[str, OrderedDict[str, NodeRecord]] = {}  # version -> nodes with a free slot, not called
        self._called: dict[str, tuple[int, int]] = {}  # nodes that were -> the job, and how many slots were free
        self._promised: Counter[int] = Counter()  # job -> those slots

    def recount(self, node: NodeRecord) -> None:
        """Its slots may have changed, or the jobs that it is kept from."""
        unfit = frozenset(node.unfit)
        presence: Presence = "here" if node.present else "lost" if node.departed == "lost" else "gone"
        new = _Counted(node.python, presence, node.slots, unfit, frozenset((*node.aside, *node.stalled)) - unfit)
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
            self._forget_call(id)

    def look(self, node: NodeRecord) -> None:
        """Its leases may have changed."""
        id = node.info.id
        hungry = self._hungry.setdefault(node.python, OrderedDict())
        if node.hungry and id not in self._called:
            hungry[id] = node
            return
        hungry.pop(id, None)
        if not node.hungry:
            self._forget_call(id)

    def call(self, node: NodeRecord, job: JobRecord) -> None:
        """It has a free slot, and is told that there is work of this job: until it has asked for that, nobody has to
        look at it."""
        self._forget_call(node.info.id)
        self._called[node.info.id] = job.id, node.idle
        self._promised[job.id] += node.idle
        self._hungry[node.python].pop(node.info.id, None)

    def has_asked(self, node: NodeRecord) -> None:
        """It has asked for work, or was told that there is none after all: it may be called again."""
        if node.info.id in self._called:
            self._forget_call(node.info.id)
            self.look(node)

    def promised(self, job: JobRecord) -> int:
        """Free slots of those that were told of work of this job, and have not asked for it yet."""
        return self._promised[job.id]

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
        """Nodes with a free slot and the right Python that were not called; each time beginning with whom this has not
        brought up lately."""
        for python in self._versions(job):
            waiting = self._hungry.get(python, OrderedDict())
            for _ in range(len(waiting)):
                id, node = next(iter(waiting.items()))
                waiting.move_to_end(id)
                yield node

    @property
    def present(self) -> int:
        """How many nodes are here."""
        return sum(count for (presence, _), count in self._nodes.items() if presence == "here")

    def is_able(self, job: JobRecord, presence: Presence) -> bool:
        """Whether there is a node of that presence which is able to run this job."""
        return any(
            self._nodes[presence, python] > self._unfit_nodes[job.id, presence, python]
            for python in self._versions(job)
        )

    def _forget_call(self, id: str) -> None:
        job, slots = self._called.pop(id, (0, 0))
        if slots:
            self._promised[job] -= slots
            if not self._promised[job]:
                del self._promised[job]

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
        self._nodes[counted.presence, counted.python] += sign
        for job in counted.unfit:
            _add(self._unfit, (job, counted.python), slots)
            _add(self._unfit_nodes, (job, counted.presence, counted.python), sign)
        for job in counted.aside:
            _add(self._aside, (job, counted.python), slots)


def _add(counts: Counter[T], key: T, number: int) -> None:
    """Where it comes to nothing, no key is kept: there are many jobs in a year."""
    counts[key] += number
    if not counts[key]:
        del counts[key]


def is_slow(node: NodeRecord, job: JobRecord) -> bool:
    """Whether this node takes much longer for a task of this job than all nodes do on average."""
    tasks, seconds = node.measures.get(job.id, (0, 0.0))
    all_tasks, all_seconds = job.measures
    return tasks >= MEASURED_ENOUGH and seconds * all_tasks > SLOW_FACTOR * all_seconds * tasks


def can_run(node: NodeRecord, job: JobRecord) -> bool:
    """Whether it is able to, as far as one knows."""
    return job.id not in node.unfit and (job.spec.python is None or node.python == job.spec.python)
