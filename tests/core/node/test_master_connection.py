"""What a node makes of the master's answers."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mcgui_core.base.clock import OnTheWall, elapsed
from mcgui_core.node.master_connection import MasterConnection
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Lease, NodeReport, Orders, Outcome


def test_a_lease_says_as_much_after_its_values_were_opened_as_before() -> None:
    """How long reports may gather got lost on the way, so that a thousand nodes reported five times a second."""
    nobody: Any = None
    connection = MasterConnection(JoinLink("127.0.0.1", 1, "k" * 22), "a", Workload(), nobody)
    spec = JobSpec("job", "", "f")
    lease = Lease((Chunk(1, 1, 0, 3),), ((1, spec),), ((1, Block(0, 3, b"abc")),), gather=0.7)
    assert connection._opened(lease) == lease
    assert connection._opened(Lease(gather=0.9)) == Lease(gather=0.9)


def test_what_came_along_with_a_heartbeat_is_known_by_the_next_one() -> None:
    work = Workload()
    told: list[str] = []

    class Node:
        nprocs, seconds_wanted = 1, 1.0

        def report(self) -> NodeReport:
            return NodeReport(1, 0, 0.0, 0)

        def obey(self, orders: Orders) -> None: ...

        def heartbeat_over(self) -> None:
            if len(told) == 2:
                connection.stopped.set()

    class Remote:
        def call(self, *_asked: Any, wait: float) -> Orders:
            told.append(work.timing.along)
            return Orders(
                lease=Lease((Chunk(1, 1, 0, 3),), ((1, JobSpec("job", "", "f")),)) if len(told) == 1 else None
            )

    remote: Any = Remote()
    node: Any = Node()
    connection = MasterConnection(JoinLink("127.0.0.1", 1, "k" * 22), "a", work, node)
    connection._remote = remote
    connection._stay(remote)
    assert (told, work.queued) == (["", "told"], 1)


def test_no_work_comes_along_with_a_heartbeat_while_results_are_to_be_told() -> None:
    """A master that was started anew gave the tasks out whose results were about to come to it."""
    work = Workload()
    asked: list[float] = []

    class Node:
        nprocs, seconds_wanted = 1, 1.0

        def report(self) -> NodeReport:
            return NodeReport(1, 0, 0.0, 0)

        def obey(self, orders: Orders) -> None:
            work.acknowledge(*work.next_report())  # as the other thread does

        def heartbeat_over(self) -> None:
            if len(asked) == 2:
                connection.stopped.set()

    class Remote:
        def call(self, *told: Any, wait: float) -> Orders:
            asked.append(told[-1])
            return Orders()

    remote: Any = Remote()
    node: Any = Node()
    connection = MasterConnection(JoinLink("127.0.0.1", 1, "k" * 22), "a", work, node)
    connection._remote = remote
    work.report(Outcome(1, 0, 3, b"", (), 0.1, lease=1), work.master)
    connection._stay(remote)
    assert asked == [0.0, 1.0]


def test_since_when_it_has_joined_follows_the_clock_that_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a worker would have joined at a time that is still to come, once somebody has set the clock back."""
    nobody: Any = None
    remote: Any = object()
    connection = MasterConnection(JoinLink("127.0.0.1", 1, "k" * 22), "a", Workload(), nobody)
    connection._remote, connection._since = remote, OnTheWall(elapsed() - 60.0)
    real = time.time
    assert connection.since == pytest.approx(real() - 60.0, abs=3.0)
    monkeypatch.setattr(time, "time", lambda: real() - 3 * 3600)
    assert connection.since == pytest.approx(real() - 3 * 3600 - 60.0, abs=3.0)
