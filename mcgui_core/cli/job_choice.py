"""Which job a command means: by its number, or by its name."""

from __future__ import annotations

import sys

from mcgui_core.cli.safe_text import safe_line
from mcgui_core.client.cluster import Cluster
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobStatus

#: Names that an error lists.
_NAMED = 10


def chosen_job(cluster: Cluster, text: str, changes: bool = False) -> int:
    """The job of this number or name.

    Of several of one name, the one that is not over, or else the last one; a command that changes a job (`changes`)
    takes none where that leaves a doubt. Raises BadInput, JobUnknown.
    """
    jobs = cluster.snapshot().jobs
    number = text.removeprefix("#")
    if number.isdecimal() and number.isascii():
        return cluster.job(int(number)).id  # or says that there is none
    named = [job for job in jobs if job.name == text]
    if not named:
        raise BadInput(f"There is no job called {safe_line(text)!r}. {_there_are(jobs)}")
    if len(named) == 1:
        return named[0].id
    live = [job for job in named if not job.final]
    if len(live) == 1:
        return _taken(live[0], named)
    if changes:
        numbers = ", ".join(f"{job.id} ({job.state})" for job in named[-_NAMED:])
        raise BadInput(f"{len(named):,} jobs are called {safe_line(text)!r}. Say which by its number: {numbers}.")
    return _taken(named[-1], named)


def _taken(job: JobStatus, named: list[JobStatus]) -> int:
    what = "the last" if job.final else "the one that is not over"
    print(f"Job {job.id}, {what} of {len(named):,} of that name.", file=sys.stderr)
    return job.id


def _there_are(jobs: tuple[JobStatus, ...]) -> str:
    if not jobs:
        return "This master has no job yet."
    listed = ", ".join(f"{job.id} {safe_line(job.name)}" for job in jobs[-_NAMED:])
    return f"Its last ones are: {listed}." if len(jobs) > _NAMED else f"There are: {listed}."
