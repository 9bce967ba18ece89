"""Arguments from a parameter sweep: named axes, each combination of their values passed as keyword arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod
from typing import Any, overload

from mcgui_core.arguments.argument_source import Combine
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, preview_of
from mcgui_core.arguments.sweep_axis import MOST, axis_values
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle

#: (name of the parameter, its values as sweep_axis.py reads them)
Axes = tuple[tuple[str, str], ...]


class SweepArguments:
    """All combinations of the values of the axes."""

    call: CallStyle = "kwargs"

    def __init__(self, axes: Axes, combine: Combine = "product") -> None:
        """Raises ArgumentsInvalid, naming the axis."""
        found = read_axes(axes)
        self.columns = tuple(found)
        self.count = count_of(found, combine)
        self.values = Combinations(found, self.count, combine)

    def check(self) -> None:
        """Nothing is left to check: the axes have been read."""

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:  # noqa: ARG002 - counted already
        return preview_of(self.count, list(islice(self, n)), self.columns, self.call)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.values)


class Combinations(Sequence[dict[str, Any]]):
    """None of which exists before it is asked for. The last axis changes fastest."""

    def __init__(self, axes: dict[str, Sequence[Any]], length: int, combine: Combine) -> None:
        self._axes, self._length, self._zipped = axes, length, combine == "zip"

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if not -self._length <= index < self._length:
            raise IndexError(index)
        index %= self._length
        if self._zipped:
            return {name: values[index] for name, values in self._axes.items()}
        found = {}
        for name, values in reversed(self._axes.items()):
            index, place = divmod(index, len(values))
            found[name] = values[place]
        return {name: found[name] for name in self._axes}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._zipped:
            for row in zip(*self._axes.values(), strict=True):
                yield dict(zip(self._axes, row, strict=True))
        else:
            yield from _combined(list(self._axes.items()))


def _combined(axes: list[tuple[str, Sequence[Any]]]) -> Iterator[dict[str, Any]]:
    (name, values), rest = axes[0], axes[1:]
    for value in values:
        if rest:
            for others in _combined(rest):
                yield {name: value, **others}
        else:
            yield {name: value}


def read_axes(axes: Axes) -> dict[str, Sequence[Any]]:
    """The values of each axis, in order. Raises ArgumentsInvalid, naming the axis."""
    if not axes:
        raise ArgumentsInvalid("The sweep has no axes yet.", "Add one for each parameter that takes several values.")
    found: dict[str, Sequence[Any]] = {}
    for number, (name, text) in enumerate(axes, 1):
        if not name.strip():
            raise ArgumentsInvalid(f"Axis {number} has no name.", "It needs the name of a parameter of the function.")
        if name.strip() in found:
            raise ArgumentsInvalid(f"There are two axes {name.strip()!r}.", "Each parameter can have one.")
        try:
            found[name.strip()] = axis_values(text)
        except ArgumentsInvalid as error:
            problem = error.problem if error.problem[:1] in "'\"" else f"{error.problem[0].lower()}{error.problem[1:]}"
            raise ArgumentsInvalid(f"Axis {name.strip()!r}: {problem}", error.hint) from error
    return found


def count_of(axes: dict[str, Sequence[Any]], combine: Combine) -> int:
    """How many combinations there are. Raises ArgumentsInvalid where axes that go together differ in length."""
    lengths = {name: len(values) for name, values in axes.items()}
    if combine == "zip":
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} has {length:,}" for name, length in lengths.items())
            raise ArgumentsInvalid(
                f"Axes that go together need equally many values, and {listed}.",
                "Give them as many, or combine each value with each.",
            )
        return next(iter(lengths.values()))
    count = prod(lengths.values())
    if count > MOST:
        raise ArgumentsInvalid("The sweep has more combinations than any computer can count.", "Make an axis shorter.")
    return count
