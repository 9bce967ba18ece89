"""A room full of nodes in one process, for measuring what watches them: `python -m tests.benchmarks.simulated_nodes`.

Each speaks the real protocol over connections of its own, with heartbeats and reports as often as a real one; only its
slots are made up: a task takes its time on the clock, and no processor. The worker link comes by MCGUI_LINK.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections import deque
from dataclasses import replace
from itertools import count

from mcgui_core.client.access.link_files import find_link
from mcgui_core.errors import McguiError
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Chunk, NodeInfo, NodeReport, Orders, Outcome, Report, TaskFailure
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.values import pickling

#: Seconds between two rounds of a node: as a real one's heartbeats.
ROUND = 1.0
#: Seconds of work that a node wants to hold, as a real one does.
HELD = 1.0
#: One task of so many fails.
FAILING = 4000


class SimulatedNode:
    """One node with some slots, each of which takes `seconds` for a task."""

    def __init__(self, link: JoinLink, number: int, slots: int, seconds: float) -> None:
        self._remote = RpcClient(link, "node")
        self._number, self._slots, self._seconds = number, slots, seconds
        self._random = random.Random(number)
        self._id, self._name = f"simulated-{number}", f"pc-{number:03}"
        self._held: deque[Chunk] = deque()
        self._ready = 0.0  # tasks that its slots have had the time for, and that are not reported yet

    def live(self, stop: threading.Event) -> None:
        """Join, and work until `stop`."""
        platform = "Linux x86_64" if self._number % 3 else "Windows AMD64"
        info = NodeInfo(self._id, self._name, self._slots, self._slots, "3.11.7", platform, 1000 + self._number, 1)
        self._remote.call("join", info)
        last = time.monotonic()
        while not stop.wait(ROUND * self._random.uniform(0.9, 1.1)):
            orders: Orders = self._remote.call("attend", self._id, self._report(), 0.0, 1)
            if orders.drop:
                self._held.clear()
            now = time.monotonic()
            if self._held:
                self._ready += (now - last) * self._slots / self._seconds
            last = now
            if self._held or orders.work:
                report = Report(outcomes=tuple(self._finished()))
                for chunk in self._remote.call("exchange", self._id, report, HELD, 1).chunks:
                    self._held.extend(_pieces(chunk))
        self._remote.call("leave", self._id, "the simulation is over")
        self._remote.close()

    def _finished(self) -> list[Outcome]:
        """The chunks that there was time for."""
        made = []
        while self._held and self._held[0].count <= self._ready:
            chunk = self._held.popleft()
            self._ready -= chunk.count
            made.append(self._outcome(chunk))
        self._ready = min(self._ready, 1e6) if self._held else 0.0
        return made

    def _outcome(self, chunk: Chunk) -> Outcome:
        failing = tuple(index for index in range(chunk.start, chunk.stop) if index % FAILING == 17)
        failures = tuple(
            TaskFailure(index, "raised", "ValueError", f"{index} is bad", "Traceback ...", str(index), self._name)
            for index in failing
        )
        values = pickling.dumps([index % 2 for index in range(chunk.start, chunk.stop) if index not in failing])
        seconds = self._seconds * chunk.count * self._random.uniform(0.8, 1.2)
        return Outcome(
            chunk.job, chunk.start, chunk.stop, values, failures, seconds, "", chunk.lease, failing, token=chunk.token
        )

    def _report(self) -> NodeReport:
        busy = self._slots if self._held else 0
        cpu = self._random.uniform(85, 99) if busy else self._random.uniform(0, 5)
        memory = 200_000_000 + self._random.randrange(50_000_000)
        return NodeReport(self._slots, busy, cpu, memory, jobs=(self._held[0].job,) if self._held else ())


def _pieces(chunk: Chunk) -> list[Chunk]:
    """What a slot takes of it at a time."""
    starts = range(chunk.start, chunk.stop, chunk.each or chunk.count)
    return [replace(chunk, start=start, stop=min(start + (chunk.each or chunk.count), chunk.stop)) for start in starts]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.4, help="that a task takes")
    given = parser.parse_args()
    link = find_link(None, None, "worker")
    stop, joined = threading.Event(), count(1)

    def live(number: int) -> None:
        try:
            SimulatedNode(link, number, given.slots, given.seconds).live(stop)
        except McguiError as error:
            print(f"node {number}: {error}", file=sys.stderr)

    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=live, args=(number,)) for number in range(given.nodes)]
    for thread in threads:
        thread.start()
        if next(joined) % 10 == 0:  # a room is not switched on in one millisecond
            stop.wait(0.05)
    sys.stdin.read()  # until whoever started this closes it
    stop.set()
    for thread in threads:
        thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
