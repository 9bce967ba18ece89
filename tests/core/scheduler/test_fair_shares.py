"""Jobs of equal priority share the workers, and a short one beside a long one starts at once."""

from __future__ import annotations

from collections import Counter

import pytest

from mcgui_core.scheduler.scheduler import Scheduler
from tests.benchmarks.simulated_cluster import SchedulerAlone, SimulatedCluster, Work
from tests.core.scheduling import done, join, leased, new_job, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def test_jobs_of_equal_priority_have_equally_many_slots(scheduler: Scheduler) -> None:
    jobs = [new_job(scheduler, 1000, chunksize=1) for _ in range(3)]
    node, counts = join(scheduler, nprocs=12), Counter[int]()
    for _ in range(20):
        chunks = leased(scheduler, node, 0.001, 1.0)
        counts.update(chunk.job for chunk in chunks)
        report(scheduler, node, *(done(chunk, seconds=1.0) for chunk in chunks))
    assert [counts[job.id] for job in jobs] == [80, 80, 80]


def test_for_a_job_that_has_no_slot_yet_so_many_nodes_give_back_their_queues_as_have_half_of_the_slots(
    scheduler: Scheduler,
) -> None:
    nodes = [join(scheduler, f"pc-{number}", 2) for number in range(4)]
    new_job(scheduler, 100)
    for node in nodes:
        report(scheduler, node, *(done(chunk, seconds=1.0) for chunk in leased(scheduler, node, 0.001, 1.0)))
    while [chunk for node in nodes for chunk in leased(scheduler, node, 100.0, 1.0)]:
        pass
    scheduler.nudged()
    new_job(scheduler, 10)
    assert sum(node.recall == node.queued > 2 for node in scheduler.nodes.values()) == 2
    assert len(scheduler.nudged()) == 2


def test_a_more_urgent_job_does_not_share(scheduler: Scheduler) -> None:
    new_job(scheduler, 1000, chunksize=1)
    urgent = new_job(scheduler, 1000, chunksize=1, priority=1)
    node = join(scheduler, nprocs=12)
    assert {chunk.job for chunk in leased(scheduler, node, 1.0, 1.0)} == {urgent.id}


@pytest.mark.parametrize("seconds", [0.001, 1.0])
def test_a_short_job_beside_a_long_one_starts_at_once(seconds: float) -> None:
    cluster = SimulatedCluster(SchedulerAlone())
    for number in range(4):
        cluster.add_node(f"pc-{number}", 4)
    cluster.submit(Work(1, [seconds] * int(500 / seconds)))
    short = Work(2, [seconds] * 8, at=5.0)
    cluster.submit(short)
    cluster.run(5.0 + 3 * seconds + 0.6)
    assert cluster.status(2).state == "finished"
    assert short.first is not None
    assert short.first - short.at <= seconds + 0.1
    assert not cluster.status(1).final


def test_two_jobs_of_which_one_has_longer_tasks_each_have_a_good_part_of_the_time() -> None:
    cluster = SimulatedCluster(SchedulerAlone())
    for number in range(4):
        cluster.add_node(f"pc-{number}", 8)
    cluster.submit(Work(1, [0.02] * 100_000))
    cluster.submit(Work(2, [2.0] * 1000))
    cluster.run(60.0)
    seconds = [cluster.status(1).done * 0.02, cluster.status(2).done * 2.0]
    assert min(seconds) > sum(seconds) / 4
