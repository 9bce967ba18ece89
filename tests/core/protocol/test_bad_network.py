"""A job over a network that delays, freezes, drops and resets: its result is complete, and each part counts once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mcgui_core import Cluster, Master
from mcgui_core.node.agent import Agent
from mcgui_core.protocol.join_link import JoinLink
from tests.core.proxy import Proxy, proxy, through
from tests.support import MEETING, Meeting, is_true, joined, node, worker
from tests.waiting import until

SLOWER = "def f(x):\n    if x % 1000 == 999: raise ValueError(x)\n    return sum(range(x % 1000)) + x"
COUNT = 40_000
GOOD = {x: sum(range(x % 1000)) + x for x in range(COUNT) if x % 1000 != 999}


@pytest.mark.parametrize("how", ["drop", "reset"])
def test_connections_that_break_again_and_again_lose_and_double_nothing(how: str) -> None:
    with Master() as master, proxy(master.address) as between:
        with worker(through(master.worker_link, between), 2) as agent:
            job = master.submit(SLOWER, "f", range(COUNT), retries=1)
            for step in range(1, 7):
                until(lambda step=step: job.status.done > step * 4000, what="more results")  # type: ignore[misc]
                before = between.accepted
                getattr(between, how)()
                until(lambda before=before: between.accepted > before, what="that it comes back")  # type: ignore[misc]
            assert job.wait(40).state == "finished"
            found = list(job.iter_results(return_exceptions=True))
            assert len(found) == len({index for index, _ in found}) == COUNT
            assert {index: value for index, value in found if isinstance(value, int)} == GOOD
            assert (job.status.done, job.status.failed) == (len(GOOD), COUNT - len(GOOD))
            assert agent.alive
        # It is one node for the master, however often it came.
        assert len(master.nodes()) == 1


def test_a_slow_network_is_only_slow() -> None:
    """Each packet 20 ms late, either way."""
    with Master() as master, proxy(master.address) as between:
        between.delay = 0.02
        with worker(through(master.worker_link, between), 2):
            job = master.submit(SLOWER, "f", range(COUNT))
            assert job.wait(40).state == "finished"
            assert (job.status.done, job.status.failed) == (len(GOOD), COUNT - len(GOOD))


def test_a_worker_behind_a_network_that_falls_silent_is_given_up_and_comes_back(tmp_path: Path) -> None:
    """No end of a connection, no reset: just nothing any more, as when a cable is pulled."""
    meeting = Meeting(tmp_path)
    with (
        Master() as master,
        proxy(master.address) as between,
        worker(through(master.worker_link, between), 1, "cut off"),
        worker(master.worker_link, 1, "other"),
    ):
        until(lambda: joined(master, 2))
        job = master.submit(MEETING, "meet", meeting.arguments(20), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2)
        between.frozen = True
        until(lambda: node(master, "cut off").state == "lost")
        meeting.go()
        assert job.results() == list(range(20))
        between.frozen = False
        until(lambda: node(master, "cut off").state == "idle", what="that it is back")
        assert sum(n.done for n in master.nodes()) == 20


def test_a_worker_keeps_trying_while_the_network_refuses_it() -> None:
    with Master() as master, proxy(master.address) as between:
        between.refusing = True
        with worker(through(master.worker_link, between), 1) as agent:
            until(lambda: agent.last_event.state == "connecting" and agent.last_event.message)
            assert not joined(master, 1)
            between.refusing = False
            until(lambda: joined(master, 1))
            until(lambda: agent.last_event.state == "idle")
            assert agent.last_event.message == ""


def test_a_worker_that_is_told_to_end_waits_for_no_network_that_has_fallen_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mcgui_core.node.agent.FAREWELL_SECONDS", 0.2)
    with Master() as master, proxy(master.address) as between:
        agent = Agent(JoinLink.parse(through(master.worker_link, between)), 1, "told to end", lambda _: None)
        agent.start()
        # There is a connection over which it can say so at once.
        until(lambda: (remote := agent._master._remote) is not None and remote._idle)
        between.frozen = True
        leaving = threading.Thread(target=agent.leave)
        leaving.start()
        assert agent.ended.wait(20.0)  # an answer is waited for longer than that
        leaving.join()


def test_a_client_whose_connection_breaks_may_just_ask_again() -> None:
    with Master() as master, proxy(master.address) as between:
        master.add_local_worker(1)
        with Cluster.connect(through(master.console_link, between)) as client:
            job = client.submit(SLOWER, "f", range(900))
            between.reset()
            until(is_true(lambda: job.status.final))
            between.drop()
            assert job.results() == [GOOD[x] for x in range(900)]


def test_a_generator_survives_a_connection_that_breaks(tmp_path: Path) -> None:
    """Each argument arrives once, whether or not the master had it already when the connection broke."""
    with Master() as master, proxy(master.address) as between:
        master.add_local_worker(2)
        with Cluster.connect(through(master.console_link, between)) as client:
            job = client.submit("def f(x): return x", "f", (spoil(number, between) for number in range(20_000)))
            until(is_true(lambda: job.status.final), 30)
            assert job.results() == list(range(20_000))


def spoil(number: int, between: Proxy) -> int:
    """The number; each 3,000th of them breaks all connections."""
    if number % 3000 == 2999:
        between.reset()
    return number


def test_a_job_that_is_cancelled_while_a_worker_is_away_is_stopped_when_it_comes_back(tmp_path: Path) -> None:
    """Its slot would be busy with it for ever, otherwise."""
    mark = tmp_path / "started"
    endless = "import pathlib\ndef f(mark):\n    pathlib.Path(mark).touch()\n    while True: pass"
    with Master() as master, proxy(master.address) as between, worker(through(master.worker_link, between), 1):
        job = master.submit(endless, "f", [str(mark)])
        until(mark.exists)
        between.refusing = True
        between.reset()
        until(lambda: joined(master, 0))
        job.cancel()
        between.refusing = False
        assert master.submit("def f(x): return x", "f", [1]).results() == [1]
