"""Whoever may say something says very much of it: the master keeps as much as anybody reads, and stays small."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import datetime

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.master import node_service
from mcgui_core.master.hub import Hub
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Lease,
    NodeInfo,
    NodeReport,
    Outcome,
    Report,
    SlotDeath,
    TaskFailure,
    TaskOutput,
    TaskStatus,
    Unfit,
)
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.values import pickling
from tests.raw_calls import call

MUCH = "x" * 5_000_000
INFO = NodeInfo("rogue", "the rogue", 1, 1, "3.11.7", "Test", 1)
#: Bytes that a snapshot may take: 500 statuses of tasks are the most of it.
SNAPSHOT = 1_000_000


def memory(master: Master) -> int:
    return sum(
        process.memory_info().rss
        for process in psutil.Process().children(recursive=True)
        if "mcgui_core.master.server" in process.cmdline()
    )


def test_a_node_that_says_very_much_is_cut_short_and_an_honest_worker_finishes() -> None:
    with Master() as master:
        job = master.submit("def f(x): return x * x", "f", range(600), chunksize=1)
        with connect(JoinLink.parse(master.worker_link)) as rogue:
            call(rogue, "node", "join", INFO)
            lease: Lease = call(rogue, "node", "exchange", "rogue", Report(), 0.001)
            chunk: Chunk = lease.chunks[0]
            failure = TaskFailure(chunk.start, "raised", MUCH, MUCH, MUCH, MUCH, MUCH)
            outcome = Outcome(
                *(1, chunk.start, chunk.start + 1, b"", (failure,), 0.1, "", chunk.lease, (chunk.start,)),
                token=chunk.token,
            )
            statuses = tuple(TaskStatus(1, index, "x" * 100_000, 0.5, "y" * 100_000) for index in range(500))
            output = (TaskOutput(1, 1, "out", "printed", 0.0, MUCH),)
            report = Report(outcomes=(outcome,), statuses=statuses, output=output)
            call(rogue, "node", "exchange", "rogue", report, 0.0)
            heartbeat = NodeReport(1, 0, 0.0, 0, paused=True, reason="x" * 1_000_000)
            call(rogue, "node", "attend", "rogue", heartbeat, 0.0)
            assert len(pickle.dumps(master.snapshot())) < SNAPSHOT
            call(rogue, "node", "leave", "rogue", "x" * 1_000_000)
        (kept,) = job.failures()
        assert len(pickle.dumps(kept)) < 100_000
        assert len(pickle.dumps(job.output())) < 100_000
        job.retry_failed()
        master.add_local_worker(nprocs=1)
        assert job.results() == [x * x for x in range(600)]
        assert len(pickle.dumps(master.snapshot())) < SNAPSHOT


@pytest.mark.parametrize(
    "said",
    [
        Report(deaths=(SlotDeath(1, 1, 0, 1, "died", MUCH),)),
        Report(unfit=(Unfit(1, MUCH, MUCH, MUCH),)),
    ],
    ids=["death", "unfit"],
)
def test_reasons_are_kept_short(said: Report) -> None:
    hub = Hub(Journal(None))
    try:
        hub.nodes.join(INFO, "here", None)
        id = hub.jobs.submit(JobSpec("j", "", "f"), (Block(0, 1, pickling.dumps([0])),), True)
        (chunk,) = hub.nodes.exchange("rogue", Report(), 1.0).chunks
        deaths = tuple(replace(death, lease=chunk.lease, token=chunk.token) for death in said.deaths)
        hub.nodes.exchange("rogue", replace(said, deaths=deaths), 0.0)
        assert len(pickle.dumps(hub.view.status(id))) < 100_000
        assert len(pickle.dumps(hub.view.snapshot(0, 0.0))) < 100_000
    finally:
        hub.close()


def test_names_of_jobs_and_of_their_functions_are_refused_or_shown_by_their_beginning() -> None:
    hub = Hub(Journal(None))
    try:
        with pytest.raises(BadInput, match="name has 5,000,000 characters"):
            hub.jobs.submit(JobSpec(MUCH, "", "f"), (), False)
        for name in (MUCH, "short"):
            hub.jobs.submit(JobSpec("job", "", name, reduce=name), (), False)
        shown = hub.view.snapshot(0, 0.0)
        assert len(pickle.dumps(shown)) < 10_000
        assert [job.function for job in shown.jobs] == ["x" * 1000, "short"]
    finally:
        hub.close()


@pytest.mark.parametrize("time", [-1e300, -1.0, 0.0, 1e11, 1e300])
def test_a_moment_that_no_clock_tells_is_one_that_can_be_shown(time: float) -> None:
    with Master() as master, connect(JoinLink.parse(master.worker_link)) as rogue:
        job = master.submit("def f(x): return x", "f", [0])
        call(rogue, "node", "join", INFO)
        report = Report(output=(TaskOutput(1, 0, "out", "printed", time),))
        call(rogue, "node", "exchange", "rogue", report, 0.0)
        (piece,) = job.output()
        assert 1970 <= datetime.fromtimestamp(piece.time).astimezone().year < 3001


@pytest.mark.parametrize(
    "report", [NodeReport(-1, 0, 0.0, 0), NodeReport(1 << 40, 0, 0.0, 0), NodeReport(1, 0, 0.0, 0, jobs=(1,) * 10_001)]
)
def test_a_heartbeat_that_cannot_be_so_is_refused(report: NodeReport) -> None:
    with Master() as master, connect(JoinLink.parse(master.worker_link)) as rogue:
        call(rogue, "node", "join", INFO)
        with pytest.raises(BadInput, match="report of attend cannot be so"):
            call(rogue, "node", "attend", "rogue", report, 0.0)
        assert [node.nprocs for node in master.nodes()] == [1]


def test_who_comes_under_ever_new_names_is_forgotten_and_who_is_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_service, "DEPARTED_KEPT", 10)
    hub = Hub(Journal(None))
    try:
        hub.nodes.join(replace(INFO, id="honest"), "here", None)
        for n in range(100):
            hub.nodes.join(replace(INFO, id=f"rogue {n}"), "here", None)
            hub.nodes.leave(f"rogue {n}", "")
        shown = [node.id for node in hub.view.snapshot(0, 0.0).nodes]
        assert len(shown) <= 20
        assert "honest" in shown
        assert "rogue 99" in shown
    finally:
        hub.close()


@pytest.mark.timeout(120)
def test_100_mb_that_one_task_prints_leave_a_master_that_is_small() -> None:
    source = "def f(x):\n    for _ in range(100):\n        print('x' * 1_000_000)\n    return x"
    with Master() as master:
        before = memory(master)
        assert before > 0
        master.add_local_worker(nprocs=1)
        job = master.submit(source, "f", [5])
        assert job.results() == [5]
        kept, after = 0, 0
        while pieces := job.output(after, 20_000):
            assert sum(len(piece.text) for piece in pieces) < 25_000_000
            kept, after = kept + sum(len(piece.text) for piece in pieces), pieces[-1].seq
        assert 0 < kept <= 36_000_000
        assert memory(master) < before + 60_000_000
