"""What the scheduler tells of a node: what it said of itself, what it does, and why it does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.errors import NodeUnknown
from mcgui_core.protocol.messages import NodeInfo, NodeReport, Orders, Unfit
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.scheduling import done, join, leased, new_job, one, report

WORD = NodeReport(nprocs=3, busy=2, cpu=150.0, memory=5_000_000)


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def test_what_a_node_said_of_itself_is_told(scheduler: Scheduler) -> None:
    scheduler.join(NodeInfo("a", "attic", 4, 8, "3.12.1", "Linux", 77), "10.0.0.9", 5.0)
    new_job(scheduler, 1)
    one(scheduler, "a")
    scheduler.heartbeat("a", WORD, 6.0)
    status = scheduler.nodes["a"].status(7.0)
    assert (status.id, status.name, status.address, status.pid) == ("a", "attic", "10.0.0.9", 77)
    assert (status.cpus, status.python, status.platform) == (8, "3.12.1", "Linux")
    assert (status.nprocs, status.busy, status.cpu, status.memory) == (3, 2, 150.0, 5_000_000)
    assert (status.joined, status.contact) == (5.0, 6.0)


def test_what_it_has_done_is_told_with_its_rate_and_the_time_a_task_takes(scheduler: Scheduler) -> None:
    new_job(scheduler, 4, chunksize=2)
    node = join(scheduler, nprocs=2)
    first, second = leased(scheduler, node, 1.0, 1.0)
    report(scheduler, node, done(first, seconds=0.5), done(second, second.start, seconds=0.5), now=2.0)
    status = scheduler.nodes[node].status(2.0)
    assert (status.done, status.failed, status.task_seconds) == (3, 1, 0.25)
    assert status.rate > 0


def test_of_one_that_is_gone_nothing_is_told_that_is_over_with_it(scheduler: Scheduler) -> None:
    new_job(scheduler, 4)
    node = join(scheduler, nprocs=2)
    first, *_ = leased(scheduler, node, 0.001, 1.0)
    report(scheduler, node, done(first), now=2.0)
    scheduler.heartbeat(node, WORD, 2.0)
    scheduler.depart(node, "lost", Reason("disconnected", "its connection broke"), 3.0)
    status = scheduler.nodes[node].status(3.0)
    assert (status.state, status.reason, status.reason_code) == ("lost", "its connection broke", "disconnected")
    assert (status.busy, status.cpu, status.memory, status.rate) == (0, 0.0, 0, 0.0)
    assert status.nprocs == WORD.nprocs, "as many as it had"


def test_it_works_while_it_has_leased_something(scheduler: Scheduler) -> None:
    node = join(scheduler)
    assert scheduler.nodes[node].status(0.0).state == "idle"
    new_job(scheduler, 1)
    chunk = one(scheduler, node)
    assert scheduler.nodes[node].status(1.0).state == "working"
    scheduler.heartbeat(node, WORD, 1.0)
    assert scheduler.nodes[node].status(1.0).busy == WORD.busy
    report(scheduler, node, done(chunk))
    status = scheduler.nodes[node].status(1.0)
    assert (status.state, status.busy) == ("idle", 0), "whatever its last heartbeat said before that"


@pytest.mark.parametrize("state", ["paused", "draining"])
def test_one_that_takes_no_work_says_so_and_why(scheduler: Scheduler, state: str) -> None:
    node = join(scheduler)
    new_job(scheduler, 1)
    scheduler.heartbeat(node, replace(WORD, **{state: True}, reason="by its owner", reason_code="owner"), 1.0)
    status = scheduler.nodes[node].status(1.0)
    assert (status.state, status.reason, status.reason_code) == (state, "by its owner", "owner")
    assert leased(scheduler, node, 1.0, 1.0) == ()


def test_one_that_is_silent_says_for_how_long(scheduler: Scheduler) -> None:
    node = join(scheduler, now=100.0)
    scheduler.nodes[node].fall_silent()
    status = scheduler.nodes[node].status(112.0)
    assert (status.state, status.reason, status.reason_code) == ("silent", "no word for 12 s", "silent")


def test_one_on_which_a_job_does_not_load_says_which(scheduler: Scheduler) -> None:
    job = new_job(scheduler, 2)
    node, _other = join(scheduler), join(scheduler, "b")
    report(scheduler, node, one(scheduler, node), Unfit(job.id, "ModuleNotFoundError", "No module named 'scipy'", ""))
    status = scheduler.nodes[node].status(2.0)
    assert status.reason == f"cannot run job {job.id}: ModuleNotFoundError: No module named 'scipy'"
    assert status.reason_code == "does not load"


def test_what_a_person_wants_is_told_once_and_together(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.steer(node, nprocs=2)
    scheduler.steer(node, pause=True)
    scheduler.steer(node, retire="finish")
    assert scheduler.nudged() == {node}
    assert scheduler.nodes[node].take_wishes() == Orders(nprocs=2, pause=True, retire="finish")
    assert scheduler.nodes[node].take_wishes() == Orders()


def test_a_later_wish_outweighs_an_earlier_one(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.steer(node, nprocs=2, pause=True)
    scheduler.steer(node, nprocs=5, pause=False)
    assert scheduler.nodes[node].take_wishes() == Orders(nprocs=5, pause=False)


def test_a_node_that_never_was_is_named_where_somebody_asks_for_it(scheduler: Scheduler) -> None:
    for ask in (scheduler.steer, scheduler.forget_node):
        with pytest.raises(NodeUnknown) as refused:
            ask("nobody")
        assert refused.value.node == "nobody"


def test_a_node_that_was_forgotten_may_come_again(scheduler: Scheduler) -> None:
    node = join(scheduler, nprocs=2)
    scheduler.depart(node, "left", Reason("", "retired"), 1.0)
    scheduler.forget_node(node)
    assert node not in scheduler.nodes
    new_job(scheduler, 1)
    assert one(scheduler, join(scheduler, node))


@pytest.mark.parametrize("forgotten", [False, True])
def test_for_a_node_that_is_lost_a_job_waits_until_that_is_forgotten(scheduler: Scheduler, forgotten: bool) -> None:
    """Where slots die as its environment loads, which may be the fault of others."""
    job, lost, node = new_job(scheduler, 1), join(scheduler, "lost"), join(scheduler)
    scheduler.depart(lost, "lost", Reason("silent", "silent"), 1.0)
    if forgotten:
        scheduler.forget_node(lost)
    report(scheduler, node, Unfit(job.id, "", "its slots died", ""))
    assert job.state == ("stopped" if forgotten else "waiting")


def test_a_node_that_is_there_is_not_forgotten(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.forget_node(node)
    assert scheduler.nodes[node].present


def test_who_may_try_a_job_again_is_not_told_that_it_cannot(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2, chunksize=1), join(scheduler)
    join(scheduler, "b")
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    scheduler.retry_failed(job.id, 1.0)
    report(scheduler, "b", done(one(scheduler, "b")))
    assert scheduler.orders(node, 1.0).aside == ""


def test_nobody_is_told_what_it_lacks_for_a_job_that_has_run_nowhere(scheduler: Scheduler) -> None:
    """Perhaps its environment loads on no worker at all, and its author has said so already by ending it."""
    job, node = new_job(scheduler, 2), join(scheduler)
    join(scheduler, "b")
    report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    scheduler.cancel(job.id, 1.0)
    assert scheduler.orders(node, 1.0).aside == ""


def test_a_reason_that_is_a_sentence_already_ends_with_one_full_stop(scheduler: Scheduler) -> None:
    job, node = new_job(scheduler, 2, chunksize=1), join(scheduler)
    join(scheduler, "b")
    report(scheduler, node, Unfit(job.id, "", ".env is missing.", ""))
    report(scheduler, "b", done(one(scheduler, "b")))
    assert scheduler.orders(node, 1.0).aside == f"Tasks of job {job.id} cannot run here: .env is missing."


def test_who_is_not_there_departs_no_second_time(scheduler: Scheduler) -> None:
    node = join(scheduler)
    scheduler.depart(node, "left", Reason("retired", "retired"), 1.0)
    for gone in (node, "nobody"):
        scheduler.depart(gone, "lost", Reason("silent", "silent"), 2.0)
    assert [status.state for status in scheduler.node_status(2.0)] == ["left"]
