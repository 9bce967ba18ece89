"""From a job in the journal to the scheduler's record of it."""

from __future__ import annotations

from mcgui_core.journal.stored_job import StoredJob
from mcgui_core.scheduler.job_state import JobRecord


def as_record(stored: StoredJob) -> JobRecord:
    """A job as it stood: what has no outcome waits again."""
    job = JobRecord(stored.id, stored.spec, stored.created, stored.state)
    job.reason, job.started, job.finished = stored.reason, stored.started, stored.finished
    job.task_seconds = stored.task_seconds
    job.extend(stored.total, stored.sealed)
    for start, stop in stored.settled:
        job.settled.add(start, stop)
        job.waiting.remove(start, stop)
    for start, stop in stored.failed:
        job.failed.add(start, stop)
    if job.final:
        job.waiting.remove(0, job.total)
    return job
