"""The tasks that a filter keeps, as ranges: which task stands in which row. A million take next to no room."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from mcgui_core.base.ranges import RangeSet
from mcgui_core.results.chosen_tasks import ChosenTasks


class MatchingTasks:
    """Ascending tasks. Rows are counted from 0."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._rows: list[int] = []  # the row of each range's first task
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def extend(self, ranges: Iterable[tuple[int, int]]) -> None:
        """More tasks, all behind those that are here. `stop` is excluded."""
        for start, stop in ranges:
            if self._starts and start == self._starts[-1] + self._count - self._rows[-1]:
                self._count += stop - start  # it goes on where the last one ended
                continue
            self._starts.append(start)
            self._rows.append(self._count)
            self._count += stop - start

    def task(self, row: int) -> int:
        """The task in a row. Raises IndexError."""
        if not 0 <= row < self._count:
            raise IndexError(row)
        at = bisect_right(self._rows, row) - 1
        return self._starts[at] + row - self._rows[at]

    def between(self, start: int, stop: int) -> list[int]:
        """The tasks in these rows, as far as there are any."""
        return [self.task(row) for row in range(start, min(stop, self._count))]

    def chosen(self) -> ChosenTasks:
        ends = zip(self._starts, self._rows, [*self._rows[1:], self._count], strict=True)
        return ChosenTasks(RangeSet((start, start + end - row) for start, row, end in ends))

    def row_of(self, task: int) -> int | None:
        """The row of a task; None where it is not among them."""
        at = bisect_right(self._starts, task) - 1
        if at < 0:
            return None
        row = self._rows[at] + task - self._starts[at]
        end = self._rows[at + 1] if at + 1 < len(self._rows) else self._count
        return row if row < end else None
