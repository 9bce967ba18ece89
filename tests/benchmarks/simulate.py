"""How the scheduler does with many nodes, under a virtual clock: `make simulate`.

Without options, a series of clusters from 10 to 10,000 nodes of 64 slots, alone and with hub and journal; with options,
one of them. Prints a table, and draws what a second of the cluster costs against the number of its slots.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import tempfile
import time
import tracemalloc
from array import array
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from heapq import heapreplace
from pathlib import Path

from mcgui_core.master.garbage_collection import collect_seldom
from mcgui_core.protocol.messages import JobSpec, NodeInfo, Outcome, Report
from mcgui_core.scheduler.scheduler import Scheduler
from tests.benchmarks.simulated_cluster import Brain, HubWithoutSockets, SchedulerAlone, SimulatedCluster, Work

#: How long a task takes, by name; all of these take one second on average. A minute at most.
DURATIONS: dict[str, Callable[[random.Random], float]] = {
    "constant": lambda _dice: 1.0,
    "uniform": lambda dice: dice.uniform(0.5, 1.5),
    "pareto": lambda dice: min(60.0, 0.37 * dice.paretovariate(1.5)),
    "lognormal": lambda dice: min(60.0, dice.lognormvariate(-0.5, 1.0)),
    "bimodal": lambda dice: 0.1 if dice.random() < 0.9 else 9.1,
}
#: Times as long that a slow node takes for a task.
SLOWNESS = 5.0
#: Seconds after which a simulation is over, whatever hangs.
LONGEST = 600.0


@dataclass(frozen=True, slots=True)
class Room:
    """What is simulated."""

    nodes: int
    slots: int = 64
    tasks: int = 10  # for each slot
    durations: str = "constant"
    slow: float = 0.0  # part of the nodes that are
    lost: float = 0.0  # part of the nodes that are killed on the way
    hanging: float = 0.0  # part of the nodes of which half of the slots hang from some moment on
    hub: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it. Seconds of processor are of this computer, all others are of the cluster."""

    room: Room
    makespan: float
    best: float
    queue: float  # as `one_queue` has it
    cores: float
    exchanges: float  # a second
    each: float  # microseconds of processor for an exchange, on average
    worst: float  # milliseconds
    task: float  # microseconds of processor for a task
    repeated: int
    state: str


SERIES = [
    *(Room(nodes) for nodes in (10, 100, 1000)),
    *(Room(1000, durations=kind) for kind in ("uniform", "pareto", "lognormal", "bimodal")),
    Room(1000, durations="uniform", slow=0.2),
    Room(1000, durations="uniform", lost=0.05),
    Room(1000, durations="uniform", hanging=0.05),
    *(Room(nodes, durations="uniform", hub=True) for nodes in (10, 100, 1000)),
    Room(10_000, tasks=3),
]


