"""Whether what a node says can be so: ranges lie within their jobs, failures within their outcomes.

That each field is of its type and within its limits (`messages/field_limits.py`) was looked at as it was read. What
comes through here may be journalled: a task that no job has, or half of one, would be found only by whoever opens it
next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mcgui_core.errors import BadInput
from mcgui_core.master.access.peer_text_limits import all_within_limits
from mcgui_core.protocol.messages import Chunk, Outcome, Report, SlotDeath, Stored
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: Characters of the name of a node.
MOST_NAME = 1_000
#: Characters that a task may say of itself: a slot sends no more (output_capture.py).
MOST_STATUS = 200
#: Characters of one piece of output.
MOST_TEXT = 16 << 20
#: Seconds since the epoch between which every system can tell a date: from the second day of 1970 until nearly 3000.
FIRST_MOMENT, LAST_MOMENT = 86_400.0, 32_503_500_000.0


def check_report(report: Report, jobs: Mapping[int, JobRecord]) -> None:
    """Raises BadInput where a report says what cannot be. What it says of jobs that there are not is not looked at."""
    parts: tuple[Outcome | SlotDeath | Chunk, ...] = (*report.outcomes, *report.deaths, *report.returned)
    for part in parts:
        _check_range(jobs, part.job, part.start, part.stop)
    for outcome in report.outcomes:
        _check_outcome(outcome)


def with_short_texts(report: Report) -> Report:
    """The report with as much as is kept of what it says in words."""
    outcomes = tuple(replace(o, failures=all_within_limits(o.failures)) if o.failures else o for o in report.outcomes)
    return replace(
        report, outcomes=outcomes, deaths=all_within_limits(report.deaths), unfit=all_within_limits(report.unfit)
    )


def fit_to_show(report: Report, jobs: Mapping[int, JobRecord]) -> Report:
    """The report with what tasks say as far as it can be shown: what they print never keeps a result from counting."""
    output = tuple(
        replace(
            piece,
            text=piece.text[:MOST_TEXT],
            node=piece.node[:MOST_NAME],
            time=min(max(piece.time, FIRST_MOMENT), LAST_MOMENT),
        )
        for piece in report.output
        if piece.job in jobs and -1 <= piece.index < jobs[piece.job].total  # -1: as the environment was loaded
    )
    statuses = tuple(
        replace(status, text=status.text[:MOST_STATUS], node=status.node[:MOST_NAME])
        for status in report.statuses
        if status.job in jobs and 0 <= status.index < jobs[status.job].total
    )
    return replace(report, output=output, statuses=statuses)


def of_its_jobs(report: Report, node: NodeRecord) -> Report:
    """The report without what it says of jobs that this node does not have, or no more: it cannot have tried them."""
    return replace(report, unfit=tuple(unfit for unfit in report.unfit if (unfit.job, -1) in node.knows))


def _check_range(jobs: Mapping[int, JobRecord], job: int, start: int, stop: int) -> None:
    if not start < stop or (job in jobs and stop > jobs[job].total):
        raise BadInput(f"Job {job} has no tasks from {start} to {stop}.")


def _check_outcome(outcome: Outcome) -> None:
    inside = range(outcome.start, outcome.stop)
    if type(outcome.values) not in (bytes, bytearray, memoryview, Stored):
        raise BadInput("The values of an outcome are bytes.")
    if not outcome.missing and not outcome.failures:  # as nearly always
        return
    for index in (*outcome.missing, *(failure.index for failure in outcome.failures)):
        if index not in inside:
            raise BadInput(f"Task {index} is none of those from {outcome.start} to {outcome.stop}.")
    if len(outcome.missing) > len(inside) or len(outcome.failures) > len(inside):
        raise BadInput("An outcome has no more failures than tasks.")
