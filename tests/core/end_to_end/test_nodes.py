"""Nodes that come, go, die, freeze and change their size while a job runs: nothing is lost, nothing stays behind."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentEvent
from mcgui_core.node.agent import Agent
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.slots.process_slots import ProcessSlots
from tests.core.proxy import proxy, through
from tests.support import (
    MEETING,
    Meeting,
    all_gone,
    cluster,
    descendants,
    joined,
    kill,
    node,
    slots,
    wait_until_gone,
    worker,
)
from tests.waiting import until

SQUARE = "def square(x): return x * x"
#: 100,000 of these take some seconds on a slot.
SLOWER = "def f(x): return sum(range(x % 1000)) + x"


def expected(count: int) -> list[int]:
    return [sum(range(x % 1000)) + x for x in range(count)]


def test_a_worker_joins_with_what_it_says_of_itself() -> None:
    with Master() as master:
        agent = master.add_local_worker(3, name="lab-3")
        until(lambda: joined(master))
        status = node(master, "lab-3")
        assert (status.nprocs, status.state, status.busy) == (3, "idle", 0)
        assert status.python == sys.version.split()[0]
        assert status.cpus >= 1
        assert agent.alive


def test_a_worker_that_is_killed_loses_no_task(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 1, "a") as a, worker(master.worker_link, 1, "b"):
        until(lambda: joined(master, 2))
        job = master.submit(MEETING, "meet", meeting.arguments(30), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2, what="a task on each worker")
        family = descendants(a.pid)
        kill(psutil.Process(a.pid))
        wait_until_gone(family)
        until(lambda: node(master, "a").state == "lost")
        meeting.go()
        assert job.results() == list(range(30))
        assert job.status.done == 30
        # The task that the killed worker was at ran again, and no other.
        assert sorted(set(meeting.started)) == list(range(30))
        assert len(meeting.started) == 31


def test_all_workers_may_be_killed_and_others_finish_the_job() -> None:
    with Master() as master:
        with worker(master.worker_link, 1, "a") as a, worker(master.worker_link, 1, "b") as b:
            job = master.submit(SLOWER, "f", range(100_000))
            until(lambda: job.status.done > 1000, what="some results")
            kill(psutil.Process(a.pid))
            kill(psutil.Process(b.pid))
            until(lambda: not joined(master, 1) and joined(master, 0))
            # A moment later, where they had been here for a while: they might have come back to what they hold.
            until(lambda: job.status.running == 0)
            held = job.status
            assert held.done < 100_000
            assert held.reason == "Waiting for a worker to join."
        with worker(master.worker_link, 2, "c"):
            assert job.results() == expected(100_000)
        indices = [index for index, _ in job.iter_results()]
        assert len(indices) == len(set(indices)) == 100_000
        assert sum(n.done for n in master.nodes()) == 100_000


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be frozen there")
def test_a_worker_says_that_its_master_does_not_answer_and_that_it_does_again() -> None:
    with Master() as master, worker(master.worker_link, 1) as agent:
        until(lambda: agent.last_event.state == "idle")
        frozen = master.pid
        os.kill(frozen, signal.SIGSTOP)
        try:
            until(lambda: agent.last_event.state == "connecting")
            assert agent.last_event.message.endswith(" does not answer.")
        finally:
            os.kill(frozen, signal.SIGCONT)
        until(lambda: (agent.last_event.state, agent.last_event.message) == ("idle", ""))


class HardToMeasure(ProcessSlots):
    """Slots on a computer that answers late how much its processes use, and whose first answers are errors."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = threading.Event(), threading.Event()
        self._errors: list[Exception] = [OSError(5, "Input/output error"), psutil.AccessDenied(1)]

    def usage(self) -> tuple[float, int]:
        if self._errors:
            raise self._errors.pop()
        self.asked.set()
        self.answer.wait()
        return 50.0, 0


