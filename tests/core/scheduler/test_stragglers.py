"""Late work: what is repeated, how often, in which order, and who is set aside because nothing ends there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcgui_core.protocol.messages import Chunk, NodeReport, NodeStatus, Report, Unfit
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.job_state import DEATHS_ALLOWED, JobRecord
from mcgui_core.scheduler.lease_table import LATE_SECONDS, LATE_UNKNOWN
from mcgui_core.scheduler.scheduler import Scheduler
from mcgui_core.scheduler.stragglers import QUIET_SECONDS, REPEATS_ALLOWED
from tests.core.counts import check_counts
from tests.core.scheduling import death, done, join, leased, members, new_job, report, stuck


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def status(scheduler: Scheduler, node: str, now: float) -> NodeStatus:
    (found,) = [status for status in scheduler.node_status(now) if status.id == node]
    return found


def alive(scheduler: Scheduler, now: float, *nodes: str) -> None:
    for node in nodes:
        record = scheduler.nodes[node]
        scheduler.heartbeat(node, NodeReport(record.report.nprocs, 0, 0.0, 0), now)


def lease(scheduler: Scheduler, node: str, now: float) -> list[Chunk]:
    chunks = list(leased(scheduler, node, 0.001, now))
    check_counts(scheduler)
    return chunks


# --- what is repeated -----------------------------------------------------------------------------------------------


def test_what_was_settled_elsewhere_is_late_work_no_more(scheduler: Scheduler) -> None:
    """The healthy worker of two repeated the same two tasks for ever, and never those that were left."""
    job, _ = stuck(scheduler, 5)
    now, ran = LATE_SECONDS + 1, []
    while chunks := lease(scheduler, "quick", now):
        ran += [index for chunk in chunks for index in range(chunk.start, chunk.stop)]
        report(scheduler, "quick", *map(done, chunks), now=now)
    assert ran == [0, 1, 2, 3, 4]
    assert job.state == "finished"


def test_a_task_is_repeated_a_bounded_number_of_times_and_then_its_job_says_so(scheduler: Scheduler) -> None:
    job, _ = stuck(scheduler, 1, nprocs=10)
    now, runs = 0.0, 0
    while now < 1000:
        now += 0.5
        alive(scheduler, now, "slow", "quick")
        scheduler.tick(now)
        runs += len(lease(scheduler, "quick", now))
    assert runs == REPEATS_ALLOWED
    assert job.state == "running"
    assert scheduler.why_waiting(job).text == (
        "No task has ended for 1000 s. Perhaps these hang: 0 on slow's name, 0 on quick's name."
    )


def test_a_task_is_repeated_once_at_a_time_unless_the_second_run_is_late_too(scheduler: Scheduler) -> None:
    stuck(scheduler, 1, nprocs=10)
    first = LATE_SECONDS + 1
    assert len(lease(scheduler, "quick", first)) == 1
    assert lease(scheduler, "quick", first + LATE_SECONDS + 0.5) == []
    assert len(lease(scheduler, "quick", 2 * first + 0.5)) == 1, "it had as long as the first one had had"


def test_what_is_overdue_goes_before_what_was_repeated_already(scheduler: Scheduler) -> None:
    stuck(scheduler, 3, nprocs=1)
    now = LATE_SECONDS + 1
    (first,) = lease(scheduler, "quick", now)
    report(scheduler, "quick", first, now=now)  # given back, unstarted: that was no run
    (first,) = lease(scheduler, "quick", now)
    scheduler.depart("quick", "lost", NO_REASON, now)
    join(scheduler, "quick", 3, now=now)
    assert (first.start, first.stop) == (0, 2)
    assert [chunk.start for chunk in lease(scheduler, "quick", now)][:2] == [2, 0]


def test_a_second_run_is_announced_task_by_task(scheduler: Scheduler) -> None:
    """Should it hang as well, then it is known at which task, and the others can go elsewhere."""
    join(scheduler, "slow")
    join(scheduler, "quick")
    job = new_job(scheduler, 21, chunksize=20)
    leased(scheduler, "slow", 0.001, 0.0)
    (chunk,) = leased(scheduler, "quick", 0.001, 0.0)
    report(scheduler, "quick", done(chunk), now=0.0)
    (again,) = lease(scheduler, "quick", LATE_SECONDS + 1)
    assert again.careful
    assert (again.start, again.stop) == (0, 10)
    report(scheduler, "quick", done(Chunk(again.lease, job.id, 0, 5)), now=LATE_SECONDS + 1)  # the sixth hangs there
    join(scheduler, "third", 3, now=60.0)
    begun = [chunk.start for chunk in lease(scheduler, "third", 60.0)]
    assert begun == [6, 9, 11]  # none of which was begun twice yet
    assert [job.repeats[index] for index in (4, 5, 6)] == [1, 1, 1]


def test_a_task_that_was_lost_with_a_worker_and_then_hangs_is_repeated(scheduler: Scheduler) -> None:
    job, chunks = stuck(scheduler, 1)
    job.losses.add(chunks[0].start)
    assert [chunk.start for chunk in lease(scheduler, "quick", LATE_SECONDS + 1)] == [chunks[0].start]


def test_a_task_that_killed_a_slot_and_then_hangs_is_repeated_and_each_slot_counts_as_a_repeat(
    scheduler: Scheduler,
) -> None:
    """It was never repeated, so that its job never ended."""
    job, chunks = stuck(scheduler, 3, nprocs=10)
    job.deaths.add(chunks[0].start)
    job.deaths.add(chunks[1].start)
    job.deaths.add(chunks[1].start)
    ran: list[int] = []
    for second in range(3, 1000):
        alive(scheduler, float(second), "slow", "quick")
        scheduler.tick(float(second))
        ran += [chunk.start for chunk in lease(scheduler, "quick", float(second))]
    least_tried_first = chunks[2].start
    assert ran[0] == least_tried_first
    assert [ran.count(chunk.start) for chunk in chunks] == [REPEATS_ALLOWED - 1, REPEATS_ALLOWED - 2, REPEATS_ALLOWED]


def test_a_late_task_that_is_suspected_of_taking_workers_down_is_repeated_where_nothing_else_runs(
    scheduler: Scheduler,
) -> None:
    """So that a second worker does not suffer while it is at the work of others; nor is that given more beside it."""
    job, chunks = stuck(scheduler, 2)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add(chunks[0].start)
    now = LATE_SECONDS + 1
    (other,) = lease(scheduler, "quick", now)
    assert other.start == chunks[1].start, "those that nobody suspects go first"
    report(scheduler, "quick", done(other), now=now)
    (suspect,) = lease(scheduler, "quick", now)
    assert suspect.start == chunks[0].start
    assert not scheduler.orders("quick", now).work
    more = new_job(scheduler, 2, chunksize=1)
    assert lease(scheduler, "quick", now) == []
    report(scheduler, "quick", done(suspect), now=now)
    assert job.state == "finished"
    assert {chunk.job for chunk in lease(scheduler, "quick", now)} == {more.id}


def test_a_suspect_that_was_lost_once_more_is_repeated_nowhere_else(scheduler: Scheduler) -> None:
    """It takes down one worker more at most."""
    job, chunks = stuck(scheduler, 1)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add(chunks[0].start)
    now = LATE_SECONDS + 1
    assert len(lease(scheduler, "quick", now)) == 1
    scheduler.depart("quick", "lost", NO_REASON, now)
    join(scheduler, "third")
    alive(scheduler, now + 20, "slow", "third")
    assert lease(scheduler, "third", now + 20) == []
    assert job.running == 1


@pytest.mark.parametrize("why", ["python", "unfit", "aside"])
def test_a_node_that_the_job_does_not_fit_repeats_nothing(scheduler: Scheduler, why: str) -> None:
    job, _ = stuck(scheduler, 1, python="3.11")
    other = join(scheduler, "other", python="3.12.1" if why == "python" else "3.11.7")
    if why == "unfit":
        report(scheduler, other, Unfit(job.id, "ImportError", "no numpy", ""), now=0.0)
    elif why == "aside":
        scheduler.nodes[other].aside[job.id] = "it fails them"
        scheduler._dispatch.capacity.recount(scheduler.nodes[other])
        job.nodes.add(other)
    alive(scheduler, LATE_SECONDS + 1, "other", "quick")
    assert not scheduler.orders(other, LATE_SECONDS + 1).work
    assert lease(scheduler, other, LATE_SECONDS + 1) == []
    assert lease(scheduler, "quick", LATE_SECONDS + 1) != []


def test_what_hangs_is_repeated_by_another_node_if_there_is_one(scheduler: Scheduler) -> None:
    join(scheduler, "half", 2)
    join(scheduler, "other")
    new_job(scheduler, 4, chunksize=1)
    _, second = leased(scheduler, "half", 0.001, 0.0)
    (third,) = leased(scheduler, "other", 0.001, 0.0)
    report(scheduler, "other", done(third), now=0.0)
    (fourth,) = leased(scheduler, "other", 0.001, 0.0)
    report(scheduler, "half", done(second), now=0.0)
    assert [chunk.start for chunk in lease(scheduler, "half", LATE_SECONDS + 1)] == [fourth.start]
    report(scheduler, "other", done(fourth), now=LATE_SECONDS + 1)
    assert [chunk.start for chunk in lease(scheduler, "other", LATE_SECONDS + 1)] == [0]


def test_who_keeps_results_does_not_repeat_what_may_be_one_of_them(scheduler: Scheduler) -> None:
    """Where wires broke, a node ran tasks again whose large results it had and could not bring as fast."""
    node = join(scheduler, nprocs=2)
    new_job(scheduler, 3, chunksize=1)
    first, late = leased(scheduler, node, 0.001, 0.0)
    report(scheduler, node, done(first), now=0.1)
    (other,) = lease(scheduler, node, 0.1)
    now = QUIET_SECONDS
    alive(scheduler, now, node)
    for kept in (2, 0):
        scheduler.settle(node, scheduler.sift(node, Report((), kept=kept)), now)
        if not kept:
            report(scheduler, node, done(other), now=now)
        assert [chunk.start for chunk in lease(scheduler, node, now)] == ([] if kept else [late.start])


def test_a_lease_that_was_heard_of_is_not_late(scheduler: Scheduler) -> None:
    """How long it may take counts from the last report of a part of it."""
    join(scheduler, "slow")
    join(scheduler, "quick")
    job = new_job(scheduler, 4, chunksize=3)
    (held,) = leased(scheduler, "slow", 0.001, 0.0)
    (chunk,) = leased(scheduler, "quick", 0.001, 0.0)
    report(scheduler, "quick", done(chunk), now=0.0)
    alive(scheduler, 1.8, "slow", "quick")
    report(scheduler, "slow", done(Chunk(held.lease, job.id, 0, 1)), now=1.8)
    assert lease(scheduler, "quick", LATE_SECONDS + 1.5) == []
    assert [found.start for found in lease(scheduler, "quick", 1.8 + LATE_SECONDS + 0.5)] == [1]
    alive(scheduler, 5.0, "slow", "quick")
    report(scheduler, "slow", done(Chunk(held.lease, job.id, 1, 2)), now=5.0)
    check_counts(scheduler)
    assert (len(job.late), scheduler.nodes["slow"].held[job.id].late) == (0, 0)


def test_while_nobody_knows_how_long_a_task_takes_none_is_repeated_but_the_job_says_so(scheduler: Scheduler) -> None:
    join(scheduler, "slow")
    join(scheduler, "idle")
    job = new_job(scheduler, 1)
    leased(scheduler, "slow", 0.001, 0.0)
    for second in range(1, int(LATE_UNKNOWN) + 3):
        alive(scheduler, float(second), "slow", "idle")
        scheduler.tick(float(second))
    assert lease(scheduler, "idle", LATE_UNKNOWN + 2) == []
    assert scheduler.why_waiting(job).text == "No task has ended for 32 s. Perhaps these hang: 0 on slow's name."


def test_a_late_death_of_a_second_run_counts_for_nothing(scheduler: Scheduler) -> None:
    job, _ = stuck(scheduler, 1)
    (again,) = lease(scheduler, "quick", LATE_SECONDS + 1)
    report(scheduler, "quick", death(again), now=LATE_SECONDS + 2)
    check_counts(scheduler)
    assert (job.running, members(job.waiting), job.deaths[0]) == (1, [], 0)


# --- who is set aside -----------------------------------------------------------------------------------------------


def goes_on_elsewhere(scheduler: Scheduler) -> tuple[JobRecord, list[Chunk]]:
    """A job of many tasks, of which none ends on node "slow" any more."""
    join(scheduler, "slow")
    join(scheduler, "quick")
    job = new_job(scheduler, 1000, chunksize=1)
    report(scheduler, "slow", *map(done, leased(scheduler, "slow", 0.001, 0.0)), now=0.0)
    held = list(leased(scheduler, "slow", 0.05, 0.0))
    for step in range(1, 12):
        now = step / 2
        alive(scheduler, now, "slow", "quick")
        report(scheduler, "quick", *map(done, leased(scheduler, "quick", 0.001, now)), now=now)
        scheduler.tick(now)
    return job, held


def test_a_node_on_which_nothing_ends_is_set_aside_while_others_go_on(scheduler: Scheduler) -> None:
    job, held = goes_on_elsewhere(scheduler)
    assert len(held) > 1
    found = status(scheduler, "slow", 5.5)
    assert found.reason.startswith(f"set aside for job {job.id}: none of its tasks here has ended for ")
    assert scheduler.why_waiting(job).text == (
        "No task ends any more on slow's name, while others go on: set aside, its tasks run elsewhere as well."
    )
    orders = scheduler.orders("slow", 5.5)
    assert (orders.recall, orders.work) == (len(held) - 1, False)
    report(scheduler, "slow", *held[1:], now=5.5)
    check_counts(scheduler)
    scheduler.heartbeat("slow", NodeReport(3, 1, 0.0, 0), 5.5)
    assert lease(scheduler, "slow", 5.5) == [], "it gets no more, though it has slots"


def test_a_node_that_was_set_aside_is_taken_back_when_a_task_ends_there(scheduler: Scheduler) -> None:
    job, held = goes_on_elsewhere(scheduler)
    report(scheduler, "slow", done(held[0]), *held[1:], now=6.0)
    assert status(scheduler, "slow", 6.0).reason == ""
    assert scheduler.why_waiting(job) == NO_REASON
    assert lease(scheduler, "slow", 6.0)


def holds_what_others_have_settled(scheduler: Scheduler, slots: int) -> JobRecord:
    """ "slow" hangs at the first task, which "quick" has run as well. Another one, of "quick" which is lost, is left."""
    join(scheduler, "slow", slots)
    join(scheduler, "quick", 2)
    job = new_job(scheduler, 4 + slots, chunksize=1)
    hanging, *others = lease(scheduler, "slow", 0.0)
    report(scheduler, "slow", *map(done, others), now=0.0)
    scheduler.nodes["slow"].knows.add((job.id, -1))  # its spec, which the master has sent
    ended, left = lease(scheduler, "quick", 0.0)
    report(scheduler, "quick", done(ended), now=0.0)
    while found := lease(scheduler, "quick", 0.0):
        report(scheduler, "quick", *map(done, found), now=0.0)
    now = LATE_SECONDS + 1
    alive(scheduler, now, "slow", "quick")
    (again,) = lease(scheduler, "quick", now)
    assert again.start == hanging.start
    report(scheduler, "quick", done(again), now=now)
    scheduler.depart("quick", "lost", "is gone", now)
    assert members(job.waiting) == [left.start]
    return job


def time_passes(scheduler: Scheduler) -> Iterator[float]:
    """Second by second, from when something is late until it has been so for long."""
    now = LATE_SECONDS + 1
    while now < QUIET_SECONDS:
        yield now
        now += 1.0
        alive(scheduler, now, "slow")
        scheduler.tick(now)
        check_counts(scheduler)


def test_a_slot_that_hangs_at_what_others_have_settled_is_stopped_after_a_while(scheduler: Scheduler) -> None:
    """It was kept for ever from what was left, and the job from its end."""
    job = holds_what_others_have_settled(scheduler, 1)
    assert not any(scheduler.orders("slow", now).drop for now in time_passes(scheduler))
    now = QUIET_SECONDS + 1
    assert scheduler.orders("slow", now).drop == (job.id,)
    (chunk,) = lease(scheduler, "slow", now)
    report(scheduler, "slow", done(chunk), now=now)
    assert job.state == "finished"


def test_a_slot_beside_one_whose_task_nobody_else_has_done_is_not_stopped(scheduler: Scheduler) -> None:
    """A node drops all that it has of a job."""
    holds_what_others_have_settled(scheduler, 2)
    assert lease(scheduler, "slow", LATE_SECONDS + 1)
    assert not any(scheduler.orders("slow", now).drop for now in time_passes(scheduler))
    assert not scheduler.orders("slow", QUIET_SECONDS + 1).drop


def test_a_node_that_is_slow_where_nobody_else_goes_on_is_not_set_aside(scheduler: Scheduler) -> None:
    stuck(scheduler, 1)
    for second in range(1, 60):
        alive(scheduler, float(second), "slow", "quick")
        scheduler.tick(float(second))
    assert scheduler.nodes["slow"].stalled == {}
    assert QUIET_SECONDS < 60


def test_a_node_that_was_set_aside_may_try_again_once_the_job_goes_on_nowhere(scheduler: Scheduler) -> None:
    """What it had held was done elsewhere; what hangs now hangs on the other node, and nobody was left to repeat it."""
    job, _ = goes_on_elsewhere(scheduler)
    assert scheduler.nodes["slow"].stalled
    for half_second in range(12, 12 + 2 * int(QUIET_SECONDS)):
        alive(scheduler, half_second / 2, "slow", "quick")
        scheduler.tick(half_second / 2)
    assert scheduler.nodes["slow"].stalled == {}
    check_counts(scheduler)
    assert job.state == "running"


def test_to_be_set_aside_ends_with_the_job(scheduler: Scheduler) -> None:
    job, _ = goes_on_elsewhere(scheduler)
    scheduler.cancel(job.id, 6.0)
    check_counts(scheduler)
    assert status(scheduler, "slow", 6.0).reason == ""


# --- the rest of what is late, and when that is ---------------------------------------------------------------------


def test_a_late_chunk_is_repeated_in_parts_by_all_slots_that_are_free(scheduler: Scheduler) -> None:
    join(scheduler, "slow")
    join(scheduler, "quick", 2)
    new_job(scheduler, 21, chunksize=20)
    leased(scheduler, "slow", 0.001, 0.0)
    (chunk,) = leased(scheduler, "quick", 0.001, 0.0)
    report(scheduler, "quick", done(chunk), now=0.0)
    spans = [(chunk.start, chunk.stop) for chunk in lease(scheduler, "quick", LATE_SECONDS + 1)]
    assert spans == [(0, 5), (5, 9)]


def test_a_lease_that_had_to_wait_for_a_slot_is_late_only_after_it_had_one(scheduler: Scheduler) -> None:
    node, other = join(scheduler), join(scheduler, "other")
    new_job(scheduler, 9, chunksize=1)
    report(scheduler, node, *map(done, leased(scheduler, node, 0.001, 0.0)), now=0.0)
    (first,) = leased(scheduler, node, 0.001, 0.0)
    (second,) = leased(scheduler, node, 0.0051, 0.0)
    while chunks := leased(scheduler, other, 0.001, 0.0):
        report(scheduler, other, *map(done, chunks), now=0.0)
    alive(scheduler, 1.9, node, other)
    report(scheduler, node, done(first), now=1.9)
    late = 1.9 + scheduler.gather + LATE_SECONDS
    assert lease(scheduler, other, late - 0.1) == []
    assert [chunk.start for chunk in lease(scheduler, other, late + 0.3)] == [second.start]


def test_a_slow_node_leaves_the_last_tasks_to_others_while_these_go_on(scheduler: Scheduler) -> None:
    slow, quick = join(scheduler, "slow"), join(scheduler, "quick")
    new_job(scheduler, 101, chunksize=1)
    for _ in range(8):
        report(scheduler, slow, *(done(c, seconds=5.0) for c in leased(scheduler, slow, 0.001, 1.0)), now=1.0)
    for _ in range(92):
        report(scheduler, quick, *(done(c, seconds=1.0) for c in leased(scheduler, quick, 0.001, 1.0)), now=1.0)
    assert not scheduler.orders(slow, 1.1).work
    assert lease(scheduler, slow, 1.1) == []
    assert len(lease(scheduler, quick, 1.1)) == 1, "of the last task"
    scheduler.depart(quick, "left", NO_REASON, 1.2)
    assert scheduler.nudged() == {slow}
    assert len(lease(scheduler, slow, 1.2)) == 1


def test_whoever_has_just_been_given_work_is_not_told_that_there_is_some(scheduler: Scheduler) -> None:
    node = join(scheduler)
    new_job(scheduler, 5, chunksize=1)
    (chunk,) = leased(scheduler, node, 0.001, 0.0)
    scheduler.nudged()
    report(scheduler, node, done(chunk), now=0.0)
    assert lease(scheduler, node, 0.0)
    assert scheduler.nudged() == set()


def test_a_second_run_that_was_late_and_goes_on_leaves_its_tasks_to_whoever_has_taken_them_over(
    scheduler: Scheduler,
) -> None:
    for node in ("slow", "quick", "third"):
        join(scheduler, node)
    job = new_job(scheduler, 21, chunksize=20)
    leased(scheduler, "slow", 0.001, 0.0)
    (chunk,) = leased(scheduler, "quick", 0.001, 0.0)
    report(scheduler, "quick", done(chunk), now=0.0)
    (again,) = lease(scheduler, "quick", LATE_SECONDS + 1)
    alive(scheduler, 20.0, "slow", "quick", "third")
    (over,) = lease(scheduler, "third", 20.0)
    assert over.start == again.start + 1
    report(scheduler, "quick", done(Chunk(again.lease, job.id, again.start, again.start + 1)), now=20.0)
    check_counts(scheduler)
    report(scheduler, "quick", done(Chunk(again.lease, job.id, over.start, over.start + 1)), now=20.5)
    check_counts(scheduler)
    alive(scheduler, 24.0, "slow", "quick", "third")
    scheduler.tick(24.0)  # by now it is late again
    check_counts(scheduler)
    assert job.repeats[over.start] == 1
    report(scheduler, "quick", done(Chunk(again.lease, job.id, over.start, again.stop)), now=24.0)
    check_counts(scheduler)


def test_a_second_run_may_be_late_after_the_first_one_was_lost(scheduler: Scheduler) -> None:
    job, _ = stuck(scheduler, 1)
    (again,) = lease(scheduler, "quick", LATE_SECONDS + 1)
    scheduler.depart("slow", "left", NO_REASON, LATE_SECONDS + 2)
    alive(scheduler, 40.0, "quick")
    scheduler.tick(40.0)
    check_counts(scheduler)
    assert job.late.keys() == {again.lease}


def hands_on(scheduler: Scheduler, how: str, chunk: Chunk, now: float) -> None:
    """The node "slow" does not answer for this chunk any more, while a second run of it goes on."""
    if how == "given back":
        report(scheduler, "slow", chunk, now=now)
    elif how == "died":
        report(scheduler, "slow", death(chunk), now=now)
    else:
        scheduler.depart("slow", how, NO_REASON, now)  # type: ignore[arg-type]


def run_what_is_late(scheduler: Scheduler, node: str, now: float) -> list[int]:
    """All that this node may run a second time, until nothing is left. Returns the tasks."""
    ran: list[int] = []
    while chunks := lease(scheduler, node, now):
        ran += members((chunk.start, chunk.stop) for chunk in chunks)
        report(scheduler, node, *map(done, chunks), now=now)
    return ran


@pytest.mark.parametrize("end", ["late", "lost", "given back"])
@pytest.mark.parametrize("how", ["lost", "left", "given back", "died"])
def test_who_has_a_task_of_which_a_second_run_goes_on_may_hang_too(scheduler: Scheduler, how: str, end: str) -> None:
    """Once that run had come to nothing as well, only the lease was looked at again of which it had been a second run:
    that had ended, or was of other tasks by now, and the job never ended, though somebody was free."""
    job, chunks = stuck(scheduler, 2)
    (second,), now = lease(scheduler, "quick", 10.0), 11.0
    assert (second.start, second.stop) == (chunks[0].start, chunks[1].stop)
    hands_on(scheduler, how, chunks[0], now)
    join(scheduler, "third", 2, now=now)
    assert chunks[0].start in [chunk.start for chunk in lease(scheduler, "third", now)]
    join(scheduler, "fourth", now=now)
    assert chunks[0].start not in run_what_is_late(scheduler, "fourth", 15.0), "late by now, but its second run is not"
    if end == "late":
        alive(scheduler, 25.0, "quick", "third", "fourth")
    elif end == "lost":
        scheduler.depart("quick", "lost", NO_REASON, 25.0)
    else:
        report(scheduler, "quick", second, now=25.0)
    run_what_is_late(scheduler, "fourth", 25.0)
    assert job.state == "finished"


def test_a_suspect_that_hangs_is_repeated_once_its_worker_turns_out_not_to_be_lost(scheduler: Scheduler) -> None:
    """It was not looked at again: its job never ended."""
    job, chunks = stuck(scheduler, 1)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add(chunks[0].start)
    assert len(lease(scheduler, "quick", 10.0)) == 1
    scheduler.depart("quick", "lost", NO_REASON, 11.0)
    join(scheduler, "third", now=11.0)
    assert lease(scheduler, "third", 15.0) == [], "it may have taken down one worker more"
    join(scheduler, "quick", now=20.0)  # it was the network
    assert run_what_is_late(scheduler, "third", 20.0) == [chunks[0].start]
    assert job.state == "finished"


def test_a_task_that_hangs_and_failed_elsewhere_is_repeated_when_it_is_retried(scheduler: Scheduler) -> None:
    """The first worker holds it still, so that it does not wait; and it was not late work any more either."""
    job, chunks = stuck(scheduler, 2)
    (second,) = lease(scheduler, "quick", 10.0)
    report(scheduler, "quick", done(Chunk(second.lease, job.id, second.start, second.start + 1), 0), now=10.0)
    assert (members(job.failed), lease(scheduler, "quick", 15.0)) == ([chunks[0].start], [])
    scheduler.retry_failed(job.id, 15.0)
    assert run_what_is_late(scheduler, "quick", 20.0) == [chunks[0].start]
    report(scheduler, "quick", done(Chunk(second.lease, job.id, second.start + 1, second.stop)), now=20.0)
    assert job.state == "finished"


def test_beside_a_suspect_that_is_repeated_nothing_else_is(scheduler: Scheduler) -> None:
    """Not what is late of another job either, though there is a slot for it."""
    job, chunks = stuck(scheduler, 1)
    for _ in range(DEATHS_ALLOWED - 1):
        job.losses.add(chunks[0].start)
    other = new_job(scheduler, 2, chunksize=1)
    leased(scheduler, join(scheduler, "slower"), 0.001, 0.0)
    report(scheduler, "quick", *map(done, leased(scheduler, "quick", 0.001, 0.0)), now=0.0)
    now = LATE_SECONDS + 1
    assert [chunk.job for chunk in leased(scheduler, "quick", 0.001, now)] == [job.id]
    assert (len(job.late), len(other.late)) == (1, 1)
