"""Rows turned into columns, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.values.size_estimate import estimated_size

#: Rows that are converted and written together, and bytes of values from which there are fewer.
AT_ONCE: Final = 8192
BYTES_AT_ONCE: Final = 32 << 20


def batches(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    """The columns of some rows, then of the next."""
    some: list[list[Any]] = []
    size = 0
    for row in rows:
        some.append(row)
        for value in row:
            if type(value) not in _SMALL:
                size += estimated_size(value)
        if len(some) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield [list(column) for column in zip(*some, strict=True)]
            some, size = [], 0
    if some:
        yield [list(column) for column in zip(*some, strict=True)]


_SMALL: Final = frozenset({bool, int, float, type(None)})


def add_all(seen: RangeSet, indices: list[int]) -> None:
    """Add these, which ascend, and mostly follow one another."""
    if indices[-1] - indices[0] == len(indices) - 1:
        seen.add(indices[0], indices[-1] + 1)
        return
    for index in indices:
        seen.add(index, index + 1)
