"""Two who were let in and should not have been: a node that sends nonsense, and one that lies. Threads of the run.

What either says is refused, or true of nothing: that is what the checks at the end are for. They have links of workers,
find the master again whenever it is away, and know of jobs and tasks whatever an honest node knows.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mcgui_core.errors import BadInput, ConnectionFailed, McguiError
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import (
    Chunk,
    Lease,
    NodeInfo,
    NodeReport,
    Outcome,
    Report,
    SlotDeath,
    TaskStatus,
    Unfit,
)
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.protocol.transport import TlsConnection
from mcgui_core.values import pickling
from tests.fuzz.examples import Known, arguments
from tests.fuzz.mutations import broken, frame, misshapen
from tests.raw_calls import call

#: Seconds between two messages of one of them, at most.
PAUSE = 0.2
#: Seconds that each waits before it looks for the master again.
AGAIN = 0.5


class Liar:
    """One that lies. `told` counts what it has said, by what was answered."""

    name = "liar"

    def __init__(self, link: str, jobs: int, seed: int) -> None:
        """`jobs` are numbered from 1 to that."""
        self._link, self._jobs = JoinLink.parse(link), jobs
        self._chance = random.Random(f"{seed} {self.name}")
        self._stop = threading.Event()
        self.told: Counter[str] = Counter()
        self.believed: list[str] = []  # what must not happen
        self._thread = threading.Thread(target=self._run, name=self.name)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    # --- inside -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(self._link) as connection:
                    self._join(connection)
                    while not self._stop.wait(self._chance.uniform(0.0, PAUSE)):
                        self._speak(connection)
            except (McguiError, OSError, ValueError, TypeError):  # hung up on, or the master is away
                self._stop.wait(AGAIN * self._chance.random())

    def _join(self, connection: TlsConnection) -> None:
        # It is there as a whole node is; between its lies it takes no work from anybody.
        call(connection, "node", "join", NodeInfo(self.name, self.name, 1, 1, "3.11.7", "Test", 1, 1))
        call(connection, "node", "attend", self.name, NodeReport(1, 0, 0.0, 0, paused=True), 0.0, 1)

    def _speak(self, connection: TlsConnection) -> None:
        name, lie = self._chance.choice(list(_LIES.items()))
        report = lie(self._other(), self._chance)
        if name == "beyond its own lease":
            lease: Lease = call(connection, "node", "exchange", self.name, Report(), 0.01, 1)
            if not lease.chunks:
                return
            report = Report(outcomes=(_as_done(replace(lease.chunks[0], stop=lease.chunks[0].stop + 1)),))
        try:
            call(connection, "node", "exchange", self.name, report, 0.0, 1)
        except BadInput:
            self.told["refused"] += 1
            raise
        self.told["ignored"] += 1
        if report.outcomes or report.deaths or report.returned:
            self.believed.append(f"the liar was believed: {name}")

    def _other(self) -> Chunk:
        """What somebody else has, perhaps."""
        start, count = self._chance.randrange(1000), self._chance.choice((1, 1, 10, 100))
        lease = int(time.time() * 1000) + self._chance.randrange(-100_000, 100)
        token = self._chance.choice((b"", self._chance.randbytes(32)))
        return Chunk(lease, self._chance.randint(1, self._jobs), start, start + count, token=token)


def _as_done(chunk: Chunk, count: int | None = None) -> Outcome:
    values = pickling.dumps([666] * (chunk.count if count is None else count))
    return Outcome(chunk.job, chunk.start, chunk.stop, values, (), 0.1, "liar", chunk.lease, token=chunk.token)


def _outcome(**changes: Any) -> Callable[[Chunk, random.Random], Report]:
    return lambda chunk, _: Report(outcomes=(replace(_as_done(chunk), **changes),))


_LIES: dict[str, Callable[[Chunk, random.Random], Report]] = {
    "outcomes of others": lambda chunk, _: Report(outcomes=(_as_done(chunk),)),
    "many of them": lambda chunk, _: Report(outcomes=(_as_done(chunk),) * 50),
    "a wrong count": lambda chunk, chance: Report(outcomes=(_as_done(chunk, chunk.count + chance.choice((-1, 1))),)),
    "half a task": _outcome(start=0.5),
    "tasks that there are not": _outcome(stop=200_000_000),
    "tasks before the first": _outcome(start=-5),
    "deaths": lambda chunk, _: Report(deaths=(SlotDeath(chunk.lease, chunk.job, 0, 300_000, "died", "", chunk.token),)),
    "a death": lambda chunk, _: Report(
        deaths=(SlotDeath(chunk.lease, chunk.job, chunk.start, chunk.start + 1, "died", "", chunk.token),)
    ),
    "given back": lambda chunk, _: Report(returned=(chunk,)),
    "does not load": lambda chunk, _: Report(unfit=(Unfit(chunk.job, "ImportError", "no", ""),)),
    "statuses": lambda chunk, _: Report(
        statuses=tuple(TaskStatus(chunk.job, chunk.start + n, "x" * 10_000, 0.5) for n in range(50))
    ),
    "beyond its own lease": lambda *_: Report(),
}


class Babbler(Liar):
    """One that sends nonsense: valid calls of a node with something wrong in them, or in their bytes."""

    name = "babbler"

    def _speak(self, connection: TlsConnection) -> None:
        known = Known(self.name, "3.11", self._chance.randint(1, self._jobs))
        method = self._chance.choice(list(_CALLS))
        message: Any = ("node", method.__name__, arguments(method, known, self._chance), {})  # type: ignore[arg-type]
        whole = self._chance.random() < 0.5
        data = frame(misshapen(message, self._chance)) if whole else broken(frame(message), self._chance)
        connection._asked = method.__name__  # as the answer is read by that
        connection._socket.sendall(data)
        if not whole:
            socket.socket.shutdown(connection._socket, socket.SHUT_WR)
        try:
            kind, answer = connection.recv(5.0)
        except ConnectionFailed:
            self.told["hung up"] += 1
            raise
        self.told["refused" if kind == "#ERROR" else "ignored"] += 1
        if isinstance(answer, Lease) and answer.chunks:  # it asked for work, by accident
            call(connection, "node", "exchange", self.name, Report(returned=answer.chunks), 0.0, 1)


def attend(node: str, report: NodeReport, timeout: float, visit: int = 0) -> None:
    """As NodeService has it; these are only looked at."""


def exchange(node: str, report: Report, want: float, visit: int = 0) -> None: ...


def leave(node: str, reason: str) -> None: ...


_CALLS = (attend, exchange, leave)
