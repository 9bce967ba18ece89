"""Queues: what nodes have in theirs, who gets half of the fullest, and who has a task to spare."""

from __future__ import annotations

import weakref
from dataclasses import replace

import pytest

from mcgui_core.protocol.messages import NodeReport, Orders, Report
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler import lease_table
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, new_job, one, report


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def full_and_idle(scheduler: Scheduler) -> tuple[JobRecord, str, str]:
    """A node with a queue of slow tasks, and one that comes when nothing waits any more."""
    job, full = new_job(scheduler, 12), join(scheduler, "full", 1)
    report(scheduler, full, done(one(scheduler, full), seconds=1.0))
    assert len(leased(scheduler, full, 100.0, 1.0)) == 11
    return job, full, join(scheduler, "idle", 1)


def test_who_is_given_nothing_hears_whether_anybody_has_a_task_to_spare(scheduler: Scheduler) -> None:
    _, full, idle = full_and_idle(scheduler)
    assert not scheduler.lease(idle, 1.0, 1.0)
    assert not scheduler.is_all(())
    tasks = scheduler.orders(full, 1.0).recall
    assert not scheduler.is_all(()), "it is on its way"
    held = list(scheduler.nodes[full].leases.values())[-1].chunk
    report(scheduler, full, replace(held, start=held.stop - tasks), replace(held, stop=held.stop - tasks))
    assert not scheduler.is_all(()), "nobody has them"
    while given := scheduler.lease(idle, 1.0, 1.0):
        report(scheduler, idle, *map(done, given))
    assert scheduler.is_all(())


def test_nor_is_it_said_that_there_is_nothing_while_a_job_expects_more(scheduler: Scheduler) -> None:
    """Who believed that told late which of its slots had nothing to do, as there was something for them."""
    node = join(scheduler)
    job = new_job(scheduler, 1, sealed=False, retries=1, backoff=30.0)
    report(scheduler, node, done(one(scheduler, node)))
    assert not scheduler.is_all(()), "its arguments arrive"
    scheduler.extend(job.id, 1, True, 1.0)
    chunk = one(scheduler, node)
    assert scheduler.is_all(())
    report(scheduler, node, done(chunk, chunk.start))
    assert not scheduler.is_all(()), "it is tried again in a while"
    check_counts(scheduler)
    scheduler.cancel(job.id, 2.0)
    assert scheduler.is_all(())


@pytest.mark.parametrize("held", ["nothing", "a queue", "a queue that others were to have"])
def test_of_a_node_that_is_forgotten_nothing_stays(scheduler: Scheduler, held: str) -> None:
    """In a master to which workers come under ever new names, those that had gone stayed in memory."""
    new_job(scheduler, 12, chunksize=1)
    one(scheduler, join(scheduler, "busy"))
    id = join(scheduler, "gone")
    if held != "nothing":
        report(scheduler, id, done(one(scheduler, id), seconds=1.0))
        leased(scheduler, id, 100.0, 1.0)
        assert scheduler._dispatch.table.fullest() is scheduler.nodes[id]
    if held == "a queue that others were to have":
        scheduler._dispatch.stealing.recall(scheduler.nodes[id], 1)
    node = weakref.ref(scheduler.nodes[id])
    scheduler.depart(id, "left", NO_REASON, 2.0)
    scheduler.forget_node(id)
    assert node() is None
    check_counts(scheduler)


def test_a_node_that_was_to_give_something_back_and_has_gone_has_nothing_to_spare(scheduler: Scheduler) -> None:
    """It held nothing any more, because its job was over: others never heard that nobody has a task for them."""
    job, node = new_job(scheduler, 12, chunksize=1), join(scheduler)
    report(scheduler, node, done(one(scheduler, node), seconds=1.0))
    leased(scheduler, node, 100.0, 1.0)
    scheduler._dispatch.stealing.recall(scheduler.nodes[node], 1)
    scheduler.cancel(job.id, 2.0)
    other = join(scheduler, "other")
    for here in (True, False):
        leased(scheduler, other, 1.0, 2.0)
        assert scheduler.is_all(()) is not here
        scheduler.depart(node, "lost", NO_REASON, 2.0)
    check_counts(scheduler)


def test_who_was_asked_and_has_slots_for_all_by_now_has_nothing_to_spare(scheduler: Scheduler) -> None:
    _, full, idle = full_and_idle(scheduler)
    leased(scheduler, idle, 1.0, 1.0)
    assert scheduler.orders(full, 1.0).recall > 0
    assert not scheduler.is_all(())
    scheduler.heartbeat(full, NodeReport(20, 11, 0.0, 0), 1.0)
    leased(scheduler, idle, 1.0, 1.0)
    assert scheduler.is_all(())


def test_a_node_that_idles_gets_half_of_the_fullest_queue(scheduler: Scheduler) -> None:
    job, full, idle = full_and_idle(scheduler)
    assert leased(scheduler, idle, 1.0, 1.0) == ()
    assert scheduler.nudged() == {full}
    assert scheduler.orders(full, 1.0) == Orders(recall=5)
    assert scheduler.orders(full, 1.0) == Orders()
    held = list(scheduler.nodes[full].leases.values())[-1].chunk
    last = replace(held, start=held.stop - 5)
    report(scheduler, full, last)
    assert scheduler.nudged() == {idle}
    assert leased(scheduler, idle, 1.0, 1.0)[0].start == last.start
    assert job.running + len(job.waiting) == 11


