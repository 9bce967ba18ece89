"""A Dask cluster as a node: a real scheduler and real workers, whose tasks are run, limited, stopped and lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.errors import DaskInvalid, TaskError
from mcgui_core.protocol.dask_address import dask_address
from tests.executors import DaskCluster, dask_cluster
from tests.support import MEETING, Meeting, descendants, is_slot, kill, node, wait_until_gone
from tests.waiting import until

pytestmark = pytest.mark.timeout(150)  # a Dask worker takes seconds to start, and many of them on a busy machine

SQUARE = "def square(x): return x * x"
#: Marks in the folder that is its argument that it was loaded, by a file named after the process.
MARKED = """
import os, pathlib
FOLDER = pathlib.Path({folder!r})
(FOLDER / str(os.getpid())).touch(exist_ok=False)
def f(x): return x + 1
"""
#: One of each fate.
FATES = """
import os, time
def f(x):
    print("at", x)
    if x == 1: raise ValueError("bad " + str(x))
    if x == 2: os._exit(3)
    if x == 3: time.sleep(60)
    return x
"""
#: One that takes more memory than it may, and keeps it.
HUNGRY = """
import time
def f(x):
    big = b"x" * (400 << 20) if x == 1 else b""
    while big: time.sleep(0.05)
    return x
"""


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster of two workers with a thread each."""
    with dask_cluster(tmp_path_factory.mktemp("dask"), workers=2) as found:
        yield found


@pytest.fixture(scope="module")
def master(dask: DaskCluster) -> Iterator[Master]:
    """A master whose only node is that cluster."""
    with Master() as found:
        found.add_dask_cluster(dask.address, name="dask")
        until(lambda: any(n.nprocs == 2 for n in found.nodes()), 60, "that the node has both workers")
        yield found


def work_of(dask: DaskCluster) -> list[psutil.Process]:
    """The slots on its workers."""
    return [found for process in dask.workers for found in descendants(process.pid) if is_slot(found)]


def failures(results: list[object]) -> dict[int, tuple[str, str, str]]:
    found = [result.failure for result in results if isinstance(result, TaskError)]
    return {failure.index: (failure.kind, failure.type, failure.message) for failure in found}


def test_a_dask_cluster_is_a_node_with_a_slot_for_each_of_its_threads(master: Master) -> None:
    status = node(master, "dask")
    assert (status.nprocs, status.cpus, status.state) == (2, 2, "idle")
    assert status.python == sys.version.split()[0]
    assert status.platform.startswith("Dask, ")
    job = master.submit(SQUARE, "square", range(20_000))
    assert job.results() == [x * x for x in range(20_000)]
    assert node(master, "dask").done >= 20_000


def test_a_task_on_dask_fails_alone_for_the_reason_that_it_would_fail_for_anywhere(master: Master) -> None:
    job = master.submit(FATES, "f", range(8), timeout=3)
    results = job.results(return_exceptions=True)
    found = failures(results)
    assert {i: fate[0] for i, fate in found.items()} == {1: "raised", 2: "died", 3: "timeout"}
    assert found[1][1:] == ("ValueError", "bad 1")
    assert "exit code 3" in found[2][2]
    assert "limit of 3 s" in found[3][2]
    raised = next(f for f in job.failures() if f.index == 1)
    assert 'raise ValueError("bad " + str(x))' in raised.traceback
    assert [results[i] for i in (0, 4, 5, 6, 7)] == [0, 4, 5, 6, 7]
    assert "at 5\n" in "".join(piece.text for piece in job.output() if piece.index == 5)


def test_a_task_on_dask_that_takes_too_much_memory_is_stopped(master: Master) -> None:
    results = master.submit(HUNGRY, "f", range(3), memory="200 MB").results(return_exceptions=True)
    assert [results[0], results[2]] == [0, 2]
    kind, _, message = failures(results)[1]
    assert (kind, "200 MB" in message) == ("memory", True)


def test_each_slot_on_dask_loads_the_environment_once(master: Master, tmp_path: Path) -> None:
    job = master.submit(MARKED.format(folder=str(tmp_path)), "f", range(500), chunksize=20)
    assert job.results() == list(range(1, 501))
    assert 1 <= len(list(tmp_path.iterdir())) <= 2


