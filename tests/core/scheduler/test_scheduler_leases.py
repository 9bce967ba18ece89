"""How much a node is given, what is taken back, and what a report may say without doing harm."""

from __future__ import annotations

import weakref
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from mcgui_core.protocol.messages import Chunk, NodeReport, Orders, Report, TaskFailure
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler import lease_table
from mcgui_core.scheduler.job_state import CHUNK_COST, JobRecord
from mcgui_core.scheduler.lease_table import GATHER_LEAST, GATHER_MOST, LATE_SECONDS
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import death, done, join, leased, members, new_job, one, report, run_all


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


# --- how much -------------------------------------------------------------------------------------------------------


def test_each_slot_begins_with_a_single_task(scheduler: Scheduler) -> None:
    new_job(scheduler, 100)
    chunks = leased(scheduler, join(scheduler, nprocs=3), 1.0, 1.0)
    assert [chunk.count for chunk in chunks] == [1, 1, 1]


def test_quick_tasks_soon_travel_by_the_thousand(scheduler: Scheduler) -> None:
    new_job(scheduler, 10**9)
    node = join(scheduler, nprocs=2)
    for _ in range(4):
        chunks = leased(scheduler, node, 1.0, 1.0)
        report(scheduler, node, *(done(chunk, seconds=1e-6 * chunk.count) for chunk in chunks))
    assert chunks[0].count > 10_000


def test_the_only_node_is_given_all_of_many_tasks_before_anybody_knows_how_long_they_take(scheduler: Scheduler) -> None:
    """If they take next to nothing, all of them are done before the master could have told it to go on."""
    job = new_job(scheduler, 10_000)
    (chunk,) = scheduler.lease(join(scheduler, nprocs=2), 1.0, 1.0)
    assert (chunk.start, chunk.stop, chunk.each) == (0, 10_000, 64)
    assert scheduler.is_all((chunk,))
    assert job.running == 10_000


def test_who_comes_before_the_first_of_them_is_done_has_some_of_them_too(scheduler: Scheduler) -> None:
    new_job(scheduler, 10_000)
    first = join(scheduler, "a", 2)
    scheduler.lease(first, 1.0, 1.0)
    second = join(scheduler, "b", 2, now=2.0)
    assert scheduler.lease(second, 1.0, 2.0) == ()
    recalled = scheduler.orders(first, 2.0).recall
    assert recalled == (10_000 - 2 * 64) // 2
    (lease,) = scheduler.nodes[first].leases.values()
    report(scheduler, first, replace(lease.chunk, start=10_000 - recalled), now=2.1)
    assert sum(chunk.count for chunk in scheduler.lease(second, 1.0, 2.1)) > 0


def test_where_others_are_nobody_is_given_more_than_his_slots_run_before_that_is_known(scheduler: Scheduler) -> None:
    new_job(scheduler, 100_000)
    for name in "ab":
        join(scheduler, name, 2)
    assert [chunk.count for chunk in leased(scheduler, "a", 1.0, 1.0)] == [64, 64]


def test_what_is_given_last_is_said_to_be_the_last(scheduler: Scheduler) -> None:
    node = join(scheduler)
    open_job = new_job(scheduler, 1, sealed=False)
    first = scheduler.lease(node, 1.0, 1.0)
    assert not scheduler.is_all(first), "more of its arguments may come"
    scheduler.extend(open_job.id, 0, True, 1.0)
    assert scheduler.is_all(first)
    report(scheduler, node, *map(done, first))
    new_job(scheduler, 100, chunksize=1)
    first = scheduler.lease(node, 0.001, 1.0)
    assert not scheduler.is_all(first)
    report(scheduler, node, *map(done, first))
    assert scheduler.is_all(scheduler.lease(node, 100.0, 1.0))


def test_reports_gather_for_as_long_as_those_who_are_here_need(scheduler: Scheduler) -> None:
    """Who had gone counted too, so a master whose room was switched off and on each day was as slow as one of many."""
    nodes = [join(scheduler, f"pc-{number}") for number in range(1000)]
    assert scheduler.gather == GATHER_MOST
    for node in nodes[5:]:
        scheduler.depart(node, "left", NO_REASON, 1.0)
    scheduler.tick(1.0)
    assert scheduler.gather == GATHER_LEAST
    assert len(scheduler.nodes) == 1000, "they are still shown"


