"""Tasks of a job as rows of text. Opens values, so the workbench does it."""

from __future__ import annotations

from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import ResultRow
from mcgui_core.results.chosen_tasks import NEAR
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.values.display import shown

#: Ranges, and failures with their tracebacks, that are asked for at once.
AT_ONCE, FAILURES = 10_000, 2000
#: Tasks that are opened together, where they are small: each window costs two round trips to the master.
WINDOW = 32_768


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
