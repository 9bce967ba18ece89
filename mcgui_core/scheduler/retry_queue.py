"""Tasks of a job that wait for the time of their next try. Kept as ranges by time, so that a million are few."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mcgui_core.base.ranges import Range, RangeSet

#: Seconds to which times are rounded up, so that tasks that failed together wait together.
GRAIN = 0.5


class RetryQueue:
    """Tasks with the time before which they are not to run."""

    __slots__ = ("_by_time",)

    def __init__(self) -> None:
        self._by_time: dict[float, RangeSet] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_time.values()))

    def __bool__(self) -> bool:
        return any(self._by_time.values())

    def __iter__(self) -> Iterator[Range]:
        for tasks in self._by_time.values():
            yield from tasks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RetryQueue) and self._by_time == other._by_time

    __hash__ = None  # type: ignore[assignment]  # it changes

    def add(self, index: int, due: float) -> None:
        """It waits until then; `math.inf`: until it is removed."""
        time = math.ceil(due / GRAIN) * GRAIN if due < math.inf else due
        self._by_time.setdefault(time, RangeSet()).add(index, index + 1)

    def remove(self, start: int, stop: int) -> None:
        for tasks in self._by_time.values():
            tasks.remove(start, stop)

    def take_due(self, now: float) -> list[Range]:
        """Remove and return those whose time has come."""
        due = [time for time in self._by_time if time <= now]
        return [span for time in due for span in self._by_time.pop(time)]

    def clear(self) -> None:
        self._by_time.clear()
