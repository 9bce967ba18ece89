"""Who is told that there is work: as many as can have some, each once, and nobody for nothing."""

from __future__ import annotations

import pytest

from mcgui_core.protocol.messages import NodeReport, Report, Unfit
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.heartbeat_monitor import SILENT_AFTER
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import death, done, join, leased, new_job, one, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def test_who_was_called_and_has_asked_may_be_called_again(scheduler: Scheduler) -> None:
    node = join(scheduler)
    first = new_job(scheduler, 1)
    assert scheduler.nudged() == {node}
    report(scheduler, node, done(one(scheduler, node)))
    assert scheduler._dispatch.capacity.promised(first) == 0
    new_job(scheduler, 1)
    assert scheduler.nudged() == {node}
    check_counts(scheduler)


def test_whoever_has_heard_that_there_is_nothing_is_called_when_there_is_something(scheduler: Scheduler) -> None:
    node = join(scheduler)
    assert not scheduler.orders(node, 1.0).work
    job = new_job(scheduler, 1)
    assert scheduler.nudged() == {node}
    assert scheduler.orders(node, 1.0).work
    assert scheduler._dispatch.capacity.promised(job) == 1


@pytest.mark.parametrize("halted", [False, True])
def test_a_node_that_has_enough_is_told_of_no_work_and_nobody_is_while_it_is_halted(
    scheduler: Scheduler, halted: bool
) -> None:
    node = join(scheduler)
    job = new_job(scheduler, 5, chunksize=1)
    if not halted:
        assert leased(scheduler, node, 100.0, 1.0)
        assert job.waiting, "there is more"
    scheduler.halt(halted)
    assert not scheduler.orders(node, 1.0).work


def test_who_has_asked_and_has_enough_is_woken_only_for_what_else_it_is_to_hear(scheduler: Scheduler) -> None:
    for wish in (0, 2):
        node = join(scheduler, f"wish {wish}")
        new_job(scheduler, 1)
        if wish:
            scheduler.steer(node, nprocs=wish)
        assert leased(scheduler, node, 0.001, 1.0)
        assert (node in scheduler.nudged()) == bool(wish)


def test_for_tasks_for_which_somebody_was_called_nobody_else_is(scheduler: Scheduler) -> None:
    for name in "abc":
        join(scheduler, name)
    new_job(scheduler, 1)
    assert len(scheduler.nudged()) == 1
    scheduler.halt(False)
    assert scheduler.nudged() == set()


def test_in_the_place_of_who_was_called_and_pauses_somebody_else_is(scheduler: Scheduler) -> None:
    called = join(scheduler, "called")
    job = new_job(scheduler, 1)
    assert scheduler.nudged() == {called}
    scheduler.heartbeat(called, NodeReport(1, 0, 0.0, 0, paused=True), 1.0)
    assert scheduler._dispatch.capacity.promised(job) == 0
    free = join(scheduler, "free")
    scheduler.halt(False)
    assert scheduler.nudged() == {free}


def test_as_many_are_called_as_there_are_tasks_for(scheduler: Scheduler) -> None:
    for name in "abcd":
        join(scheduler, name, 2)
    new_job(scheduler, 4)
    assert len(scheduler.nudged()) == 2
    new_job(scheduler, 1)
    assert len(scheduler.nudged()) == 1


def test_a_node_that_works_is_not_told_of_tasks_that_may_have_taken_a_worker_down_until_it_has_ended(
    scheduler: Scheduler,
) -> None:
    harmless, suspected = new_job(scheduler, 1), new_job(scheduler, 1, priority=1)
    for name in ("first", "second"):
        assert leased(scheduler, join(scheduler, name), 0.001, 1.0)
        scheduler.depart(name, "lost", Reason("", "its connection broke"), 1.0)
    busy = join(scheduler, "busy", 2)
    scheduler.pause(suspected.id)
    chunk = one(scheduler, busy)
    assert chunk.job == harmless.id
    scheduler.resume(suspected.id, 1.0)
    assert not scheduler.orders(busy, 1.0).work, "it is to be empty first"
    report(scheduler, busy, done(chunk))
    assert scheduler.orders(busy, 1.0).work
    assert [part.job for part in leased(scheduler, busy, 1.0, 1.0)] == [suspected.id]
    check_counts(scheduler)


def test_a_free_node_is_told_of_tasks_that_are_late_elsewhere(scheduler: Scheduler) -> None:
    slow = join(scheduler, "slow")
    job = new_job(scheduler, 20, chunksize=1)
    for _ in range(19):
        report(scheduler, slow, done(one(scheduler, slow), seconds=1.0))
    assert one(scheduler, slow)
    free = join(scheduler, "free")
    assert not scheduler.orders(free, 2.0).work
    assert scheduler.orders(free, 1000.0).work
    assert scheduler.lease(free, 1.0, 1000.0, repeats=False) == ()
    (repeated,) = leased(scheduler, free, 1.0, 1000.0)
    assert (repeated.job, repeated.start) == (job.id, 19)


def test_what_a_node_never_heard_of_waits_again_and_it_is_told_so(scheduler: Scheduler) -> None:
    node, other = join(scheduler), join(scheduler, "b")
    job, untouched = new_job(scheduler, 1), new_job(scheduler, 1)
    scheduler.nudged()
    chunks = scheduler.lease(node, 0.001, 1.0)
    assert [chunk.job for chunk in chunks] == [job.id]
    report(scheduler, other, done(one(scheduler, other)))
    scheduler.nudged()
    scheduler.not_sent(node, chunks, 2.0)
    assert len(job.waiting) == 1
    assert scheduler.nudged() & {node, other}
    assert (untouched.state, job.state) == ("finished", "running")
    check_counts(scheduler)


@pytest.mark.parametrize("by", ["a death", "a refusal", "coming back"])
def test_what_a_node_did_not_do_is_for_whoever_has_nothing_to_do(scheduler: Scheduler, by: str) -> None:
    node = join(scheduler)
    job = new_job(scheduler, 1)
    chunk = one(scheduler, node)
    free = join(scheduler, "free")
    assert not scheduler.orders(free, 1.0).work
    scheduler.nudged()
    scheduler.heartbeat(node, NodeReport(1, 1, 0.0, 0, paused=True), 1.0)
    parts = {"a death": death(chunk), "a refusal": Unfit(job.id, "ImportError", "no numpy", ""), "coming back": chunk}
    report(scheduler, node, parts[by])
    assert scheduler.nudged() == {free}


def test_who_tells_no_more_than_what_it_keeps_is_called_to_what_comes(scheduler: Scheduler) -> None:
    node = join(scheduler, nprocs=2)
    new_job(scheduler, 2)
    leased(scheduler, node, 0.001, 1.0)
    scheduler.settle(node, scheduler.sift(node, Report(kept=1)), 1.0)
    scheduler.nudged()
    new_job(scheduler, 1)
    assert scheduler.nudged() == {node}
    check_counts(scheduler)


def test_a_silent_node_that_reports_is_there_again(scheduler: Scheduler) -> None:
    node = join(scheduler)
    job = new_job(scheduler, 2, chunksize=1)
    chunk = one(scheduler, node)
    scheduler.tick(SILENT_AFTER + 1.0)
    assert scheduler._dispatch.capacity.slots(job) == 0
    scheduler.nudged()
    report(scheduler, node, done(chunk), now=SILENT_AFTER + 1.5)
    assert scheduler._dispatch.capacity.slots(job) == 1
    assert scheduler.nudged() == {node}
