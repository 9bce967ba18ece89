"""An exchange costs what it touches, and not what there is: ten times the nodes add no step to it.

Counted are the lines of ours that one exchange runs, so a walk over all nodes shows, however short its steps are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import pytest

from mcgui_core.protocol.messages import NodeReport, Report, Unfit
from mcgui_core.scheduler.dispatch import PASSED_OVER
from mcgui_core.scheduler.scheduler import Scheduler
from tests.collecting import no_collection
from tests.core.counts import check_counts
from tests.core.scheduling import death, done, join, leased, new_job, pieces, report

#: Nodes of a small room, and times as many there are in a large one.
FEW, TIMES = 30, 10
#: Lines that the same exchange may take more there: a lease has another share, a set a hole more.
MORE = 1.25

Exchange = Callable[[], Any]
Room = Callable[[Scheduler, list[str]], list[Exchange]]


def steps(exchange: Exchange) -> int:
    """How many lines of Python it takes."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    with no_collection():  # Hypothesis is called at a collection, and its lines would count
        sys.settrace(trace)
        try:
            exchange()
        finally:
            sys.settrace(before)
    return count


def exchange(scheduler: Scheduler, node: str, *parts: Any, now: float = 2.0) -> None:
    """A report, and the lease that answers it."""
    report(scheduler, node, *parts, now=now)
    scheduler.lease(node, 1.0, now)


