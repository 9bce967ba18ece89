"""What the scheduler does about tasks that fail, nodes that fail them, nodes that fall silent, and tasks that are late."""

from __future__ import annotations

import pytest

from mcgui_core.errors import NodeUnknown
from mcgui_core.protocol.messages import Chunk, NodeReport, NodeStatus, Orders, Unfit
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.heartbeat_monitor import NODE_TIMEOUT, SILENT_AFTER
from mcgui_core.scheduler.job_state import ELSEWHERE_SECONDS, LONGEST_BACKOFF, JobRecord
from mcgui_core.scheduler.lease_table import LATE_SECONDS
from mcgui_core.scheduler.scheduler import Scheduler
from mcgui_core.scheduler.set_aside_threshold import LEAST_FAILURES
from tests.core.scheduling import death, done, join, leased, members, new_job, one, report, run_all


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def lease(scheduler: Scheduler, node: str, now: float) -> list[int]:
    """The tasks that a node is given."""
    return [index for chunk in leased(scheduler, node, 0.001, now) for index in range(chunk.start, chunk.stop)]


def status(scheduler: Scheduler, node: str, now: float) -> NodeStatus:
    (found,) = [status for status in scheduler.node_status(now) if status.id == node]
    return found


def fail(scheduler: Scheduler, node: str, now: float) -> Chunk:
    """The next task fails there."""
    (chunk,) = leased(scheduler, node, 0.001, now)
    report(scheduler, node, done(chunk, chunk.start), now=now)
    return chunk


def present(scheduler: Scheduler, now: float, *nodes: str) -> None:
    for node in nodes:
        scheduler.heartbeat(node, NodeReport(1, 0, 0.0, 0), now)


# --- retries ----------------------------------------------------------------------------------------------------


def test_each_retry_waits_twice_as_long_as_the_one_before(scheduler: Scheduler) -> None:
    node, job = join(scheduler), new_job(scheduler, 1, retries=3, backoff=1.0)
    now = 0.0
    for wait in (1.0, 2.0, 4.0):
        fail(scheduler, node, now)
        assert members(job.postponed) == [0]
        scheduler.tick(now + wait - 0.5)
        assert lease(scheduler, node, now + wait - 0.5) == []
        now += wait
        scheduler.tick(now)
    fail(scheduler, node, now)
    assert (job.state, members(job.failed)) == ("finished", [0])


def test_no_retry_waits_longer_than_a_minute(scheduler: Scheduler) -> None:
    node, job = join(scheduler), new_job(scheduler, 1, retries=1, backoff=1e9)
    fail(scheduler, node, 0.0)
    scheduler.tick(LONGEST_BACKOFF + 1)
    assert members(job.waiting) == [0]


def test_a_task_may_be_tried_more_often_than_a_wait_can_double(scheduler: Scheduler) -> None:
    node, job = join(scheduler), new_job(scheduler, 1, retries=1100)
    assert run_all(scheduler, node, 0) == [0] * 1101
    assert (job.state, members(job.failed)) == ("finished", [0])


def test_a_job_says_that_it_waits_before_it_tries_again(scheduler: Scheduler) -> None:
    node, job = join(scheduler), new_job(scheduler, 2, retries=1, backoff=30.0)
    fail(scheduler, node, 0.0)
    fail(scheduler, node, 0.0)
    assert scheduler.why_waiting(job) == Reason("retrying", "Waiting a moment before 2 failed tasks are tried again.")


def test_whoever_has_nothing_to_do_is_told_when_a_task_is_due_again(scheduler: Scheduler) -> None:
    node = join(scheduler)
    new_job(scheduler, 1, retries=1, backoff=1.0)
    fail(scheduler, node, 0.0)
    scheduler.nudged()
    scheduler.tick(0.5)
    assert scheduler.nudged() == set()
    assert scheduler.tick(1.0)
    assert scheduler.nudged() == {node}


def test_a_task_is_tried_again_on_another_node(scheduler: Scheduler) -> None:
    join(scheduler, "a")
    join(scheduler, "b")
    new_job(scheduler, 1, retries=1)
    fail(scheduler, "a", 0.0)
    assert not scheduler.orders("a", 0.0).work
    assert lease(scheduler, "a", 0.0) == []
    assert scheduler.orders("b", 0.0).work
    assert lease(scheduler, "b", 0.0) == [0]


def test_a_task_that_nobody_else_takes_in_time_is_tried_again_where_it_failed(scheduler: Scheduler) -> None:
    join(scheduler, "a")
    join(scheduler, "b")
    new_job(scheduler, 1, retries=1)
    fail(scheduler, "a", 0.0)
    scheduler.tick(ELSEWHERE_SECONDS)
    present(scheduler, ELSEWHERE_SECONDS, "a", "b")
    assert lease(scheduler, "a", ELSEWHERE_SECONDS) == [0]


