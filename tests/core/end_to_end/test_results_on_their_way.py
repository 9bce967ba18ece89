"""While large results travel from a worker by a slow wire, its slots go on, and nobody else notices."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mcgui_core import Cluster, Job
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.node import bulk_transfer
from mcgui_core.node.executor_node import ExecutorNode
from tests.core.end_to_end.test_shared_values import elsewhere
from tests.core.proxy import Proxy, proxy, through
from tests.support import is_true, worker
from tests.waiting import until

#: Bytes of a call that pass, and of a result that is more than that.
PASSES, LARGE = 300_000, 1_200_000

SOURCE = f"""
def large(x): return bytes([x]) * {LARGE}
def itself(x): return x
"""
RESULTS = [bytes([x]) * LARGE for x in range(4)]


class Slow:
    """A cluster whose one worker, elsewhere, is at the end of a wire on which large results stand still for now."""

    def __init__(self, cluster: Cluster, wire: Proxy) -> None:
        self.cluster, self.wire = cluster, wire

    def others(self, count: int = 8) -> list[int]:
        """What comes of another job, while the results are on their way."""
        found = self.cluster.submit(SOURCE, "itself", range(count), chunksize=1).results()
        assert self.wire.stuck
        return list(found)

    def on_its_way(self) -> Job:
        """A job of which a result has begun to travel."""
        job = self.cluster.submit(SOURCE, "large", range(4), chunksize=1)
        until(is_true(lambda: self.wire.stuck), what="a result that is on its way")
        return job

    def arrives(self) -> None:
        self.wire.most_sent = None


@pytest.fixture(params=["an executor"])
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(bulk_transfer, "PIECE", PASSES + 100_000)  # of an executor's node, whose agent is here
    with elsewhere(monkeypatch) as cluster, proxy(cluster.address) as wire:
        link = through(cluster.worker_link, wire)
        found = Slow(cluster, wire)
        wire.most_sent = PASSES
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


@pytest.mark.parametrize("slow", ["processes", "an executor"], indirect=True)
def test_other_jobs_run_and_are_told_while_results_of_one_are_on_their_way(slow: Slow) -> None:
    """An urgent task waited 17 s for 300 MB of somebody else's results."""
    job = slow.on_its_way()
    assert slow.others() == list(range(8))
    assert job.status.done == 0
    slow.arrives()
    assert job.results() == RESULTS


def test_a_result_goes_on_where_the_connection_broke(slow: Slow) -> None:
    slow.wire.most_sent = None
    slow.wire.delay = 0.01
    before = slow.wire.sent
    job = slow.cluster.submit(SOURCE, "large", range(4), chunksize=1)
    until(is_true(lambda: slow.wire.sent - before > 3 * LARGE), what="most of them")
    slow.wire.reset()
    assert job.results() == RESULTS
    assert slow.wire.sent - before < 5 * LARGE
    assert slow.cluster.nodes()[0].failed == 0


def test_results_of_a_job_that_is_cancelled_travel_no_further(slow: Slow) -> None:
    before = slow.wire.sent
    job = slow.on_its_way()
    job.cancel()
    assert slow.others() == list(range(8))
    slow.arrives()
    until(is_true(lambda: not slow.wire.stuck), what="what was on its way")
    assert slow.cluster.submit(SOURCE, "itself", range(8)).results() == list(range(8))
    assert slow.wire.sent - before < 2 * LARGE


def test_tasks_whose_results_are_lost_with_their_worker_run_elsewhere(slow: Slow) -> None:
    job = slow.on_its_way()
    slow.wire.refusing = True
    with worker(slow.cluster.worker_link, 2):
        slow.wire.reset()
        assert job.results() == RESULTS
        slow.wire.refusing = False
