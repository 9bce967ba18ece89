"""Content that is on its way to a node holds no slot: the scheduler leases others' tasks over what waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.protocol.messages import Chunk, Report
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, new_job, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def waits(
    scheduler: Scheduler, node: str, *leases: tuple[int, int], now: float = 1.0, bringing: tuple[int, ...] = ()
) -> None:
    """It tells of how many pieces of which leases content is on its way, and of which jobs as a whole."""
    scheduler.settle(node, scheduler.sift(node, Report(staging=leases, bringing=bringing)), now)
    check_counts(scheduler)


def staged(scheduler: Scheduler, node: str, tasks: int = 2, **options: object) -> Chunk:
    """A node of two slots that holds all of a job, and waits for what that needs."""
    new_job(scheduler, tasks, **options)
    join(scheduler, node, 2)
    (chunk,) = scheduler.lease(node, 1.0, 1.0)
    assert chunk.pieces >= 2
    waits(scheduler, node, (chunk.lease, chunk.pieces))
    return chunk


def test_slots_whose_content_is_on_its_way_are_given_tasks_of_other_jobs(scheduler: Scheduler) -> None:
    chunk = staged(scheduler, "a", 100)
    assert not scheduler.lease("a", 1.0, 1.0), "it has all that it may have of that job"
    assert not scheduler.orders("a", 1.0).work
    other = new_job(scheduler, 10, sealed=False)
    scheduler.extend(other.id, 0, True, 1.0)
    assert scheduler.nudged() == {"a"}
    assert scheduler.orders("a", 1.0).work
    given = leased(scheduler, "a", 1.0, 1.0)
    assert {piece.job for piece in given} == {other.id}
    assert len(given) >= 2
    check_counts(scheduler)
    report(scheduler, "a", *map(done, given))
    assert not scheduler.nodes["a"].staging, "it says so no more"
    assert scheduler.job(chunk.job).running == chunk.count


def test_jobs_of_which_all_wait_for_content_are_each_leased_as_though_they_were_alone(scheduler: Scheduler) -> None:
    first = staged(scheduler, "a", 4, chunksize=1)
    new_job(scheduler, 4, chunksize=1)
    second = scheduler.lease("a", 1.0, 1.0)
    assert sum(chunk.count for chunk in second) >= 2
    waits(scheduler, "a", (first.lease, first.pieces), *((chunk.lease, chunk.pieces) for chunk in second))
    assert not scheduler.orders("a", 1.0).work
    third = new_job(scheduler, 4, chunksize=1)
    assert {chunk.job for chunk in scheduler.lease("a", 1.0, 1.0)} == {third.id}


def test_what_waits_for_content_is_not_late_however_long_that_takes(scheduler: Scheduler) -> None:
    chunk = staged(scheduler, "a", 3, chunksize=1)
    join(scheduler, "b", 1)
    (measured,) = leased(scheduler, "b", 0.001, 1.0)
    report(scheduler, "b", done(measured, seconds=0.1))
    for now in range(2, 100):
        scheduler.heartbeat("a", scheduler.nodes["a"].report, float(now))
        scheduler.heartbeat("b", scheduler.nodes["b"].report, float(now))
        waits(scheduler, "a", (chunk.lease, chunk.pieces), now=float(now))
        scheduler.tick(float(now))
        assert not scheduler.job(chunk.job).late
        assert not scheduler.nodes["a"].is_asked, "of arguments, who has run some of the job has no more than anybody"
    waits(scheduler, "a", now=100.0)
    scheduler.tick(101.0)
    assert not scheduler.job(chunk.job).late, "it has just begun"
    scheduler.tick(110.0)
    assert scheduler.job(chunk.job).late


def test_who_has_run_some_of_a_job_takes_what_waits_elsewhere_for_what_all_of_it_needs(scheduler: Scheduler) -> None:
    chunk = staged(scheduler, "a", 3, chunksize=1)
    join(scheduler, "b", 1)
    (measured,) = leased(scheduler, "b", 0.001, 1.0)
    report(scheduler, "b", done(measured, seconds=0.1))
    waits(scheduler, "a", (chunk.lease, chunk.pieces), bringing=(chunk.job,))
    scheduler.tick(2.0)
    assert scheduler.orders("a", 2.0).recall_jobs == (chunk.job,)


@pytest.mark.parametrize("tasks", [1, 2])
def test_tasks_whose_content_is_on_its_way_do_not_begin_elsewhere_too(scheduler: Scheduler, tasks: int) -> None:
    """To an idle node that lacks it likewise, the same content would travel once more."""
    new_job(scheduler, tasks, chunksize=1)
    join(scheduler, "a", 2)
    chunks = scheduler.lease("a", 1.0, 1.0)
    join(scheduler, "b", 2)
    waits(scheduler, "a", *((chunk.lease, chunk.pieces) for chunk in chunks))
    for now in range(2, 60):
        for node in "ab":
            scheduler.heartbeat(node, scheduler.nodes[node].report, float(now))
            orders = scheduler.orders(node, float(now))
            assert (orders.work, orders.recall) == (False, 0)
            assert not scheduler.lease(node, 1.0, float(now))
        scheduler.tick(float(now))


def test_what_is_beyond_the_slots_of_who_waits_for_content_is_for_those_who_have_nothing_to_do(
    scheduler: Scheduler,
) -> None:
    staged(scheduler, "a", 10)
    join(scheduler, "b", 2)
    assert not scheduler.lease("b", 1.0, 2.0)
    assert 0 < scheduler.orders("a", 2.0).recall <= 8


def test_a_pause_takes_back_all_that_waits_for_content(scheduler: Scheduler) -> None:
    chunk = staged(scheduler, "a", 2, chunksize=1)
    scheduler.pause(chunk.job)
    assert scheduler.orders("a", 1.0).recall_jobs == (chunk.job,)
    report(scheduler, "a", chunk)
    assert not scheduler.nodes["a"].staging
    check_counts(scheduler)


def test_a_pause_takes_nothing_back_of_other_jobs(scheduler: Scheduler) -> None:
    """What had come of their arguments was thrown away."""
    staged(scheduler, "a", 2, chunksize=1)
    other = new_job(scheduler, 10)
    assert leased(scheduler, "a", 1.0, 1.0)
    scheduler.pause(other.id)
    orders = scheduler.orders("a", 1.0)
    assert (orders.recall, orders.recall_jobs) == (0, (other.id,))


@pytest.mark.parametrize("way", ["cancelled", "lost", "comes again"])
def test_nothing_stays_noted_of_what_waited_for_content(scheduler: Scheduler, way: str) -> None:
    chunk = staged(scheduler, "a", 100)
    if way == "cancelled":
        scheduler.cancel(chunk.job, 2.0)
    elif way == "lost":
        scheduler.depart("a", "lost", NO_REASON, 2.0)
    else:
        join(scheduler, "a", 2)
    assert not scheduler.nodes["a"].staging
    assert not scheduler._dispatch.table.staging
    check_counts(scheduler)
    waits(scheduler, "a", (chunk.lease, 2), (10**9, 1))
    assert not scheduler.nodes["a"].staging, "it holds no such lease"


def test_part_of_a_lease_may_wait(scheduler: Scheduler) -> None:
    """Two slots, of which one has its argument: the other one may run something else, and nothing of it is late."""
    new_job(scheduler, 2, chunksize=1)
    join(scheduler, "a", 2)
    (chunk,) = scheduler.lease("a", 1.0, 1.0)
    waits(scheduler, "a", (chunk.lease, 1))
    assert scheduler.nodes["a"].idle == 1
    new_job(scheduler, 5, chunksize=1)
    assert len(leased(scheduler, "a", 0.001, 1.0)) == 1
    report(scheduler, "a", done(replace(chunk, stop=1)))
    check_counts(scheduler)
