"""A new job on arguments of another one: those go from the journal to the journal of its master, and stay closed."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Literal

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.client.content_upload import with_function
from mcgui_core.client.job import Job
from mcgui_core.client.waiting.patient_client import PatientClient
from mcgui_core.errors import BadInput, McguiError
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.rpc_client import RpcClient
from mcgui_core.values.local_store import LocalStore, for_wire

#: Ranges that one message names, at most.
RANGES = 5_000

WhichTasks = Literal["all", "failed", "done", "waiting"]


def run_again(remote: PatientClient, job: Job, store: LocalStore) -> Job:
    """A new job like this one, on the same arguments. Raises BadInput where those are not all there; JournalFull."""
    status = job.status
    if not status.sealed:
        why = status.reason if status.final else "They still arrive."
        raise BadInput(f"Job {job.id} has not got all of its arguments, so it cannot be run again. {why}")
    return submit_from(remote, job, RangeSet([(0, status.total)] if status.total else []), job.spec, store)


def submit_from(remote: PatientClient, job: Job, tasks: RangeSet, spec: JobSpec, store: LocalStore) -> Job:
    """A new job as `spec` describes it, on the arguments of these tasks. Raises BadInput; JournalFull."""
    spec = with_function(remote, store, spec)
    sent = for_wire(replace(spec, expected=len(tasks)), "pickled_function")
    id: int = remote.call("submit", sent, (), not tasks)
    try:
        _copy(remote, job.id, id, tasks)
    except BaseException:
        with suppress(McguiError):
            remote.call("abort", id, "Its arguments could not be brought to their end.")
        raise
    return Job(remote, id, spec, store, job.trust)


def chosen_tasks(job: Job, which: WhichTasks | Iterable[int]) -> RangeSet:
    """The tasks that are meant. Raises BadInput for one that there is not."""
    if isinstance(which, str):
        if which not in ("all", "failed", "done", "waiting"):
            raise BadInput(f'which must be "all", "failed", "done", "waiting" or indices of tasks, not {which!r:.60}.')
        return RangeSet(_in_state(job, "" if which == "all" else which))
    try:
        indices = sorted({operator.index(index) for index in which})
    except TypeError as error:
        raise BadInput(f"which must be a state, or indices of tasks (whole numbers): {error}.") from error
    total = job.status.total
    if indices and not 0 <= indices[0] <= indices[-1] < total:
        wrong = indices[0] if indices[0] < 0 else indices[-1]
        raise BadInput(f"Job {job.id} has {total:,} tasks, counted from 0, and no task {wrong:,}.")
    found = RangeSet()
    for index in indices:
        found.add(index, index + 1)
    return found


def _in_state(job: Job, state: str) -> Iterator[Range]:
    start, these_are_all = 0, False
    while not these_are_all:
        ranges, these_are_all = job.tasks_in(state, start)
        yield from ranges
        start = ranges[-1][1] if ranges else start


def _copy(remote: RpcClient, source: int, target: int, tasks: RangeSet) -> None:
    ranges, before, left = iter(tasks), 0, len(tasks)
    while left:
        page = tuple(islice(ranges, RANGES))
        count = sum(stop - start for start, stop in page)
        left -= count
        reached: int | None = before
        while reached is not None and reached < before + count:
            reached = remote.call("copy_arguments", target, source, before, page, left == 0)
        if reached is None:
            return  # somebody has cancelled it
        before += count
