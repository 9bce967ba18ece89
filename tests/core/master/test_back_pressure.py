"""Whoever is slow, or has too much to tell, costs the others nothing: memory stays bounded, and work goes on."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.base.clock import Clock
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import NodeInfo, Outcome, Report
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.protocol.transport import TlsClient
from tests.raw_calls import call
from tests.support import cluster, descendants, slots, wait_until_gone
from tests.waiting import until

MEGABYTE = "import os\ndef f(x): return os.urandom(1_000_000)"
FAILING = """
def f(x):
    return deep(x, 100)

def deep(x, levels):
    if levels:
        return deep(x, levels - 1)
    raise ValueError(f"{x} is bad")
"""


def memory(master: Master) -> int:
    return psutil.Process(master.pid).memory_info().rss


def test_a_client_that_asks_and_does_not_listen_holds_up_nobody() -> None:
    with cluster(2) as master:
        job = master.submit(MEGABYTE, "f", range(60))
        job.wait(50)
        link = JoinLink.parse(master.console_link)
        before = memory(master)
        with TlsClient((link.host, link.port), link.key.encode()) as deaf:
            deaf.send(("cluster", "outcomes", (job.id, 0, 0.0, 24 << 20), {}))  # more than any socket's buffer holds
            other = master.submit("def g(x): return x", "g", range(10_000))
            assert other.wait(50).done == 10_000
            assert sum(1 for _ in job.iter_results()) == 60
            assert memory(master) - before < 120 << 20


def test_a_reader_that_takes_its_time_is_not_fed_ahead() -> None:
    """What is not asked for stays in the journal."""
    with cluster(2) as master:
        master.submit(MEGABYTE, "f", range(10)).wait(20)
        before = memory(master)
        job = master.submit(MEGABYTE, "f", range(120))
        results = job.iter_results()
        next(results)
        job.wait(50)
        assert memory(master) - before < 90 << 20
        assert sum(1 for _ in results) == 119


def test_a_connection_that_brought_or_asked_for_much_holds_none_of_it_until_it_says_more() -> None:
    """A node may be at one task for hours after a large result."""
    large = b"x" * (60 << 20)
    with Master() as master, ExitStack() as stack:
        job = master.submit("def f(x): return x", "f", range(3), chunksize=1)
        before, link = memory(master), JoinLink.parse(master.worker_link)
        for id in ("a", "b", "c"):
            node = stack.enter_context(connect(link))
            call(node, "node", "join", NodeInfo(id, id, 1, 1, "3.11.7", "Test", 1))
            (chunk,) = call(node, "node", "exchange", id, Report(), 0.001).chunks
            place = chunk.job, chunk.start, chunk.stop
            outcome = Outcome(*place, large, (), 0.1, id, chunk.lease, token=chunk.token)
            call(node, "node", "exchange", id, Report(outcomes=(outcome,)), 0.0)
        console = stack.enter_context(connect(JoinLink.parse(master.console_link)))
        assert call(console, "cluster", "outcomes", job.id, 0, 0.0, 24 << 20)
        until(lambda: memory(master) - before < 40 << 20, what="that the master has let go of it")


def test_very_many_failures_with_long_tracebacks_take_little_memory_and_little_disk(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with Master(journal=journal) as master:
        master.add_local_worker(2)
        master.submit("def f(x): return x", "f", range(1000)).wait(20)
        before = memory(master)
        job = master.submit(FAILING, "f", range(1500))
        assert job.wait(50).failed == 1500
        assert memory(master) - before < 80 << 20
        size = sum(path.stat().st_size for path in tmp_path.iterdir() if path.name.startswith("journal.sqlite"))
        assert size < 8 << 20  # the tracebacks alone would be 15 MB in their rows
        (failure,) = job.failures(1499, 1)
        assert failure.message == "1499 is bad"
        assert failure.traceback.count("in deep") > 3
        assert failure.traceback.endswith("ValueError: 1499 is bad\n")


def test_a_clock_that_somebody_sets_does_not_disturb_the_masters(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    before = clock()
    for wrong in (0.0, 9e9):
        monkeypatch.setattr("time.time", lambda wrong=wrong: wrong)
        assert 0 <= clock() - before < 60


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process that never leaves C")
def test_a_slot_that_never_comes_back_from_c_ends_with_its_killed_agent(tmp_path: Path) -> None:
    """A PyDLL keeps the interpreter's lock: no thread of the slot runs any more, and no signal ends that call."""
    source = (
        "import ctypes\n"
        "def stay(begun):\n"
        "    open(begun, 'w').close()\n"
        "    libc, mutex = ctypes.PyDLL(None), ctypes.create_string_buffer(64)\n"
        "    while libc.pthread_mutex_lock(mutex) == 0: pass\n"
    )
    begun = tmp_path / "begun"
    with Master() as master:
        agent = master.add_local_worker(1)
        master.submit(source, "stay", [str(begun)])
        until(begun.exists, 40, what="the task's start")
        held = slots(agent)
        psutil.Process(agent.pid).kill()
        wait_until_gone(held, 50)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes that end together")
def test_a_slot_ends_with_its_killed_agent_and_takes_along_what_its_task_has_started(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\n"
        "def stay(begun):\n"
        "    stays = f'import threading; open({begun!r}, \"w\").close(); threading.Event().wait()'\n"
        "    subprocess.run([sys.executable, '-c', stays])\n"
    )
    begun = tmp_path / "begun"
    with Master() as master:
        agent = master.add_local_worker(1)
        master.submit(source, "stay", [str(begun)])
        until(begun.exists, 40, what="the start of the task's own process")
        family = descendants(agent.pid)
        assert len(family) >= 2  # the slot, what its task has started, and perhaps a process for the next slot
        psutil.Process(agent.pid).kill()
        wait_until_gone(family)
