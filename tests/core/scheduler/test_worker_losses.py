"""Tasks that take their workers down: who is to blame, and who is not."""

from __future__ import annotations

from itertools import count

import pytest

from mcgui_core.protocol.messages import NodeInfo, NodeReport, Report
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler import worker_losses
from mcgui_core.scheduler.job_state import DEATHS_ALLOWED, SHORT_LIMIT, SUSPECT_PARTS, SUSPECTS_ALONE, JobRecord
from mcgui_core.scheduler.scheduler import Scheduler
from mcgui_core.scheduler.worker_losses import LOST_ALONE
from tests.benchmarks.simulated_cluster import SchedulerAlone, SimulatedCluster, Work
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, members, new_job, report

IDS = (f"n{number}" for number in count())


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def lose_one(scheduler: Scheduler, tasks: int = 1) -> str:
    """A new worker takes what there is, and is lost with it."""
    node = join(scheduler, next(IDS), tasks)
    assert leased(scheduler, node, 0.001, 1.0)
    scheduler.depart(node, "lost", Reason("", "its connection broke"), 1.0)
    check_counts(scheduler)
    return node


def settle_verdicts(scheduler: Scheduler) -> list[int]:
    verdicts = scheduler.verdicts()
    scheduler.settle("", verdicts, 2.0)
    check_counts(scheduler)
    return [failure.index for outcome in verdicts.outcomes for failure in outcome.failures]


def test_a_task_that_takes_down_three_workers_has_failed_and_says_so(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1)
    for _ in range(DEATHS_ALLOWED):
        assert settle_verdicts(scheduler) == []
        last = lose_one(scheduler)
    idle = join(scheduler, "idle")
    assert leased(scheduler, idle, 1.0, 2.0) == (), "not even before it is written"
    (outcome,) = scheduler.verdicts().outcomes
    (failure,) = outcome.failures
    assert (failure.kind, failure.node) == ("died", f"{last}'s name")
    assert failure.message == f"it took its worker down: 3 were lost while they ran it, at last {last}'s name"
    assert settle_verdicts(scheduler) == [0]
    assert settle_verdicts(scheduler) == []
    assert (job.state, members(job.failed)) == ("finished", [0])


def test_of_several_tasks_the_guilty_one_is_found_and_its_neighbours_run_elsewhere() -> None:
    """The simulated agents end as soon as they begin with task 13."""
    cluster = SimulatedCluster(SchedulerAlone())
    lost: list[str] = []

    def add(number: int) -> None:
        node = cluster.add_node(f"pc-{number}", 4)
        node.kills = lambda chunk: chunk.start <= 13 < chunk.stop and (lost.append(node.id) or True)

    for number in range(9):
        add(number)
    cluster.submit(Work(1, [0.1] * 300))
    cluster.run(120.0)
    status = cluster.status(1)
    assert (status.state, status.done, status.failed) == ("finished", 299, 1)
    assert len(lost) == 2 + LOST_ALONE, "twice in company"


def test_a_worker_that_leaves_takes_nobody_along(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1)
    for _ in range(2 * DEATHS_ALLOWED):
        node = join(scheduler, next(IDS))
        assert leased(scheduler, node, 0.001, 1.0)
        scheduler.depart(node, "left", Reason("", "retired"), 1.0)
    assert settle_verdicts(scheduler) == []
    assert not job.losses


def test_a_worker_that_comes_back_was_not_taken_down(scheduler: Scheduler) -> None:
    """Its network broke, or it slept: its agent, which keeps its id, was there all the time."""
    job = new_job(scheduler, 1)
    for visit in range(1, 2 * DEATHS_ALLOWED):
        scheduler.join(NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1, visit), "here", 1.0)
        assert leased(scheduler, "a", 0.001, 1.0)
        scheduler.depart("a", "lost", Reason("", "silent for 6 s"), 1.0)
        assert job.losses[0] == 1
    scheduler.join(NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1, 99), "here", 1.0)
    assert (job.losses[0], settle_verdicts(scheduler)) == (0, [])