@pytest.mark.parametrize(("seconds", "asked"), [(0.005, False), (0.02, True)])
def test_a_queue_that_is_done_in_a_moment_is_left_to_its_node(
    scheduler: Scheduler, seconds: float, asked: bool
) -> None:
    full = join(scheduler, "full", 1)
    new_job(scheduler, 12, chunksize=1)
    report(scheduler, full, done(one(scheduler, full), seconds=seconds))
    assert len(leased(scheduler, full, 100.0, 1.0)) == 11
    assert leased(scheduler, join(scheduler, "idle", 1), 1.0, 1.0) == ()
    assert scheduler.nudged() == ({full} if asked else set())


def test_what_has_only_begun_is_left_to_its_node_however_long_its_job_had_to_wait_for_one(scheduler: Scheduler) -> None:
    new_job(scheduler, 10_000)
    first, second = join(scheduler, "a", 2, now=100.0), join(scheduler, "b", 2, now=100.0)
    scheduler.heartbeat(second, NodeReport(2, 0, 0.0, 0, paused=True), 100.0)
    scheduler.lease(first, 1.0, 100.0)
    scheduler.heartbeat(second, NodeReport(2, 0, 0.0, 0), 100.0)
    assert scheduler.lease(second, 1.0, 100.0) == ()
    assert scheduler.orders(first, 100.0).recall == 0
    assert scheduler.lease(second, 1.0, 101.0) == ()
    assert scheduler.orders(first, 101.0).recall > 0


def test_tasks_for_which_a_node_has_no_slots_any_more_are_its_queue(scheduler: Scheduler) -> None:
    node = join(scheduler, "shrinks", 4)
    new_job(scheduler, 8, chunksize=1)
    report(scheduler, node, *(done(chunk, seconds=1.0) for chunk in leased(scheduler, node, 0.001, 0.0)))
    assert len(leased(scheduler, node, 0.001, 1.0)) == 4
    idle = join(scheduler, "idle")
    assert leased(scheduler, idle, 1.0, 1.0) == ()
    assert scheduler.orders(node, 1.0).recall == 0
    scheduler.heartbeat(node, NodeReport(1, 4, 0.0, 0), 1.5)
    assert leased(scheduler, idle, 1.0, 1.5) == ()
    assert scheduler.orders(node, 1.5).recall > 0


def test_a_slow_node_has_fewer_tasks_than_others(scheduler: Scheduler) -> None:
    slow, others = join(scheduler, "slow"), [join(scheduler, f"pc-{number}") for number in range(3)]
    new_job(scheduler, 1000, chunksize=1)
    for _ in range(10):
        for node in (slow, *others):
            took = 5.0 if node == slow else 1.0
            report(scheduler, node, *(done(chunk, seconds=took) for chunk in leased(scheduler, node, 0.001, 1.0)))
    held = {node: len(leased(scheduler, node, 1000.0, 1.0)) for node in (others[0], slow)}
    assert held[slow] < held[others[0]] / 2


def test_what_a_node_has_done_and_tells_later_is_no_work_that_it_still_has(scheduler: Scheduler) -> None:
    """It had less than its part of the last tasks, by as many tasks as it kept for itself."""
    job = new_job(scheduler, 1000)
    table = scheduler._dispatch.table
    table.gather = 2.0
    told = {"open": 0, "keeps": 6, "lies": 1 << 62}
    for node in told:
        join(scheduler, node, 10)
    for node, kept in told.items():
        first, *_ = leased(scheduler, node, 0.001, 0.9)
        scheduler.settle(node, scheduler.sift(node, Report((done(first, seconds=1.0),), kept=kept)), 1.0)
    check_counts(scheduler)
    left = {id: table.left_of(node, job, 1.0) for id, node in scheduler.nodes.items()}
    assert left == {"open": 9.0, "keeps": 3.0, "lies": 0.0}
    assert table.left(job, 1.0) == 12.0
    assert [scheduler.nodes[node].idle for node in ("open", "keeps", "lies")] == [1, 7, 10]
    for node in scheduler.nodes:
        scheduler.depart(node, "lost", NO_REASON, 1.0)
        check_counts(scheduler)


