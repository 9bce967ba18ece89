"""Which tasks of a job have a text in their argument, result or failure. Opens values, so the workbench does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import ResultRow, TaskFailure
from mcgui_core.protocol.queries import Found
from mcgui_core.results.chosen_tasks import NEAR
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.values.display import full, shown

#: Ranges, and failures with their tracebacks, that are asked for at once.
AT_ONCE, FAILURES = 10_000, 2000
#: Tasks that are opened together, where they are small: each window costs two round trips to the master.
WINDOW = 32_768


def find(job: Job, reader: OutcomeReader, state: str, text: str, start: int, seconds: float) -> Found:
    """The tasks from `start` on that are in this state ("" for any) and have the text somewhere, whatever its case.

    Looks for `seconds` at most, about; `next` of the answer is where to go on. A state alone opens no value.
    """
    total = job.status.total
    start = max(start, 0)
    if not text:
        return _in_state(job, state, start, total)
    if state == "failed":
        return _failures_with(job, text.casefold(), start, total)
    job.tasks_in(state, total, 1)  # raises where there is no such state
    found = RangeSet()
    deadline = time.monotonic() + seconds
    for first, last, settled in reader.between(job, start, total, WINDOW):
        for index in _with_text(job, state, text.casefold(), first, last, settled):
            found.add(index, index + 1)
        start = last
        if time.monotonic() >= deadline:
            break
    return Found(tuple(found), start, start >= total)


def _in_state(job: Job, state: str, start: int, total: int) -> Found:
    ranges, complete = job.tasks_in(state, start, AT_ONCE)
    end = total if complete else ranges[-1][1]
    return Found(ranges, end, end >= total)


def _failures_with(job: Job, needle: str, start: int, total: int) -> Found:
    failures = job.failures(start, FAILURES)
    fitting = RangeSet((one.index, one.index + 1) for one in failures if _failed_so(one, needle))
    end = total if len(failures) < FAILURES else failures[-1].index + 1
    return Found(tuple(fitting), end, end >= total)


def _with_text(job: Job, state: str, needle: str, start: int, stop: int, settled: dict[int, Settled]) -> Iterator[int]:
    for index, argument in enumerate(arguments_between(job, start, stop), start):
        task = settled.get(index)
        if state and state != ("waiting" if task is None else "failed" if task.failure is not None else "done"):
            continue
        if _has(argument, task, needle):
            yield index


def _has(argument: Any, task: Settled | None, needle: str) -> bool:
    if needle in _text(argument):
        return True
    if task is None:
        return False
    if task.failure is not None:
        return _failed_so(task.failure, needle) or needle in task.node.casefold()
    return needle in _text(task.value) or needle in task.node.casefold()


def _failed_so(failure: TaskFailure, needle: str) -> bool:
    text = f"{failure.argument}\n{in_one_line(failure)}\n{failure.message}\n{failure.node}"
    return needle in text.casefold()


def _text(value: Any) -> str:
    return (value if isinstance(value, str) else full(value)).casefold()


def rows_of(job: Job, reader: OutcomeReader, indices: tuple[int, ...]) -> tuple[ResultRow, ...]:
    """These tasks, which ascend, as rows for a table."""
    wanted = set(indices)
    found: list[ResultRow] = []
    for start, stop in _neighbourhoods(indices):
        for first, last, settled in reader.between(job, start, stop):
            for index, argument in enumerate(arguments_between(job, first, last), first):
                if index in wanted:
                    found.append(row(index, argument, settled.get(index)))
    return tuple(found)


def row(index: int, argument: Any, task: Settled | None) -> ResultRow:
    """A task as a row."""
    if task is None:
        return ResultRow(index, shown(argument), "waiting", "", "")
    if task.failure is not None:
        return ResultRow(index, shown(argument), "failed", in_one_line(task.failure), task.failure.node or task.node)
    return ResultRow(index, shown(argument), "done", shown(task.value), task.node)


def _neighbourhoods(indices: tuple[int, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index in indices:
        if found and index - found[-1][1] < NEAR:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found
