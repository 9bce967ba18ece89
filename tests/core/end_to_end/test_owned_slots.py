"""A slot is its process with all that its tasks start: threads, children, and what parts from them; as its owner has it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.node.answer_watch import SILENT_AFTER
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.processes.process_priority import NICE
from tests.core.proxy import proxy, through
from tests.support import node, wait_until_gone
from tests.waiting import until

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="its tasks fork, and ask for their priority as POSIX has it"
)

#: Each way in which a task may start another process; all of them note their number and run until they are ended.
STARTS = """
import os, pathlib, resource, subprocess, sys, threading
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

WAIT = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(600)"

def loop(folder):
    pathlib.Path(folder, str(os.getpid())).touch()
    while True:
        pass

def f(folder, ways):
    for way in ways:
        if way == "a session of its own, without an environment":
            subprocess.Popen([sys.executable, "-c", WAIT, folder], env={}, start_new_session=True)
        elif way == "a daemon" or way.endswith("and nothing else"):
            if os.fork() == 0:
                if "group" not in way:
                    os.setsid()
                if way != "a daemon" and hasattr(resource, "RLIMIT_MSGQUEUE"):
                    resource.setrlimit(resource.RLIMIT_MSGQUEUE, (1, 1))  # by which it would be known
                if os.fork():
                    os._exit(0)
                kept = os.environ if "environment" in way else {}
                os.execve(sys.executable, [sys.executable, "-c", WAIT, folder], kept)
            os.wait()
        elif way == "shared memory":
            held = SharedMemory(create=True, size=1000)
            pathlib.Path(folder + ".shared").write_text(held.name)
            pathlib.Path(folder, str(resource_tracker._resource_tracker._pid)).touch()
        elif os.fork() == 0:
            if way != "child":
                os.setsid()
            if way == "double fork" and os.fork():
                os._exit(0)
            loop(folder)
    threading.Event().wait()
"""
WAYS = ["child", "setsid", "double fork", "in its group, and nothing else", "with its environment, and nothing else"]
WAYS.append("a session of its own, without an environment")
if sys.platform == "linux":
    WAYS.append("a daemon")  # which has dropped its environment, and whose parent is gone at once
HUNGRY = """
import os, threading

def f(x):
    if os.fork() == 0:
        os.setsid()
        held = bytearray(b"x") * 300_000_000
        threading.Event().wait()
    threading.Event().wait(x)
    os.killpg(os.getpgid(0), 9)
"""
NICE_OF_ALL = """
import os, subprocess, sys, threading

def all_of_it():
    found = [os.nice(0)]
    thread = threading.Thread(target=lambda: found.append(os.nice(0)))
    thread.start()
    thread.join()
    said = subprocess.run([sys.executable, "-c", "import os; print(os.nice(0))"], capture_output=True, env={})
    return [*found, int(said.stdout)]

at_load = all_of_it()

def f(x):
    if x == "crash":
        os._exit(3)
    if x == "wait":
        threading.Event().wait()
    return at_load + all_of_it()
"""


@contextmanager
def guest(master: Cluster, name: str = "guest", limits: Limits | None = None, link: str = "") -> Iterator[AgentProcess]:
    agent = AgentProcess(link or master.worker_link, 1, name, limited=True)
    try:
        agent.limit(limits or Limits(), Overrides(), 1)
        until(lambda: agent.last_event.state in ("idle", "working"), what="that it has joined")
        yield agent
    finally:
        agent.leave()


def started(folder: Path, count: int = len(WAYS)) -> list[psutil.Process]:
    """What the task has started, once all of it runs."""
    until(lambda: len(list(folder.iterdir())) == count, what="all that the task starts")
    return [psutil.Process(int(path.name)) for path in folder.iterdir()]


def test_what_a_task_has_started_ends_as_its_owner_gives_the_task_back(tmp_path: Path) -> None:
    with Master() as master, guest(master) as agent:
        job = master.submit(STARTS, "f", [(str(tmp_path), WAYS)], call="args")
        members = started(tmp_path)
        agent.limit(Limits(), Overrides(paused=True), 1)
        until(lambda: agent.last_event.state == "paused")
        agent.hand_back()
        wait_until_gone(members)
        until(lambda: agent.last_event.busy == 0)
        job.cancel()


def test_what_a_task_has_started_ends_as_its_owner_quits(tmp_path: Path) -> None:
    with Master() as master:
        with guest(master):
            master.submit(STARTS, "f", [(str(tmp_path), WAYS)], call="args")
            members = started(tmp_path)
        wait_until_gone(members)


def test_the_processor_time_of_what_a_task_has_started_is_its_owners_and_the_masters_figure(tmp_path: Path) -> None:
    with Master() as master, guest(master) as agent:
        job = master.submit(STARTS, "f", [(str(tmp_path), ["setsid"])], call="args")
        (child,) = started(tmp_path, 1)
        # By then the figures are without what its slot has needed to start.
        until(lambda: child.cpu_times().user > 1.5, 60, "some work of the child")
        until(lambda: agent.last_event.cpu > 1.0, what="a figure that counts it")
        until(lambda: node(master, "guest").cpu > 1.0, what="the master's")
        job.cancel()


def test_a_jobs_own_limit_of_memory_counts_what_its_tasks_have_started() -> None:
    with Master() as master, guest(master):
        failure = master.submit(HUNGRY, "f", [60], memory="150 MB").results(return_exceptions=True)[0]
        assert "more than the 150 MB of memory allowed" in str(failure)


def test_the_owners_ceiling_of_memory_counts_what_tasks_have_started() -> None:
    limits = Limits(on=frozenset({"memory"}), memory=150_000_000)
    with Master() as master, guest(master, limits=limits) as agent:
        failure = master.submit(HUNGRY, "f", [60]).results(return_exceptions=True)[0]
        assert "more memory than the owner of this computer allows" in str(failure)
        until(lambda: "does not come back here" in agent.last_event.stopped)


def test_a_task_that_is_too_large_for_one_computer_goes_to_one_with_room(tmp_path: Path) -> None:
    eats = """
