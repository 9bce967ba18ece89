"""A cluster under a virtual clock: the real scheduler, or the real hub, and nodes of which only the time is made up.

A node has the real workload (leases_and_reports.py), and does what an agent and its slots do (agent.py,
process_slots.py): it reports when its queue runs dry or after a while, and hands back what a slot could not do in time.
Its tasks take their time on the virtual clock only. What the master's side costs is measured on the real one.
"""

from __future__ import annotations

import heapq
import math
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from mcgui_core.journal.journal import Journal
from mcgui_core.master.hub import Hub
from mcgui_core.node.agent import LEASE_SECONDS
from mcgui_core.node.master_connection import HEARTBEAT
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    JobStatus,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    SlotDeath,
)
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.scheduler import Scheduler
from mcgui_core.slots.slot_interface import BUDGET
from mcgui_core.values import pickling

#: Seconds from a request to its answer, on a quiet local network.
ROUND_TRIP = 0.002
#: Seconds between two looks of the master at its clock.
TICK = 0.5
#: One call of so many is measured: to read the processor's time takes a hundred times as long on some systems.
MEASURED = 7
_VALUES = pickling.dumps([None])


class Brain(Protocol):
    """What a node and a script ask of a master."""

    def submit(self, id: int, tasks: int, options: dict[str, Any], now: float) -> None: ...
    def join(self, info: NodeInfo, now: float) -> None: ...
    def lost(self, id: str, now: float) -> None: ...
    def exchange(self, id: str, report: Report, want: float, now: float) -> Lease: ...
    def attend(self, id: str, report: NodeReport, now: float) -> Orders: ...
    def tick(self, now: float) -> None: ...
    def nudged(self) -> set[str]: ...
    def status(self, id: int, now: float) -> JobStatus: ...


class SchedulerAlone:
    """The scheduler without its journal."""

    def __init__(self) -> None:
        self.scheduler = Scheduler()

    def submit(self, id: int, tasks: int, options: dict[str, Any], now: float) -> None:
        self.scheduler.add_job(id, JobSpec("job", "", "f", **options), now)
        self.scheduler.extend(id, tasks, True, now)

    def join(self, info: NodeInfo, now: float) -> None:
        self.scheduler.join(info, "here", now)

    def lost(self, id: str, now: float) -> None:
        self.scheduler.depart(id, "lost", Reason("disconnected", "its connection broke"), now)

    def exchange(self, id: str, report: Report, want: float, now: float) -> Lease:
        if report != _EMPTY:
            self.scheduler.settle(id, self.scheduler.sift(id, report), now)
        chunks = self.scheduler.lease(id, want, now)
        specs = tuple((job, self.scheduler.job(job).spec) for job in {chunk.job for chunk in chunks})
        self.scheduler.nodes[id].knows.update((job, -1) for job, _ in specs)  # so it is told what to drop
        return Lease(chunks, specs, (), self.scheduler.gather, self.scheduler.is_all(chunks))

    def attend(self, id: str, report: NodeReport, now: float) -> Orders:
        self.scheduler.heartbeat(id, report, now)
        return self.scheduler.orders(id, now)

    def tick(self, now: float) -> None:
        self.scheduler.tick(now)
        verdicts = self.scheduler.verdicts()
        if verdicts.outcomes:
            self.scheduler.settle("", verdicts, now)

    def nudged(self) -> set[str]:
        return self.scheduler.nudged()

    def status(self, id: int, now: float) -> JobStatus:
        job = self.scheduler.job(id)
        return replace(job.status(now), reason=self.scheduler.why_waiting(job).text)


class HubWithoutSockets:
    """The hub with its journal, in a file."""

    def __init__(self, path: Path) -> None:
        self._now = 1e9  # a hub numbers its leases from the time
        self._start = self._now
        self._hub = Hub(Journal(path), lambda: self._now)
        self._rung: set[str] = set()
        self._hub.state.wakeups.wake = self._rung.update  # type: ignore[method-assign]  # nobody waits in a thread here

    def _at(self, now: float) -> Hub:
        self._now = self._start + now
        return self._hub

    def submit(self, id: int, tasks: int, options: dict[str, Any], now: float) -> None:
        blocks = (Block(0, tasks, pickling.dumps(range(tasks))),)
        assert self._at(now).jobs.submit(JobSpec("job", "", "f", **options), blocks, True) == id

    def join(self, info: NodeInfo, now: float) -> None:
        self._at(now).nodes.join(info, "here", info.id)

    def lost(self, id: str, now: float) -> None:
        self._at(now).nodes.lost(id, id)

    def exchange(self, id: str, report: Report, want: float, now: float) -> Lease:
        return self._at(now).nodes.exchange(id, report, want, 1)

    def attend(self, id: str, report: NodeReport, now: float) -> Orders:
        return self._at(now).nodes.attend(id, report, 0.0, 1)

    def tick(self, now: float) -> None:
        self._at(now).tick()

    def nudged(self) -> set[str]:
        rung = set(self._rung)
        self._rung.clear()
        return rung

    def status(self, id: int, now: float) -> JobStatus:
        return self._at(now).view.status(id)

    def close(self) -> None:
        self._hub.close()


