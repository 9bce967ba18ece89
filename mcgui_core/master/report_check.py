"""Whether what a node says can be so: ranges lie within their jobs, failures within their outcomes.

That each field is of its type was looked at before (access/call_check.py). What comes through here may be journalled: a
task that no job has, or half of one, would be found only by whoever opens the journal next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mcgui_core.errors import BadInput
from mcgui_core.master.access.peer_text_limits import all_within_limits, within_limits
from mcgui_core.protocol.messages import Chunk, NodeInfo, NodeReport, Outcome, Report, SlotDeath, Stored
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord

#: Slots that a node may have, and processors.
MOST_SLOTS = 1_000_000
#: Characters of the id, the name, the platform of a node.
MOST_NAME = 1_000
#: Jobs whose tasks a node may be at.
MOST_JOBS = 10_000
#: Characters that a task may say of itself: a slot sends no more (output_capture.py).
MOST_STATUS = 200
#: Characters of one piece of output.
MOST_TEXT = 16 << 20
#: Leases are numbered from the time in milliseconds on.
MOST_NUMBER = 1 << 62


def check_info(info: NodeInfo) -> None:
    """Raises BadInput where a node cannot be as it says."""
    for name in ("id", "name", "python", "platform"):
        if len(getattr(info, name)) > MOST_NAME:
            raise BadInput(f"The {name} of a node has {MOST_NAME:,} characters at most.")
    if not info.id:
        raise BadInput("The id of a node cannot be empty.")
    for name in ("nprocs", "cpus"):
        if not 0 <= getattr(info, name) <= MOST_SLOTS:
            raise BadInput(f"{name} of a node is from 0 to {MOST_SLOTS:,}, not {getattr(info, name)}.")


def check_report(report: Report, jobs: Mapping[int, JobRecord]) -> None:
    """Raises BadInput where a report says what cannot be. What it says of jobs that there are not is not looked at."""
    parts: tuple[Outcome | SlotDeath | Chunk, ...] = (*report.outcomes, *report.deaths, *report.returned)
    for part in parts:
        _check_range(jobs, part.job, part.start, part.stop)
        if not 0 <= part.lease < MOST_NUMBER:
            raise BadInput(f"There is no lease {part.lease}.")
    for outcome in report.outcomes:
        _check_outcome(outcome)
    if report.kept < 0:
        raise BadInput("A node cannot have done less than nothing.")


def check_heartbeat(report: NodeReport) -> NodeReport:
    """The report as it is kept. Raises BadInput where a node cannot be as it says."""
    for name in ("nprocs", "busy"):
        if not 0 <= getattr(report, name) <= MOST_SLOTS:
            raise BadInput(f"{name} of a node is from 0 to {MOST_SLOTS:,}, not {getattr(report, name)}.")
    if len(report.jobs) > MOST_JOBS:
        raise BadInput(f"A node is at {MOST_JOBS:,} jobs at most.")
    return within_limits(report)


def with_short_texts(report: Report) -> Report:
    """The report with as much as is kept of what it says in words."""
    outcomes = tuple(replace(o, failures=all_within_limits(o.failures)) if o.failures else o for o in report.outcomes)
    return replace(
        report, outcomes=outcomes, deaths=all_within_limits(report.deaths), unfit=all_within_limits(report.unfit)
    )


def fit_to_show(report: Report, jobs: Mapping[int, JobRecord]) -> Report:
    """The report with what tasks say as far as it can be shown: what they print never keeps a result from counting."""
    output = tuple(
        replace(piece, text=piece.text[:MOST_TEXT], node=piece.node[:MOST_NAME])
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
    total = jobs[job].total if job in jobs else MOST_NUMBER
    if not 0 <= start < stop <= total:
        raise BadInput(f"Job {job} has no tasks from {start} to {stop}.")


def _check_outcome(outcome: Outcome) -> None:
    inside = range(outcome.start, outcome.stop)
    if type(outcome.values) not in (bytes, bytearray, memoryview, Stored):
        raise BadInput("The values of an outcome are bytes.")
    if len(outcome.node) > MOST_NAME:
        raise BadInput(f"The name of a node has {MOST_NAME:,} characters at most.")
    if outcome.seconds < 0:
        raise BadInput("An outcome cannot have taken less than no time.")
    if not outcome.missing and not outcome.failures:  # as nearly always
        return
    for index in (*outcome.missing, *(failure.index for failure in outcome.failures)):
        if index not in inside:
            raise BadInput(f"Task {index} is none of those from {outcome.start} to {outcome.stop}.")
    if len(outcome.missing) > len(inside) or len(outcome.failures) > len(inside):
        raise BadInput("An outcome has no more failures than tasks.")
