"""The client of a chaos run, a command of its own: submits the jobs, unless they are there, and reads all results.

    python -m tests.chaos.client FOLDER

It may be killed at any moment and started again. Exit code 0: it has read the results of all jobs to their end.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from mcgui_core import Cluster
from mcgui_core.errors import ConnectionFailed, JournalFull
from tests.chaos import work
from tests.chaos.checker import Checker
from tests.chaos.plan import JobPlan, Plan

T = TypeVar("T")
#: Seconds before it asks again whoever was not there.
AGAIN = 0.3


def main(folder: Path) -> int:
    """Submit and read; what it found goes to `read.json`."""
    plan = Plan.load(folder / "plan.json")
    link = (folder / "client-link").read_text(encoding="utf-8")
    cluster: Cluster = persist(lambda: Cluster.connect(link))
    with cluster:
        jobs = {job.number: submitted(cluster, job) for job in plan.jobs}
        (folder / "submitted").touch()
        found = {job.name: read(cluster, jobs[job.number], job) for job in plan.jobs}
    beside = folder / "read.new"
    beside.write_text(json.dumps(found), encoding="utf-8")
    beside.replace(folder / "read.json")
    return 0


def submitted(cluster: Cluster, job: JobPlan) -> int:
    """The id of a job: a new one, unless it is there. Whoever killed us may have done so in the middle of this."""

    def find_or_submit() -> int:
        for there in cluster.jobs():
            if there.spec.name == job.name:
                cluster.feed(there.id, job.stream(there.status.total))  # what it has not got yet
                return there.id
        source, arguments = Path(work.__file__), job.stream() if job.slowly else job.arguments
        return cluster.submit(source, "work", arguments, call="args", name=job.name, **job.options).id

    return persist(find_or_submit)


def read(cluster: Cluster, id: int, job: JobPlan) -> dict[str, Any]:
    """Every result, from the first on, as often as the connection makes that necessary. Returns a verdict."""

    def once() -> dict[str, Any]:
        checker = Checker(job)
        for index, outcome in cluster.job(id).iter_results(return_exceptions=True):
            checker.see(index, outcome)
        return asdict(checker.verdict(_Anything()))

    return persist(once)


class _Anything(dict[int, int]):
    """Kills of slots: how many there were is not known here, so enough to explain all deaths."""

    def get(self, _index: int, _default: int = 0) -> int:  # type: ignore[override]
        return 1000


def persist(ask: Callable[[], T]) -> T:
    """The answer, as soon as there is one."""
    while True:
        try:
            return ask()
        except (ConnectionFailed, JournalFull) as error:
            print(f"{type(error).__name__}: {error}", flush=True)
            threading.Event().wait(AGAIN)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