_EMPTY = Report()


@dataclass
class Costs:
    """What the master's side took, on the real clock."""

    seconds: float = 0.0
    exchanges: int = 0
    exchange_seconds: float = 0.0
    worst: float = 0.0


@dataclass
class Work:
    """A job of a simulation: how long each task takes on a node of the usual speed."""

    id: int
    seconds: Sequence[float]
    options: dict[str, Any] = field(default_factory=dict)
    at: float = 0.0
    began: array[int] = field(default_factory=lambda: array("B"))  # how often each task began
    first: float | None = None  # when its first task began
    hanging: frozenset[int] = frozenset()  # tasks that never end, wherever they run
    deadly: frozenset[int] = frozenset()  # tasks that kill their slot when they run first, hang then, and end after

    def __post_init__(self) -> None:
        self.began = array("B", bytes(len(self.seconds)))


class SimulatedCluster:
    """Nodes, jobs and a clock. `run` goes on until all jobs are over, or `until`."""

    def __init__(self, brain: Brain) -> None:
        self.now = 0.0
        self.brain, self.costs = brain, Costs()
        self.nodes: dict[str, SimulatedNode] = {}
        self.jobs: dict[int, Work] = {}
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._serial = self._calls = 0
        self._ticks = False
        self.took: float | None = None  # by the last call, if that was measured

    def add_node(self, id: str, slots: int, slowness: float = 1.0) -> SimulatedNode:
        node = self.nodes[id] = SimulatedNode(self, id, slots, slowness)
        self.ask(self.brain.join, NodeInfo(id, id, slots, slots, "3.11.7", "Test", 1, 1))
        # Nodes do not beat in step: each begins at a moment of its own.
        self.at(self.now + HEARTBEAT * (0.618 * len(self.nodes) % 1), node.beat)
        return node

    def submit(self, work: Work) -> None:
        self.jobs[work.id] = work
        self.at(work.at, lambda: self.ask(self.brain.submit, work.id, len(work.seconds), work.options))

    def at(self, when: float, call: Callable[..., None], *args: Any) -> None:
        self._serial += 1
        heapq.heappush(self._events, (when, self._serial, call, args))

    def ask(self, call: Callable[..., Any], *args: Any) -> Any:
        """Something of the master, which may then have orders for nodes."""
        self._calls += 1
        if self._calls % MEASURED:
            answer, self.took = call(*args, self.now), None
        else:
            began = time.process_time()
            answer = call(*args, self.now)
            self.took = time.process_time() - began
            self.costs.seconds += MEASURED * self.took
        for id in self.brain.nudged():
            if id in self.nodes:
                self.at(self.now + ROUND_TRIP / 2, self.nodes[id].hear)
        return answer

    def exchange(self, id: str, report: Report, want: float) -> Lease:
        lease: Lease = self.ask(self.brain.exchange, id, report, want)
        self.costs.exchanges += 1
        if self.took is not None:
            self.costs.exchange_seconds += MEASURED * self.took
            self.costs.worst = max(self.costs.worst, self.took)
        return lease

    def run(self, until: float) -> None:
        """Go on until this second, or until all jobs are over."""
        if not self._ticks:
            self._ticks = True
            self.at(TICK, self._tick)
        over = False
        while self._events and self._events[0][0] <= until and not over:
            self.now, _, call, args = heapq.heappop(self._events)
            call(*args)
            if call == self._tick:
                over = all(work.at < self.now and self.status(id).final for id, work in self.jobs.items())

    def status(self, job: int) -> JobStatus:
        return self.brain.status(job, self.now)

    def _tick(self) -> None:
        self.ask(self.brain.tick)
        self.at(self.now + TICK, self._tick)


