"""On one computer large values go by files of the store; elsewhere by connections, and nobody sees a difference."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.base.exposed import exposed
from mcgui_core.errors import ArgumentsInvalid, BadInput, JobFailed
from mcgui_core.master import server
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.messages import Stored
from mcgui_core.values import local_store
from mcgui_core.values.file_slice import FileSlice
from mcgui_core.values.local_store import LocalStore
from tests.support import cluster

SOURCE = """
import numpy as np

def doubled(array):
    array *= 2                    # writable, and its own: nobody else sees this
    return array

def aligned(array):
    return array.ctypes.data % 64

def fails_once(array):
    import os, pathlib
    seen = pathlib.Path(os.environ["MCGUI_SEEN"])
    array += 1
    if not seen.exists():
        seen.touch()
        raise ValueError
    return float(array[0])
"""


def arrays(count: int = 6) -> list[Any]:
    return [np.full(125_000, float(number)) for number in range(count)]


@pytest.fixture(params=["by files", "by connections"])
def some_cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    if request.param == "by files":
        with cluster(2) as master:
            yield master
        return
    monkeypatch.setattr(ValueService, "store", exposed("console", "node")(lambda _self: ("", "", "")))
    running = server.open_server("127.0.0.1", 0, None, None)
    running.start()
    try:
        with Cluster.connect(running.links["console"]) as found:
            found.add_local_worker(2)
            yield found
    finally:
        running.close()


def test_arrays_go_in_and_out_as_they_are(some_cluster: Cluster) -> None:
    for arguments in (arrays(), (array for array in arrays())):
        job = some_cluster.submit(SOURCE, "doubled", arguments)
        found = job.results()
        assert [float(array[7]) for array in found] == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
        found[0] += 1.0  # writable here too
        assert float(job.results()[0][0]) == 0.0
        assert float(job.arguments(3, 4)[0][5]) == 3.0


def test_arrays_are_aligned_as_they_are_in_memory(some_cluster: Cluster) -> None:
    assert set(some_cluster.submit(SOURCE, "aligned", arrays()).results()) <= {0, 16, 32, 48}


def test_a_function_with_large_values_in_it_runs_and_is_there_again(some_cluster: Cluster) -> None:
    data = np.arange(500_000.0)
    job = some_cluster.submit(lambda number: float(data[number]) + number, range(100))
    assert job.results() == [2.0 * number for number in range(100)]
    assert some_cluster.run_again(job.id).results() == job.results()


def test_a_task_that_is_tried_again_has_its_argument_as_it_came(some_cluster: Cluster, tmp_path: Path) -> None:
    source = SOURCE.replace('os.environ["MCGUI_SEEN"]', repr(str(tmp_path / "seen")))
    assert some_cluster.submit(source, "fails_once", arrays(1), retries=1, backoff=0.0).results() == [1.0]


def test_what_is_large_here_does_not_go_through_connections_and_what_is_small_has_no_file() -> None:
    with cluster(2) as master:
        outcomes, _ = (job := master.submit(SOURCE, "doubled", arrays())).outcomes(0, 10.0)
        assert all(isinstance(outcome.values, FileSlice) for outcome in outcomes)
        job.wait(20.0)
        (block, *_) = master._remote.call("blocks", job.id, 0, 6, True)
        assert isinstance(block.data, Stored)
        # However many they are: else there were hundreds of thousands of files a day, each waited for by the disk.
        job = master.submit("def f(x): return x", "f", range(40_000), chunksize=20_000)
        assert job.results() == list(range(40_000))
        kept = [outcome.values for outcome in job.outcomes()[0]]
        assert max(len(values) for values in kept) > 32 << 10
        assert not any(isinstance(values, FileSlice) for values in kept)


def test_nothing_is_left_of_a_job_that_is_forgotten_or_of_a_client_that_is_gone(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master:
        worker = master.add_local_worker(1)
        job = master.submit(SOURCE, "doubled", arrays())
        job.results()
        folder = tmp_path / "journal-values"
        pids = {int(path.name.partition("-")[0], 16) for path in folder.iterdir() if not path.name.startswith("probe")}
        assert psutil.Process().pid in pids
        assert worker.pid in pids
        job.forget()
        assert [path for path in folder.iterdir() if not path.name.startswith("probe")] == []
    assert not folder.exists()


def test_nothing_is_left_of_arguments_one_of_which_cannot_travel(tmp_path: Path) -> None:
    """What came before it was in a file until its client ended."""
    with Master(journal=tmp_path / "journal") as master:
        with pytest.raises(ArgumentsInvalid, match="Argument 2, a lock, cannot be pickled"):
            master.submit(len, [np.zeros(1 << 18), np.zeros(1 << 18), threading.Lock()])
        folder = tmp_path / "journal-values"
        assert [path for path in folder.iterdir() if not path.name.startswith("probe")] == []


def test_a_large_function_from_elsewhere_lies_in_a_file_and_not_in_the_masters_memory(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master, Cluster.connect(master.console_link) as elsewhere:
        elsewhere._store = LocalStore(lambda: ("", "", ""))
        data = bytes(2 << 20)
        job = elsewhere.submit(lambda number: len(data) + number, [1])
        assert (tmp_path / "journal").stat().st_size + (tmp_path / "journal-wal").stat().st_size < 1 << 20
        sizes = [path.stat().st_size for path in (tmp_path / "journal-content").iterdir()]
        assert sum(size > 2 << 20 for size in sizes) == 1  # beside modules of this test
        master.add_local_worker(1)
        assert job.results() == [(2 << 20) + 1]


def test_a_folder_that_several_computers_see_is_used_on_the_masters_own_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Master(journal=tmp_path / "journal") as master:
        assert master._store.folder == tmp_path / "journal-values"
        monkeypatch.setattr(local_store, "this_computer", lambda: "another")
        with Cluster.connect(master.console_link) as elsewhere:
            assert elsewhere._store.folder is None


@pytest.mark.parametrize("by", ["files", "connections"])
def test_files_that_somebody_removes_cost_their_values_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "connections":
        monkeypatch.setattr(ValueService, "store", exposed("console", "node")(lambda _self: ("", "", "")))
    running = server.open_server("127.0.0.1", 0, tmp_path / "journal", None)
    running.start()
    try:
        with Cluster.connect(running.links["console"]) as master:
            worker = master.add_local_worker(1)
            made = master.submit("import numpy as np\ndef f(n): return np.zeros(n)", "f", [1, 10**6, 2])
            small = master.submit("def f(x): return x", "f", [1])
            assert (len(made.results()), small.results()) == (3, [1])
            worker.leave()
            lost = master.submit(SOURCE, "aligned", arrays())
            for path in (tmp_path / "journal-values").iterdir():
                path.unlink()
            found = made.results(return_exceptions=True)
            assert "its result is lost: what lay in " in str(found[1])
            assert small.results() == [1]
            with pytest.raises(BadInput, match="Arguments of job 3, from 0 on, cannot be read: what lay in "):
                lost.arguments(0, 2)
            with pytest.raises(BadInput, match="The arguments of job 3 from 0 on cannot be read"):
                master.run_again(lost.id)
            master.add_local_worker(1)
            assert "is not there any more" in str(lost.results(return_exceptions=True)[0])
            assert master.submit("def f(x): return x + 1", "f", [1]).results() == [2]  # its worker is not hung up on
    finally:
        running.close()


def test_what_came_of_tasks_whose_arguments_are_lost_can_be_read(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal") as master:
        master.add_local_worker(1)
        master.submit(SOURCE, "aligned", arrays()).results()
    for path in (tmp_path / "journal-values").iterdir():
        path.unlink()
    with Master(journal=tmp_path / "journal") as master:
        (job,) = master.jobs()
        assert (job.status.state, job.status.done, job.status.total) == ("stopped", 6, 6)
        assert len(list(zip(range(6), job.iter_results(), strict=False))) == 6
        with pytest.raises(JobFailed, match="its arguments from 0 on cannot be read"):
            job.results()
