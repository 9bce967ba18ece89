"""A master that cannot write hands out nothing; a job that was paused goes on as what it was."""

from __future__ import annotations

import pytest

from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.scheduling import done, join, leased, new_job, one, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def test_while_it_is_halted_nobody_is_given_anything(scheduler: Scheduler) -> None:
    new_job(scheduler, 4)
    node = join(scheduler)
    scheduler.halt(True)
    assert leased(scheduler, node, 1.0, 1.0) == ()
    scheduler.halt(False)
    assert leased(scheduler, node, 1.0, 1.0) != ()


def test_whoever_went_away_empty_is_called_when_it_goes_on(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.halt(True)
    new_job(scheduler, 4)
    assert leased(scheduler, node, 1.0, 1.0) == ()
    scheduler.nudged()
    scheduler.halt(True)
    assert scheduler.nudged() == set(), "there is nothing to come for"
    scheduler.halt(False)
    assert scheduler.nudged() == {node}


def test_a_job_that_was_paused_before_it_began_waits_again(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2)
    scheduler.pause(job.id)
    scheduler.resume(job.id, 1.0)
    assert (job.state, job.reason) == ("waiting", NO_REASON)


def test_a_job_that_was_paused_while_it_ran_runs_again(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2, chunksize=1)
    node = join(scheduler)
    report(scheduler, node, done(one(scheduler, node)))
    scheduler.pause(job.id)
    assert leased(scheduler, node, 1.0, 1.0) == ()
    scheduler.resume(job.id, 2.0)
    assert job.state == "running"


def test_a_job_all_of_whose_tasks_were_done_while_it_was_paused_ends_as_it_is_resumed(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1)
    node = join(scheduler)
    chunk = one(scheduler, node)
    scheduler.pause(job.id)
    report(scheduler, node, done(chunk), now=2.0)
    scheduler.resume(job.id, 3.0)
    assert job.state == "finished"
    assert job.finished in (2.0, 3.0)
