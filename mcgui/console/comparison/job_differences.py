"""How two jobs went: what is told of both, be it the same or not."""

from __future__ import annotations

from mcgui import format
from mcgui.console.comparison.spec_differences import Fact
from mcgui_core.protocol.messages import JobStatus


def how_they_went(one: JobStatus, other: JobStatus) -> tuple[Fact, ...]:
    """Tasks, failures, the time that a task took and the whole job, and the notes."""
    rows = (
        ("State", one.state, other.state),
        ("Tasks", format.count(one.total), format.count(other.total)),
        ("Failed", format.count(one.failed), format.count(other.failed)),
        ("A task takes", _mean(one), _mean(other)),
        ("Took", _took(one), _took(other)),
        ("Note", one.note, other.note),
    )
    return tuple(Fact(*row) for row in rows if row[1] or row[2])


def _mean(job: JobStatus) -> str:
    return format.UNKNOWN if job.task_seconds is None else format.duration(job.task_seconds)


def _took(job: JobStatus) -> str:
    seconds = None if job.finished is None else job.took(job.finished)
    return format.UNKNOWN if seconds is None else format.duration(seconds)
