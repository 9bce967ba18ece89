"""The arguments of tasks of a job that there was, for another job: read from the journal of its master."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, preview_of
from mcgui_core.arguments.tasks_of_job import TasksOfJob
from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.client.cluster import Cluster
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview

#: Arguments that are fetched at once.
_AT_ONCE = 4096


class JobArguments:
    """They are passed as the job passed them. Which tasks are meant by a state is settled when it is opened."""

    def __init__(self, cluster: Cluster, tasks: TasksOfJob) -> None:
        """Raises JobUnknown; ArgumentsInvalid where a task is named that the job has not."""
        self.job = cluster.job(tasks.job)
        self.call = self.job.spec.call
        status = self.job.status
        self._ranges = list(tasks.ranges) or self._in_state("" if tasks.which == "all" else tasks.which)
        if tasks.ranges and tasks.ranges[-1][1] > status.total:
            last = tasks.ranges[-1][1] - 1
            raise ArgumentsInvalid(f"Job {tasks.job} has {status.total:,} tasks, counted from 0, and no task {last:,}.")
        self.count = sum(stop - start for start, stop in self._ranges)

    @property
    def tasks(self) -> RangeSet:
        """Whose arguments they are."""
        return RangeSet(self._ranges)

    @property
    def values(self) -> Iterator[Any]:
        return iter(self)

    def check(self) -> None:
        """Nothing is left to check."""

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:  # noqa: ARG002 - counted already
        first = list(islice(self, n))
        if self.call == "kwargs" and first and all(isinstance(one, dict) for one in first):
            return preview_of(self.count, first, tuple(first[0]), "kwargs")
        return preview_of(self.count, first, call="single" if self.call == "kwargs" else self.call)

    def __iter__(self) -> Iterator[Any]:
        for start, stop in self._ranges:
            for low in range(start, stop, _AT_ONCE):
                yield from self.job.arguments(low, min(low + _AT_ONCE, stop))

    def _in_state(self, state: str) -> list[Range]:
        found: list[Range] = []
        start, all_there = 0, False
        while not all_there:
            ranges, all_there = self.job.tasks_in(state, start)
            found.extend(ranges)
            start = ranges[-1][1] if ranges else start
        return found
