"""A child with all that it starts, as real processes that part from it in every way there is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mcgui_core.processes.process_family import ProcessFamilies
from mcgui_core.processes.process_priority import NICE
from mcgui_core.processes.watched_process import WatchedProcess
from tests.support import all_gone, wait_until_gone
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="starts its processes by fork")

#: Starts a child in each way that is named on its command line, has each hold 60 MB, and waits.
STARTS = """
import os, resource, subprocess, sys, threading

def hold():
    held = bytearray(os.urandom(1)) * 60_000_000
    sys.stdout.write(".")
    sys.stdout.flush()
    threading.Event().wait()

CODE = "import time; held = bytearray(b'x') * 60_000_000; print('.', end='', flush=True); time.sleep(600)"

for way in sys.argv[1:]:
    if way == "without an environment":
        subprocess.Popen([sys.executable, "-c", CODE], env={}, start_new_session=True)
    elif way in ("without a parent and an environment", "in its group alone"):
        if os.fork() == 0:
            if way != "in its group alone":
                os.setsid()
            elif hasattr(resource, "RLIMIT_MSGQUEUE"):
                resource.setrlimit(resource.RLIMIT_MSGQUEUE, (1, 1))  # by which it would be known
            if os.fork():
                os._exit(0)
            os.execve(sys.executable, [sys.executable, "-c", CODE], {})
        os.wait()
    elif os.fork() == 0:
        if way != "child":
            os.setsid()
        if way == "double fork" and os.fork():
            os._exit(0)
        hold()
sys.stdout.write("+")
sys.stdout.flush()
sys.stdin.read()
"""
WAYS = ["child", "setsid", "double fork", "without an environment", "in its group alone"]
if sys.platform == "linux":
    WAYS.append("without a parent and an environment")


@pytest.fixture
def family() -> Iterator[WatchedProcess]:
    made = WatchedProcess([sys.executable, "-c", STARTS, *WAYS], ProcessFamilies(), low_priority=True)
    assert made.popen.stdin is not None
    assert made.popen.stdout is not None
    made.popen.stdout.read(1 + len(WAYS))
    until(lambda: len(made.pids) > len(WAYS))
    yield made
    made.close()
    made.popen.wait()
    made.popen.stdin.close()
    made.popen.stdout.close()


def test_all_that_a_process_started_ends_with_it(family: WatchedProcess) -> None:
    members = [psutil.Process(pid) for pid in family.pids]
    family.kill()
    wait_until_gone(members)


def test_what_a_process_left_behind_is_ended_though_it_has_ended_by_itself(family: WatchedProcess) -> None:
    members = [psutil.Process(pid) for pid in family.pids]
    family.popen.kill()
    family.popen.wait()
    family.close()
    wait_until_gone(members)


def test_its_memory_is_that_of_all(family: WatchedProcess) -> None:
    assert family.memory > len(WAYS) * 60_000_000
    assert psutil.Process(family.popen.pid).memory_info().rss < 60_000_000


def test_all_of_it_runs_at_low_priority_from_its_start(family: WatchedProcess) -> None:
    assert {psutil.Process(pid).nice() for pid in family.pids} == {max(NICE, psutil.Process().nice())}


def test_what_a_fork_shares_counts_once() -> None:
    code = "import os; held = bytearray(b'x') * 100_000_000; os.fork(); print('.', end='', flush=True); os.read(0, 1)"
    made = WatchedProcess([sys.executable, "-c", code], ProcessFamilies())
    assert made.popen.stdin is not None
    assert made.popen.stdout is not None
    try:
        made.popen.stdout.read(2)
        until(lambda: len(made.pids) == 2)
        assert 100_000_000 < made.memory < 180_000_000
    finally:
        made.close()
        made.popen.wait()
        made.popen.stdin.close()
        made.popen.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only there one sees it as a file")
def test_the_shared_memory_of_what_is_ended_is_given_back_also_after_it_was_stopped() -> None:
    """Nobody who ends it waits for that: this may be the thread of the heartbeat. Of the two that sweep here, one is as
    slow as we like."""
    code = """
import subprocess, sys
from multiprocessing.shared_memory import SharedMemory
held = SharedMemory(create=True, size=1_000_000)
slow = subprocess.Popen([sys.executable, "-c", "import sys; 'resource_" + "tracker import main'; sys.stdin.read()"])
print(held.name, slow.pid, flush=True)
sys.stdin.read()
"""
    made = WatchedProcess([sys.executable, "-c", code], ProcessFamilies())
    assert made.popen.stdin is not None
    assert made.popen.stdout is not None
    name, pid = made.popen.stdout.readline().decode().split()
    shared, slow = Path("/dev/shm", name.lstrip("/")), psutil.Process(int(pid))
    assert shared.exists()
    sweepers = "resource_tracker import main"
    until(lambda: sum(sweepers in " ".join(psutil.Process(pid).cmdline()) for pid in made.pids) == 2)
    made.suspend()
    try:
        made.kill()
        made.popen.wait()  # with it, its group has lost its link to others
        assert not all_gone([slow])
    finally:
        made.popen.stdin.close()
        made.close()
        made.popen.wait()
        made.popen.stdout.close()
    wait_until_gone([slow])
    assert not shared.exists()


def test_another_process_of_ours_is_none_of_its_family(family: WatchedProcess) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert other.pid not in family.pids
        other.communicate(b"\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only there nothing is lost that has parted from it in every way")
def test_nothing_that_it_started_is_anybody_elses() -> None:
    """Two of them, each with a daemon of its own that nobody has looked at before its parent was gone."""
    families = ProcessFamilies()
    both = [WatchedProcess([sys.executable, "-c", STARTS, WAYS[-1]], families) for _ in range(2)]
    for made in both:
        assert made.popen.stdout is not None
        made.popen.stdout.read(2)
    members = [[psutil.Process(pid) for pid in made.pids if pid != made.popen.pid] for made in both]
    assert [len(found) for found in members] == [1, 1]
    for made, (daemon,) in zip(both, members, strict=True):
        assert daemon.is_running()
        made.close()
        made.popen.wait()
        wait_until_gone([daemon])
        assert made.popen.stdin is not None
        assert made.popen.stdout is not None
        made.popen.stdin.close()
        made.popen.stdout.close()
