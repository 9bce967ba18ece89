"""The results of a job as a file: CSV, or JSON Lines."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from mcgui_core.errors import BadInput
from mcgui_core.job import Job
from mcgui_core.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.showing import as_json, cell, plain

FORMATS = ("csv", "jsonl")
#: Arguments that are looked at together to find the columns of a table.
ARGUMENTS_AT_ONCE = 4096


def export(job: Job, path: Path, format: str) -> int:
    """Write every task that has an outcome, in the order of the arguments. Returns how many.

    A CSV file has the columns index, argument (or one for each key, where arguments are dicts), result and error; a
    JSON Lines file has one object a line with the same keys. The file is written whole or not at all.
    Raises BadInput for a file that cannot be written.
    """
    if format not in FORMATS:
        raise BadInput(f"Results are written as {' or '.join(FORMATS)}, not {format!r}.")
    write = _write_csv if format == "csv" else _write_lines
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            written = write(job, file)
        beside.replace(path)
        return written
    except OSError as error:
        if isinstance(error, ConnectionError):  # the master's, not the file's
            raise
        raise BadInput(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)


def _write_lines(job: Job, file: IO[str]) -> int:
    written = 0
    for task, argument in _tasks(job):
        record = {"index": task.index, "argument": plain(argument)}
        if task.failure is None:
            record["result"] = plain(task.value)
        else:
            record["error"] = in_one_line(task.failure)
        file.write(as_json(record) + "\n")
        written += 1
    return written


def _write_csv(job: Job, file: IO[str]) -> int:
    columns = _columns(job)
    cells = _spread(columns) if columns else lambda argument: [cell(argument)]
    writer = csv.writer(file)
    writer.writerow(["index", *(_titles(columns) if columns else ["argument"]), "result", "error"])
    written = 0
    for task, argument in _tasks(job):
        outcome = [cell(task.value), ""] if task.failure is None else ["", in_one_line(task.failure)]
        writer.writerow([task.index, *cells(argument), *outcome])
        written += 1
    return written


def _tasks(job: Job) -> Iterator[tuple[Settled, Any]]:
    """Each settled task with its argument, ascending."""
    for start, stop, settled in OutcomeReader().between(job, 0, job.status.total):
        if settled:
            arguments = arguments_between(job, start, stop)
            for index in sorted(settled):
                yield settled[index], arguments[index - start]


def _columns(job: Job) -> list[str]:
    """All keys of the arguments, where every argument is a dict with names as keys; else none."""
    found: dict[str, None] = {}
    total = job.status.total
    for start in range(0, total, ARGUMENTS_AT_ONCE):
        for argument in arguments_between(job, start, min(start + ARGUMENTS_AT_ONCE, total)):
            if not isinstance(argument, dict) or not all(isinstance(key, str) for key in argument):
                return []
            found.update(dict.fromkeys(argument))
    return list(found)


def _titles(columns: list[str]) -> list[str]:
    return [f"argument.{column}" if column in ("index", "result", "error") else column for column in columns]


def _spread(columns: list[str]) -> Callable[[Any], list[str]]:
    return lambda argument: [cell(argument.get(column)) for column in columns]
