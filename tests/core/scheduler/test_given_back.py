"""What a node gives back, or never heard of: it waits again, and counts as though it had not been handed out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mcgui_core.protocol.messages import NodeReport
from mcgui_core.scheduler.lease_table import LATE_SECONDS
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, members, new_job, one, report, stuck


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def test_a_second_run_that_is_given_back_was_none_of_its_own_tasks_alone(scheduler: Scheduler) -> None:
    """Whatever else the node says that it gives back: those tasks have run a second time as often as they have."""
    job, _ = stuck(scheduler, 3, nprocs=2)
    other = new_job(scheduler, 3)
    now = LATE_SECONDS + 1
    scheduler.pause(other.id)
    first, second = sorted(leased(scheduler, "quick", 0.001, now), key=lambda chunk: chunk.start)
    assert (len(job.repeats.reached(1)), second.stop) == (3, 3)
    report(scheduler, "quick", replace(first, start=0, stop=3), now=now)
    assert members(job.repeats.reached(1)) == [*range(second.start, 3)]
    for id in (other.id, other.id + 1):
        report(scheduler, "quick", replace(second, job=id), now=now)
    assert members(job.repeats.reached(1)) == [*range(second.start, 3)]
    check_counts(scheduler)


def test_a_second_run_that_hung_has_run_though_it_is_given_back(scheduler: Scheduler) -> None:
    job, _ = stuck(scheduler, 1, nprocs=2)
    (again,) = leased(scheduler, "quick", 0.001, LATE_SECONDS + 1)
    for node in ("slow", "quick"):
        scheduler.heartbeat(node, NodeReport(2, 0, 0.0, 0), 100.0)
    scheduler.tick(100.0)
    assert again.lease in job.late
    report(scheduler, "quick", again, now=100.0)
    assert job.repeats[0] == 1


def test_to_what_a_node_never_heard_of_as_many_are_called_as_can_have_it(scheduler: Scheduler) -> None:
    """It was in nobody's queue for others, so nobody has to look for more of these."""
    node, job = join(scheduler), new_job(scheduler, 1)
    chunks = scheduler.lease(node, 0.001, 1.0)
    for name in "bcd":
        assert not scheduler.orders(join(scheduler, name), 1.0).work
    scheduler.nudged()
    scheduler.not_sent(node, chunks, 1.0)
    assert (members(job.waiting), job.running, scheduler.nodes[node].leases) == ([0], 0, {})
    assert len(scheduler.nudged()) == 1


def test_a_second_run_that_its_node_never_heard_of_was_none(scheduler: Scheduler) -> None:
    job, _ = stuck(scheduler, 3, nprocs=2)
    chunks = scheduler.lease("quick", 0.001, LATE_SECONDS + 1)
    assert members(job.repeats.reached(1)) == [0, 1, 2]
    scheduler.not_sent("quick", chunks, LATE_SECONDS + 1)
    assert not job.repeats
    check_counts(scheduler)


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