def test_a_verdict_that_is_not_written_yet_falls_when_the_last_worker_comes_back(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1)
    nodes = [lose_one(scheduler) for _ in range(DEATHS_ALLOWED)]
    assert scheduler.verdicts().outcomes
    join(scheduler, nodes[-1])
    check_counts(scheduler)
    assert scheduler.verdicts().outcomes == ()
    assert members(job.waiting) == [0]


def test_a_worker_holds_one_suspect_at_a_time(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 4, chunksize=4)
    lose_one(scheduler)
    job.spec = new_job(scheduler, 0).spec
    lose_one(scheduler, 4)
    assert members(job.suspects) == [0, 1, 2, 3]
    a, b = join(scheduler, "a", 3), join(scheduler, "b", 3)
    (first,) = leased(scheduler, a, 1.0, 1.0)
    (second,) = leased(scheduler, b, 1.0, 1.0)
    assert (first.count, second.count) == (1, 1)
    check_counts(scheduler)
    report(scheduler, a, done(first))
    (third,) = leased(scheduler, a, 1.0, 1.0)
    assert {first.start, second.start, third.start} == {0, 1, 2}


def test_a_suspect_that_hangs_does_not_keep_the_next_one_waiting(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 3, chunksize=1)
    for _ in range(2):
        lose_one(scheduler, 3)
    node = join(scheduler, "a", 3)
    (first,) = leased(scheduler, node, 0.001, 1.0)
    report(scheduler, node, done(first), now=1.0)
    (hangs,) = leased(scheduler, node, 0.001, 1.0)
    assert leased(scheduler, node, 0.001, 2.0) == ()
    (last,) = leased(scheduler, node, 0.001, 9.0)
    assert (hangs.start, last.start, job.running) == (1, 2, 2)


def test_of_two_suspects_on_one_node_neither_is_named(scheduler: Scheduler) -> None:
    """As it may be, where a task became one while it was leased already."""
    job = new_job(scheduler, 2, chunksize=1)
    node = join(scheduler, "a", 2)
    leased(scheduler, node, 0.001, 1.0)
    for _ in range(2):
        job.losses.add_all(0, 2)
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    assert settle_verdicts(scheduler) == []
    assert members(job.waiting) == [0, 1]