def simulate(room: Room, seed: int = 1) -> Found:
    """Run one job through it."""
    # Most of what Python's collector would look at is the simulated nodes'. `memory` says what the master's takes.
    gc.collect()
    gc.disable()
    dice = random.Random(seed)
    seconds = array("d", (DURATIONS[room.durations](dice) for _ in range(room.nodes * room.slots * room.tasks)))
    with ExitStack() as stack:
        brain: Brain = stack.enter_context(_hub()) if room.hub else SchedulerAlone()
        cluster = SimulatedCluster(brain)
        speeds = [1 / SLOWNESS if dice.random() < room.slow else 1.0 for _ in range(room.nodes)]
        middle = sum(seconds) / (room.slots * sum(speeds)) / 2
        for number, speed in enumerate(speeds):
            node = cluster.add_node(f"pc-{number}", room.slots, 1 / speed)
            if dice.random() < room.lost:
                cluster.at(dice.uniform(0.1, 2.0) * middle, node.lose)
            elif dice.random() < room.hanging:
                cluster.at(dice.uniform(0.1, 2.0) * middle, setattr, node, "hanging", room.slots // 2)
        work = Work(1, seconds)
        cluster.submit(work)
        cluster.run(LONGEST)
        status, costs = cluster.status(1), cluster.costs
    gc.enable()
    makespan = (status.finished or cluster.now) - (status.started or 0.0)
    of_slots = [speed for speed in speeds for _ in range(room.slots)]
    return Found(
        room,
        makespan,
        _best(seconds, of_slots),
        one_queue(seconds, of_slots),
        costs.seconds / makespan,
        costs.exchanges / makespan,
        1e6 * costs.exchange_seconds / costs.exchanges,
        1e3 * costs.worst,
        1e6 * costs.seconds / len(seconds),
        sum(times > 1 for times in work.began),
        status.state if not status.reason else f"{status.state}: {status.reason}",
    )


@contextmanager
def _hub():  # type: ignore[no-untyped-def]  # a context manager of a HubWithoutSockets
    with tempfile.TemporaryDirectory(prefix="mcgui-simulated-") as folder:
        hub = HubWithoutSockets(Path(folder, "journal.sqlite"))
        try:
            yield hub
        finally:
            hub.close()


def _best(seconds: array[float], speeds: list[float]) -> float:
    """No schedule takes less, whoever knows all durations beforehand: and nearly as little can be had."""
    fastest = max(speeds)
    rounds = math.ceil(len(seconds) / len(speeds)) * min(seconds) / fastest if min(speeds) == fastest else 0.0
    return max(sum(seconds) / sum(speeds), max(seconds) / fastest, rounds)


def one_queue(seconds: Sequence[float], speeds: Sequence[float]) -> float:
    """The makespan if each slot, of that speed, took the next task from one queue at no cost: list scheduling. Of
    equal slots, who does not know how long a task takes before it has ended cannot expect less."""
    ends = [(0.0, slot) for slot in range(len(speeds))]
    for each in seconds:
        end, slot = ends[0]
        heapreplace(ends, (end + each / speeds[slot], slot))
    return max(ends)[0]


def memory() -> tuple[float, float, float, float]:
    """Bytes of the scheduler for a node that is idle, for a lease, and for a settled task of a job of a million of which
    every other one is; and milliseconds that Python's collector takes to look at all of it, of 1,000 nodes."""
    gc.collect()
    gc.freeze()  # what the rooms before have left is not the scheduler's
    tracemalloc.start()
    try:
        scheduler = Scheduler()
        marks = [tracemalloc.get_traced_memory()[0]]
        for number in range(1000):
            scheduler.join(NodeInfo(f"pc-{number}", f"pc-{number}", 64, 64, "3.11.7", "Test", 1), "here", 0.0)
        marks.append(tracemalloc.get_traced_memory()[0])
        scheduler.add_job(1, JobSpec("job", "", "f"), 0.0)
        scheduler.extend(1, 1_000_000, True, 0.0)
        leases = sum(len(scheduler.lease(id, 1.0, 0.0)) for id in list(scheduler.nodes))
        marks.append(tracemalloc.get_traced_memory()[0])
        for start in range(0, 200_000, 2):
            report = Report((Outcome(1, start, start + 1, b"", (), 1.0),))
            scheduler.settle("", scheduler.sift("", report), 0.0)
        marks.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    began = time.process_time()
    gc.collect()
    look = 1e3 * (time.process_time() - began)
    return (marks[1] - marks[0]) / 1000, (marks[2] - marks[1]) / leases, (marks[3] - marks[2]) / 100_000, look


HEADINGS = (
    "nodes  slots  tasks      durations        master     makespan   best  ratio  one queue   cores  exchanges/s  us each  worst ms  us/task"
    "  repeated  job"
)


def _row(found: Found) -> str:
    room = found.room
    troubles = [f"{100 * part:.0f} % {what}" for what in ("slow", "lost", "hanging") if (part := getattr(room, what))]
    return (
        f"{room.nodes:6,} {room.slots:5}  {room.nodes * room.slots * room.tasks:9,}  "
        f"{' '.join((room.durations, *troubles)):21} {'hub' if room.hub else 'alone':6}"
        f"{found.makespan:9.2f} {found.best:7.2f} {found.makespan / found.best:6.3f}"
        f"  {found.queue:9.2f}  {found.cores:6.3f}"
        f"  {found.exchanges:11,.0f} {found.each:8,.0f} {found.worst:9.1f} {found.task:8.1f}  {found.repeated:8,}"
        f"  {found.state}"
    )


def plot(found: list[Found], path: Path) -> None:
    """Cores against slots, both logarithmic, as a picture that any browser shows."""
    width, height, left, low = 640, 420, 70, 360
    slots = [room.nodes * room.slots for room in (one.room for one in found)]
    first, last = math.floor(math.log10(min(slots))), math.ceil(math.log10(max(slots)))
    bottom = math.floor(math.log10(min(one.cores for one in found)))
    top = max(bottom + 1, math.ceil(math.log10(max(one.cores for one in found))))

    def x(value: float) -> float:
        return left + (width - left - 20) * (math.log10(value) - first) / max(1, last - first)

    def y(value: float) -> float:
        return low - (low - 30) * (math.log10(value) - bottom) / (top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for power in range(bottom, top + 1):
        parts.append(f'<path d="M{left} {y(10**power):.0f}H{width - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y(10**power) + 4:.0f}" text-anchor="end">{10**power:g}</text>')
    for power in range(first, last + 1):
        parts.append(f'<path d="M{x(10**power):.0f} 30V{low}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(10**power):.0f}" y="{low + 18}" text-anchor="middle">{10**power:,}</text>')
    parts.append(
        f'<text x="{left}" y="18">cores of the master (blue: the scheduler alone, red: with its journal)</text>'
    )
    parts.append(f'<text x="{width - 20}" y="{low + 38}" text-anchor="end">slots, of tasks of one second</text>')
    for one, count in zip(found, slots, strict=True):
        colour = "#c0392b" if one.room.hub else "#2c6fbb"
        parts.append(f'<circle cx="{x(count):.1f}" cy="{y(one.cores):.1f}" r="4" fill="{colour}" fill-opacity="0.7"/>')
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, help="only this room; else a series of rooms")
    parser.add_argument("--slots", type=int, default=64)
    parser.add_argument("--tasks", type=int, default=10, help="for each slot")
    parser.add_argument("--durations", choices=DURATIONS, default="constant")
    parser.add_argument("--slow", type=float, default=0.0, help="part of the nodes")
    parser.add_argument("--lost", type=float, default=0.0, help="part of the nodes")
    parser.add_argument("--hanging", type=float, default=0.0, help="part of the nodes")
    parser.add_argument("--hub", action="store_true", help="with the hub and its journal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path, default=Path("simulated.svg"))
    given = parser.parse_args()
    collect_seldom()  # as the master's process does
    rooms = SERIES
    if given.nodes:
        rooms = [Room(given.nodes)]
        for name in ("slots", "tasks", "durations", "slow", "lost", "hanging", "hub"):
            rooms = [replace(rooms[0], **{name: getattr(given, name)})]
    print(HEADINGS)
    found = []
    for room in rooms:
        found.append(simulate(room, given.seed))
        print(_row(found[-1]), flush=True)
    node, lease, task, look = memory()
    print(f"\nmemory: {node / 1e3:.1f} kB a node, {lease:.0f} B a lease, {task:.0f} B a task settled out of order")
    print(f"Python's collector, all of 1,000 nodes: {look:.1f} ms")
    plot(found, given.plot)
    print(f"drawn: {given.plot}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
