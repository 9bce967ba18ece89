"""Some of the values that were pickled together, picked by their places. The pickle stays closed, and comes along."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from mcgui_core.base.ranges import Range
from mcgui_core.values import pickling
from mcgui_core.values.file_slice import FileSlice

#: The first byte: how many values were pickled together, how many ranges were picked, the ranges, and the pickle.
_PICKED = b"\x10"
#: Bytes of a file that are read at once: to look at parts of it takes longer, unless arrays are mapped.
_WORTH_PARTS = 512 << 10
_HEAD, _RANGE = struct.Struct(">cQQ"), struct.Struct(">QQ")


def pick(data: Any, count: int, ranges: Sequence[Range]) -> Any:
    """Of the `count` values in `data`, those in the ranges: ascending, not empty, `stop` excluded."""
    if list(ranges) == [(0, count)]:
        return data
    whole, within, inner = _split(data)
    if within is not None:
        ranges, count = _of_those(within, ranges), whole
    head = _HEAD.pack(_PICKED, count, len(ranges)) + b"".join(_RANGE.pack(*one) for one in ranges)
    return b"".join([head.ljust(_end(len(ranges)), b"\0"), inner])


def is_picked(data: Any) -> bool:
    """Whether more was pickled together than is meant."""
    return _split(data)[1] is not None


def opened(data: Any, load: Callable[[Any], Sequence[Any]] = pickling.loads) -> Sequence[Any]:
    """The values that were pickled together, or those that were picked of them. Raises what opening them raises."""
    _, ranges, inner = _split(data)
    return _chosen(load(inner), ranges)


def opened_by(data: Any, count: int, load: Callable[[Any, int], Sequence[Any]]) -> Sequence[Any]:
    """The `count` values, by a way of opening that is told how many were pickled together."""
    whole, ranges, inner = _split(data)
    return _chosen(load(inner, count if ranges is None else whole), ranges)


def opened_as_far_as_possible(data: Any, count: int) -> Sequence[Any]:
    """The `count` values, as Unopened where one of them cannot be opened, whatever opening it raises."""
    from mcgui_core.values.partial_unpickling import unpickle_what_can_be  # here, because few need it

    whole, ranges, inner = _split(data)
    return _chosen(unpickle_what_can_be(inner, count if ranges is None else whole, whatever=True), ranges)


def _chosen(values: Sequence[Any], ranges: list[Range] | None) -> Sequence[Any]:
    if ranges is None:
        return values
    if len(ranges) == 1:
        return values[slice(*ranges[0])]  # a range stays one
    return list(chain.from_iterable(values[start:stop] for start, stop in ranges))


def _split(data: Any) -> tuple[int, list[Range] | None, Any]:
    """How many there are, which of them are meant (None: all), and the pickle."""
    if isinstance(data, FileSlice) and data.size < _WORTH_PARTS:
        here = data.view(0, data.size, here=True)
        if here[:1] == pickling.PLAIN:
            return 0, None, here
    if isinstance(data, pickling.Pickled) or not len(data) or bytes(_part(data, 0, 1)) != _PICKED:
        return 0, None, data
    _, whole, count = _HEAD.unpack(_part(data, 0, _HEAD.size))
    ranges = list(_RANGE.iter_unpack(_part(data, _HEAD.size, _HEAD.size + count * _RANGE.size)))
    end = _end(count)
    if isinstance(data, FileSlice):
        return whole, ranges, replace(data, start=data.start + end, size=data.size - end)
    return whole, ranges, memoryview(data)[end:]


def _part(data: Any, start: int, stop: int) -> Any:
    return data.view(start, stop) if isinstance(data, FileSlice) else memoryview(data)[start:stop]


def _end(ranges: int) -> int:
    """Where the pickle begins: so that what is aligned in it stays so."""
    end = _HEAD.size + ranges * _RANGE.size
    return end + -end % pickling.ALIGNMENT


def _of_those(within: Sequence[Range], ranges: Sequence[Range]) -> list[Range]:
    """Places counted in `within`, as places in the whole. Both ascending."""
    found: list[Range] = []
    at, before = 0, 0  # a range of `within`, and how many there are in those before it
    for first, stop in ranges:
        start = first
        while start < stop:
            low, high = within[at]
            end = before + high - low
            if start >= end:
                at, before = at + 1, end
                continue
            last = min(stop, end)
            found.append((low + start - before, low + last - before))
            start = last
    return found