def test_a_worker_that_is_slow_to_measure_says_that_its_master_does_not_answer() -> None:
    """With thousands of processes a look at them takes longer than one at the master may wait."""
    events: list[AgentEvent] = []
    measured = HardToMeasure()
    with Master() as master, proxy(master.address) as between:
        agent = Agent(JoinLink.parse(through(master.worker_link, between)), 1, "slow", events.append, measured)
        agent.start()
        try:
            until(lambda: joined(master) and measured.asked.is_set(), what="that it measures again after errors")
            between.frozen = True
            until(lambda: events[-1].state == "connecting", what="that the silence is told")
            assert events[-1].message.endswith(" does not answer.")
            between.frozen = False
            until(lambda: (events[-1].state, events[-1].message) == ("idle", ""))
            assert agent.cpu == 0.0
            measured.answer.set()
            until(lambda: agent.cpu >= 50.0)
        finally:
            measured.answer.set()
            agent.leave()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be frozen there")
def test_a_worker_that_stood_still_does_not_blame_its_master() -> None:
    """As where its computer sleeps, or a virtual one is stopped for a moment."""
    events: list[AgentEvent] = []
    with Master() as master, proxy(master.address) as between:
        with worker(through(master.worker_link, between), 1, "asleep", events.append) as agent:
            until(lambda: agent.last_event.state == "idle")
            between.frozen = True
            os.kill(agent.pid, signal.SIGSTOP)
            events.clear()
            try:
                until(lambda: node(master, "asleep").state == "lost")
            finally:
                os.kill(agent.pid, signal.SIGCONT)
            between.frozen = False
            until(lambda: node(master, "asleep").state == "idle")
            agent.set_nprocs(2)
            until(lambda: (agent.last_event.nprocs, agent.last_event.state) == (2, "idle"))
            assert not [event.message for event in events if event.message.endswith(" does not answer.")]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be frozen there")
def test_a_worker_that_was_frozen_and_given_up_comes_back_by_itself(tmp_path: Path) -> None:
    """Its slots went on working meanwhile: what they did is either wanted still or dropped, and counts once."""
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 2, "frozen") as frozen:
        job = master.submit(MEETING, "meet", meeting.arguments(40), call="args")
        until(lambda: len(meeting.started) == 2, what="two tasks that run")
        os.kill(frozen.pid, signal.SIGSTOP)
        try:
            until(lambda: node(master, "frozen").state == "lost", what="that it is given up")
            assert job.status.running == 0
            with worker(master.worker_link, 1, "other"):
                until(lambda: len(meeting.started) == 3, what="a task on the other worker")
                meeting.go()
                until(lambda: job.status.done > 0, what="results of the other")
                os.kill(frozen.pid, signal.SIGCONT)
                until(lambda: node(master, "frozen").state in ("idle", "working"), what="that it is back")
                assert job.results() == list(range(40))
        finally:
            os.kill(frozen.pid, signal.SIGCONT)
        indices = [index for index, _ in job.iter_results()]
        assert sorted(indices) == list(range(40))
        assert sum(n.done for n in master.nodes()) == 40
        until(lambda: node(master, "frozen").state == "idle")
        assert master.submit(SQUARE, "square", range(100)).results() == [x * x for x in range(100)]


def test_a_worker_may_be_resized_over_and_over_during_a_job() -> None:
    with Master() as master:
        agent = master.add_local_worker(1)
        job = master.submit(SLOWER, "f", range(100_000))
        for nprocs in (4, 1, 3, 2, 5, 1, 2, 1, 4, 2):
            before = job.status.done
            agent.set_nprocs(nprocs)
            until(lambda before=before: job.status.done > before or job.status.final)  # type: ignore[misc]
        assert job.results() == expected(100_000)
        agent.set_nprocs(1)
        until(lambda: len(slots(agent)) <= 2, what="a single slot, and one process that is ready")
        until(lambda: master.nodes()[0].nprocs == 1)
        indices = [index for index, _ in job.iter_results()]
        assert sorted(indices) == list(range(100_000))
        family = descendants(agent.pid)
    assert all_gone(family)


