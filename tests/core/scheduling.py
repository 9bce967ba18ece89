"""Small words for the tests of the scheduler: a job, a node, a report."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any, Literal

from mcgui_core.protocol.messages import Chunk, JobSpec, NodeInfo, Outcome, Report, SlotDeath, TaskFailure, Unfit
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.scheduler import Scheduler
from mcgui_core.scheduler.settlement import Sifted

IDS = count(1)


def new_job(scheduler: Scheduler, tasks: int, sealed: bool = True, **options: Any) -> JobRecord:
    """Retries wait for nothing, unless that is asked for."""
    id = next(IDS)
    scheduler.add_job(id, JobSpec("job", "", "f", **{"backoff": 0.0, **options}), 0.0)
    scheduler.extend(id, tasks, sealed, 0.0)
    return scheduler.job(id)


def join(scheduler: Scheduler, id: str = "a", nprocs: int = 1, now: float = 0.0, python: str = "3.11.7") -> str:
    scheduler.join(NodeInfo(id, f"{id}'s name", nprocs, 8, python, "Test", 1), "here", now)
    return id


def done(chunk: Chunk, *missing: int, seconds: float | None = None) -> Outcome:
    """All tasks of a chunk were run; the `missing` raised."""
    took = 0.001 * chunk.count if seconds is None else seconds
    failures = tuple(TaskFailure(index, "raised", "ValueError", "bad", "", "", "") for index in missing)
    return Outcome(chunk.job, chunk.start, chunk.stop, b"", failures, took, "", chunk.lease, missing, token=chunk.token)


def death(chunk: Chunk, kind: Literal["died", "memory"] = "died") -> SlotDeath:
    return SlotDeath(chunk.lease, chunk.job, chunk.start, chunk.stop, kind, "by SIGKILL", chunk.token)


def report(scheduler: Scheduler, node: str, *parts: Outcome | SlotDeath | Chunk | Unfit, now: float = 1.0) -> Sifted:
    """What the hub does with a report, without the journal."""

    def of(kind: type) -> Any:
        return tuple(part for part in parts if isinstance(part, kind))

    sifted = scheduler.sift(node, Report(of(Outcome), of(SlotDeath), of(Chunk), of(Unfit)))
    scheduler.settle(node, sifted, now)
    return sifted


def leased(scheduler: Scheduler, node: str, want: float, now: float) -> tuple[Chunk, ...]:
    """What a node is given, cut into what a slot of it takes at a time, as the node does."""
    return tuple(piece for chunk in scheduler.lease(node, want, now) for piece in pieces(chunk))


def pieces(chunk: Chunk) -> list[Chunk]:
    starts = range(chunk.start, chunk.stop, chunk.each or chunk.count)
    return [replace(chunk, start=start, stop=min(start + (chunk.each or chunk.count), chunk.stop)) for start in starts]


def one(scheduler: Scheduler, node: str) -> Chunk:
    (chunk,) = leased(scheduler, node, 0.001, 1.0)
    return chunk


def run_all(scheduler: Scheduler, node: str, *failing: int) -> list[int]:
    """Honest work until nothing is left. Returns the tasks in the order in which they ran."""
    ran: list[int] = []
    while chunks := leased(scheduler, node, 1.0, 1.0):
        for chunk in chunks:
            tasks = range(chunk.start, chunk.stop)
            ran += tasks
            report(scheduler, node, done(chunk, *(index for index in failing if index in tasks)))
    return ran


def stuck(scheduler: Scheduler, held: int, nprocs: int = 2, **options: object) -> tuple[JobRecord, list[Chunk]]:
    """All is done but `held` tasks, which node "slow" has and says nothing of; "quick" has nothing to do."""
    join(scheduler, "slow", held)
    join(scheduler, "quick", nprocs)
    job = new_job(scheduler, held + 3, chunksize=1, **options)
    chunks = list(leased(scheduler, "slow", 0.001, 0.0))
    while found := leased(scheduler, "quick", 0.001, 0.0):
        report(scheduler, "quick", *map(done, found), now=0.0)
    assert job.running == held
    return job, chunks


def members(ranges: Any) -> list[int]:
    return [index for start, stop in ranges for index in range(start, stop)]