def test_a_result_that_comes_while_a_task_waits_for_its_next_try_settles_it(scheduler: Scheduler) -> None:
    join(scheduler, "a")
    join(scheduler, "b")
    job = new_job(scheduler, 2, retries=1, backoff=30.0)
    (chunk,) = leased(scheduler, "a", 0.001, 0.0)
    scheduler.depart("a", "lost", Reason("", "silent"), 0.0)
    assert fail(scheduler, "b", 0.0).start == chunk.start
    report(scheduler, "a", done(chunk))
    assert (members(job.settled), members(job.postponed)) == ([0], [])


# --- nodes that fail --------------------------------------------------------------------------------------------


def fail_here_and_do_there(scheduler: Scheduler, times: int) -> None:
    for _ in range(times):
        fail(scheduler, "bad", 0.0)
        for chunk in leased(scheduler, "good", 0.001, 0.0):
            report(scheduler, "good", done(chunk), now=0.0)


def pair(scheduler: Scheduler) -> JobRecord:
    join(scheduler, "bad")
    join(scheduler, "good")
    return new_job(scheduler, 20, retries=3, chunksize=1)


def test_a_node_that_fails_tasks_which_others_complete_is_set_aside_and_shown(scheduler: Scheduler) -> None:
    job = pair(scheduler)
    fail_here_and_do_there(scheduler, LEAST_FAILURES - 1)
    assert scheduler.orders("bad", 0.0).work
    fail_here_and_do_there(scheduler, 1)
    assert lease(scheduler, "bad", 0.0) == []
    assert not scheduler.orders("bad", 0.0).work
    found = status(scheduler, "bad", 0.0)
    assert found.reason_code == "set aside"
    assert found.reason == f"set aside for job {job.id}: 3 tasks that failed here were done by others"


def test_what_a_node_holds_as_it_is_set_aside_runs_elsewhere_at_once(scheduler: Scheduler) -> None:
    job = pair(scheduler)
    scheduler.nodes["bad"].knows.add((job.id, -1))
    fail_here_and_do_there(scheduler, LEAST_FAILURES - 1)
    first = fail(scheduler, "bad", 0.0)
    (held,) = leased(scheduler, "bad", 0.001, 0.0)
    (chunk,) = leased(scheduler, "good", 0.001, 0.0)
    assert chunk.start == first.start
    report(scheduler, "good", done(chunk), now=0.0)
    assert held.start in job.waiting
    assert job.running == 0
    orders = scheduler.orders("bad", 0.0)
    assert orders.drop == (job.id,)
    assert orders.before > held.lease


def test_a_node_that_fails_now_and_then_is_not_set_aside(scheduler: Scheduler) -> None:
    pair(scheduler)
    for _ in range(3 * LEAST_FAILURES):
        for chunk in leased(scheduler, "bad", 0.001, 0.0):
            report(scheduler, "bad", done(chunk), now=0.0)
    fail_here_and_do_there(scheduler, LEAST_FAILURES)
    assert scheduler.nodes["bad"].aside == {}


def test_a_node_that_was_set_aside_helps_where_there_is_nobody_else(scheduler: Scheduler) -> None:
    pair(scheduler)
    fail_here_and_do_there(scheduler, LEAST_FAILURES)
    scheduler.depart("good", "left", NO_REASON, 0.0)
    assert len(lease(scheduler, "bad", 0.0)) == 1


def test_what_a_node_is_given_after_all_is_not_dropped_by_the_order_to_stop_that_came_before(
    scheduler: Scheduler,
) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    (held,) = leased(scheduler, node, 0.001, 1.0)
    scheduler.nodes[node].knows.add((job.id, -1))
    scheduler._settlement.take_away(scheduler.nodes[node], scheduler.job(job.id), 1.0)
    given = leased(scheduler, node, 1.0, 1.0)
    assert given, "it is needed after all, before it has heard"
    orders = scheduler.orders(node, 1.0)
    assert orders.drop == (job.id,)
    assert held.lease < orders.before <= min(chunk.lease for chunk in given)
    assert held.lease not in scheduler.nodes[node].leases


def test_to_be_set_aside_for_one_job_is_not_to_be_set_aside_for_the_next(scheduler: Scheduler) -> None:
    job = pair(scheduler)
    fail_here_and_do_there(scheduler, LEAST_FAILURES)
    scheduler.cancel(job.id, 0.0)
    assert status(scheduler, "bad", 0.0).reason == ""
    new_job(scheduler, 5)
    assert lease(scheduler, "bad", 0.0) == [0]