import os, pathlib, threading
def f(go):
    held = bytearray(b"x") * 400_000_000
    while not pathlib.Path(go).exists():
        threading.Event().wait(0.05)
    return os.getppid()
"""
    small = Limits(on=frozenset({"memory"}), memory=150_000_000)
    with Master() as master, guest(master, "small") as first:
        job = master.submit(eats, "f", [str(tmp_path / "go")])
        until(lambda: first.last_event.busy == 1)
        with guest(master, "large") as second:
            first.limit(small, Overrides(), 1)  # once there is another one to go to
            until(lambda: "does not come back here" in first.last_event.stopped)
            (tmp_path / "go").touch()
            assert job.results() == [second.pid]


@pytest.mark.parametrize("before", ["nothing", "crash", "time-out", "given back"])
def test_threads_and_children_have_low_priority_from_the_first_moment_also_in_the_next_process(before: str) -> None:
    low = max(NICE, os.nice(0))
    with Master() as master, guest(master) as agent:
        if before == "crash":
            master.submit(NICE_OF_ALL, "f", ["crash"]).results(return_exceptions=True)
        elif before == "time-out":
            master.submit(NICE_OF_ALL, "f", ["wait"], timeout=0.2).results(return_exceptions=True)
        elif before == "given back":
            job = master.submit(NICE_OF_ALL, "f", ["wait"])
            until(lambda: agent.last_event.busy == 1)
            agent.limit(Limits(), Overrides(paused=True), 1)
            until(lambda: agent.last_event.state == "paused")
            agent.hand_back()
            until(lambda: agent.last_event.busy == 0)
            job.cancel()
            agent.limit(Limits(), Overrides(), 1)
        assert master.submit(NICE_OF_ALL, "f", [1]).results() == [[low] * 6]


def test_threads_and_children_that_run_already_are_lowered_too(tmp_path: Path) -> None:
    usual = replace(Limits(), low_priority=False)
    with Master() as master, guest(master, limits=usual) as agent:
        job = master.submit(STARTS, "f", [(str(tmp_path), ["child", "setsid"])], call="args")
        members = started(tmp_path, 2)
        (slot,) = (psutil.Process(pid) for pid in {member.ppid() for member in members})
        assert slot.nice() == os.nice(0)
        agent.limit(Limits(), Overrides(), 1)

        def nices() -> set[int]:
            threads = [psutil.Process(thread.id) for thread in slot.threads()] if sys.platform == "linux" else []
            return {each.nice() for each in (slot, *threads, *members)}

        until(lambda: nices() == {max(NICE, os.nice(0))})
        job.cancel()


def test_a_master_that_says_nothing_is_no_master_that_is_served() -> None:
    assert SILENT_AFTER < 5.0
    with Master() as master, proxy(master.address) as between:
        with guest(master, link=through(master.worker_link, between)) as agent:
            between.frozen = True
            until(lambda: agent.last_event.state == "connecting", what="that it is noticed")
            assert agent.last_event.message.endswith("does not answer.")
            between.frozen = False
            until(lambda: agent.last_event.state == "idle", what="that it answers again")


def test_a_worker_whose_program_is_killed_leaves_nothing_of_its_tasks(tmp_path: Path) -> None:
    """Only what parts from it in every way, and within a moment, is left to the system."""
    code = "import sys; from tests.core.end_to_end.test_owned_slots import serve; serve(sys.argv[1], sys.argv[2])"
    with Master() as master:
        program = subprocess.Popen([sys.executable, "-c", code, master.worker_link, str(tmp_path)])
        master.submit(STARTS, "f", [(str(tmp_path), ["child", "setsid"])], call="args")
        members = started(tmp_path, 2)
        program.kill()
        program.wait()
        wait_until_gone(members)


def test_a_worker_that_is_killed_itself_leaves_nothing_of_its_tasks_either(tmp_path: Path) -> None:
    """Nor their shared memory: what removes that ends after all others."""
    ways = [*WAYS, "shared memory"]
    with Master() as master, guest(master) as agent:
        master.submit(STARTS, "f", [(str(tmp_path), ways)], call="args")
        members = started(tmp_path, len(ways))
        psutil.Process(agent.pid).kill()
        wait_until_gone(members)
    name = tmp_path.with_name(f"{tmp_path.name}.shared").read_text()
    assert not Path("/dev/shm", name.lstrip("/")).exists()


def serve(link: str, _folder: str) -> None:
    """A program with a worker, until it is killed."""
    agent = AgentProcess(link, 1, "guest", limited=True)
    agent.limit(Limits(), Overrides(), 1)
    until(lambda: not agent.alive, 600)
