"""Functions and values that all calls share: once on a node's wire, once in its memory, whatever way they travel."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.base.exposed import exposed
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.client.job_document import JobDocument
from mcgui_core.errors import BadInput
from mcgui_core.master import server
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.node.executor_node import ExecutorNode
from tests.core.proxy import proxy, through
from tests.support import cluster
from tests.waiting import until

SOURCE = """
import os
import time

def f(x, table, scale=1):
    return float(table[x]) * scale

def two(x, y, table):
    return x + y + float(table[0])

def seeded(x, table, seed):
    return float(table[x]), seed.entropy

def write(x, table):
    table[0] = x

def where(x, table):
    time.sleep(0.05)
    with open("/proc/self/maps") as maps:
        return os.getpid(), [line.split()[4] for line in maps if "content" in line or line.split()[-1].count("/projects/")]

def grow(x, counts):
    counts.append(x)
    return os.getpid(), len(counts)
"""

TABLE = np.arange(100_000.0)


@pytest.fixture(params=["by files", "by connections"])
def some_cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    if request.param == "by files":
        with cluster(2) as master:
            yield master
        return
    with elsewhere(monkeypatch) as found:
        found.add_local_worker(2)
        yield found


class elsewhere:  # noqa: N801 - used as a function
    """A master whose store nobody may read, as if it were on another computer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ValueService, "store", exposed("console", "node")(lambda _self: ("", "", "")))
        self._server = server.open_server("127.0.0.1", 0, None, None)

    def __enter__(self) -> Cluster:
        self._server.start()
        self._cluster = Cluster.connect(self._server.links["console"])
        return self._cluster

    def __exit__(self, *_: object) -> None:
        self._cluster.close()
        self._server.close()


def test_every_call_is_given_the_shared_values_by_name_however_its_argument_is_passed(some_cluster: Cluster) -> None:
    submit = some_cluster.submit
    assert submit(SOURCE, "f", [3, 4], shared={"table": TABLE, "scale": 2}).results() == [6.0, 8.0]
    assert submit(SOURCE, "two", [(1, 2)], call="args", shared={"table": TABLE + 1}).results() == [4.0]
    assert submit(SOURCE, "two", [{"x": 1, "y": 2}], call="kwargs", shared={"table": TABLE}).results() == [3.0]
    assert submit(SOURCE, "seeded", [5], seed=7, shared={"table": TABLE}).results() == [(5.0, 7)]
    assert submit(lambda x, table: float(table[x]), [9], shared={"table": TABLE}).results() == [9.0]


