"""Results as rows, one task after the other: CSV, JSON Lines, and a pickle of lists."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from mcgui_core.client.job import Job
from mcgui_core.results.export_progress import ExportProgress
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.values import pickling
from mcgui_core.values.display import as_json, cell, plain

#: Arguments that are looked at together to find the columns of a table.
ARGUMENTS_AT_ONCE = 4096


def write_lines(job: Job, path: Path, watch: ExportProgress) -> int:
    with _text_file(path) as file:
        written = 0
        for task, argument in tasks(job, watch):
            record = {"index": task.index, "argument": plain(argument)}
            if task.failure is None:
                record["result"] = plain(task.value)
            else:
                record["error"] = in_one_line(task.failure)
            file.write(as_json(record) + "\n")
            written += 1
    return written


def write_csv(job: Job, path: Path, watch: ExportProgress) -> int:
    columns = argument_columns(job)
    cells = _spread(columns) if columns else lambda argument: [cell(argument)]
    with _text_file(path) as file:
        writer = csv.writer(file)
        writer.writerow(["index", *(titles(columns) if columns else ["argument"]), "result", "error"])
        written = 0
        for task, argument in tasks(job, watch):
            outcome = [cell(task.value), ""] if task.failure is None else ["", in_one_line(task.failure)]
            writer.writerow([task.index, *cells(argument), *outcome])
            written += 1
    return written


def write_pickle(job: Job, path: Path, watch: ExportProgress) -> int:
    """Whoever opens it has all of it in memory, and so have we."""
    import cloudpickle

    table: dict[str, list[Any]] = {"index": [], "argument": [], "result": [], "error": []}
    for task, argument in tasks(job, watch):
        table["index"].append(task.index)
        table["argument"].append(argument)
        table["result"].append(task.value)
        table["error"].append("" if task.failure is None else in_one_line(task.failure))
    # Classes of an environment travel by value: the module that holds them is nowhere else.
    for name, module in list(sys.modules.items()):
        if name.startswith(pickling.ENVIRONMENT_PREFIX):
            cloudpickle.register_pickle_by_value(module)
    with path.open("wb") as file:
        cloudpickle.dump(table, file, protocol=5)
    return len(table["index"])


def tasks(job: Job, watch: ExportProgress, start: float = 0.0, stop: float = 1.0) -> Iterator[tuple[Settled, Any]]:
    """Each settled task with its argument, ascending. `watch` goes from `start` to `stop` meanwhile."""
    total = job.status.total
    for first, last, settled in OutcomeReader().between(job, 0, total):
        watch.reached(start + (stop - start) * first / total)
        if settled:
            arguments = arguments_between(job, first, last)
            for index in sorted(settled):
                yield settled[index], arguments[index - first]
    watch.reached(stop)


def argument_columns(job: Job) -> list[str]:
    """All keys of the arguments, where every argument is a dict with names as keys; else none."""
    found: dict[str, None] = {}
    total = job.status.total
    for start in range(0, total, ARGUMENTS_AT_ONCE):
        for argument in arguments_between(job, start, min(start + ARGUMENTS_AT_ONCE, total)):
            if not isinstance(argument, dict) or not all(isinstance(key, str) for key in argument):
                return []
            found.update(dict.fromkeys(argument))
    return list(found)


def titles(columns: list[str]) -> list[str]:
    """What the columns are called beside those that are always there."""
    return [f"argument.{column}" if column in ("index", "result", "error") else column for column in columns]


def _text_file(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _spread(columns: list[str]) -> Callable[[Any], list[str]]:
    return lambda argument: [cell(argument.get(column)) for column in columns]