def test_what_a_node_kept_and_tells_was_no_work_of_the_meantime(scheduler: Scheduler) -> None:
    """It seemed to have done that only now, and its slots to have just begun: it had too much left, and got no more."""
    job = new_job(scheduler, 1000, chunksize=1)
    table = scheduler._dispatch.table
    nodes = [join(scheduler, node, 10) for node in ("open", "keeps")]
    table.gather = 4.0
    firsts = [leased(scheduler, node, 0.001, 0.0) for node in nodes]
    for node, first in zip(nodes, firsts, strict=True):
        report(scheduler, node, done(first[0], seconds=1.0), now=1.0)
        assert len(leased(scheduler, node, 2.0, 1.0)) == 21
    told = [tuple(done(chunk, seconds=1.0) for chunk in first[1:]) for first in firsts]
    report(scheduler, "open", *told[0], now=1.0)
    scheduler.settle("keeps", scheduler.sift("keeps", Report(told[1][:3], kept=6)), 1.0)
    report(scheduler, "keeps", *told[1][3:], now=1.5)
    assert [table.left_of(scheduler.nodes[node], job, 1.5) for node in nodes] == [16.0, 16.0]


def test_who_was_told_that_there_is_work_is_not_told_again_before_it_has_asked(scheduler: Scheduler) -> None:
    """With many nodes, each report of one woke all others that had nothing to do."""
    for node in ("a", "b"):
        join(scheduler, node)
    new_job(scheduler, 4, chunksize=1)
    assert scheduler.nudged() == {"a", "b"}
    more = new_job(scheduler, 4, chunksize=1)
    assert scheduler.nudged() == set()
    (first,) = leased(scheduler, "a", 0.001, 1.0)
    report(scheduler, "a", done(first))
    assert scheduler.nudged() == {"a"}, "b is called already"
    assert scheduler.orders("b", 1.0).work, "and hears it with each heartbeat"
    for id in (first.job, more.id):
        scheduler.cancel(id, 2.0)
    assert not scheduler.orders("b", 2.0).work
    new_job(scheduler, 4, chunksize=1)
    assert scheduler.nudged() >= {"b"}, "it may have missed what there is now"


def test_slots_without_work_ask_as_many_queues_as_they_can_take_tasks_of(scheduler: Scheduler) -> None:
    """They asked one, and who was told that nothing waits asked no more, though others still had a queue."""
    job, full = new_job(scheduler, 63), [join(scheduler, f"full {number}", 1) for number in range(3)]
    for node in full:
        report(scheduler, node, done(one(scheduler, node), seconds=1.0))
    while [chunk for node in full for chunk in leased(scheduler, node, 100.0, 1.0)]:
        pass
    idle = join(scheduler, "idle", 50)
    assert len(leased(scheduler, idle, 1.0, 1.0)) <= 3, "what the others were not given"
    assert scheduler.nudged() == set(full)
    assert sum(node.recall for node in scheduler.nodes.values()) >= 47
    for node in full:
        scheduler.orders(node, 1.0)
    scheduler.tick(1.1)
    assert not scheduler.nudged(), "who gives nothing back has begun with all, as far as one knows"
    for node in full:
        first = next(iter(scheduler.nodes[node].leases.values())).chunk
        report(scheduler, node, done(replace(first, stop=first.start + 1), seconds=1.0), now=1.2)
    scheduler.tick(1.3)
    assert scheduler.nudged() == set(full), "nobody has to ask again"
    assert job.running == 57


def test_a_queue_that_ended_with_its_job_is_nobodys_and_keeps_no_lease_from_its_node(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few of the nodes whose queues may be others are looked at again at once, and a cancelled job ends all of them."""
    over, full = new_job(scheduler, 63), [join(scheduler, f"full {number}", 1) for number in range(3)]
    for node in full:
        report(scheduler, node, done(one(scheduler, node), seconds=1.0))
        leased(scheduler, node, 100.0, 1.0)
    assert scheduler._dispatch.table.fullest() is not None
    monkeypatch.setattr(lease_table, "SORTED_AT_ONCE", 1)
    scheduler.cancel(over.id, 2.0)
    free, job = join(scheduler, "free", 8), new_job(scheduler, 3, chunksize=1)
    assert sum(chunk.count for chunk in leased(scheduler, free, 1.0, 2.0)) == job.running == 3
    scheduler.tick(2.1)


def test_where_tasks_come_back_one_more_than_can_have_them_looks_for_others(scheduler: Scheduler) -> None:
    job, full = new_job(scheduler, 9), join(scheduler, "full", 1)
    report(scheduler, full, done(one(scheduler, full), seconds=1.0))
    leased(scheduler, full, 100.0, 1.0)
    idle = [join(scheduler, f"idle {number}", 1) for number in range(3)]
    scheduler.nudged()
    held = list(scheduler.nodes[full].leases.values())[-1].chunk
    report(scheduler, full, replace(held, start=held.stop - 1))
    assert len(job.waiting) == 1
    assert len(scheduler.nudged() & set(idle)) == 2
    report(scheduler, full, replace(held, start=held.stop - 2, stop=held.stop - 1))
    assert len(job.waiting) == 2, "those that were called may have both"
    assert len(scheduler.nudged() & set(idle)) == 1


def test_a_paused_node_is_not_asked_twice(scheduler: Scheduler) -> None:
    job, full, idle = full_and_idle(scheduler)
    scheduler.heartbeat(idle, NodeReport(1, 0, 0.0, 0, paused=True), 1.0)
    leased(scheduler, idle, 1.0, 1.0)
    assert scheduler.orders(full, 1.0).recall == 0
    assert job.running == 11
