"""The scheduler, example by example. What must hold in any order of events is in test_scheduler_promise.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mcgui_core.errors import JobUnknown
from mcgui_core.protocol.messages import NodeReport, Orders, Unfit
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.heartbeat_monitor import NODE_TIMEOUT
from mcgui_core.scheduler.node_state import MANY_TO_FORGET
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.scheduling import death, done, join, leased, members, new_job, one, report, run_all


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


# --- a job's life ---------------------------------------------------------------------------------------------------


def test_every_task_runs_once_and_the_job_is_finished(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 1000)
    assert sorted(run_all(scheduler, join(scheduler))) == list(range(1000))
    status = job.status(2.0)
    assert (status.state, status.done, status.failed, status.running, status.remaining) == ("finished", 1000, 0, 0, 0)
    assert (status.created, status.started, status.finished) == (0.0, 1.0, 1.0)


def test_a_job_without_tasks_is_finished_when_that_is_known(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 0, sealed=False)
    assert job.state == "waiting"
    scheduler.extend(job.id, 0, True, 3.0)
    assert (job.state, job.finished) == ("finished", 3.0)


def test_a_job_whose_arguments_still_arrive_does_not_end(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3, sealed=False), join(scheduler)
    run_all(scheduler, node)
    assert job.state == "running"
    scheduler.extend(job.id, 2, True, 2.0)
    assert run_all(scheduler, node) == [3, 4]
    assert job.state == "finished"


def test_a_job_whose_arguments_still_arrive_knows_how_many_there_will_be_where_that_was_said(
    scheduler: Scheduler,
) -> None:
    told, untold = new_job(scheduler, 3, sealed=False, expected=10), new_job(scheduler, 3, sealed=False)
    assert (told.status(0.0).whole, told.status(0.0).remaining) == (10, 10)
    assert (untold.status(0.0).whole, untold.status(0.0).remaining) == (None, 3)
    scheduler.extend(told.id, 8, False, 0.0)
    assert told.status(0.0).whole is None  # there are more than was said
    scheduler.extend(told.id, 0, True, 0.0)
    assert (told.status(0.0).whole, told.status(0.0).expected) == (11, None)
    fewer = new_job(scheduler, 3, expected=10)
    assert (fewer.status(0.0).whole, fewer.status(0.0).remaining) == (3, 3)


def test_the_more_urgent_job_runs_first_and_the_older_of_two_alike(scheduler: Scheduler) -> None:
    low, first, second = (new_job(scheduler, 1, priority=priority) for priority in (0, 5, 5))
    node = join(scheduler)
    order = []
    while chunks := leased(scheduler, node, 0.001, 1.0):
        order.append(chunks[0].job)
        report(scheduler, node, *map(done, chunks))
    assert order == [first.id, second.id, low.id]


def test_a_paused_job_hands_out_nothing_and_keeps_what_comes_in(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    chunk = one(scheduler, node)
    scheduler.pause(job.id)
    report(scheduler, node, done(chunk))
    assert leased(scheduler, node, 1.0, 1.0) == ()
    assert (job.state, job.status(1.0).done) == ("paused", 1)
    scheduler.resume(job.id, 2.0)
    assert scheduler.nudged() == {node}
    run_all(scheduler, node)
    assert job.state == "finished"


def test_a_cancelled_job_is_taken_from_its_nodes_and_late_results_do_not_count(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    chunk = one(scheduler, node)
    scheduler.nodes[node].knows.add((job.id, -1))  # as the hub notes when it sends the spec
    scheduler.cancel(job.id, 2.0, Reason("", "enough"))
    assert scheduler.nudged() == {node}
    assert scheduler.orders(node, 1.0) == Orders(drop=(job.id,), before=chunk.lease + 1)
    assert scheduler.orders(node, 1.0) == Orders()
    assert report(scheduler, node, done(chunk)).outcomes[0].accepted == ()
    assert (job.state, job.reason, job.running, job.status(2.0).done) == ("cancelled", Reason("", "enough"), 0, 0)


def test_jobs_of_which_a_node_holds_nothing_are_forgotten_with_its_next_order_unless_they_are_many(
    scheduler: Scheduler,
) -> None:
    node = join(scheduler)
    for over in range(1, MANY_TO_FORGET + 1):
        job = new_job(scheduler, 3)
        scheduler.nodes[node].knows.add((job.id, -1))
        run_all(scheduler, node)
        assert job.state == "finished"
        scheduler.nudged()
        told = scheduler.orders(node, 1.0, urgent=True)
        assert bool(told.drop) == (over == MANY_TO_FORGET)
    assert len(told.drop + scheduler.orders(node, 1.0).drop) == 2


def test_a_job_of_which_a_node_holds_some_is_dropped_at_once(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    one(scheduler, node)
    scheduler.nodes[node].knows.add((job.id, -1))
    scheduler.cancel(job.id, 2.0)
    assert scheduler.orders(node, 1.0, urgent=True).drop == (job.id,)
    assert scheduler.orders(node, 1.0, urgent=True) == Orders()


def test_a_node_that_is_still_at_a_job_that_is_over_is_told_again(scheduler: Scheduler) -> None:
    """It may have been away when the job was cancelled."""
    job, node = new_job(scheduler, 3), join(scheduler)
    one(scheduler, node)
    join(scheduler)
    scheduler.cancel(job.id, 2.0)
    for jobs, drop in (((), ()), ((job.id,), (job.id,)), ((job.id, 999), (job.id, 999))):
        scheduler.heartbeat(node, NodeReport(1, 1, 0.0, 0, jobs=jobs), 3.0)
        assert scheduler.orders(node, 1.0).drop == drop


def test_what_is_over_stays_over(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler)
    run_all(scheduler, node)
    scheduler.cancel(job.id, 5.0)
    scheduler.pause(job.id)
    scheduler.resume(job.id, 5.0)
    report(scheduler, node, Unfit(job.id, "ImportError", "late", ""))
    assert (job.state, job.finished, job.reason) == ("finished", 1.0, NO_REASON)


def test_a_job_that_there_is_not_is_named(scheduler: Scheduler) -> None:
    with pytest.raises(JobUnknown, match="no job 77"):
        scheduler.pause(77)


# --- failures -------------------------------------------------------------------------------------------------------


def test_a_task_that_raises_fails_alone(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 10)
    run_all(scheduler, join(scheduler), 3, 7)
    assert (job.state, members(job.failed), job.status(1.0).done) == ("finished", [3, 7], 8)


def test_a_task_that_raises_is_tried_again_as_often_as_asked(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3, retries=2), join(scheduler)
    assert run_all(scheduler, node, 1).count(1) == 3
    assert (job.state, members(job.failed)) == ("finished", [1])


def test_a_try_that_is_told_twice_counts_once(scheduler: Scheduler) -> None:
    """The answer to a report was lost, so the node reports again, while somebody else tries."""
    job, node, other = new_job(scheduler, 1, retries=1), join(scheduler), join(scheduler, "b")
    failed = done(one(scheduler, node), 0)
    report(scheduler, node, failed)
    chunk = one(scheduler, other)
    report(scheduler, node, failed, failed)
    assert (members(job.failed), members(job.waiting), job.running) == ([], [], 1)
    report(scheduler, other, done(chunk))
    assert (job.state, members(job.failed)) == ("finished", [])


def test_the_first_failure_stops_a_job_that_is_to_stop(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 10, on_error="stop"), join(scheduler)
    report(scheduler, node, done(one(scheduler, node), 0))
    assert (job.state, job.running, members(job.waiting)) == ("stopped", 0, [])
    assert job.reason == Reason("first failure", "Task 0 failed, and the job was to stop at the first failure.")
    scheduler.retry_failed(job.id, 2.0)
    assert sorted(run_all(scheduler, node)) == list(range(10))
    assert (job.state, job.reason) == ("finished", NO_REASON)


def test_what_came_with_the_failure_that_stopped_a_job_counts(scheduler: Scheduler) -> None:
    """It is in the journal by then, so it must not run a second time."""
    job, node = new_job(scheduler, 4, on_error="stop", chunksize=2), join(scheduler, nprocs=2)
    first, second = leased(scheduler, node, 1.0, 1.0)
    sifted = report(scheduler, node, done(first, 0), done(second))
    assert [outcome.accepted for outcome in sifted.outcomes] == [((1, 2),), ((2, 4),)]
    assert members(job.settled) == [0, 1, 2, 3]
    scheduler.retry_failed(job.id, 2.0)
    assert run_all(scheduler, node) == [0]


def test_a_retry_runs_what_failed_and_what_never_ran(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 6), join(scheduler)
    report(scheduler, node, done(one(scheduler, node), 0))
    report(scheduler, node, done(one(scheduler, node)))
    settled = members(job.settled)
    scheduler.cancel(job.id, 2.0)
    scheduler.retry_failed(job.id, 3.0)
    assert sorted(run_all(scheduler, node)) == sorted({0, *range(6)} - set(settled[1:]))
    assert (job.state, job.status(3.0).failed) == ("finished", 0)


def test_the_time_in_which_a_job_was_over_is_no_part_of_what_it_took(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2)
    join(scheduler)
    run_all(scheduler, "a", 1)
    began, ended = job.started, job.finished
    assert began is not None
    assert ended is not None
    scheduler.retry_failed(job.id, ended + 1000.0)
    assert job.status(ended + 1003.0).took(ended + 1003.0) == pytest.approx(ended - began + 3.0)
    scheduler.cancel(job.id, ended + 1005.0)
    assert job.status(ended + 9999.0).took(ended + 9999.0) == pytest.approx(ended - began + 5.0)


def test_a_retry_does_not_run_twice_what_runs_now(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    report(scheduler, node, done(leased(scheduler, node, 1.0, 1.0)[0], 0))
    held = leased(scheduler, node, 1.0, 1.0)
    scheduler.retry_failed(job.id, 2.0)
    assert not set(members(job.waiting)) & {index for chunk in held for index in range(chunk.start, chunk.stop)}
    assert 0 in job.waiting


def test_a_retry_leaves_alone_what_failed_elsewhere_and_still_runs_here(scheduler: Scheduler) -> None:
    job, node, other = new_job(scheduler, 1, sealed=False), join(scheduler), join(scheduler, "b")
    late = done(one(scheduler, node), 0)
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    chunk = one(scheduler, other)
    report(scheduler, node, late)
    assert members(job.failed) == [0]
    scheduler.retry_failed(job.id, 2.0)
    assert (members(job.failed), members(job.waiting), job.running) == ([], [], 1)
    report(scheduler, other, done(chunk))
    assert (job.status(2.0).done, job.running) == (1, 0)


def test_a_retry_of_a_paused_job_leaves_it_paused(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    report(scheduler, node, done(one(scheduler, node), 0))
    scheduler.pause(job.id)
    scheduler.retry_failed(job.id, 2.0)
    assert (job.state, members(job.failed), 0 in job.waiting) == ("paused", [], True)


# --- slots that die -------------------------------------------------------------------------------------------------


def test_a_task_that_kills_three_slots_is_given_up(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler)
    for attempt in range(3):
        assert job.state != "finished", f"given up after {attempt} deaths"
        chunk = one(scheduler, node)
        assert chunk.careful == (attempt > 0)
        sifted = report(scheduler, node, death(chunk))
    (failure,) = sifted.outcomes[0].failures
    assert (failure.kind, failure.message, failure.node) == ("died", "by SIGKILL", "a's name")
    assert (job.state, members(job.failed)) == ("finished", [0])


def test_a_task_that_is_retried_may_kill_three_slots_anew(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1), join(scheduler)
    for _ in range(2):
        for attempt in range(3):
            assert job.state != "finished", f"given up after {attempt} deaths"
            report(scheduler, node, death(one(scheduler, node)))
        assert (job.state, members(job.failed)) == ("finished", [0])
        scheduler.retry_failed(job.id, 2.0)


def test_the_neighbours_of_a_task_that_kills_are_run_again_one_by_one(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 4, chunksize=4), join(scheduler)
    report(scheduler, node, death(one(scheduler, node)))
    assert (members(job.waiting), [job.deaths[n] for n in range(4)], job.running) == ([0, 1, 2, 3], [0] * 4, 0)
    assert one(scheduler, node).careful


def test_a_death_that_is_told_late_neither_counts_nor_leases_the_task_twice(scheduler: Scheduler) -> None:
    job, node, other = new_job(scheduler, 1), join(scheduler), join(scheduler, "b")
    chunk = one(scheduler, node)
    scheduler.depart(node, "lost", NO_REASON, 1.0)
    one(scheduler, other)
    report(scheduler, node, *[death(chunk)] * 3)
    assert (job.deaths[0], members(job.waiting), job.running) == (0, [], 1)


def test_a_task_past_its_limit_is_tried_again_like_one_that_raises(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 1, timeout=1.0, retries=1), join(scheduler)
    for careful, state in ((False, "running"), (True, "finished")):
        chunk = one(scheduler, node)
        assert chunk.careful == careful, "announced before it begins, once it has ended a slot"
        report(scheduler, node, replace(death(chunk), kind="timeout"))
        assert job.state == state
    assert members(job.failed) == [0]


# --- nodes that come and go -----------------------------------------------------------------------------------------


def test_what_a_lost_node_held_waits_again_and_its_late_report_counts_if_it_is_the_first(scheduler: Scheduler) -> None:
    job, node, other = new_job(scheduler, 1), join(scheduler), join(scheduler, "b")
    late = done(one(scheduler, node))
    scheduler.heartbeat(other, NodeReport(2, 0, 0.0, 0), NODE_TIMEOUT)
    assert scheduler.tick(NODE_TIMEOUT + 1.0)
    lost = scheduler.node_status(0.0)[0]
    assert (lost.reason_code, lost.reason) == ("silent", "silent for 6 s")
    assert scheduler.nudged() == {other}
    chunk = one(scheduler, other)
    assert report(scheduler, node, late).outcomes[0].accepted == ((0, 1),)
    assert report(scheduler, other, done(chunk)).outcomes[0].accepted == ()
    assert (job.state, job.running, job.status(9.0).done) == ("finished", 0, 1)


def test_a_node_that_comes_back_holds_nothing_and_keeps_its_counts(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 9), join(scheduler)
    report(scheduler, node, done(one(scheduler, node)))
    chunk = one(scheduler, node)
    join(scheduler, now=7.0)
    assert job.running == 0
    assert chunk.start in job.waiting
    (status,) = scheduler.node_status(8.0)
    assert (status.done, status.joined, status.contact, status.state) == (1, 0.0, 7.0, "idle")


def test_a_departed_node_is_told_that_it_is_not_known(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.depart(node, "left", Reason("", "bye"), 1.0)
    assert scheduler.orders(node, 1.0) == scheduler.orders("nobody", 1.0) == Orders(known=False)
    new_job(scheduler, 3)
    assert leased(scheduler, node, 1.0, 1.0) == leased(scheduler, "nobody", 1.0, 1.0) == ()


@pytest.mark.parametrize("how", [{"paused": True}, {"draining": True}, {"nprocs": 0}])
def test_a_node_that_gives_nothing_gets_nothing(scheduler: Scheduler, how: dict[str, Any]) -> None:
    new_job(scheduler, 3)
    node = join(scheduler)
    scheduler.heartbeat(node, NodeReport(**{"nprocs": 2, "busy": 0, "cpu": 0.0, "memory": 0, **how}), 1.0)
    assert scheduler.orders(node, 1.0) == Orders()
    assert leased(scheduler, node, 1.0, 1.0) == ()


def test_a_node_that_cannot_load_the_environment_gives_the_job_back(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    join(scheduler, "b")
    chunk = one(scheduler, node)
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    assert chunk.start in job.waiting
    assert leased(scheduler, node, 1.0, 1.0) == ()
    assert leased(scheduler, "b", 1.0, 1.0)


def test_a_node_that_cannot_load_the_environment_says_so_where_people_look(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2, chunksize=1), join(scheduler)
    join(scheduler, "b")
    leased(scheduler, node, 0.001, 1.0)
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy\nand more", ""))
    shown = next(status for status in scheduler.node_status(1.0) if status.id == node)
    assert (shown.state, shown.reason_code) == ("idle", "does not load")
    assert shown.reason == f"cannot run job {job.id}: ImportError: no numpy"
    assert scheduler.orders(node, 1.0).aside == ""  # nobody knows yet whether it is the node, or the environment
    first = one(scheduler, "b")
    assert scheduler.why_waiting(job).text == "Cannot run on a's name, and goes on elsewhere. ImportError: no numpy"
    report(scheduler, "b", done(first))
    assert scheduler.orders(node, 1.0).aside == f"Tasks of job {job.id} cannot run here: ImportError: no numpy."
    assert scheduler.orders(node, 1.0).aside == ""
    run_all(scheduler, "b")
    assert job.state == "finished"
    assert all(status.reason == "" for status in scheduler.node_status(1.0))


def test_a_node_that_may_try_a_job_again_does_not_say_any_more_that_it_cannot(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2), join(scheduler)
    join(scheduler, "b")
    leased(scheduler, node, 0.001, 1.0)
    report(scheduler, node, Unfit(job.id, "", "x" * 1000, ""))
    assert len(scheduler.node_status(1.0)[0].reason) < 250
    scheduler.retry_failed(job.id, 1.0)
    assert [status.reason for status in scheduler.node_status(1.0)] == ["", ""]
    assert one(scheduler, node).job == job.id


def test_a_job_that_loads_nowhere_is_stopped_and_says_why(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    leased(scheduler, node, 1.0, 1.0)
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    assert (job.state, job.running) == ("stopped", 0)
    assert job.reason == Reason("does not load", "The environment does not load on any worker. ImportError: no numpy")
    scheduler.retry_failed(job.id, 2.0)
    assert sorted(run_all(scheduler, node)) == [0, 1, 2]


def test_a_job_whose_slots_die_as_it_loads_waits_for_a_node_that_is_lost(scheduler: Scheduler) -> None:
    """Somebody else may have killed them; the one that is lost may come back, and do better."""
    job, node = new_job(scheduler, 3), join(scheduler)
    join(scheduler, "b")
    scheduler.depart("b", "lost", NO_REASON, 1.0)
    leased(scheduler, node, 1.0, 1.0)
    report(scheduler, node, Unfit(job.id, "", "its process ended by SIGKILL", ""))
    assert job.state == "running"
    assert scheduler.why_waiting(job).code == "does not load"
    assert "does not load on any worker that is here" in scheduler.why_waiting(job).text
    join(scheduler, "b", now=2.0)
    assert sorted(run_all(scheduler, "b")) == [0, 1, 2]
    assert job.state == "finished"


def test_a_job_whose_slots_die_as_it_loads_is_stopped_where_nobody_is_left(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    join(scheduler, "b")
    scheduler.depart("b", "left", NO_REASON, 1.0)
    leased(scheduler, node, 1.0, 1.0)
    report(scheduler, node, Unfit(job.id, "", "Its process ended by SIGKILL", ""))
    assert job.reason.text == "The environment does not load on any worker. Its process ended by SIGKILL"


def test_a_job_says_what_it_waits_for(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 3, python="3.12")
    assert scheduler.why_waiting(job) == Reason("no worker", "Waiting for a worker to join.")
    node = join(scheduler, python="3.11.7")
    assert scheduler.why_waiting(job).code == "python version"
    assert scheduler.why_waiting(job).text.startswith("Waiting ")
    assert "Python 3.12" in scheduler.why_waiting(job).text
    assert leased(scheduler, node, 1.0, 1.0) == ()
    one(scheduler, join(scheduler, "b", python="3.12.1"))
    assert scheduler.why_waiting(job) == NO_REASON
