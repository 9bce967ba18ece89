"""While large content travels to a worker by a slow wire, its slots run what is here, and nobody else notices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mcgui_core import Cluster, Job
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.master.values import value_service
from mcgui_core.node.executor_node import ExecutorNode
from tests.core.end_to_end.test_shared_values import elsewhere
from tests.core.proxy import Proxy, proxy, through
from tests.support import is_true, worker
from tests.waiting import until

#: Bytes of an answer that pass, and of content that is more than that.
PASSES, LARGE = 400_000, 600_000

SOURCE = """
def size(data): return len(data)
def shared(x, data): return len(data)
def itself(x): return x
"""


def large() -> bytes:
    return os.urandom(LARGE)


def in_arguments(cluster: Cluster, **options: object) -> Job:
    return cluster.submit(SOURCE, "size", [large() for _ in range(4)], chunksize=1, **options)  # type: ignore[arg-type]


def in_the_function(cluster: Cluster, **options: object) -> Job:
    data = large()
    return cluster.submit(lambda _x: len(data), range(4), chunksize=1, **options)  # type: ignore[arg-type]


def in_shared_values(cluster: Cluster, **options: object) -> Job:
    return cluster.submit(SOURCE, "shared", range(4), chunksize=1, shared={"data": large()}, **options)  # type: ignore[arg-type]


Submit = Callable[..., Job]


class Slow:
    """A cluster whose one worker, elsewhere, is at the end of a wire on which large answers stand still for now."""

    def __init__(self, cluster: Cluster, wire: Proxy) -> None:
        self.cluster, self.wire = cluster, wire

    def others(self, count: int = 8, **options: object) -> list[int]:
        """What comes of another job, while the content is on its way."""
        found = self.cluster.submit(SOURCE, "itself", range(count), chunksize=1, **options).results()  # type: ignore[arg-type]
        assert self.wire.stuck
        return list(found)

    def on_its_way(self, submit: Submit, **options: object) -> Job:
        """A job whose content has begun to travel."""
        job = submit(self.cluster, **options)
        until(is_true(lambda: self.wire.stuck and job.status.running), what="content that is on its way")
        return job

    def arrives(self) -> None:
        self.wire.most = None


@pytest.fixture
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(value_service, "ALONG_BYTES", PASSES // 2)
    with elsewhere(monkeypatch) as cluster, proxy(cluster.address) as wire:
        link = through(cluster.worker_link, wire)
        found = Slow(cluster, wire)
        wire.most = PASSES
        if request.param == "processes":
            agent = AgentProcess(link, 2)
            try:
                yield found
            finally:
                found.arrives()
                agent.leave()
            return
        with ThreadPoolExecutor(2) as pool, ExecutorNode(link, pool, nprocs=2):
            yield found
            found.arrives()


processes_only = pytest.mark.parametrize("slow", ["processes"], indirect=True)


@pytest.mark.parametrize(
    ("slow", "submit"),
    [
        ("processes", in_arguments),
        ("processes", in_the_function),
        ("processes", in_shared_values),
        ("an executor", in_arguments),
        ("an executor", in_shared_values),
    ],
    indirect=["slow"],
)
def test_other_jobs_run_while_the_content_of_one_is_on_its_way(slow: Slow, submit: Submit) -> None:
    """A task of priority 9 waited 15 s for 320 MB of somebody else's arguments, and 14 s for as much of shared values."""
    job = slow.on_its_way(submit)
    assert slow.others(priority=9) == list(range(8))
    assert slow.others() == list(range(8))
    assert job.status.done == 0
    slow.arrives()
    assert job.results() == [LARGE] * 4


@processes_only
def test_two_jobs_with_large_content_hold_nobody_up_either(slow: Slow) -> None:
    first, second = slow.on_its_way(in_arguments), slow.on_its_way(in_shared_values, priority=9)
    assert slow.others() == list(range(8))
    slow.arrives()
    assert (first.results(), second.results()) == ([LARGE] * 4, [LARGE] * 4)


