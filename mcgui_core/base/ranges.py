"""A set of whole numbers, kept as sorted, disjoint, non-touching ranges.

The tasks of a job are done, waiting or leased in long runs, so a job of ten million tasks is a handful of ranges,
where a set or a bitmap would cost megabytes. Two parallel lists instead of a tree: bisect and slice assignment run
in C, and are quicker than any tree in Python up to tens of thousands of ranges.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Range = tuple[int, int]  # start, stop; stop excluded, start < stop


class RangeSet:
    """A mutable set of integers that is good at runs."""

    __slots__ = ("_count", "_starts", "_stops")

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        self._count = 0
        for start, stop in ranges:
            self.add(start, stop)

    @classmethod
    def of(cls, start: int, stop: int) -> RangeSet:
        """The set of start ... stop - 1, at least one number: in half the time, since most sets are that."""
        made = cls.__new__(cls)
        made._starts, made._stops, made._count = [start], [stop], stop - start
        return made

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def __iter__(self) -> Iterator[Range]:
        """The ranges, ascending."""
        return iter(list(zip(self._starts, self._stops, strict=True)))

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._starts, number) - 1
        return at >= 0 and number < self._stops[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RangeSet) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"RangeSet({list(self)})"

    @property
    def end(self) -> int:
        """One more than the largest member. Raises IndexError where there is none."""
        return self._stops[-1]

    @property
    def first(self) -> int:
        """The smallest member. Raises IndexError where there is none."""
        return self._starts[0]

    def add(self, start: int, stop: int) -> None:
        """Add start, start + 1 ... stop - 1."""
        if start >= stop:
            return
        if not self._stops or start > self._stops[-1]:  # beyond all that is there, as most are
            self._starts.append(start)
            self._stops.append(stop)
            self._count += stop - start
            return
        low = bisect_left(self._stops, start)  # the first range that ends at or after start: it touches or overlaps
        high = bisect_right(self._starts, stop)  # the first range that starts after stop: beyond it
        if low == high:
            self._starts.insert(low, start)
            self._stops.insert(low, stop)
            self._count += stop - start
            return
        start = min(start, self._starts[low])
        stop = max(stop, self._stops[high - 1])
        if high == low + 1:  # it lengthens one, as most do
            self._count += (stop - start) - (self._stops[low] - self._starts[low])
            self._starts[low], self._stops[low] = start, stop
            return
        self._count += (stop - start) - self._size(low, high)
        self._starts[low:high] = [start]
        self._stops[low:high] = [stop]

    def remove(self, start: int, stop: int) -> None:
        """Remove start ... stop - 1, as far as they are members."""
        starts, stops = self._starts, self._stops
        low = bisect_right(stops, start)
        if start >= stop or low == len(stops) or starts[low] >= stop:
            return
        if starts[low] == start and stop <= stops[low]:  # one begins with it, as most do
            self._count -= stop - start
            if stop < stops[low]:
                starts[low] = stop
            else:
                del starts[low], stops[low]
            return
        high = bisect_left(starts, stop)
        kept = [(a, b) for a, b in ((starts[low], start), (stop, stops[high - 1])) if a < b]
        self._count += sum(b - a for a, b in kept) - self._size(low, high)
        starts[low:high] = [a for a, _ in kept]
        stops[low:high] = [b for _, b in kept]

    def common(self, start: int, stop: int, most: int | None = None) -> list[Range]:
        """The ranges of members within start ... stop - 1; the first `most` of them."""
        starts, stops = self._starts, self._stops
        low = bisect_right(stops, start)
        if low == len(stops) or starts[low] >= stop or start >= stop:
            return []
        if starts[low] <= start and stop <= stops[low]:
            return [(start, stop)]
        high = bisect_left(starts, stop)
        if most is not None:
            high = min(high, low + most)
        return [(max(start, starts[i]), min(stop, stops[i])) for i in range(low, high)]

    def has_any(self, start: int, stop: int) -> bool:
        """Some of start ... stop - 1 are members."""
        low = bisect_right(self._stops, start)
        return low < len(self._stops) and self._starts[low] < stop and start < stop

    def missing(self, start: int, stop: int) -> list[Range]:
        """The ranges of non-members within start ... stop - 1."""
        gaps = []
        for a, b in self.common(start, stop):
            if start < a:
                gaps.append((start, a))
            start = b
        if start < stop:
            gaps.append((start, stop))
        return gaps

    def take(self, most: int, avoided: RangeSet | None = None) -> Range:
        """Remove and return up to `most` consecutive members, the first that are not `avoided`, or else the very first.

        Raises IndexError where there is none.
        """
        start, stop = (self.outside(avoided) if avoided else None) or (self._starts[0], self._stops[0])
        stop = min(stop, start + most)
        self.remove(start, stop)
        return start, stop

    def outside(self, other: RangeSet) -> Range | None:
        """The first members that follow each other and are not in `other`; None where there are none."""
        for start, stop in zip(self._starts, self._stops, strict=True):
            if gaps := other.missing(start, stop):
                return gaps[0]
        return None

    def _size(self, low: int, high: int) -> int:
        return sum(self._stops[low:high]) - sum(self._starts[low:high])
