"""Between a job in the journal and the scheduler's record of it.

A job that cannot be read, or not whole, is quarantined: it is shown as stopped, with the reason, and what there is of
it can be read; but nothing of it runs, and nothing of it is written, so that it stays in the file as it was.
"""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.journal.stored_job import Standing, StoredJob
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.job_state import JobRecord


def as_record(stored: StoredJob, written: float | None = None) -> JobRecord:
    """A job as it stood: what has no outcome waits again. Since it rests, or else since the journal was `written` last,
    nobody worked on it. Where outcomes were written before it was that it runs, it had begun just before that write."""
    job = JobRecord(stored.id, stored.spec, stored.created, stored.state)
    job.reason, job.started, job.finished = stored.reason, stored.started, stored.finished
    if stored.started is None and stored.settled:
        job.started = max(stored.created, written or 0.0)
    job.task_seconds, job.idle = stored.task_seconds, stored.idle
    job.extend(stored.total, stored.sealed)
    job.broken_off = stored.broken_off
    for start, stop in stored.settled:
        job.settled.add(start, stop)
        job.waiting.remove(start, stop)
    for start, stop in stored.failed:
        job.failed.add(start, stop)
    if job.final:
        job.waiting.remove(0, job.total)
    since = written if stored.rests is None else stored.rests
    if since is not None:
        job.rest(since)
    return job


def as_set_aside(stored: StoredJob, problem: str) -> JobRecord:
    """What is shown of a job that cannot be run as it stands there."""
    reason = Reason("unreadable", f"It could not be read from the journal: {problem}. It stays there as it is.")
    finished = stored.finished or stored.started or stored.created
    return as_record(replace(stored, state="stopped", reason=reason, finished=finished))


def standing(job: JobRecord) -> Standing:
    """How a job stands, to be written."""
    return Standing(
        state=job.state,
        sealed=job.sealed,
        reason=job.reason,
        started=job.started,
        finished=job.finished,
        task_seconds=job.task_seconds,
        broken_off=job.broken_off,
        idle=job.idle,
        rests=job.rests,
    )
