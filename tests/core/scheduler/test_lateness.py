"""When a lease is late, when it is so no more, and when it is so again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.protocol.messages import Chunk
from mcgui_core.scheduler.lease_table import LATE_SECONDS, LATE_TIMES
from mcgui_core.scheduler.scheduler import Scheduler
from tests.core.counts import check_counts
from tests.core.scheduling import done, join, leased, new_job, report, stuck

#: When what was leased at 0.0 is late, if its tasks are short.
LATE = LATE_SECONDS + 1


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


def held_by_one_slot(scheduler: Scheduler) -> Chunk:
    """Ten tasks of 1 s that "slow" began at 0.0; "quick" has nothing to do."""
    slow, quick = join(scheduler, "slow"), join(scheduler, "quick")
    new_job(scheduler, 20, chunksize=10)
    (chunk,) = leased(scheduler, slow, 0.001, 0.0)
    report(scheduler, quick, *(done(other, seconds=10.0) for other in leased(scheduler, quick, 0.001, 0.0)), now=0.0)
    return chunk


def look(scheduler: Scheduler, now: float) -> None:
    """Without a look at the hearts of the nodes."""
    scheduler._dispatch.stragglers.look(now)


def test_a_late_lease_of_which_something_is_told_has_its_time_anew_and_is_late_again(scheduler: Scheduler) -> None:
    chunk = held_by_one_slot(scheduler)
    late = LATE_TIMES * 10.0 + 1.0
    look(scheduler, late / 2)
    assert not scheduler.job(chunk.job).late
    look(scheduler, late)
    assert chunk.lease in scheduler.job(chunk.job).late
    report(scheduler, "slow", done(replace(chunk, stop=chunk.start + 1)), now=late)
    assert not scheduler.job(chunk.job).late
    look(scheduler, late + 2.0)
    assert not scheduler.job(chunk.job).late
    look(scheduler, 2 * late)
    assert chunk.lease in scheduler.job(chunk.job).late
    check_counts(scheduler)


def test_a_lease_of_which_little_is_left_is_late_the_sooner(scheduler: Scheduler) -> None:
    chunk = held_by_one_slot(scheduler)
    report(scheduler, "slow", done(replace(chunk, stop=chunk.stop - 1), seconds=9.0), now=9.0)
    look(scheduler, 9.0 + 2 * LATE_TIMES)
    assert chunk.lease in scheduler.job(chunk.job).late


def test_a_late_lease_of_which_only_old_things_are_told_stays_late(scheduler: Scheduler) -> None:
    chunk = held_by_one_slot(scheduler)
    first = done(replace(chunk, stop=chunk.start + 1))
    report(scheduler, "slow", first, now=0.5)
    late = LATE_TIMES * 10.0 + 2.0
    look(scheduler, late)
    report(scheduler, "slow", first, now=late)
    assert chunk.lease in scheduler.job(chunk.job).late
    check_counts(scheduler)


def test_a_second_run_is_not_dropped_by_an_order_that_was_not_sent_yet(scheduler: Scheduler) -> None:
    """Its node was kept from the job, and is needed now."""
    job, _ = stuck(scheduler, 1)
    scheduler._settlement._drop(scheduler.nodes["quick"], job)
    (chunk,) = leased(scheduler, "quick", 0.001, LATE)
    assert chunk.job == job.id
    assert scheduler.orders("quick", LATE).before <= chunk.lease