# --- nodes that are silent --------------------------------------------------------------------------------------


def test_a_node_whose_heartbeat_is_overdue_is_shown_as_silent_and_gets_no_work(scheduler: Scheduler) -> None:
    node = join(scheduler)
    new_job(scheduler, 5)
    for tick in range(1, 7):
        scheduler.tick(tick * 0.5)
    assert status(scheduler, node, 3.0).state == "silent"
    found = status(scheduler, node, 3.0)
    assert (found.reason_code, found.reason) == ("silent", "no word for 3 s")
    assert not scheduler.orders(node, 3.0).work
    present(scheduler, 3.5, node)
    assert status(scheduler, node, 3.5).state == "idle"
    assert scheduler.orders(node, 3.5).work


def test_after_a_sleep_of_the_master_nobody_is_given_up(scheduler: Scheduler) -> None:
    """What the nodes said while it was stopped has not been read yet."""
    node = join(scheduler)
    scheduler.tick(0.5)
    scheduler.tick(3600.0)
    assert status(scheduler, node, 3600.0).state == "idle"
    silent = 3600.0
    while status(scheduler, node, silent).state != "lost":
        silent += 0.5
        scheduler.tick(silent)
    assert SILENT_AFTER < NODE_TIMEOUT < silent - 3600.0 + 0.6 < NODE_TIMEOUT + 1.5


# --- tasks that are late ----------------------------------------------------------------------------------------


def stuck(scheduler: Scheduler, **options: bool) -> tuple[JobRecord, Chunk]:
    """All is done but one task, which a node has and says nothing of."""
    join(scheduler, "slow")
    join(scheduler, "quick")
    job = new_job(scheduler, 5, chunksize=1, **options)
    (chunk,) = leased(scheduler, "slow", 0.001, 0.0)
    while chunks := leased(scheduler, "quick", 0.001, 0.0):
        for other in chunks:
            report(scheduler, "quick", done(other), now=0.0)
    assert job.running == 1
    present(scheduler, LATE_SECONDS + 1, "slow", "quick")
    return job, chunk


def test_a_task_that_is_late_at_the_end_of_a_job_runs_a_second_time_elsewhere(scheduler: Scheduler) -> None:
    job, chunk = stuck(scheduler)
    assert not scheduler.orders("quick", LATE_SECONDS - 0.1).work
    assert scheduler.orders("quick", LATE_SECONDS + 1).work
    (again,) = leased(scheduler, "quick", 0.001, LATE_SECONDS + 1)
    assert (again.start, again.stop) == (chunk.start, chunk.stop)
    assert again.lease != chunk.lease
    assert job.running == 1
    assert lease(scheduler, "quick", LATE_SECONDS + 9) == []  # once is enough
    report(scheduler, "quick", done(again), now=LATE_SECONDS + 9)
    assert (job.state, job.status(9.0).done) == ("finished", 5)


def test_of_two_runs_the_first_to_end_counts(scheduler: Scheduler) -> None:
    job, chunk = stuck(scheduler)
    (again,) = leased(scheduler, "quick", 0.001, LATE_SECONDS + 1)
    assert report(scheduler, "slow", done(chunk)).outcomes[0].accepted
    assert job.state == "finished"
    assert not report(scheduler, "quick", done(again)).outcomes[0].accepted
    assert (job.status(9.0).done, scheduler.nodes["quick"].done) == (5, 4)


@pytest.mark.parametrize("end", ["lost", "returned", "failed"])
def test_a_second_run_that_comes_to_nothing_changes_nothing(scheduler: Scheduler, end: str) -> None:
    job, chunk = stuck(scheduler)
    job.careful.add(0, 1)
    (again,) = leased(scheduler, "quick", 0.001, LATE_SECONDS + 1)
    if end == "lost":
        scheduler.depart("quick", "lost", NO_REASON, 9.0)
        join(scheduler, "quick", now=9.0)
    elif end == "failed":
        report(scheduler, "quick", death(again))
    else:
        report(scheduler, "quick", again)
    assert (job.running, members(job.waiting), members(job.postponed)) == (1, [], [])
    assert len(lease(scheduler, "quick", LATE_SECONDS + 9)) == 1  # and another one may be made
    report(scheduler, "slow", done(chunk))
    assert job.state == "finished"


def test_if_the_first_node_is_lost_its_task_waits_whatever_the_second_does(scheduler: Scheduler) -> None:
    job, chunk = stuck(scheduler)
    (again,) = leased(scheduler, "quick", 0.001, LATE_SECONDS + 1)
    scheduler.depart("slow", "lost", NO_REASON, 9.0)
    assert members(job.waiting) == [chunk.start]
    report(scheduler, "quick", done(again))
    assert (job.state, members(job.waiting), job.running) == ("finished", [], 0)


