"""The numbers in arguments and results, as columns for a plot. Opens values, so the workbench does it."""

from __future__ import annotations

import dataclasses
import time
from array import array
from collections.abc import Iterator
from math import nan
from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.protocol.queries import Numbers
from mcgui_core.results.outcome_reader import OutcomeReader, arguments_between

#: Tasks that are looked at to find out which columns there are.
SURVEYED = 256
#: Columns of one argument or result that are offered.
COLUMNS = 24
#: Tasks that are opened together, where they are small.
WINDOW = 32_768
#: What the column of the tasks' numbers is called.
TASK = "task"


def numeric_columns(job: Job, reader: OutcomeReader) -> tuple[str, ...]:
    """The names of what is a number in the first tasks that are done: "task", "argument", "result", "result.x" ...

    Only "task" where there are none among the results.
    """
    names: dict[str, None] = {TASK: None}
    for first, last in _done(job):
        stop = min(last, first + SURVEYED)
        for start, end, settled in reader.between(job, first, stop):
            arguments = arguments_between(job, start, end)
            for index, task in sorted(settled.items()):
                if task.failure is None:
                    names.update(dict.fromkeys(_parts("argument", arguments[index - start])))
                    names.update(dict.fromkeys(_parts("result", task.value)))
        if any(name.startswith("result") for name in names):
            break
    return tuple(sorted(names, key=lambda name: (name != TASK, not name.startswith("argument"))))


def numbers(
    job: Job, reader: OutcomeReader, names: tuple[str, ...], start: int, stride: int, seconds: float
) -> Numbers:
    """These columns of the tasks from `start` on that are done, every `stride`-th, for `seconds` of work at most."""
    deadline = time.monotonic() + seconds
    columns = tuple(array("d") for _ in names)
    total = job.status.total
    for first, last, settled in reader.between(job, start, total, WINDOW):
        arguments = arguments_between(job, first, last) if any(name.startswith("argument") for name in names) else ()
        indices = [i for i in range(first + -first % stride, last, stride) if i in settled and not settled[i].failure]
        for name, column in zip(names, columns, strict=True):
            side = name.partition("[")[0].partition(".")[0]
            if side == TASK:
                column.extend(indices)
                continue
            values = [settled[i].value if side == "result" else arguments[i - first] for i in indices]
            column.extend(_number(value) if name == side else _parts(side, value).get(name, nan) for value in values)
        start = last
        if time.monotonic() >= deadline:
            break
    return Numbers(tuple(column.tobytes() for column in columns), start, start >= total)


def _number(value: Any) -> float:
    """The value as a number; nan where it is none."""
    found = _as_number(value)
    return nan if found is None else found


def _parts(name: str, value: Any) -> dict[str, float]:
    """The numbers in a value: itself, or those in a tuple, list, dict, or in the fields of an object."""
    alone = _as_number(value)
    if alone is not None:
        return {name: alone}
    found: dict[str, float] = {}
    for suffix, item in _items(value):
        number = _as_number(item)
        if number is not None:
            found[f"{name}{suffix}"] = number
        if len(found) >= COLUMNS:
            break
    return found


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f".{key}", item) for key, item in value.items() if isinstance(key, str))
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        yield from ((f".{field}", item) for field, item in zip(value._fields, value, strict=True))
    elif isinstance(value, list | tuple):
        yield from ((f"[{at}]", item) for at, item in enumerate(value[:COLUMNS]))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((f".{field.name}", getattr(value, field.name, None)) for field in dataclasses.fields(value))


def _as_number(value: Any) -> float | None:
    if type(value) in (int, float, bool):
        try:
            return float(value)
        except OverflowError:
            return None
    if getattr(value, "shape", None) == () or type(value).__module__ in ("decimal", "fractions"):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, ArithmeticError):
            return None
    return None


def _done(job: Job) -> Iterator[tuple[int, int]]:
    """The first ranges of tasks that are done."""
    yield from job.tasks_in("done", 0, 8)[0]