def test_a_slot_too_many_ends_after_its_task_and_the_task_counts(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master:
        agent = master.add_local_worker(3)
        job = master.submit(MEETING, "meet", meeting.arguments(3), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 3, what="three tasks that run")
        agent.set_nprocs(1)
        until(lambda: agent.last_event.nprocs == 1)
        meeting.go()
        assert job.results() == [0, 1, 2]
        assert meeting.started == [0, 1, 2]
        until(lambda: len(slots(agent)) == 2, what="a single slot, and one process that is ready")


def test_a_worker_that_leaves_gives_its_tasks_back(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 1, "goes") as goes:
        job = master.submit(MEETING, "meet", meeting.arguments(10), call="args")
        until(lambda: meeting.started == [0])
        family = descendants(goes.pid)
        goes.leave()
        assert all_gone(family)
        assert not goes.alive
        assert goes.last_event.state == "ended"
        assert node(master, "goes").state == "left"
        assert job.status.running == 0
        meeting.go()
        master.add_local_worker(1, name="stays")
        assert job.results() == list(range(10))
        assert node(master, "goes").done == 0


def test_a_worker_that_drains_finishes_what_runs_and_leaves(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 2, "goes") as goes:
        job = master.submit(MEETING, "meet", meeting.arguments(10), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2)
        goes.drain()
        until(lambda: node(master, "goes").state == "draining")
        until(lambda: job.status.running == 2, what="that it gives back what waits")
        meeting.go()
        until(lambda: not goes.alive, what="its end")
        assert node(master, "goes").state == "left"
        assert (job.status.done, len(meeting.started)) == (2, 2)
        master.add_local_worker(1)
        assert job.results() == list(range(10))
        assert len(meeting.started) == 10


def test_a_paused_worker_finishes_what_runs_and_starts_nothing_until_it_goes_on(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    events: list[AgentEvent] = []
    with Master() as master:
        agent = master.add_local_worker(1, on_event=events.append)
        job = master.submit(MEETING, "meet", meeting.arguments(10), call="args", chunksize=1)
        until(lambda: meeting.started == [0])
        agent.pause("on battery")
        until(lambda: master.nodes()[0].state == "paused")
        assert master.nodes()[0].reason == "on battery"
        assert agent.last_event.message == "on battery"
        meeting.go()
        until(lambda: job.status.running == 0)
        assert (job.status.done, job.status.state) == (1, "running")
        agent.resume()
        assert job.results() == list(range(10))
        until(lambda: agent.last_event.state == "idle")
        states = [state for state, _ in itertools.groupby(event.state for event in events)]
        assert states[-1] == "idle"  # (the first is "connecting" only where that takes a moment)
        assert states.count("paused") == 1


def test_a_worker_that_comes_late_gets_its_share(tmp_path: Path) -> None:
    """The first has leased everything by then: part of it is taken back."""
    gate = tmp_path / "open"
    source = (
        "import threading, pathlib\n"
        "def f(x):\n"
        f"    while x > 20 and not pathlib.Path({str(gate)!r}).exists():\n"
        "        threading.Event().wait(0.02)\n"
        "    threading.Event().wait(0.02)\n"
        "    return x"
    )
    with Master() as master, worker(master.worker_link, 1, "early"):
        job = master.submit(source, "f", range(200))
        until(lambda: job.status.done > 5)
        with worker(master.worker_link, 1, "late"):
            until(lambda: any(found.busy for found in master.nodes() if found.name == "late"))
            gate.touch()
            assert job.results() == list(range(200))
            assert node(master, "late").done > 30


@pytest.mark.parametrize("chunksize", [None, 1], ids=["in one piece with it", "in the queue behind it"])
def test_what_is_behind_a_long_task_is_done_by_another_node(tmp_path: Path, chunksize: int | None) -> None:
    """Where no slot here has time for it. Each task runs once: there are no second runs."""
    gate, ran = tmp_path / "gate", tmp_path / "ran"
    source = (
        "import pathlib, threading\n"
        "def f(x):\n"
        f"    with open({str(ran)!r}, 'a') as file:\n"
        "        file.write(f'{x}\\n')\n"
        f"    while x == 1001 and not pathlib.Path({str(gate)!r}).exists():\n"
        "        threading.Event().wait(0.01)\n"
        "    return -x\n"
    )
    with Master() as master:
        for name in ("a", "b"):
            master.add_local_worker(1, name=name)
        until(lambda: joined(master, 2))
        job = master.submit(source, "f", range(2000), hedge=False, chunksize=chunksize)
        try:
            until(lambda: job.status.done == 1999, what="all but the long one")
        finally:
            gate.touch()
        assert job.results() == [-x for x in range(2000)]
        assert sorted(int(line) for line in ran.read_text().split()) == list(range(2000))


def test_five_workers_that_join_and_leave_at_once_all_work() -> None:
    with Master() as master:
        agents = [master.add_local_worker(1, name=f"n{number}") for number in range(5)]
        until(lambda: joined(master, 5))
        job = master.submit("import threading\ndef f(x): threading.Event().wait(0.05); return x", "f", range(50))
        assert job.results() == list(range(50))
        assert all(n.done > 0 for n in master.nodes())
        pids = [agent.pid for agent in agents]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_an_idle_cluster_costs_next_to_nothing() -> None:
    with cluster(2) as master:
        master.submit(SQUARE, "square", range(1000)).results()
        here = psutil.Process()

        def spent_in(seconds: float) -> float:
            family = [p for p in here.children(recursive=True) if p.is_running()]
            before = sum(sum(p.cpu_times()[:2]) for p in family)
            threading.Event().wait(seconds)  # the very thing that is measured: so long without work
            return sum(sum(p.cpu_times()[:2]) for p in family) - before

        # A process for the next slot is started a moment after one was taken.
        until(lambda: spent_in(0.3) < 0.02, what="the end of what is started")
        spent = spent_in(1.5)
        assert spent < 0.1, f"{spent:.2f} s of processor in 1.5 s without work"


def test_two_workers_started_by_command_join_one_master_and_one_is_killed() -> None:
    command = [sys.executable, "-m", "mcgui_core.cli.main", "worker", "--nprocs", "1"]
    with Master() as master:
        environment = {**os.environ, "MCGUI_LINK": master.worker_link}
        workers = [
            subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        try:
            until(lambda: joined(master, 2))
            job = master.submit(SLOWER, "f", range(100_000))
            until(lambda: all(n.done for n in master.nodes()), what="results of both")
            family = descendants(workers[0].pid)
            workers[0].kill()
            workers[0].wait()
            wait_until_gone(family)
            assert job.results() == expected(100_000)
            assert sorted(index for index, _ in job.iter_results()) == list(range(100_000))
            assert sorted(n.state for n in master.nodes()) in (["idle", "lost"], ["lost", "working"])
        finally:
            for process in workers:
                process.terminate()
                process.wait()


def test_a_worker_that_lacks_a_module_says_which_and_the_others_do_its_tasks(tmp_path: Path) -> None:
    """Both are this computer, so the first to load the environment stands for the one that lacks the module."""
    source = f"""
import os, sys
if not os.path.exists({str(tmp_path / "first")!r}):
    open({str(tmp_path / "first")!r}, "w").close()
    import a_module_that_is_not_here
import time
def f(x):
    while not os.path.exists({str(tmp_path / "go")!r}):
        time.sleep(0.01)
    return x
"""
    heard: list[AgentEvent] = []
    with Master() as master:
        master.add_local_worker(1, name="a", on_event=heard.append)
        master.add_local_worker(1, name="b", on_event=heard.append)
        until(lambda: joined(master, 2))
        job = master.submit(source, "f", range(20), chunksize=1)
        lacks = "No module named 'a_module_that_is_not_here'"
        until(lambda: any(lacks in status.reason for status in master.nodes()), what="the reason beside the worker")
        until(lambda: lacks in job.status.reason, what="the reason beside the job")
        (tmp_path / "go").touch()
        assert job.results() == list(range(20))
        until(lambda: any(lacks in event.aside for event in heard), what="the worker knows it too")
        assert [status.reason for status in master.nodes()] == ["", ""]
