"""A real cluster takes care: of memory, of tasks that are late, of nodes that fail, and of what a person wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.errors import NodeUnknown, TaskError
from tests.support import MEETING, Meeting, cluster, joined, node, slots, wait_until_gone, worker
from tests.waiting import until

#: `f(x, bad)` fails in the slots of the agent whose process id the file `bad` holds.
CHOOSY = """
import os, pathlib
def f(x, bad):
    if pathlib.Path(bad).read_text() == str(os.getppid()):
        raise OSError("no such drive here")
    return x
"""

HUNGRY = """
import threading
def f(x):
    if x == 5:
        hog = bytearray(1_500_000_000)
        hog[::4096] = b"x" * len(hog[::4096])
        threading.Event().wait(30)
    return x
"""


def test_a_task_that_takes_more_memory_than_it_may_is_stopped_and_fails_alone() -> None:
    with cluster(2) as master:
        job = master.submit(HUNGRY, "f", range(10), memory="300 MB")
        assert job.wait(40).state == "finished"
        (failure,) = job.failures()
        assert (failure.index, failure.kind) == (5, "memory")
        assert failure.message == "its process used more than the 300 MB of memory allowed and was stopped"
        assert job.status.done == 9


def test_a_task_that_hangs_at_the_end_of_a_job_is_run_again_elsewhere(tmp_path: Path) -> None:
    """Whoever runs it first never ends; the other one does."""
    source = """
import pathlib, threading
def f(x, folder):
    first = pathlib.Path(folder, f"{x}")
    if x == 7 and not first.exists():
        first.touch()
        threading.Event().wait(600)
    return x
"""
    with Master() as master, worker(master.worker_link, 1, "a"), worker(master.worker_link, 1, "b"):
        until(lambda: joined(master, 2))
        job = master.submit(source, "f", [(x, str(tmp_path)) for x in range(8)], call="args")
        assert job.wait(40).state == "finished"
        assert job.results() == list(range(8))
        # Whoever lost the race is stopped, and ready for the next job.
        until(lambda: all(found.state == "idle" for found in master.nodes()))
        until(lambda: all(found.busy == 0 for found in master.nodes()))


def test_a_computer_that_fails_what_others_do_is_set_aside_and_nothing_fails(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    with (
        Master() as master,
        worker(master.worker_link, 1, "broken") as broken,
        worker(master.worker_link, 1, "sound"),
    ):
        until(lambda: joined(master, 2))
        bad.write_text(str(broken.pid))
        job = master.submit(
            CHOOSY, "f", [(x, str(bad)) for x in range(60)], call="args", retries=5, backoff=0, chunksize=1
        )
        assert job.wait(40).state == "finished"
        assert job.results() == list(range(60))
        assert (node(master, "broken").done, node(master, "sound").done) == (0, 60)


def test_a_person_may_change_pause_and_retire_a_node_from_afar(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 1, "there") as agent:
        until(lambda: joined(master, 1))
        id = node(master, "there").id
        master.steer(id, nprocs=2)
        job = master.submit(MEETING, "meet", meeting.arguments(6), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2)
        master.steer(id, pause=True)
        until(lambda: node(master, "there").state == "paused")
        assert node(master, "there").reason == "paused from the console"
        meeting.go()
        until(lambda: job.status.done == 2)
        master.steer(id, pause=False)
        assert job.results() == list(range(6))
        master.steer(id, retire="finish")
        until(lambda: node(master, "there").state == "left")
        assert node(master, "there").reason == "finished and left"
        until(lambda: not agent.alive)
        with pytest.raises(NodeUnknown):
            master.steer(id, nprocs=3)
        master.forget_node(id)
        assert master.nodes() == []


def test_a_node_that_is_retired_at_once_gives_back_what_it_runs(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, worker(master.worker_link, 1, "gone") as agent:
        job = master.submit(MEETING, "meet", meeting.arguments(3), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 1)
        running = slots(agent)
        master.steer(node(master, "gone").id, retire="now")
        until(lambda: node(master, "gone").state == "left")
        wait_until_gone(running)
        with worker(master.worker_link, 1, "next"):
            meeting.go()
            assert job.results() == [0, 1, 2]


def test_the_owner_of_a_computer_has_the_last_word(tmp_path: Path) -> None:
    with Master() as master, worker(master.worker_link, 1, "mine") as agent:
        until(lambda: joined(master, 1))
        agent.pause("on battery")
        until(lambda: node(master, "mine").state == "paused")
        master.steer(node(master, "mine").id, pause=False)
        job = master.submit("def f(x): return x", "f", range(3))
        master.steer(node(master, "mine").id, nprocs=2)
        until(lambda: node(master, "mine").nprocs == 2)
        assert (node(master, "mine").state, job.status.done) == ("paused", 0)
        agent.resume()
        assert job.results() == [0, 1, 2]


def test_a_task_is_tried_again_after_a_while(tmp_path: Path) -> None:
    source = """
import pathlib, time
def f(mark):
    path = pathlib.Path(mark)
    times = path.read_text().split() if path.exists() else []
    path.write_text(" ".join([*times, str(time.time())]))
    if len(times) < 2:
        raise ConnectionError("the server is busy")
    return [float(later) - float(before) for before, later in zip(times, [*times[1:], time.time()])]
"""
    with cluster(1) as master:
        job = master.submit(source, "f", [str(tmp_path / "mark")], retries=2, backoff=0.4)
        (waits,) = job.results()
        assert waits[0] >= 0.4
        assert waits[1] >= 0.8


def test_a_job_whose_retries_are_used_up_names_its_last_failure() -> None:
    with cluster(1) as master:
        job = master.submit("def f(x): raise KeyError(x)", "f", [1], retries=1, backoff=0.1)
        (found,) = job.results(return_exceptions=True)
        assert isinstance(found, TaskError)
        assert found.failure.type == "KeyError"