def test_a_shared_array_cannot_be_written_to_since_others_have_the_same_memory(some_cluster: Cluster) -> None:
    job = some_cluster.submit(SOURCE, "write", [1], shared={"table": TABLE})
    job.wait(20.0)
    (failure,) = job.failures()
    assert (failure.type, "read-only" in failure.message) == ("ValueError", True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which files a process has mapped")
def test_a_shared_array_is_in_the_memory_of_a_computer_once(some_cluster: Cluster) -> None:
    found = some_cluster.submit(SOURCE, "where", range(20), chunksize=1, shared={"table": TABLE}).results()
    assert len({pid for pid, _ in found}) == 2
    (inode,) = {inode for _, inodes in found for inode in inodes}
    assert inode != "0"


def test_what_can_change_is_shared_by_the_tasks_of_a_process_as_it_was_asked_for(some_cluster: Cluster) -> None:
    counts: list[int] = []
    found = some_cluster.submit(SOURCE, "grow", range(10), shared={"counts": counts}).results()
    for process in {pid for pid, _ in found}:
        lengths = sorted(length for pid, length in found if pid == process)
        assert lengths == list(range(1, len(lengths) + 1))
    assert counts == []


def test_functions_and_shared_values_go_once_over_the_wire_of_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.random.default_rng().random(250_000)  # two million bytes, not compressible, never seen before
    inside = np.random.default_rng().random(250_000)
    source = "import time\ndef f(x, data):\n    time.sleep(0.02)\n    return float(data[x])\n"

    function = of_a_script("def function(x): return float(inside[x])", inside=inside)

    with elsewhere(monkeypatch) as found, proxy(found.address) as between:
        worker = AgentProcess(through(found.worker_link, between), 3)
        try:
            jobs = [
                (lambda: found.submit(source, "f", range(12), chunksize=1, shared={"data": data}), data),
                (lambda: found.submit(function, range(12), chunksize=1), inside),
            ]
            for submit, values in jobs:
                before = between.brought
                assert submit().results() == [float(value) for value in values[:12]]
                assert 2_000_000 < between.brought - before < 2_300_000
                before = between.brought
                assert submit().results() == [float(value) for value in values[:12]]
                assert between.brought - before < 100_000
        finally:
            worker.leave()


def of_a_script(source: str, **values: Any) -> Any:
    """A function that is no module's: of one, its modules would travel too."""
    namespace = {"__name__": "__main__", **values}
    exec(source, namespace)
    return namespace["function"]


def test_they_go_to_the_master_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.random.default_rng().random(250_000)
    with elsewhere(monkeypatch) as found, proxy(found.address) as between:
        with Cluster.connect(through(found.console_link, between)) as client:
            for function, shared in (
                (of_a_script("def function(x): return float(data[x])", data=data), {}),
                (of_a_script("def function(x, other): return float(other[x])"), {"other": data}),
            ):
                before = between.sent
                client.submit(function, [1], shared=shared)
                assert 2_000_000 < between.sent - before < 2_050_000
                before = between.sent
                client.submit(function, [1, 2], shared=shared)
                assert between.sent - before < 20_000


def test_a_job_that_runs_again_is_given_the_same(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master:
        job = master.submit(SOURCE, "f", [3, 999_999], shared={"table": TABLE})
        function = master.submit(lambda x: float(TABLE[x]), [5])
        master.add_local_worker(1)
        assert job.wait(20.0).failed == 1
        assert function.results() == [5.0]
    with Master(journal=tmp_path / "journal") as master:
        master.add_local_worker(1)
        assert master.job(function.id).spec.function_content is not None
        assert master.run_again(function.id).results() == [5.0]
        assert master.submit_from(job.id, "done").results() == [3.0]
        assert master.submit_from(job.id, [0], SOURCE.replace("* scale", "+ 1"), function="f").results() == [4.0]
        again = master.job(job.id)
        again.retry_failed(SOURCE.replace("table[x]", "table[x % 10]"))
        assert again.results() == [3.0, 9.0]


def test_nothing_is_left_of_them_when_no_job_needs_them_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mcgui_core.master.content import content_service

    monkeypatch.setattr(content_service, "GRACE", 0.0)
    monkeypatch.setattr(content_service, "SWEEP_SECONDS", 0.0)
    running = server.open_server("127.0.0.1", 0, tmp_path / "journal", None)
    running.start()
    try:
        with Cluster.connect(running.links["console"]) as found:
            found.add_local_worker(1)
            job = found.submit(SOURCE, "f", [3], shared={"table": TABLE})
            assert job.results() == [3.0]
            assert len(list((tmp_path / "journal-content").iterdir())) == 1
            assert found.journal_bytes() > 800_000
            job.forget()
            until(lambda: not (tmp_path / "journal-content").exists(), 20.0)
    finally:
        running.close()


def test_what_cannot_be_shared_is_said_before_anything_is_sent() -> None:
    wrong: list[Any] = [
        {"not a name": 1},
        {"for": 1},
        {1: 1},
        [("x", 1)],
        5,
        {"table": (number for number in range(3))},
    ]
    with Master() as master:
        for shared in wrong:
            with pytest.raises(BadInput, match="shared"):
                master.submit(SOURCE, "f", [1], shared=shared)
        with pytest.raises(BadInput, match="seed"):
            master.submit(SOURCE, "seeded", [1], seed=1, shared={"seed": 1})
        assert master.jobs() == []


def test_slots_of_an_executor_have_them_too() -> None:
    with Master() as master, ThreadPoolExecutor(1) as executor, ExecutorNode(master.worker_link, executor):
        assert master.submit(SOURCE, "f", [3, 4], shared={"table": TABLE}).results() == [3.0, 4.0]
        assert master.submit(lambda x: float(TABLE[x]), [5]).results() == [5.0]


def test_a_document_says_what_is_shared(tmp_path: Path) -> None:
    path = tmp_path / "any.mcjob"
    path.write_text(
        'environment = "e.py"\nfunction = "f"\n\n[arguments]\nkind = "expression"\ntext = "[1]"\n'
        '\n[shared]\ntable = "list(range(5))"\n'
    )
    document = JobDocument.load(path)
    assert document.shared == (("table", "list(range(5))"),)
    saved = path.read_text()
    document.save(path)
    assert path.read_text().endswith(saved.partition("[arguments]")[2])