def test_nothing_runs_twice_where_that_is_not_wanted(scheduler: Scheduler) -> None:
    stuck(scheduler, hedge=False)
    assert lease(scheduler, "quick", 1e6) == []


def test_a_free_slot_of_the_same_node_may_repeat_what_is_late(scheduler: Scheduler) -> None:
    node = join(scheduler, nprocs=2)
    job = new_job(scheduler, 3, chunksize=1)
    first, second = leased(scheduler, node, 0.001, 0.0)
    report(scheduler, node, done(second), now=0.0)
    (third,) = leased(scheduler, node, 0.001, 0.0)
    report(scheduler, node, done(third), now=0.0)
    (again,) = leased(scheduler, node, 0.001, LATE_SECONDS + 1)
    assert again.start == first.start
    report(scheduler, node, done(again))
    assert job.state == "finished"


# --- tasks that need more memory than there is -------------------------------------------------------------------


def test_a_task_too_large_for_one_node_goes_to_another_and_does_not_come_again(scheduler: Scheduler) -> None:
    small, large = join(scheduler, "small"), join(scheduler, "large")
    job = new_job(scheduler, 1)
    report(scheduler, small, death(one(scheduler, small), "memory"))
    assert scheduler.lease(small, 1.0, 1_000.0) == ()
    report(scheduler, large, done(one(scheduler, large)))
    assert (job.state, len(job.failed)) == ("finished", 0)


def test_a_task_too_large_for_every_node_fails_at_the_last_of_them(scheduler: Scheduler) -> None:
    nodes = [join(scheduler, id) for id in "abc"]
    job = new_job(scheduler, 1)
    for node in nodes[:-2]:
        report(scheduler, node, death(one(scheduler, node), "memory"))
    scheduler.depart(nodes[-2], "left", NO_REASON, 1.0)
    assert not job.final
    report(scheduler, nodes[-1], death(one(scheduler, nodes[-1]), "memory"))
    assert (job.state, len(job.failed)) == ("finished", 1)


def test_a_task_too_large_here_comes_back_where_nobody_else_is_left(scheduler: Scheduler) -> None:
    small, large = join(scheduler, "small"), join(scheduler, "large")
    new_job(scheduler, 1)
    report(scheduler, small, death(one(scheduler, small), "memory"))
    scheduler.depart(large, "left", NO_REASON, 1.0)
    assert scheduler.orders(small, 2.0).work
    assert one(scheduler, small).start == 0


# --- what a person wants of a node ------------------------------------------------------------------------------


def test_a_node_is_told_once_what_a_person_wants_of_it(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.steer(node, nprocs=3)
    scheduler.steer(node, pause=True)
    assert scheduler.nudged() == {node}
    assert scheduler.orders(node, 0.0) == Orders(nprocs=3, pause=True)
    assert scheduler.orders(node, 0.0) == Orders()
    scheduler.steer(node, retire="finish")
    assert scheduler.orders(node, 0.0) == Orders(retire="finish")


def test_a_node_that_has_gone_cannot_be_steered_but_forgotten(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.forget_node(node)
    assert node in scheduler.nodes
    scheduler.depart(node, "left", NO_REASON, 0.0)
    with pytest.raises(NodeUnknown):
        scheduler.steer(node, nprocs=2)
    scheduler.forget_node(node)
    assert node not in scheduler.nodes
    with pytest.raises(NodeUnknown):
        scheduler.forget_node(node)


def test_a_node_that_was_forgotten_is_not_set_aside_for_what_it_failed(scheduler: Scheduler) -> None:
    new_job(scheduler, 4, retries=3, chunksize=1)
    bad, good = join(scheduler, "bad"), join(scheduler, "good")
    for _ in range(2):
        chunk = one(scheduler, bad)
        report(scheduler, bad, done(chunk, chunk.start))
    scheduler.depart(bad, "left", Reason("retired", "retired"), 1.0)
    scheduler.forget_node(bad)
    assert sorted(run_all(scheduler, good)) == [0, 1, 2, 3]


def test_the_death_of_a_slot_counts_for_whichever_task_it_ran(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 7, chunksize=1), join(scheduler)
    for _ in range(5):
        report(scheduler, node, done(one(scheduler, node)))
    report(scheduler, node, death(one(scheduler, node)))
    assert job.deaths[5] == 1


def test_a_job_that_loads_nowhere_has_an_end(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 3), join(scheduler)
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""), now=4.0)
    assert (job.state, job.finished) == ("stopped", 4.0)
