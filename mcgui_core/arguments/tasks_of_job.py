"""Tasks of a job that there was, as somebody names them: "3", "3: failed", "3: 0-9, 12"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.errors import ArgumentsInvalid

WhichTasks = Literal["all", "failed", "done", "waiting"]
_WHICH: tuple[WhichTasks, ...] = get_args(WhichTasks)
_NUMBERS = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_HOW = "Such as 3 for all tasks of job 3, 3: failed, or 3: 0-9, 12."
#: Ranges that a text may have.
MOST_RANGES = 20_000


@dataclass(frozen=True, slots=True)
class TasksOfJob:
    """Some tasks of the job with that number: those in a state, or those in `ranges` (ascending, `stop` excluded)."""

    job: int
    which: WhichTasks = "all"
    ranges: tuple[Range, ...] = ()

    def __str__(self) -> str:
        if not self.ranges:
            return str(self.job) if self.which == "all" else f"{self.job}: {self.which}"
        parts = (str(start) if stop == start + 1 else f"{start}-{stop - 1}" for start, stop in self.ranges)
        return f"{self.job}: {', '.join(parts)}"


def tasks_of_job(text: str) -> TasksOfJob:
    """What such a text names. Raises ArgumentsInvalid."""
    number, _, which = text.strip().removeprefix("#").partition(":")
    which = which.strip().lower()
    if not number.strip().isdecimal():
        raise ArgumentsInvalid(f"{text.strip() or 'Nothing'!r} does not name tasks of a job.", _HOW)
    job = int(number)
    if which in ("", "all"):
        return TasksOfJob(job)
    if which in _WHICH:
        return TasksOfJob(job, which)
    return TasksOfJob(job, ranges=_ranges(which))


def _ranges(text: str) -> tuple[Range, ...]:
    found = RangeSet()
    parts = [part for part in text.split(",") if part.strip()]
    if len(parts) > MOST_RANGES:
        raise ArgumentsInvalid(f"{len(parts):,} ranges of tasks are named, and {MOST_RANGES:,} are the most.")
    for part in parts:
        match = _NUMBERS.fullmatch(part.strip())
        if match is None:
            raise ArgumentsInvalid(f"{part.strip()!r} is neither the number of a task nor a range of them.", _HOW)
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ArgumentsInvalid(f"The range {part.strip()} ends before it begins.", _HOW)
        found.add(first, last + 1)
    if not found:
        raise ArgumentsInvalid("No task is named.", _HOW)
    return tuple(found)
