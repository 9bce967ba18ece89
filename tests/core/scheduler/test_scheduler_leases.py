"""How much a node is given, and what a report may say without doing harm."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from mcgui_core.protocol.messages import Chunk, Report, TaskFailure, Unfit
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.job_state import CHUNK_COST, JobRecord
from mcgui_core.scheduler.lease_table import GATHER_LEAST, GATHER_MOST
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import death, done, join, leased, members, new_job, one, report, run_all


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


# --- how much -------------------------------------------------------------------------------------------------------


def test_each_slot_begins_with_a_single_task(scheduler: Scheduler) -> None:
    new_job(scheduler, 100)
    join(scheduler, "another")
    chunks = leased(scheduler, join(scheduler, nprocs=3), 1.0, 1.0)
    assert [chunk.count for chunk in chunks] == [1, 1, 1]


def test_the_only_node_is_given_all_of_a_small_job_at_once_and_its_slots_begin_with_a_single_task(
    scheduler: Scheduler,
) -> None:
    """To be asked for the rest takes longer than the rest, most often; and what it has not begun can be recalled."""
    new_job(scheduler, 100)
    (chunk,) = scheduler.lease(join(scheduler, nprocs=3), 1.0, 1.0)
    assert (chunk.start, chunk.stop, chunk.each) == (0, 100, 1)
    assert scheduler.is_all((chunk,))


def test_what_the_only_node_was_given_is_recalled_once_its_tasks_turn_out_to_be_long(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 100)
    node = join(scheduler, nprocs=2)
    (chunk,) = scheduler.lease(node, 1.0, 1.0)
    report(scheduler, node, done(replace(chunk, stop=1), seconds=0.5), now=1.5)
    assert scheduler.lease(node, 1.0, 1.5) == ()
    assert scheduler.orders(node, 1.5).recall == 99 - 2 - 8  # what runs, and two seconds for both slots
    assert job.running == 99


def test_what_the_only_node_was_given_stays_there_where_its_tasks_are_quick(scheduler: Scheduler) -> None:
    new_job(scheduler, 100)
    node = join(scheduler, nprocs=2)
    (chunk,) = scheduler.lease(node, 1.0, 1.0)
    report(scheduler, node, done(replace(chunk, stop=1), seconds=0.01), now=1.5)
    assert scheduler.lease(node, 1.0, 1.5) == ()
    assert scheduler.orders(node, 1.5).recall == 0


def test_what_no_slot_has_begun_of_a_job_that_is_paused_is_recalled(scheduler: Scheduler) -> None:
    """It ran on for as long as all that had been handed out took."""
    job = new_job(scheduler, 100)
    node = join(scheduler, nprocs=2)
    scheduler.lease(node, 1.0, 1.0)
    scheduler.pause(job.id)
    assert scheduler.orders(node, 1.0).recall_jobs == (job.id,), "it knows itself what it has begun"


def test_the_only_node_is_not_given_all_of_a_job_for_which_another_was_lost(scheduler: Scheduler) -> None:
    """All that it held would be to blame should it be lost too, and would run one by one."""
    job = new_job(scheduler, 100)
    scheduler.lease(join(scheduler, "first", nprocs=2), 1.0, 1.0)
    scheduler.depart("first", "lost", NO_REASON, 2.0)
    leased(scheduler, join(scheduler, "second", nprocs=2), 1.0, 3.0)
    assert job.running == 2


def test_what_the_only_node_was_given_goes_in_part_to_one_that_comes(scheduler: Scheduler) -> None:
    new_job(scheduler, 100)
    node = join(scheduler, nprocs=2)
    (chunk,) = scheduler.lease(node, 1.0, 1.0)
    assert scheduler.lease(join(scheduler, "another", nprocs=2), 1.0, 10.0) == ()
    recalled = scheduler.orders(node, 10.0).recall
    assert recalled == (chunk.count - 2) // 2


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
    nodes = [join(scheduler, f"pc-{number}") for number in range(1100)]
    assert scheduler.gather == GATHER_MOST
    for node in nodes[5:]:
        scheduler.depart(node, "left", NO_REASON, 1.0)
    scheduler.tick(1.0)
    assert scheduler.gather == GATHER_LEAST
    assert len(scheduler.nodes) == 1100, "they are still shown"


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


def test_what_is_told_of_the_end_of_a_job_beforehand_is_how_it_stands_then(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2, chunksize=1), join(scheduler)
    report(scheduler, node, done(one(scheduler, node), seconds=1.0))
    told = Report((done(one(scheduler, node), seconds=3.0),))
    sifted = scheduler.sift(node, told)
    (copy,) = scheduler.finishing(node, sifted, 5.0)
    assert not job.final
    scheduler.settle(node, sifted, 5.0)
    assert copy.task_seconds == job.task_seconds != 1.0
    assert (copy.state, copy.finished, copy.idle) == (job.state, job.finished, job.idle) == ("finished", 5.0, 0.0)
    assert scheduler.finishing(node, scheduler.sift(node, told), 6.0) == (), "it does not end a second time"


def test_a_node_that_was_set_aside_and_cannot_run_a_job_either_is_missing_once(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 9), join(scheduler, nprocs=3)
    join(scheduler, "other", 2)
    scheduler.nodes[node].blame(job.id, 3)
    scheduler.nodes[node].set_aside(job.id)
    job.nodes.add(node)
    scheduler._dispatch.capacity.recount(scheduler.nodes[node])
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    assert scheduler._dispatch.capacity.slots(job) == 2
    check_counts(scheduler)


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
