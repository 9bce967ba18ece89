"""How often something happened to each of a job's tasks, kept small: a million tasks that failed once are one range."""

from __future__ import annotations

from mcgui_core.base.ranges import RangeSet


class AttemptCounts:
    """A count for each index, zero at first."""

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels: list[RangeSet] = []  # the indices that were counted once or more, twice or more ...

    def __getitem__(self, index: int) -> int:
        return sum(index in level for level in self._levels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttemptCounts) and self._levels == other._levels

    __hash__ = None  # type: ignore[assignment]  # it changes

    def add(self, index: int) -> int:
        """Count one more. Returns the count."""
        count = self[index]
        if count == len(self._levels):
            self._levels.append(RangeSet())
        self._levels[count].add(index, index + 1)
        return count + 1

    def clear(self, start: int, stop: int) -> None:
        """Zero again, for start ... stop - 1."""
        for level in self._levels:
            level.remove(start, stop)
