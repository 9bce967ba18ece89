"""Failed tasks that are to run again: what of a job begins anew, and what of it stays as it was."""

from __future__ import annotations

import pytest

from mcgui_core.protocol.messages import JobSpec, Unfit
from mcgui_core.scheduler.job_state import ELSEWHERE_SECONDS, JobRecord
from mcgui_core.scheduler.node_state import ERROR_SHOWN
from mcgui_core.scheduler.retry_queue import RetryQueue
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.scheduling import done, join, leased, members, new_job, one, report, run_all


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def over(scheduler: Scheduler, *failing: int, tasks: int = 3) -> JobRecord:
    """A job that has run to its end at 1 s."""
    job = new_job(scheduler, tasks)
    join(scheduler)
    run_all(scheduler, "a", *failing)
    return job


def test_a_job_that_had_begun_runs_at_once_and_one_that_had_not_waits(scheduler: Scheduler) -> None:
    begun, never = over(scheduler, 1), new_job(scheduler, 2)
    scheduler.cancel(never.id, 2.0)
    for job in (begun, never):
        scheduler.retry_failed(job.id, 3.0)
    assert (begun.state, never.state) == ("running", "waiting")


def test_the_time_in_which_it_was_over_adds_up_over_several_retries(scheduler: Scheduler) -> None:
    job = over(scheduler, 1)
    for retried, ended in ((11.0, 21.0), (26.0, 27.0)):
        scheduler.retry_failed(job.id, retried)
        (chunk,) = leased(scheduler, "a", 1.0, retried)
        report(scheduler, "a", done(chunk, 1), now=ended)
    assert job.idle == pytest.approx(10.0 + 5.0)


def test_the_time_in_which_it_rests_counts_while_it_rests_and_adds_up_when_it_goes_on(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 3, chunksize=1)
    join(scheduler)
    report(scheduler, "a", done(one(scheduler, "a")))
    assert job.status(9.0).idle == 0.0
    job.rest(5.0)
    assert [job.status(now).idle for now in (4.0, 5.5, 9.0)] == [0.0, 0.5, 4.0]
    job.go_on(9.0)
    assert job.status(30.0).idle == 4.0
    job.rest(30.0)
    job.go_on(31.0)
    assert job.status(31.0).idle == 5.0


def test_a_clock_that_was_set_back_meanwhile_adds_nothing(scheduler: Scheduler) -> None:
    job = over(scheduler, 1)
    scheduler.retry_failed(job.id, 0.5)
    assert job.idle == 0.0


def test_a_job_that_ended_before_it_began_has_been_over_for_no_time(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2)
    scheduler.cancel(job.id, 2.0)
    scheduler.retry_failed(job.id, 9.0)
    assert job.idle == 0.0


@pytest.mark.parametrize("arriving", [False, True])
def test_one_whose_arguments_had_not_all_come_waits_for_them_only_if_somebody_brings_them(
    scheduler: Scheduler, arriving: bool
) -> None:
    job, node = new_job(scheduler, 2, sealed=False), join(scheduler)
    scheduler.cancel(job.id, 1.0)
    scheduler.retry_failed(job.id, 2.0, arriving)
    assert job.broken_off == (not arriving)
    run_all(scheduler, node)
    assert job.state == ("running" if arriving else "cancelled")


def test_one_whose_arguments_had_all_come_is_not_broken_off(scheduler: Scheduler) -> None:
    job = over(scheduler, 1)
    scheduler.retry_failed(job.id, 2.0)
    assert not job.broken_off
    run_all(scheduler, "a")
    assert job.state == "finished"


def test_only_what_failed_may_fail_as_often_as_before(scheduler: Scheduler) -> None:
    """Task 0 has failed for good, and tasks 1 and 3 once: they have one try left, and not two."""
    job, node = new_job(scheduler, 5, retries=1, chunksize=1), join(scheduler, nprocs=5)

    def fail(*tasks: int) -> None:
        for chunk in leased(scheduler, node, 1.0, 1.0):
            report(scheduler, node, done(chunk, *(index for index in tasks if index == chunk.start)))

    fail(0, 1, 3)
    for chunk in leased(scheduler, node, 1.0, 1.0):
        if chunk.start == 0:
            report(scheduler, node, done(chunk, 0))
    assert members(job.failed) == [0]
    scheduler.retry_failed(job.id, 2.0)
    assert [job.tries[index] for index in range(5)] == [0, 1, 0, 1, 0]


def test_nobody_is_blamed_any_more_for_what_is_behind_a_range_that_is_acquitted(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 4)
    for index in range(4):
        job.condemn(index, "a")
    job.acquit(1, 3)
    assert (sorted(job.condemned), members(job.waiting)) == ([0, 3], [1, 2])
    job.wake(1e9)
    assert members(job.waiting) == [1, 2], "those that are still blamed do not come back by themselves"