def test_a_node_is_given_as_many_seconds_of_work_as_it_wants(scheduler: Scheduler) -> None:
    new_job(scheduler, 10**9)
    node = join(scheduler, nprocs=2)
    for _ in range(6):
        report(scheduler, node, *(done(chunk) for chunk in leased(scheduler, node, 0.001, 1.0)))
    tasks = sum(chunk.count for chunk in leased(scheduler, node, 1.0, 1.0))
    assert 2000 <= tasks <= 2100  # of 1 ms each, for two slots
    assert leased(scheduler, node, 1.0, 1.0) == ()
    assert leased(scheduler, node, 0.0, 1.0) == ()


def test_slow_tasks_do_not_pile_up_on_whoever_came_first(scheduler: Scheduler) -> None:
    new_job(scheduler, 20)
    first, second = join(scheduler, "a", 2), join(scheduler, "b", 2)
    report(scheduler, first, *(done(chunk, seconds=0.01) for chunk in leased(scheduler, first, 1.0, 1.0)))
    assert sum(chunk.count for chunk in leased(scheduler, first, 1.0, 1.0)) <= 10
    assert sum(chunk.count for chunk in leased(scheduler, second, 1.0, 1.0)) >= 2


@pytest.mark.parametrize("chunksize", [1, 7])
def test_the_users_chunksize_is_kept(scheduler: Scheduler, chunksize: int) -> None:
    new_job(scheduler, 70, chunksize=chunksize)
    node, sizes = join(scheduler), []
    while chunks := leased(scheduler, node, 1.0, 1.0):
        sizes += [chunk.count for chunk in chunks]
        report(scheduler, node, *map(done, chunks))
    assert sizes == [chunksize] * (70 // chunksize)


def test_a_lease_of_the_smallest_chunks_ends(scheduler: Scheduler) -> None:
    """A billion tasks that take no time, one a chunk: neither the first lease nor a later one takes them all."""
    new_job(scheduler, 10**9, chunksize=1)
    node = join(scheduler, nprocs=2)
    assert len(leased(scheduler, node, 1.0, 1.0)) == 2
    report(scheduler, node, *(done(lease.chunk, seconds=0.0) for lease in scheduler.nodes[node].leases.values()))
    assert len(leased(scheduler, node, 1.0, 1.0)) <= 2 * 1.0 / CHUNK_COST + 2
    assert leased(scheduler, node, 1.0, 1.0) == ()


def test_leases_are_numbered_on(scheduler: Scheduler) -> None:
    new_job(scheduler, 50, chunksize=1)
    later = Scheduler(next_lease=1000)
    new_job(later, 50, chunksize=1)
    for brain, first in ((scheduler, 1), (later, 1000)):
        node = join(brain)
        numbers = []
        while chunks := brain.lease(node, 1.0, 1.0):
            numbers += [chunk.lease for chunk in chunks]
            report(brain, node, *map(done, chunks))
        assert numbers == list(range(first, first + len(numbers)))


# --- taken back -----------------------------------------------------------------------------------------------------


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
        scheduler._dispatch.recall(scheduler.nodes[id], 1)
    node = weakref.ref(scheduler.nodes[id])
    scheduler.depart(id, "left", NO_REASON, 2.0)
    scheduler.forget_node(id)
    assert node() is None
    check_counts(scheduler)


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


def test_what_a_node_has_done_and_tells_later_is_no_work_that_it_still_has(scheduler: Scheduler) -> None:
    """It had less than its part of the last tasks, by as many tasks as it kept for itself."""
    job = new_job(scheduler, 1000)
    table = scheduler._dispatch.table
    table.gather = 2.0
    for node, kept in (("open", 0), ("keeps", 6), ("lies", 1 << 62)):
        join(scheduler, node, 10)
        first, *_ = leased(scheduler, node, 0.001, 0.9)
        scheduler.settle(node, scheduler.sift(node, Report((done(first, seconds=1.0),), kept=kept)), 1.0)
    check_counts(scheduler)
    left = {id: table.left_of(node, job, 1.0) for id, node in scheduler.nodes.items()}
    assert left == {"open": 9.0, "keeps": 3.0, "lies": 0.0}
    assert table.left(job, 1.0) == 12.0
    assert [scheduler.nodes[node].idle for node in ("open", "keeps", "lies")] == [1, 7, 10]


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


def test_a_lease_that_fails_half_way_has_given_nothing_out(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its node never hears of it, and nobody would ever run that."""
    late, job = new_job(scheduler, 2, chunksize=1), new_job(scheduler, 2, chunksize=1, priority=-1)
    hangs, node = join(scheduler, "hangs"), join(scheduler, "a", 4)
    report(scheduler, hangs, done(one(scheduler, hangs)))
    assert one(scheduler, hangs).job == late.id
    found_late = scheduler._dispatch.stragglers.next

    def fails_in_the_end(*asked: Any) -> Any:
        if found := found_late(*asked):
            return found
        raise RuntimeError("in the end")

    with monkeypatch.context() as patch:
        patch.setattr(scheduler._dispatch.stragglers, "next", fails_in_the_end)
        with pytest.raises(RuntimeError, match="in the end"):
            scheduler.lease(node, 1.0, 1.0 + LATE_SECONDS + 1.0)
    assert (members(job.waiting), job.running, late.running, scheduler.nodes[node].leases) == ([0, 1], 0, 1, {})
    assert not late.repeats, "nor did it run anything a second time"
    check_counts(scheduler)
    assert len(leased(scheduler, node, 1.0, 1.0 + LATE_SECONDS + 1.0)) == 3


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


def test_a_chunk_may_be_returned_in_part(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 10, chunksize=10), join(scheduler)
    chunk = one(scheduler, node)
    report(scheduler, node, done(replace(chunk, stop=4)), replace(chunk, start=7))
    assert (members(job.settled), members(job.waiting), job.running) == ([0, 1, 2, 3], [7, 8, 9], 3)


def test_what_is_returned_twice_waits_once(scheduler: Scheduler) -> None:
    """Of a returned chunk, only what the node still held waits again: the rest may be somebody else's by now."""
    job, node, other = new_job(scheduler, 4, chunksize=4), join(scheduler), join(scheduler, "b")
    chunk = one(scheduler, node)
    report(scheduler, node, replace(chunk, stop=2))
    taken = one(scheduler, other)
    report(scheduler, node, chunk)
    assert (taken.start, taken.stop) == (0, 2)
    assert (members(job.waiting), job.running) == ([2, 3], 2)


# --- what a report may say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", [(-5, 3), (8, 20), (50, 60), (6, 2)])
def test_tasks_that_there_are_not_stay_so(scheduler: Scheduler, span: tuple[int, int]) -> None:
    job, node = new_job(scheduler, 10), join(scheduler)
    chunk = Chunk(one(scheduler, node).lease, job.id, *span)
    report(scheduler, node, done(chunk, span[0]), death(chunk), chunk, death(replace(chunk, stop=span[0] + 1)))
    everywhere = {*members(job.waiting), *members(job.settled), 0}
    assert everywhere == set(range(10))
    assert job.running == sum(len(lease.outstanding) for lease in scheduler.nodes[node].leases.values())


def test_the_same_task_twice_in_one_report_counts_once(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 4, chunksize=4), join(scheduler)
    chunk = one(scheduler, node)
    sifted = report(scheduler, node, done(replace(chunk, stop=3), 1), done(chunk, 2), done(chunk))
    assert [outcome.accepted for outcome in sifted.outcomes] == [((0, 1), (2, 3)), ((3, 4),), ()]
    assert (job.state, members(job.failed), job.status(1.0).done) == ("finished", [1], 3)
    assert scheduler.node_status(1.0)[0].done == 3


def test_a_failure_told_twice_in_one_outcome_counts_once(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler)
    outcome = done(one(scheduler, node), 0)
    report(scheduler, node, replace(outcome, failures=outcome.failures * 2))
    assert (job.status(1.0).failed, scheduler.node_status(1.0)[0].failed) == (1, 1)


def test_a_task_without_a_result_and_without_a_failure_waits_again(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3, chunksize=3), join(scheduler)
    report(scheduler, node, replace(done(one(scheduler, node), 1), failures=()))
    assert (members(job.settled), members(job.waiting), job.running) == ([0, 2], [1], 0)
    assert run_all(scheduler, node) == [1]


def test_a_task_cannot_both_fail_and_have_a_result(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3, chunksize=3), join(scheduler)
    failure = TaskFailure(1, "raised", "ValueError", "", "", "", "")
    sifted = report(scheduler, node, replace(done(one(scheduler, node)), failures=(failure,)))
    assert sifted.outcomes[0].accepted == ((0, 1), (2, 3))
    assert (job.status(1.0).done, job.status(1.0).failed) == (2, 1)


def test_a_lease_of_one_job_frees_nothing_of_another(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler, nprocs=1)
    other = new_job(scheduler, 5)
    chunk = one(scheduler, node)
    report(scheduler, node, replace(chunk, job=other.id), done(replace(chunk, job=other.id)))
    assert (job.running, other.running, other.status(1.0).done) == (1, 0, 1)


def test_a_report_of_nobody_and_of_no_job_is_harmless(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2), join(scheduler)
    chunk = one(scheduler, node)
    report(scheduler, "nobody", done(chunk), death(chunk), chunk)
    report(scheduler, node, done(replace(chunk, job=99_999)), death(replace(chunk, job=99_999)))
    assert (job.status(1.0).done, job.running) == (1, 1)  # the result counts, whoever brings it


@pytest.mark.parametrize("seconds", [nan, inf, -inf, -1.0, 0.0])
def test_durations_that_cannot_be_do_not_disturb_the_next_lease(scheduler: Scheduler, seconds: float) -> None:
    job, node = new_job(scheduler, 1000), join(scheduler)
    first = one(scheduler, node)
    report(scheduler, node, done(first, seconds=seconds))
    assert sorted(run_all(scheduler, node)) == list(range(first.stop, 1000))
    assert job.state == "finished"


def test_sifting_changes_nothing(scheduler: Scheduler) -> None:
    """The journal may refuse to write what was sifted: then it did not happen, and can be sifted again."""
    job, node = new_job(scheduler, 4, chunksize=4, retries=1), join(scheduler)
    chunk = one(scheduler, node)

    def state() -> Any:
        return members(job.waiting), members(job.settled), list(job.postponed), job.running, job.state

    before = state()
    told = Report((done(chunk, 1),), (death(chunk), death(replace(chunk, stop=1))))
    assert scheduler.sift(node, told) == scheduler.sift(node, told)
    assert state() == before


# --- from the journal -----------------------------------------------------------------------------------------------


def test_a_job_that_had_all_its_outcomes_when_the_master_was_killed_is_finished(scheduler: Scheduler) -> None:
    job = JobRecord(7, new_job(scheduler, 0).spec, 0.0, "running")
    job.extend(3, True)
    job.settled.add(0, 3)
    job.waiting.remove(0, 3)
    scheduler.restore(job, 9.0)
    assert (job.state, job.finished) == ("finished", 9.0)


def test_a_job_that_was_to_stop_when_the_master_was_killed_is_stopped(scheduler: Scheduler) -> None:
    job = JobRecord(7, replace(new_job(scheduler, 0).spec, on_error="stop"), 0.0, "running")
    job.extend(3, True)
    for ranges in (job.settled, job.failed):
        ranges.add(1, 2)
    job.waiting.remove(1, 2)
    scheduler.restore(job, 9.0)
    assert (job.state, job.reason.text[:13], members(job.waiting)) == ("stopped", "Task 1 failed", [])


def test_a_paused_node_is_not_asked_twice(scheduler: Scheduler) -> None:
    job, full, idle = full_and_idle(scheduler)
    scheduler.heartbeat(idle, NodeReport(1, 0, 0.0, 0, paused=True), 1.0)
    leased(scheduler, idle, 1.0, 1.0)
    assert scheduler.orders(full, 1.0).recall == 0
    assert job.running == 11
