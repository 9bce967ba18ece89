"""From the journal to the scheduler: every job goes on where it stood."""

from __future__ import annotations

from typing import Any

import pytest

from mcgui_core.base.ranges import RangeSet
from mcgui_core.journal.stored_job import StoredJob
from mcgui_core.master.stored_jobs import as_record, standing
from mcgui_core.protocol.reasons import NO_REASON, Reason
from tests.core.world import spec


def stored(**fields: Any) -> StoredJob:
    standing: dict[str, Any] = {
        "id": 3,
        "spec": spec(name="stored"),
        "created": 1.0,
        "state": "running",
        "reason": NO_REASON,
        "started": 2.0,
        "finished": None,
        "total": 10,
        "sealed": True,
        "task_seconds": 0.25,
        "settled": RangeSet([(0, 4)]),
        "failed": RangeSet([(2, 3)]),
    }
    return StoredJob(**standing | fields)


def test_what_has_no_outcome_waits_again() -> None:
    job = as_record(stored())
    assert (list(job.settled), list(job.failed), list(job.waiting)) == ([(0, 4)], [(2, 3)], [(4, 10)])
    assert (job.id, job.created, job.started, job.task_seconds) == (3, 1.0, 2.0, 0.25)
    status = job.status(9.0)
    assert (status.name, status.state, status.total, status.sealed) == ("stored", "running", 10, True)
    assert (status.done, status.failed) == (3, 1)


@pytest.mark.parametrize("state", ["finished", "stopped", "cancelled"])
def test_nothing_waits_of_a_job_that_was_over(state: str) -> None:
    job = as_record(stored(state=state, finished=9.0, reason=Reason("", "enough")))
    assert (list(job.waiting), job.finished, job.reason.text) == ([], 9.0, "enough")


def test_while_no_master_ran_it_and_while_it_was_paused_nobody_was_at_it() -> None:
    job = as_record(stored(started=2.0, idle=1.0), written=10.0)
    assert job.status(500.0).took(500.0) == 10.0 - 2.0 - 1.0
    job.go_on(500.0)
    assert job.status(503.0).took(503.0) == 10.0
    job.rest(503.0)
    job.rest(600.0)  # twice is once
    assert job.status(700.0).took(700.0) == 10.0
    job.end("cancelled", 700.0)
    assert job.status(999.0).took(999.0) == 10.0
    assert as_record(stored(state="finished", finished=9.0), written=99.0).status(500.0).took(500.0) == 7.0
    assert as_record(stored(started=None, settled=RangeSet(), failed=RangeSet()), written=99.0).started is None


def test_a_job_with_outcomes_has_begun_though_nobody_wrote_when() -> None:
    assert as_record(stored(started=None), written=10.0).started == 10.0
    assert as_record(stored(started=None)).started == 1.0


def test_since_when_it_rests_is_kept_and_tells_more_than_when_somebody_wrote_last() -> None:
    job = as_record(stored(state="paused", started=2.0, idle=1.0, rests=5.0), written=400.0)
    assert (standing(job).idle, standing(job).rests) == (1.0, 5.0)
    assert job.status(500.0).took(500.0) == 5.0 - 2.0 - 1.0
    job.go_on(500.0)
    assert (standing(job).idle, standing(job).rests) == (496.0, None)


def test_how_long_it_had_been_over_is_kept() -> None:
    job = as_record(stored(state="finished", finished=9.0, idle=4.0))
    assert standing(job).idle == 4.0
    assert job.status(99.0).took(99.0) == 3.0