@pytest.mark.parametrize(
    ("length", "shown"), [(ERROR_SHOWN, "x" * ERROR_SHOWN), (ERROR_SHOWN + 1, "x" * (ERROR_SHOWN - 3) + "...")]
)
def test_why_a_job_does_not_load_is_shown_as_far_as_there_is_room(
    scheduler: Scheduler, length: int, shown: str
) -> None:
    job, node = new_job(scheduler, 2), join(scheduler)
    join(scheduler, "b")
    report(scheduler, node, one(scheduler, node), Unfit(job.id, "", "x" * length, ""))
    assert scheduler.nodes[node].lacking[job.id] == shown


def test_a_worker_that_is_set_aside_is_told_for_which_job_and_why(scheduler: Scheduler) -> None:
    job, bad, good = new_job(scheduler, 400, retries=1, chunksize=1), join(scheduler), join(scheduler, "b")
    while not scheduler.nodes[bad].aside:
        for chunk in leased(scheduler, bad, 0.001, 1.0):
            report(scheduler, bad, done(chunk, chunk.start))
        for chunk in leased(scheduler, good, 1.0, 1.0):
            report(scheduler, good, done(chunk))
    told = scheduler.nodes[bad].take_wishes().aside
    count = scheduler.nodes[bad].blamed[job.id]
    assert told == f"It was set aside for job {job.id}: {count:,} tasks that failed here were done by others."


def test_a_retry_waits_for_no_arguments_unless_it_is_told_that_they_come(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2, sealed=False)
    scheduler.cancel(job.id, 1.0)
    scheduler.retry_failed(job.id, 2.0)
    assert job.broken_off


def test_a_retry_of_what_has_no_failure_is_over_at_once(scheduler: Scheduler) -> None:
    job = over(scheduler)
    scheduler.retry_failed(job.id, 7.0)
    assert (job.state, job.finished) == ("finished", 7.0)


def test_whoever_was_to_drop_a_job_drops_after_a_retry_what_is_older_than_that(scheduler: Scheduler) -> None:
    """It was told nothing, and ran the same tasks by the old lease and by the new one."""
    job, node = new_job(scheduler, 2), join(scheduler)
    old = one(scheduler, node)
    scheduler.nodes[node].knows.add((job.id, -1))
    scheduler.cancel(job.id, 1.0)
    scheduler.retry_failed(job.id, 2.0)
    new = one(scheduler, node)
    orders = scheduler.orders(node, 2.0)
    assert orders.drop == (job.id,)
    assert old.lease < orders.before <= new.lease


def test_of_jobs_that_were_retried_each_is_dropped_as_far_as_it_is_old(scheduler: Scheduler) -> None:
    jobs, node = [new_job(scheduler, 2, chunksize=1) for _ in range(2)], join(scheduler, nprocs=4)
    held = scheduler.lease(node, 1.0, 1.0)
    for job in jobs:
        scheduler.nodes[node].knows.add((job.id, -1))
        scheduler.cancel(job.id, 1.0)
        scheduler.retry_failed(job.id, 1.0)
        held += scheduler.lease(node, 1.0, 1.0)
    told = [scheduler.orders(node, 2.0) for _ in range(3)]
    assert [orders.drop for orders in told] == [(jobs[0].id,), (jobs[1].id,), ()]
    for orders, job in zip(told, jobs, strict=False):
        mine = {chunk.lease for chunk in held if chunk.job == job.id}
        assert {number for number in mine if number >= orders.before} == mine & scheduler.nodes[node].leases.keys()


def test_a_task_keeps_away_from_where_it_failed_for_some_seconds_and_from_where_it_is_too_large_for_good(
    scheduler: Scheduler,
) -> None:
    job = new_job(scheduler, 3, retries=2)
    job.waiting.remove(0, 3)
    job.try_again(0, "raised", "a", 1.0)
    job.try_again(1, "memory", "a", 1.0)
    job.try_again(2, "raised", "b", 4.0)
    assert members(job.avoided("a") or ()) == [0, 1]
    job.wake(1.0 + ELSEWHERE_SECONDS)
    assert (members(job.avoided("a") or ()), members(job.avoided("b") or ())) == ([1], [2])


def test_tries_that_are_due_at_nearly_the_same_time_come_together(scheduler: Scheduler) -> None:
    queue = RetryQueue()
    for index in range(4):
        queue.add(index, 10.01 + index / 10)
    assert queue.take_due(10.4) == []
    assert queue.take_due(10.5) == [(0, 4)]


def test_a_job_that_the_journal_remembers_with_the_failure_that_was_to_stop_it_is_over_at_once(
    scheduler: Scheduler,
) -> None:
    job = JobRecord(1, JobSpec("job", "", "f", on_error="stop"), 0.0)
    job.extend(2, sealed=True)
    job.settled.add(0, 1)
    job.failed.add(0, 1)
    job.waiting.remove(0, 1)
    scheduler.restore(job, 5.0)
    assert (job.state, job.finished) == ("stopped", 5.0)