def test_cancelling_stops_tasks_that_run_on_dask(master: Master, dask: DaskCluster, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    job = master.submit(MEETING, "meet", meeting.arguments(2), call="args")
    until(lambda: len(meeting.started) == 2, what="both tasks")
    running = [psutil.Process(pid) for pid in meeting.processes]  # those that are kept ready beside them stay
    assert {slot.pid for slot in running} <= {slot.pid for slot in work_of(dask)}
    job.cancel()
    wait_until_gone(running)
    assert master.submit(SQUARE, "square", range(10)).results() == [x * x for x in range(10)]


@pytest.mark.skipif(sys.platform == "win32", reason="a console's signals cannot be sent to one process there")
def test_the_command_joins_a_cluster_under_its_address_and_takes_its_link_from_the_environment(
    dask: DaskCluster, tmp_path: Path
) -> None:
    with Master() as master:
        command = [sys.executable, "-m", "mcgui_core.cli.main", "worker", "--dask", dask.address, "--nprocs", "1"]
        environment = {**os.environ, "MCGUI_LINK": master.worker_link}
        with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
            job = master.submit(SQUARE, "square", range(10))
            assert job.results() == [x * x for x in range(10)]
            (status,) = master.nodes()
            assert (status.name, status.nprocs) == (f"dask {dask.address.removeprefix('tcp://')}", 1)
            # One that was ordered for a test before may only be becoming a slot's process now.
            began = psutil.Process(process.pid).create_time()
            running = [found for found in work_of(dask) if found.create_time() >= began]
            assert running
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate()
        assert process.returncode == 0
        assert "with 1 processor." in said
        # It takes its slots along, long before they would end because nobody needs them.
        wait_until_gone(running)


def test_a_scheduler_that_is_not_there_is_waited_for_and_said(tmp_path: Path) -> None:
    events: list[str] = []
    with Master() as master:
        master.add_dask_cluster("127.0.0.1:1", on_event=lambda event: events.append(f"{event.state}: {event.message}"))
        until(lambda: any("No Dask scheduler answers at tcp://127.0.0.1:1" in event for event in events), 60)
        assert {event.split(":")[0] for event in events} == {"connecting"}
        assert master.nodes() == []


def test_workers_of_dask_come_go_and_are_killed_and_the_node_follows(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "meeting")
    meeting.folder.mkdir()
    with dask_cluster(tmp_path / "dask", workers=2) as dask, Master() as master:
        master.add_dask_cluster(dask.address, name="dask")
        until(lambda: any(n.nprocs == 2 for n in master.nodes()), 60, "a node with both workers")
        job = master.submit(MEETING, "meet", meeting.arguments(20), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 2, what="a task on each worker")
        kill(psutil.Process(dask.workers[0].pid))
        until(lambda: node(master, "dask").nprocs == 1, what="that the node is smaller")
        dask.start_worker(2)
        until(lambda: node(master, "dask").nprocs == 3, 60, "that the node has grown")
        meeting.go()
        assert job.results() == list(range(20))
        assert job.status.failed == 0
        assert [index for index, _ in job.iter_results()].count(0) == 1


def test_a_scheduler_that_is_gone_gives_the_tasks_back_and_takes_some_when_it_is_back(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "meeting")
    meeting.folder.mkdir()
    with dask_cluster(tmp_path / "dask") as dask, Master() as master:
        port = int(dask.address.rpartition(":")[2])
        master.add_dask_cluster(dask.address, name="dask")
        until(lambda: any(n.state == "idle" for n in master.nodes()), 60, "the node")
        job = master.submit(MEETING, "meet", meeting.arguments(5), call="args", chunksize=1)
        until(lambda: len(meeting.started) == 1, what="a task")
        kill(psutil.Process(dask.scheduler.pid))
        until(lambda: node(master, "dask").state == "paused", what="that it is paused")
        assert f"The Dask scheduler at {dask.address} does not answer." in node(master, "dask").reason
        until(lambda: job.status.running == 0, what="that all of its tasks wait again")
        meeting.go()
        dask.start_scheduler(port)
        dask.start_worker()
        assert job.results() == list(range(5))
        assert node(master, "dask").reason == ""


def test_a_cluster_with_a_worker_that_has_no_mcgui_waits_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Nowhere:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'mcgui_core':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Nowhere())\n"
    )
    with dask_cluster(tmp_path / "dask", workers=0) as dask, Master() as master:
        lacking = dask.start_worker(PYTHONPATH=str(tmp_path))
        master.add_dask_cluster(dask.address, name="dask")
        job = master.submit(SQUARE, "square", range(10))
        until(lambda: any("has no module mcgui_core" in n.reason for n in master.nodes()), 60, "that it is said")
        assert node(master, "dask").state == "paused"
        lacking.kill()
        lacking.wait()
        dask.start_worker()
        assert job.results() == [x * x for x in range(10)]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("tcp://lab:8786", "tcp://lab:8786"),
        ("lab", "tcp://lab:8786"),
        (" lab:9000 ", "tcp://lab:9000"),
        ("tls://[fe80::1]:1/", "tls://[fe80::1]:1"),
    ],
)
def test_an_address_of_a_scheduler_may_be_typed_in_short(given: str, address: str) -> None:
    assert dask_address(given) == address


@pytest.mark.parametrize("given", ["", "tcp://", "a b", "lab:0", "lab:99999", "http://lab:8786/status", "tcp://lab:x"])
def test_what_is_no_address_of_a_scheduler_is_refused(given: str) -> None:
    with pytest.raises(DaskInvalid, match="tcp://HOST:8786"):
        dask_address(given)