def test_what_was_lost_once_runs_in_smaller_parts(scheduler: Scheduler) -> None:
    """So that the second loss leaves few suspects."""
    new_job(scheduler, 10_000, chunksize=64)
    lose_one(scheduler)
    node = join(scheduler, "a", 2)
    chunks = leased(scheduler, node, 0.001, 1.0)
    assert [(chunk.start, chunk.count) for chunk in chunks] == [(0, 64 // SUSPECT_PARTS), (2, 64 // SUSPECT_PARTS)]
    others = leased(scheduler, join(scheduler, "b", 31), 0.001, 1.0)
    assert [(chunk.start, chunk.count) for chunk in others[-2:]] == [(62, 2), (64, 64)]


def test_all_that_a_lost_worker_held_is_counted(scheduler: Scheduler) -> None:
    """With tiny tasks it has run many leases further than it has told."""
    job = new_job(scheduler, 100, chunksize=1)
    node = join(scheduler, "a", 2)
    report(scheduler, node, *map(done, leased(scheduler, node, 0.001, 1.0)))
    held = leased(scheduler, node, 0.01, 1.0)
    assert len(held) > 2
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    assert members(job.losses.reached(1)) == [chunk.start for chunk in held]


def test_a_suspect_runs_where_nothing_else_does(scheduler: Scheduler) -> None:
    """So that nobody else can have taken the worker down."""
    new_job(scheduler, 1)
    lose_one(scheduler)
    lose_one(scheduler)
    other = new_job(scheduler, 10, chunksize=1)
    a, b = join(scheduler, "a", 2), join(scheduler, "b", 2)
    (suspect,) = leased(scheduler, a, 1.0, 1.0)
    assert suspect.job != other.id
    assert leased(scheduler, a, 1.0, 1.0) == ()
    assert {chunk.job for chunk in leased(scheduler, b, 0.001, 1.0)} == {other.id}
    report(scheduler, a, done(suspect))
    assert {chunk.job for chunk in leased(scheduler, a, 0.001, 1.0)} == {other.id}


def test_a_busy_worker_is_emptied_for_a_suspect_while_the_others_go_on(scheduler: Scheduler) -> None:
    other = new_job(scheduler, 100, chunksize=1)
    a, b = join(scheduler, "a", 1), join(scheduler, "b", 1)
    (mine,), _ = leased(scheduler, a, 0.001, 1.0), leased(scheduler, b, 0.001, 1.0)
    job = new_job(scheduler, 1)
    job.losses.add_all(0, 1)
    job.losses.add_all(0, 1)
    assert leased(scheduler, a, 5.0, 1.0) == ()
    other.measured(1, 1.0)
    assert {chunk.job for chunk in leased(scheduler, b, 5.0, 1.0)} == {other.id}
    report(scheduler, a, done(mine))
    (suspect,) = leased(scheduler, a, 1.0, 1.0)
    assert suspect.job == job.id


def test_many_suspects_are_looked_at_together_and_then_one_by_one(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1000, chunksize=1000)
    job.losses.add_all(0, 1000)
    job.losses.add_all(0, 1000)
    node = join(scheduler, "a", 1)
    (together,) = leased(scheduler, node, 1.0, 1.0)
    assert together.count == 1000 // SUSPECTS_ALONE
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    assert settle_verdicts(scheduler) == []
    (alone,) = leased(scheduler, join(scheduler, "b", 1), 1.0, 1.0)
    assert (alone.start, alone.count) == (0, 1)


def test_those_together_end_before_one_that_has_to_run_alone(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1000, chunksize=1000)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add_all(0, 1000)
    job.losses.add_all(5, 7)
    (together,) = leased(scheduler, join(scheduler, "a", 1), 1.0, 1.0)
    assert (together.start, together.stop) == (0, 5)
    (alone,) = leased(scheduler, join(scheduler, "b", 1), 1.0, 1.0)
    assert (alone.start, alone.stop) == (5, 6)


def test_few_suspects_run_one_by_one(scheduler: Scheduler) -> None:
    """Those in all of the job count that still wait, and not those that are at work."""
    job = new_job(scheduler, 1000, chunksize=1000)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add_all(0, SUSPECTS_ALONE)
        job.losses.add_all(900, 900 + SUSPECTS_ALONE)
    counts = []
    for number in range(4):
        (chunk,) = leased(scheduler, join(scheduler, f"n{number}", 1), 1.0, 1.0)
        counts.append(chunk.count)
    assert counts == [2, 1, 1, 1]


def test_no_more_run_together_than_are_looked_at_one_by_one(scheduler: Scheduler) -> None:
    many = 2 * SUSPECTS_ALONE * SUSPECTS_ALONE
    job = new_job(scheduler, many, chunksize=many)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add_all(0, many)
    (together,) = leased(scheduler, join(scheduler, "a", 1), 1.0, 1.0)
    assert together.count == SUSPECTS_ALONE


def test_a_suspect_is_announced_before_it_starts_where_it_may_not_take_long(scheduler: Scheduler) -> None:
    for options, careful in (({}, False), ({"timeout": 5.0}, False), ({"timeout": SHORT_LIMIT / 2}, True)):
        job = new_job(scheduler, 1, **options)
        for _ in range(DEATHS_ALLOWED - 1):
            job.losses.add_all(0, 1)
        (chunk,) = leased(scheduler, join(scheduler, next(IDS), 1), 1.0, 1.0)
        assert (chunk.job, chunk.careful) == (job.id, careful)


def test_what_a_silent_worker_ran_is_counted_too(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler)
    leased(scheduler, node, 0.001, 0.0)
    for tick in range(1, 20):
        scheduler.tick(tick * 0.5)
    assert scheduler.nodes[node].departed == "lost"
    assert job.losses[0] == 1


def test_retried_tasks_begin_anew(scheduler: Scheduler) -> None:
    """What they did before, to slots and to workers, is forgotten."""
    job = new_job(scheduler, 1)
    for _ in range(DEATHS_ALLOWED):
        lose_one(scheduler)
    settle_verdicts(scheduler)
    scheduler.retry_failed(job.id, 3.0)
    assert (job.losses[0], job.deaths[0], job.repeats[0]) == (0, 0, 0)
    node = join(scheduler)
    report(scheduler, node, *map(done, leased(scheduler, node, 0.001, 3.0)))
    assert job.state == "finished"


def test_a_result_that_comes_after_all_outweighs_the_verdict(scheduler: Scheduler) -> None:
    job: JobRecord = new_job(scheduler, 1)
    node = join(scheduler, "first")
    (chunk,) = leased(scheduler, node, 0.001, 1.0)
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    for _ in range(DEATHS_ALLOWED - 1):
        lose_one(scheduler)
    scheduler.settle(node, scheduler.sift(node, Report((done(chunk),))), 2.0)
    check_counts(scheduler)
    assert settle_verdicts(scheduler) == []
    assert (job.state, job.status(2.0).done) == ("finished", 1)


def test_a_second_run_that_is_lost_condemns_no_task_that_somebody_else_holds(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2, chunksize=1)
    slow, quick = join(scheduler, "slow"), join(scheduler, "quick")
    (held,) = leased(scheduler, slow, 0.001, 0.0)
    report(scheduler, quick, *map(done, leased(scheduler, quick, 0.001, 0.0)), now=0.0)
    (again,) = leased(scheduler, quick, 0.001, 3.0)
    assert again.start == held.start
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add(held.start)
    scheduler.depart(quick, "lost", NO_REASON, 4.0)
    check_counts(scheduler)
    assert settle_verdicts(scheduler) == []
    assert (job.running, members(job.postponed)) == (1, [])


def test_of_two_leases_of_one_suspect_each_neither_is_named(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2, chunksize=1)
    node = join(scheduler, "a", 1)
    leased(scheduler, node, 0.001, 1.0)
    scheduler.heartbeat(node, NodeReport(nprocs=2, busy=1, cpu=0.0, memory=0), 1.0)
    leased(scheduler, node, 0.001, 1.0)
    assert len(scheduler.nodes[node].leases) == 2
    for _ in range(2):
        job.losses.add_all(0, 2)
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    assert settle_verdicts(scheduler) == []


def test_a_suspect_beside_one_that_hangs_is_named(scheduler: Scheduler) -> None:
    """What hangs takes nobody down."""
    job = new_job(scheduler, 3, chunksize=1)
    for _ in range(DEATHS_ALLOWED - 1):
        lose_one(scheduler, 3)
    node = join(scheduler, "a", 3)
    (first,) = leased(scheduler, node, 0.001, 1.0)
    report(scheduler, node, done(first), now=1.0)
    (hangs,) = leased(scheduler, node, 0.001, 1.0)
    (last,) = leased(scheduler, node, 0.001, 9.0)
    job.lost_alone.add(last.start)
    scheduler.depart(node, "lost", NO_REASON, 9.0)
    assert settle_verdicts(scheduler) == [last.start]
    assert members(job.waiting) == [hangs.start]


def test_a_task_in_whose_company_two_workers_were_lost_does_not_fail_as_the_next_one_is_switched_off(
    scheduler: Scheduler,
) -> None:
    job = new_job(scheduler, 2, chunksize=1)
    for _ in range(DEATHS_ALLOWED - 1):
        lose_one(scheduler, 2)
    assert lose_one(scheduler)
    assert settle_verdicts(scheduler) == []
    assert members(job.waiting) == [0, 1]
    lose_one(scheduler)
    assert settle_verdicts(scheduler) == [0]
    assert members(job.waiting) == [1]


def test_the_failure_of_a_task_that_took_workers_down_has_no_traceback(scheduler: Scheduler) -> None:
    new_job(scheduler, 1)
    for _ in range(DEATHS_ALLOWED):
        lose_one(scheduler)
    ((failure,),) = (outcome.failures for outcome in scheduler.verdicts().outcomes)
    assert (failure.index, failure.type, failure.traceback, failure.argument) == (0, "", "", "")


def test_what_waits_for_its_next_try_goes_on_waiting_as_its_neighbour_is_acquitted(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 3, retries=1, backoff=20.0)
    job.condemn(1, "pc")
    job.waiting.remove(2, 3)
    job.postponed.add(2, 40.0)
    job.acquit(0, 2)
    assert (members(job.waiting), members(job.postponed)) == ([0, 1], [2])


def test_a_worker_that_comes_back_after_it_was_shown_no_more_was_not_taken_down_either(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1)
    first = lose_one(scheduler)
    scheduler.forget_node(first)
    assert job.losses[0] == 1
    join(scheduler, first)
    assert job.losses[0] == 0
    lose_one(scheduler)
    join(scheduler, first)
    assert job.losses[0] == 1, "once is enough"


def test_of_as_many_lost_workers_it_is_known_what_they_held_as_it_takes(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes under ever new names, takes work and is gone must not fill the memory."""
    monkeypatch.setattr(worker_losses, "REMEMBERED", 1)
    job = new_job(scheduler, 1)
    first, second = lose_one(scheduler), lose_one(scheduler)
    join(scheduler, first)
    assert job.losses[0] == 2
    join(scheduler, second)
    assert job.losses[0] == 1


def test_a_worker_may_come_back_after_its_job_was_forgotten(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), lose_one(scheduler)
    scheduler.cancel(job.id, 2.0)
    scheduler.forget_job(job.id)
    assert join(scheduler, node, now=3.0) in {status.id for status in scheduler.node_status(3.0)}


def test_of_many_suspects_no_more_run_together_than_a_chunk_has(scheduler: Scheduler) -> None:
    """Be its size the user's choice, or follow from what a task takes on this node, or in this job."""
    many = 8 * SUSPECTS_ALONE
    for options, on_node, in_job, expected in (
        ({"chunksize": 3}, None, None, 3),
        ({}, 0.01, 1.0, 5),
        ({}, None, 0.025, 2),
        ({}, None, None, 8),
    ):
        job = new_job(scheduler, many, **options)
        job.task_seconds, job.largest = in_job, 100
        for _ in range(DEATHS_ALLOWED - 1):
            job.losses.add_all(0, many)
        node = join(scheduler, next(IDS), 1)
        if on_node is not None:
            scheduler.nodes[node].task_seconds[job.id] = on_node
        (together,) = leased(scheduler, node, 1.0, 1.0)
        assert (together.job, together.count) == (job.id, expected)
        scheduler.cancel(job.id, 1.0)


def test_a_suspect_that_was_in_a_piece_which_killed_its_slot_is_announced(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2)
    job.careful.add(0, 1)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add_all(0, 2)
    (first,) = leased(scheduler, join(scheduler, "a", 1), 1.0, 1.0)
    (second,) = leased(scheduler, join(scheduler, "b", 1), 1.0, 1.0)
    assert ((first.start, first.careful), (second.start, second.careful)) == ((0, True), (1, False))


@pytest.mark.parametrize("why", ["paused", "unfit"])
def test_one_node_at_a_time_becomes_empty_for_a_suspect_and_another_one_where_it_may_not_run_it(
    scheduler: Scheduler, why: str
) -> None:
    other, job = new_job(scheduler, 20, chunksize=1), new_job(scheduler, 1, priority=5)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add_all(0, 1)
    scheduler.pause(job.id)
    a, b = join(scheduler, "a", 2), join(scheduler, "b", 2)
    held = {node: list(leased(scheduler, node, 0.001, 1.0)) for node in (a, b)}
    scheduler.resume(job.id, 1.0)

    def after_one_task(node: str) -> list[int]:
        """The jobs of what it is given then."""
        report(scheduler, node, done(held[node].pop(0)))
        given = leased(scheduler, node, 0.001, 1.0)
        held[node] += given
        return [chunk.job for chunk in given]

    assert after_one_task(a) == []
    assert after_one_task(b) == [other.id]
    if why == "paused":
        scheduler.heartbeat(a, NodeReport(nprocs=2, busy=1, cpu=0.0, memory=0, paused=True), 1.0)
    else:
        scheduler.nodes[a].unfit.add(job.id)
    assert after_one_task(b) == []
    assert after_one_task(b) == [job.id]