def all_called(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    """Much waits, and all that have nothing to do were told so, and have not asked yet."""
    new_job(scheduler, 100 * len(nodes))
    firsts = [leased(scheduler, node, 0.001, 0.0) for node in nodes[:8]]
    return [partial(exchange, scheduler, node, *map(done, first)) for node, first in zip(nodes, firsts, strict=False)]


def queues_were_recalled(scheduler: Scheduler, nodes: list[str]) -> tuple[list[Exchange], list[Exchange]]:
    """Some have long queues, were asked for half of them, and give that back; many others have nothing to do."""
    new_job(scheduler, 4 * len(nodes))
    full, idle = nodes[: len(nodes) // 3], nodes[len(nodes) // 3 :]
    paused = NodeReport(4, 0, 0.0, 0, paused=True)
    for node in idle:
        scheduler.heartbeat(node, paused, 0.0)
    for node in full:
        report(scheduler, node, *(done(chunk, seconds=2.0) for chunk in leased(scheduler, node, 0.001, 0.0)))
    held = {node: scheduler.lease(node, 100.0, 1.0) for node in full}
    for node in idle:
        scheduler.heartbeat(node, replace(paused, paused=False), 1.0)
        scheduler.lease(node, 1.0, 1.0)
    hungry = [node for node in idle if scheduler.nodes[node].hungry]
    assert len(hungry) >= 4
    assert sum(scheduler.nodes[node].recall > 0 for node in full) >= len(full) // 4
    asking = [partial(exchange, scheduler, node) for node in hungry[:4]]
    return asking, [partial(exchange, scheduler, node, pieces(held[node][-1])[-1]) for node in full[:4]]


def others_have_the_tasks(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    return queues_were_recalled(scheduler, nodes)[0]


def tasks_come_back(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    return queues_were_recalled(scheduler, nodes)[1]


def cannot_run_it(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    """The environment loads on one node in ten."""
    job = new_job(scheduler, 100 * len(nodes))
    for node in nodes:
        scheduler.lease(node, 0.001, 0.0)
    unfit = [node for number, node in enumerate(nodes) if number % 10]
    for node in unfit[8:]:
        report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
    return [partial(exchange, scheduler, node, Unfit(job.id, "ImportError", "", "")) for node in unfit[:8]]


def tasks_fail(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    """On every node one has failed, and waits for its next try."""
    new_job(scheduler, 100 * len(nodes), retries=1, backoff=30.0)
    for node in nodes:
        first, *others = leased(scheduler, node, 0.001, 0.0)
        report(scheduler, node, done(first, first.start), *map(done, others))
    held = {node: leased(scheduler, node, 1.0, 1.0) for node in nodes[:8]}
    return [partial(exchange, scheduler, node, *map(done, held[node])) for node in nodes[:8]]


def tasks_are_too_large(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    """On every node one needed too much memory."""
    job = new_job(scheduler, 100 * len(nodes))
    firsts = {node: leased(scheduler, node, 0.001, 0.0) for node in nodes}  # so that each is another task
    for node, (first, *others) in firsts.items():
        report(scheduler, node, death(first, "memory"), *map(done, others))
    for node in nodes[8:]:
        scheduler.lease(node, 0.001, 1.0)  # they run elsewhere now, each alone
    assert all(job.too_large.of(node) for node in nodes)
    assert not any(job.careful.common(*span) for span in job.waiting)
    held = {node: leased(scheduler, node, 1.0, 1.0) for node in nodes[:8]}
    return [partial(exchange, scheduler, node, *map(done, held[node])) for node in nodes[:8]]


def heartbeats(scheduler: Scheduler, nodes: list[str]) -> list[Exchange]:
    """Nothing is left for anybody but those that are at it."""
    new_job(scheduler, 4 * len(nodes))
    for node in nodes:
        scheduler.lease(node, 100.0, 0.0)
    return [partial(scheduler.orders, node, 1.0) for node in nodes[-8:]]


def most_steps(room: Room, count: int) -> int:
    scheduler = Scheduler()
    nodes = [join(scheduler, f"pc-{number}", 4) for number in range(count)]
    scheduler.tick(0.0)
    exchanges = room(scheduler, nodes)
    scheduler.tick(2.0)  # looks at what has gathered until then, of which else each exchange looks at some
    while scheduler._dispatch.table._touched:
        scheduler._dispatch.table.fullest()
    found = [steps(exchange) for exchange in exchanges]
    assert found
    check_counts(scheduler)
    return max(found)


@pytest.mark.parametrize(
    "room",
    [all_called, others_have_the_tasks, tasks_come_back, cannot_run_it, tasks_fail, tasks_are_too_large, heartbeats],
    ids=lambda room: room.__name__,
)
def test_an_exchange_takes_no_more_steps_where_there_are_ten_times_the_nodes(room: Room) -> None:
    assert most_steps(room, TIMES * FEW) <= MORE * most_steps(room, FEW)


def steps_of_a_report(jobs: int) -> int:
    """It tells of the only task of each of so many jobs."""
    scheduler = Scheduler()
    node = join(scheduler, nprocs=jobs)
    all_of_them = [new_job(scheduler, 1) for _ in range(jobs)]
    told = Report(tuple(map(done, leased(scheduler, node, 1.0, 1.0))))
    sifted = scheduler.sift(node, told)

    def settle() -> None:
        assert len(scheduler.finishing(node, sifted, 2.0)) == jobs
        scheduler.settle(node, sifted, 2.0)

    counted = steps(settle)
    assert {job.state for job in all_of_them} == {"finished"}
    return counted


def test_a_report_takes_as_many_steps_for_each_job_of_which_it_tells_however_many_they_are() -> None:
    assert steps_of_a_report(TIMES * FEW) <= MORE * TIMES * steps_of_a_report(FEW)


def test_a_report_passes_over_few_nodes_that_are_not_for_its_job_and_the_next_one_goes_on_behind_them() -> None:
    scheduler = Scheduler()
    job, able = new_job(scheduler, 1000), join(scheduler, "able")
    scheduler.heartbeat(able, NodeReport(1, 0, 0.0, 0, paused=True), 0.0)
    for node in [join(scheduler, f"pc-{number}") for number in range(3 * PASSED_OVER)]:
        report(scheduler, node, Unfit(job.id, "ImportError", "no numpy", ""))
        assert not scheduler.orders(node, 1.0).work
    scheduler.nudged()
    scheduler.heartbeat(able, NodeReport(1, 0, 0.0, 0), 1.0)
    for _ in range(3):
        scheduler.extend(job.id, 1, True, 1.0)
        assert not scheduler.nudged()
    scheduler.extend(job.id, 1, True, 1.0)
    assert scheduler.nudged() == {able}
