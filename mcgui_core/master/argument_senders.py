"""Who brings the arguments of the jobs that have not got all of them."""

from __future__ import annotations

from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.job_state import JobRecord

_GONE = (
    "The program that brings its arguments is gone; {:,} have arrived. "
    "Run that again to resume the job, or seal the job to be content with these."
)


class ArgumentSenders:
    """By job, the connection by which its arguments come."""

    def __init__(self) -> None:
        self._by_job: dict[int, object] = {}

    def note(self, job: int, feeder: object) -> None:
        """Arguments of this job come by that connection now."""
        self._by_job[job] = feeder

    def done(self, job: int) -> None:
        """Nobody has arguments of this job any more."""
        self._by_job.pop(job, None)

    def has(self, job: int) -> bool:
        """Whether somebody has more arguments of this job, or will say that there are none."""
        return job in self._by_job

    def is_by(self, job: int, feeder: object) -> bool:
        """Whether they come by that connection, and nobody has said since that they do not."""
        return job in self._by_job and self._by_job[job] is feeder

    def gone(self, feeder: object) -> bool:
        """A connection has ended. True if arguments came by it."""
        jobs = [job for job, by in self._by_job.items() if by is feeder]
        for job in jobs:
            del self._by_job[job]
        return bool(jobs)

    def why_waiting(self, job: JobRecord) -> Reason:
        """Why a job does not end although all that it has is done; NO_REASON where that is not so."""
        if job.no_more_come or job.id in self._by_job:
            return NO_REASON
        return Reason("arguments end", _GONE.format(job.total))


def why_not_whole(job: JobRecord) -> str:
    """How many arguments of a job that is over were never read; "" where all have arrived."""
    if job.sealed:
        return ""
    expected = job.spec.expected
    if expected is None or expected < job.total:
        return f"Only {job.total:,} of its arguments were read, and how many more there are is not known."
    return f"{expected - job.total:,} of its {expected:,} arguments were never read."
