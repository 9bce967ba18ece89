"""While large results travel from a worker by a slow wire, nobody else waits for them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mcgui_core import Cluster, Job
from mcgui_core.node.executor_node import ExecutorNode
from mcgui_core.node.workload import large_results
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
#: One for each task of a job.
RESULTS = [bytes([x]) * LARGE for x in range(12)]


class Slow:
    """A cluster whose one worker, elsewhere, is at the end of a wire on which large results stand still for now."""

    def __init__(self, cluster: Cluster, wire: Proxy) -> None:
        self.cluster, self.wire = cluster, wire

    def on_its_way(self) -> Job:
        """A job of which a result has begun to travel."""
        job = self.cluster.submit(SOURCE, "large", range(12), chunksize=1)
        until(is_true(lambda: self.wire.stuck), what="a result that is on its way")
        return job


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    with elsewhere(monkeypatch) as cluster, proxy(cluster.address) as wire:
        wire.most_sent = PASSES
        with ThreadPoolExecutor(2) as pool, ExecutorNode(through(cluster.worker_link, wire), pool, nprocs=2):
            yield Slow(cluster, wire)
            wire.most_sent = None


def test_another_job_runs_and_is_told_while_results_of_one_are_on_their_way(slow: Slow) -> None:
    """An urgent task waited 17 s for 300 MB of somebody else's results."""
    job = slow.on_its_way()
    assert slow.cluster.submit(SOURCE, "itself", range(8), chunksize=1, priority=9).results() == list(range(8))
    assert slow.wire.stuck
    assert job.status.done == 0
    slow.wire.most_sent = None
    assert job.results() == RESULTS


def test_results_that_never_arrive_are_late_and_come_from_elsewhere(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were never late while their worker said that they were on their way, and the job never ended."""
    monkeypatch.setattr(large_results, "MOST_WAITING", 0)  # its slots wait for some tasks, and leave the others
    job = slow.on_its_way()
    with worker(slow.cluster.worker_link, 2):
        assert job.results() == RESULTS
        assert slow.wire.stuck