class SimulatedNode:
    """One node; `hanging` of its slots never end what they begin from now on."""

    def __init__(self, cluster: SimulatedCluster, id: str, slots: int, slowness: float) -> None:
        self._cluster, self.id, self.slots, self.slowness = cluster, id, slots, slowness
        self._work = Workload(lambda: cluster.now)
        self._busy: dict[int, Chunk] = {}
        self._free = list(range(slots))
        self._ordered = self._exchanging = False
        self._waiting = math.inf  # until when it waits with its next report
        self.gone = False
        self.hanging = 0
        self.hoards = False  # it keeps what it has, runs nothing, and only its heart beats
        self.kills: Callable[[Chunk], bool] | None = None  # whether a chunk is the end of this agent

    # --- the agent ----------------------------------------------------------------------------------------------

    def beat(self) -> None:
        """Its heartbeat."""
        if not self.gone:
            self.hear()
            self._cluster.at(self._cluster.now + HEARTBEAT, self.beat)

    def hear(self) -> None:
        if self.gone:
            return
        jobs = tuple({chunk.job for chunk in self._busy.values()})
        report = NodeReport(self.slots, len(self._busy), 50.0, 1 << 30, jobs=jobs)
        orders: Orders = self._cluster.ask(self._cluster.brain.attend, self.id, report)
        if orders.drop:
            self._work.drop(orders.drop, orders.before)
            for slot, chunk in list(self._busy.items()):
                if chunk.job in orders.drop and chunk.lease < orders.before:
                    self._release(slot)
        if orders.recall_jobs and not self.hoards:
            self._work.give_back_jobs(orders.recall_jobs)
        if orders.recall and not self.hoards:
            self._work.give_back(orders.recall)
        self._ordered |= orders.work
        self._feed()

    def lose(self) -> None:
        """Its agent is killed."""
        self.gone = True
        self._work.start_over(keep_reports=False)
        self._busy.clear()
        self._cluster.ask(self._cluster.brain.lost, self.id)

    def _poke(self) -> None:
        """Exchange now, or later, if there is something to tell or to take."""
        if self.gone or self.hoards or self._exchanging or not (self._work.to_report or self._ordered):
            return
        now, urgent = self._cluster.now, self._ordered or self._work.timing.is_urgent(self.slots)
        due = self._work.timing.due(self.slots)
        if urgent or now >= due - 1e-9:
            self._exchanging, self._ordered = True, False
            report, numbers = self._work.next_report(self.slots)
            want = self._work.timing.wanted(LEASE_SECONDS)
            self._cluster.at(now + ROUND_TRIP / 2, self._exchange, report, numbers, want)
        elif due < self._waiting:
            self._waiting = due
            self._cluster.at(due, self._waited)

    def _waited(self) -> None:
        self._waiting = math.inf
        self._poke()

    def _exchange(self, report: Report, numbers: tuple[int, ...], want: float) -> None:
        if not self.gone:
            lease = self._cluster.exchange(self.id, report, want)
            self._cluster.at(self._cluster.now + ROUND_TRIP / 2, self._answered, report, numbers, lease)

    def _answered(self, report: Report, numbers: tuple[int, ...], lease: Lease) -> None:
        self._exchanging = False
        if not self.gone:
            self._work.acknowledge(report, numbers)
            self._work.accept(lease)
            self._feed()

    # --- the slots ----------------------------------------------------------------------------------------------

    def _feed(self) -> None:
        while self._free and not self.gone and not self.hoards and (taken := self._work.take(len(self._free))):
            self._start(self._free.pop(), taken[0])
        self._poke()

    def _start(self, slot: int, chunk: Chunk) -> None:
        work, now = self._cluster.jobs[chunk.job], self._cluster.now
        work.first = now if work.first is None else work.first
        self._busy[slot] = chunk
        if self.kills is not None and self.kills(chunk):
            self._cluster.at(now + 0.01, self.lose)
            return
        took, stop = 0.0, chunk.start
        while stop < chunk.stop and (took < BUDGET or stop == chunk.start):
            work.began[stop] = min(255, work.began[stop] + 1)
            if slot < self.hanging or stop in work.hanging or (stop in work.deadly and work.began[stop] == 2):
                return  # for ever, and what went before is not reported
            if stop in work.deadly and work.began[stop] == 1:
                self._cluster.at(now + took, self._died, slot, chunk)
                return
            took += work.seconds[stop] * self.slowness
            stop += 1
            if chunk.careful:
                break
        self._cluster.at(now + took, self._done, slot, chunk, stop, took)

    def _done(self, slot: int, chunk: Chunk, stop: int, took: float) -> None:
        if self.gone or self._busy.get(slot) is not chunk:
            return
        outcome = Outcome(chunk.job, chunk.start, stop, _VALUES, (), took, self.id, chunk.lease, token=chunk.token)
        self._work.report(outcome, self._work.master)
        if stop < chunk.stop:
            self._work.put_back(replace(chunk, start=stop))
        self._release(slot)
        self._feed()

    def _died(self, slot: int, chunk: Chunk) -> None:
        """A slot was killed by a task of its chunk: by the first one, where each is announced."""
        if self.gone or self._busy.get(slot) is not chunk:
            return
        stop = chunk.start + 1 if chunk.careful else chunk.stop
        death = SlotDeath(chunk.lease, chunk.job, chunk.start, stop, "died", "by SIGKILL", chunk.token)
        self._work.report(death, self._work.master)
        if stop < chunk.stop:
            self._work.put_back(replace(chunk, start=stop))
        self._release(slot)
        self._feed()

    def _release(self, slot: int) -> None:
        del self._busy[slot]
        self._free.append(slot)
