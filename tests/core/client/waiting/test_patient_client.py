"""Whoever waits for a job goes on by itself when its master is started anew, and is told how to go on where it is not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.client.job import Job
from mcgui_core.client.waiting import patient_client
from mcgui_core.errors import ConnectionFailed, ConnectionLost, JobFailed, JobUnknown, MasterAway
from mcgui_core.master.server import ClusterServer, open_server
from tests.support import PATIENCE, is_true
from tests.waiting import until


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_client, "RETRY", 0.01)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as threads:
        yield threads


def served(journal: Path | None, port: int = 0, host: str = "127.0.0.1", own: bool = False) -> ClusterServer:
    server = open_server(host, port, journal, None, own=own)
    server.start()
    return server


def port_of(server: ClusterServer) -> int:
    return int(server.shown_address.rpartition(":")[2])


def until_asked(cluster: Cluster, calls: int = 1) -> None:
    """So many calls are at the master, and wait there."""
    until(lambda: len(cluster._remote._busy) == calls)


def is_told(caplog: pytest.LogCaptureFixture) -> bool:
    return "does not answer. Waiting for it to come back." in caplog.text


def test_who_waits_for_a_job_goes_on_with_the_master_that_came_back(
    tmp_path: Path, threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    server = served(tmp_path / "journal")
    port = port_of(server)
    try:
        with Cluster.connect(server.links["console"]) as cluster:
            job = cluster.submit("def f(x): return x + 1", "f", range(3))
            state = threads.submit(lambda: job.wait().state)
            results = threads.submit(job.results, return_exceptions=True)
            pairs = threads.submit(lambda: list(job.iter_results(return_exceptions=True)))
            until_asked(cluster, 3)
            server.close()
            until(lambda: is_told(caplog))
            server = served(tmp_path / "journal", port)
            until(lambda: is_true(lambda: not job.cancel())())
            assert state.result(PATIENCE) == "cancelled"
            assert list(map(str, results.result(PATIENCE))) == ["Job 1: 0 of 3 tasks failed. It was cancelled."] * 3
            assert [index for index, _ in pairs.result(PATIENCE)] == [0, 1, 2]
    finally:
        server.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda job: job.results(return_exceptions=True),
        lambda job: [error for _, error in job.iter_results(return_exceptions=True)],
        lambda job: [raised(job.results)] * 3,
        lambda job: [raised(lambda: list(job.iter_results()))] * 3,
    ],
)
def test_what_is_asked_once_a_job_is_over_waits_for_the_master_too(
    tmp_path: Path, threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture, ask: Callable[[Job], list[JobFailed]]
) -> None:
    """Which tasks never ran, and which failed, is asked after the last outcome has come."""
    with ExitStack() as stack:
        server = served(tmp_path / "journal")
        stack.callback(server.close)
        port = port_of(server)
        cluster = stack.enter_context(Cluster.connect(server.links["console"]))
        job = cluster.submit("def f(x): return x + 1", "f", range(3))
        job.cancel()
        page, back = job._page, threading.Event()
        again: list[Future[None]] = []

        def last_page(*asked: Any) -> Any:
            answer = page(*asked)
            server.close()
            again.append(threads.submit(come_back))
            return answer

        def come_back() -> None:
            until(lambda: is_told(caplog) or back.is_set())
            if not back.is_set():
                stack.callback(served(tmp_path / "journal", port).close)

        stack.callback(lambda: [one.result(PATIENCE) for one in again])  # so that what it has started is closed
        stack.callback(back.set)
        setattr(job, "_page", last_page)  # noqa: B010 - of this job alone
        assert list(map(str, ask(job))) == ["Job 1: 0 of 3 tasks failed. It was cancelled."] * 3


def raised(ask: Callable[[], object]) -> JobFailed:
    with pytest.raises(JobFailed) as found:
        ask()
    return found.value


def test_who_asks_a_master_as_it_ends_hears_that_it_is_away_and_of_no_fault_in_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server = served(tmp_path / "journal")
    try:
        with Cluster.connect(server.links["console"]) as cluster:
            job = cluster.submit("def f(x): return x + 1", "f", [2, 3, 5])
            assert job.arguments(0, 3) == [2, 3, 5]
            Cluster.connect(server.links["console"]).close()  # by then the server listens to the first one again
            # The moment in `close` at which the journal is closed and connections are not.
            server._stopped.set()
            server._hub.close()
            with pytest.raises(ConnectionFailed):
                job.arguments(0, 3)
    finally:
        server.close()
    assert "Traceback" not in capfd.readouterr().err


def test_who_came_by_the_starters_own_link_goes_on_also_where_other_computers_may_join_now(
    tmp_path: Path, threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    """As the terminal does, of whoever sits at the window."""
    server = served(tmp_path / "journal", own=True)
    port, link = port_of(server), server.own_links["console"]
    try:
        with Cluster.connect(link) as cluster:
            job = cluster.submit("def f(x): return x + 1", "f", range(3))
            state = threads.submit(lambda: job.wait().state)
            until_asked(cluster)
            server.close()
            until(lambda: is_told(caplog))
            server = served(tmp_path / "journal", port, "0.0.0.0", own=True)
            until(lambda: is_true(lambda: not job.cancel())())
            assert state.result(PATIENCE) == "cancelled"
            assert cluster.access().failed_proofs == 0
            assert server.own_links["console"] == link
    finally:
        server.close()


def test_a_master_that_stays_away_is_told_with_how_to_go_on(tmp_path: Path) -> None:
    server = served(tmp_path / "journal")
    with Cluster.connect(server.links["console"], patience=0.05) as cluster:
        job = cluster.submit("def f(x): return x", "f", [1])
        server.close()
        for ask in (job.wait, job.results, lambda: list(job.iter_results())):
            with pytest.raises(MasterAway, match=r"Cluster\.connect\(link\)\.job\(1\) goes on with the job"):
                ask()


def test_another_master_in_its_place_is_not_waited_for(threads: ThreadPoolExecutor) -> None:
    server = served(None)
    port = port_of(server)
    with Cluster.connect(server.links["console"]) as cluster:
        job = cluster.submit("def f(x): return x", "f", [1])
        waits = threads.submit(job.wait)
        until_asked(cluster)
        server.close()
        server = served(None, port)
        try:
            with pytest.raises(MasterAway, match="its certificate is another one"):
                waits.result(PATIENCE)
        finally:
            server.close()


def test_a_master_on_another_journal_by_the_same_link_has_no_such_job(tmp_path: Path) -> None:
    server = served(tmp_path / "journal")
    with Cluster.connect(server.links["console"]) as cluster:
        job = cluster.submit("def f(x): return x", "f", [])
        job.wait()
        job.forget()
        with pytest.raises(JobUnknown):
            job.wait()
    server.close()


@pytest.mark.parametrize("journal", [False, True])
def test_a_master_of_ones_own_that_was_killed_is_not_waited_for(tmp_path: Path, journal: bool) -> None:
    path = tmp_path / "runs.db" if journal else None
    with Master(journal=path) as master:
        job = master.submit("def f(x): return x", "f", [1])
        psutil.Process(master.pid).kill()
        with pytest.raises(MasterAway) as caught:
            job.wait()
    assert (f"Master(journal={str(path)!r}).job(1) goes on" in str(caught.value)) == journal
    assert ("job 1 is lost with it" in str(caught.value)) != journal


def test_who_closes_a_cluster_ends_the_waiting(threads: ThreadPoolExecutor) -> None:
    with Master() as master:
        cluster = Cluster.connect(master.console_link)
        waits = threads.submit(cluster.submit("def f(x): return x", "f", [1]).wait)
        until_asked(cluster)
        cluster.close()
        with pytest.raises(ConnectionLost):
            waits.result(PATIENCE)
