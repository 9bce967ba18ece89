"""A node whose connection breaks and that comes back goes on with what it holds, unless others have it by then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.protocol.messages import Chunk, JobSpec, NodeInfo, NodeReport
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.heartbeat_monitor import NODE_TIMEOUT
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, members, new_job, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def begun(scheduler: Scheduler, tasks: int = 2, now: float = 0.0) -> tuple[JobRecord, tuple[Chunk, ...]]:
    """Node "a" is at all tasks of a job since then; node "b" has nothing to do."""
    join(scheduler, "a", tasks, now)
    join(scheduler, "b", tasks, now)
    job = new_job(scheduler, tasks, chunksize=1)
    return job, leased(scheduler, "a", 0.001, now)


def breaks(scheduler: Scheduler, now: float) -> None:
    """The connection of "a", just after a heartbeat."""
    scheduler.heartbeat("a", NodeReport(2, 2, 0.0, 0), now)
    scheduler.heartbeat("b", NodeReport(2, 0, 0.0, 0), now)
    scheduler.depart("a", "lost", Reason("disconnected", ""), now, may_return=True)
    check_counts(scheduler)


def comes_back(scheduler: Scheduler, held: tuple[Chunk, ...], now: float) -> list[int]:
    """Returns the tasks that it goes on with."""
    kept = scheduler.join(NodeInfo("a", "a", 2, 8, "3.11.7", "Test", 1), "here", now, held)
    check_counts(scheduler)
    return members((chunk.start, chunk.stop) for chunk in kept)


def test_it_goes_on_with_what_it_holds_and_nobody_else_was_given_it(scheduler: Scheduler) -> None:
    job, held = begun(scheduler)
    breaks(scheduler, 10.0)
    assert not scheduler.orders("b", 10.0).work
    assert leased(scheduler, "b", 1.0, 10.1) == ()
    assert comes_back(scheduler, held, 10.5) == [0, 1]
    assert (job.running, job.losses[0]) == (2, 0)
    assert leased(scheduler, "b", 1.0, 10.6) == ()
    report(scheduler, "a", *map(done, held), now=11.0)
    assert job.state == "finished"


def test_who_joins_again_before_its_loss_was_noticed_goes_on_too(scheduler: Scheduler) -> None:
    job, held = begun(scheduler)
    assert comes_back(scheduler, held, 0.1) == [0, 1]
    assert job.running == 2


def test_what_it_does_not_hold_waits_as_soon_as_it_is_back(scheduler: Scheduler) -> None:
    """It was granted, and the answer was lost."""
    job, held = begun(scheduler)
    breaks(scheduler, 10.0)
    assert comes_back(scheduler, held[1:], 10.5) == [1]
    assert members(job.waiting) == [0]
    assert scheduler.orders("b", 10.6).work


def test_it_is_waited_for_no_longer_than_it_has_worked(scheduler: Scheduler) -> None:
    job, _ = begun(scheduler, now=8.5)
    breaks(scheduler, 10.0)
    scheduler.tick(11.0)
    assert not job.waiting
    scheduler.tick(11.5)
    assert members(job.waiting) == [0, 1]
    scheduler.heartbeat("b", NodeReport(2, 0, 0.0, 0), 11.5)
    assert len(leased(scheduler, "b", 1.0, 11.5)) == 2


def test_it_is_waited_for_no_longer_than_it_may_be_silent(scheduler: Scheduler) -> None:
    job, _ = begun(scheduler)
    for second in range(3600):
        scheduler.heartbeat("b", NodeReport(2, 0, 0.0, 0), float(second))
        scheduler.heartbeat("a", NodeReport(2, 2, 0.0, 0), float(second))
        scheduler.tick(float(second))
    breaks(scheduler, 3600.0)
    scheduler.tick(3600.0 + NODE_TIMEOUT - 0.1)
    assert not job.waiting
    scheduler.tick(3600.0 + NODE_TIMEOUT)
    assert members(job.waiting) == [0, 1]


def test_what_has_just_begun_goes_on_elsewhere_at_once(scheduler: Scheduler) -> None:
    job, held = begun(scheduler, now=9.5)
    breaks(scheduler, 10.0)
    assert members(job.waiting) == [0, 1]
    (taken,) = leased(scheduler, "b", 0.001, 10.0)[:1]
    assert taken.start == 0
    assert 0 not in comes_back(scheduler, held, 10.1)


@pytest.mark.parametrize(("seconds", "awaited"), [(0.01, False), (1.0, True)])
def test_quick_tasks_go_on_elsewhere_at_once_though_nothing_was_heard_of_them(
    scheduler: Scheduler, seconds: float, awaited: bool
) -> None:
    """As of a computer that had too much to do."""
    job, held = begun(scheduler, 4)
    report(scheduler, "a", done(held[0], seconds=seconds), now=0.1)
    breaks(scheduler, 1.9)
    assert bool(job.waiting) != awaited


def test_what_takes_much_longer_than_others_is_worth_waiting_for(scheduler: Scheduler) -> None:
    job, held = begun(scheduler, 2)
    report(scheduler, "a", done(held[0], seconds=0.01), now=0.1)
    for second in range(1, 10):
        scheduler.heartbeat("a", NodeReport(2, 1, 0.0, 0), float(second))
        scheduler.tick(float(second))
    breaks(scheduler, 9.1)
    assert not job.waiting


def test_what_others_have_begun_or_done_since_is_theirs(scheduler: Scheduler) -> None:
    job, held = begun(scheduler)
    scheduler.depart("a", "lost", Reason("silent", ""), 10.0)
    first, second = leased(scheduler, "b", 0.001, 10.0)
    report(scheduler, "b", done(first), now=11.0)
    assert comes_back(scheduler, held, 12.0) == []
    report(scheduler, "b", done(second), now=13.0)
    assert job.state == "finished"


def test_two_breaks_on_end_are_as_one(scheduler: Scheduler) -> None:
    _, held = begun(scheduler)
    breaks(scheduler, 10.0)
    comes_back(scheduler, held, 10.3)
    breaks(scheduler, 10.4)
    assert leased(scheduler, "b", 1.0, 10.5) == ()
    assert comes_back(scheduler, held, 10.6) == [0, 1]


def test_a_task_that_may_have_taken_its_worker_down_is_not_waited_for(scheduler: Scheduler) -> None:
    job, _ = begun(scheduler, 1)
    job.losses.add(0)
    job.losses.add(0)
    job.lost_alone.add(0)
    breaks(scheduler, 10.0)
    assert job.condemned.keys() == {0}


def test_what_is_reported_while_it_is_awaited_counts(scheduler: Scheduler) -> None:
    """By its other connection, which has not broken yet."""
    job, held = begun(scheduler)
    breaks(scheduler, 10.0)
    report(scheduler, "a", done(held[0]), now=10.1)
    assert (members(job.settled), job.running) == ([0], 1)
    assert comes_back(scheduler, held, 10.2) == [1]


def test_a_part_of_a_lease_is_held_with_its_gaps(scheduler: Scheduler) -> None:
    join(scheduler, "a")
    job = new_job(scheduler, 10, chunksize=10)
    (whole,) = scheduler.lease("a", 0.001, 0.0)
    parts = tuple(replace(whole, start=start, stop=stop) for start, stop in ((1, 3), (6, 7), (8, 20)))
    assert comes_back(scheduler, parts, 0.1) == [1, 2, 6, 8, 9]
    assert members(job.waiting) == [0, 3, 4, 5, 7]
    assert job.running == 5


def test_what_is_said_twice_is_held_once(scheduler: Scheduler) -> None:
    job, held = begun(scheduler)
    assert comes_back(scheduler, held + held, 0.1) == [0, 1]
    assert job.running == 2
    assert comes_back(scheduler, (held[0], replace(held[0], job=job.id + 1)), 0.2) == [0]


def test_a_master_that_was_started_anew_knows_its_tasks(scheduler: Scheduler) -> None:
    _, held = begun(scheduler)
    again = Scheduler(next_lease=1000)
    again.add_job(held[0].job, JobSpec("job", "", "f"), 0.0)
    again.extend(held[0].job, 2, True, 0.0)
    kept = again.join(NodeInfo("a", "a", 2, 8, "3.11.7", "Test", 1), "here", 1.0, held)
    assert members((chunk.start, chunk.stop) for chunk in kept) == [0, 1]
    assert (again.job(held[0].job).state, again.job(held[0].job).running) == ("running", 2)
    check_counts(again)


@pytest.mark.parametrize("why", ["over", "forgotten", "halted", "not yet given out", "unfit"])
def test_what_is_nobodys_is_not_its_own_either(scheduler: Scheduler, why: str) -> None:
    job, held = begun(scheduler)
    if why in ("over", "forgotten"):
        scheduler.cancel(job.id, 1.0)
    if why == "forgotten":
        scheduler.forget_job(job.id)
    if why == "halted":
        scheduler.halt(True)
    if why == "not yet given out":
        held = tuple(replace(chunk, lease=chunk.lease + 1000) for chunk in held)
    if why == "unfit":
        scheduler.nodes["a"].set_unfit(job.id, "")
    assert comes_back(scheduler, held, 2.0) == []
    assert job.running == 0


def test_a_node_that_is_forgotten_is_not_awaited(scheduler: Scheduler) -> None:
    job, _ = begun(scheduler)
    breaks(scheduler, 10.0)
    scheduler.forget_node("a")
    check_counts(scheduler)
    assert members(job.waiting) == [0, 1]
    scheduler.tick(20.0)


def test_a_job_that_is_over_meanwhile_keeps_nothing_for_anybody(scheduler: Scheduler) -> None:
    job, held = begun(scheduler)
    breaks(scheduler, 10.0)
    scheduler.cancel(job.id, 10.1)
    check_counts(scheduler)
    assert comes_back(scheduler, held, 10.2) == []
    assert scheduler.tick(20.0) or job.state == "cancelled"