@processes_only
@pytest.mark.parametrize("submit", [in_arguments, in_shared_values])
def test_a_job_that_is_cancelled_while_its_content_is_on_its_way_is_over(slow: Slow, submit: Submit) -> None:
    job = slow.on_its_way(submit)
    job.cancel()
    assert slow.others() == list(range(8))
    assert job.status.state == "cancelled"
    slow.arrives()
    assert submit(slow.cluster).results() == [LARGE] * 4


@processes_only
def test_content_of_a_job_that_is_cancelled_travels_no_further(slow: Slow) -> None:
    """It took the wire from all others until it was there."""
    before = slow.wire.brought
    data = os.urandom(6 << 20)
    job = slow.on_its_way(lambda cluster: cluster.submit(SOURCE, "shared", range(4), shared={"data": data}))
    job.cancel()
    assert slow.others() == list(range(8))
    slow.arrives()
    until(is_true(lambda: not slow.wire.stuck), what="what was on its way")
    assert slow.cluster.submit(SOURCE, "itself", range(100), chunksize=1).results() == list(range(100))
    assert slow.wire.brought - before < 3 << 20


@processes_only
@pytest.mark.parametrize("submit", [in_arguments, in_the_function])
def test_a_job_that_is_paused_while_its_content_is_on_its_way_begins_once_it_is_resumed(
    slow: Slow, submit: Submit
) -> None:
    job = slow.on_its_way(submit)
    job.pause()
    until(is_true(lambda: not job.status.running), what="all of it given back")
    slow.arrives()
    until(is_true(lambda: not slow.wire.stuck), what="its content")
    assert slow.cluster.submit(SOURCE, "itself", range(8)).results() == list(range(8))
    assert job.status.done == 0
    job.resume()
    assert job.results() == [LARGE] * 4


@processes_only
@pytest.mark.parametrize("submit", [in_shared_values])
def test_a_job_whose_content_is_on_its_way_to_a_worker_that_is_lost_goes_on_elsewhere(
    slow: Slow, submit: Submit
) -> None:
    job = slow.on_its_way(submit)
    slow.wire.refusing = True
    with worker(slow.cluster.worker_link, 2):
        slow.wire.reset()
        assert job.results() == [LARGE] * 4
        slow.wire.refusing = False


@processes_only
@pytest.mark.parametrize("submit", [in_arguments])
def test_content_comes_after_all_where_the_connection_breaks_in_the_middle(slow: Slow, submit: Submit) -> None:
    job = slow.on_its_way(submit)
    slow.wire.reset()
    until(is_true(lambda: slow.wire.stuck), what="content that is on its way again")
    assert slow.others() == list(range(8))
    slow.arrives()
    assert job.results() == [LARGE] * 4


def test_two_workers_do_not_take_from_each_other_what_waits_for_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have run some of the job. Each time, what had come was thrown away: the job never ended."""
    monkeypatch.setattr(value_service, "ALONG_BYTES", 0)
    monkeypatch.setattr(value_service, "PIECE", PASSES // 4)
    with elsewhere(monkeypatch) as cluster, proxy(cluster.address) as one, proxy(cluster.address) as other:
        agents = [AgentProcess(through(cluster.worker_link, wire), 1) for wire in (one, other)]
        try:
            until(is_true(lambda: len(cluster.nodes()) == 2), what="both workers")
            cluster.submit(SOURCE, "itself", range(8), chunksize=1).results()
            before = one.brought + other.brought
            one.delay = other.delay = 0.02
            assert cluster.submit(SOURCE, "size", [large() for _ in range(5)]).results() == [LARGE] * 5
            assert one.brought + other.brought - before < 6 * LARGE
        finally:
            one.delay = other.delay = 0.0
            for agent in agents:
                agent.leave()
