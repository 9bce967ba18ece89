"""How often something happened to each of a job's tasks, kept small: a million tasks that failed once are one range."""

from __future__ import annotations

from mcgui_core.base.ranges import RangeSet

_NONE = RangeSet()


class AttemptCounts:
    """A count for each index, zero at first."""

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels: list[RangeSet] = []  # the indices that were counted once or more, twice or more ...

    def __getitem__(self, index: int) -> int:
        return sum(index in level for level in self._levels)

    def __bool__(self) -> bool:
        return bool(self._levels) and any(self._levels)

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

    def add_all(self, start: int, stop: int) -> None:
        """Count one more for each of start ... stop - 1."""
        spans = [(start, stop)] if start < stop else []
        for level in self._levels:
            counted = [part for span in spans for part in level.common(*span)]
            for span in spans:
                level.add(*span)
            spans = counted
        if spans:
            self._levels.append(RangeSet(spans))

    def take_back(self, start: int, stop: int) -> None:
        """Count one less for each of start ... stop - 1 that was counted."""
        spans = [(start, stop)]
        for level in reversed(self._levels):
            counted = RangeSet(part for span in spans for part in level.common(*span))
            for span in counted:
                level.remove(*span)
            spans = [gap for span in spans for gap in counted.missing(*span)]

    def reached(self, count: int) -> RangeSet:
        """The indices that were counted so often or more. Not to be changed."""
        return self._levels[count - 1] if count <= len(self._levels) else _NONE

    def clear(self, start: int, stop: int) -> None:
        """Zero again, for start ... stop - 1."""
        for level in self._levels:
            level.remove(start, stop)
