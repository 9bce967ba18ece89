"""What came of tasks that a slot ran one after the other, while there are more of them and once it is told. Runs in the
slot's process.

Light, because every slot imports it. Everything of the user's is called under `except BaseException`: see task_runner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from mcgui_core.slots.argument_blocks import Arguments
from mcgui_core.slots.outcomes.unsendable_results import find_unsendable
from mcgui_core.values import pickling
from mcgui_core.values.immutable import ATOMS, is_immutable
from mcgui_core.values.size_estimate import estimated_size
from mcgui_core.values.snapshot import Kept, as_kept, is_flat, is_plain_array, kept
from mcgui_core.values.text import short

#: Seconds after which what is done is reported, so that it is safe and can be seen.
PART_SECONDS = 0.1
#: Bytes of results after which they are reported, roughly: larger parts gain nothing and sit in four memories at once.
PART_BYTES = 4 << 20
#: Bytes that the results of a part may take when pickled: what a row of the journal (10**9) and a frame hold, halved.
RESULT_LIMIT = 512 << 20
#: Failures after which they are reported: each brings a traceback.
PART_FAILURES = 500

Failure = tuple[int, str, str, str, str, str]  # as TaskFailure, without the node
OVER = object()  # no result any more


class Part(NamedTuple):
    """What became of the tasks `start` to `stop`: as Outcome, in builtins only."""

    start: int
    stop: int
    values: bytes | pickling.Pickled
    missing: tuple[int, ...]
    failures: tuple[Failure, ...]
    seconds: float


class GrowingPart:
    """A part while it is made."""

    def __init__(self, start: int) -> None:
        self.start = self.stop = start
        self.values: list[Any] = []
        self.failures: list[Failure] = []
        self.seconds = 0.0
        self.each = 0  # bytes that the last value takes, roughly
        self.keeping = False  # no task runs: a result is looked at, or copied
        self.copied = False  # some of the values are Kept
        self._told, self._told_seconds = start, 0.0  # up to where it was told while it grew

    @property
    def full(self) -> bool:
        """Whether it is to be told now: it took long, is large, or has many failures."""
        if self.seconds >= PART_SECONDS or len(self.failures) >= PART_FAILURES:
            return True
        return self.each * len(self.values) >= PART_BYTES

    def finished(self, arguments: Sequence[Any] | Arguments, offset: int) -> Iterator[Part]:
        """As one part, or as several where it is too large for one."""
        self._leave_out_told()
        self._open_snapshots()
        try:
            data = pickling.pickled(self.values) if self.values else b""
        except BaseException:
            data = None
        if data is None or (len(data) > RESULT_LIMIT and len(self.values) == 1):
            data = None  # there may not be room for it and what is made to see why
            self._fail_unsendable(arguments, offset)
            data = pickling.pickled(self.values) if self.values else b""
        if len(data) > RESULT_LIMIT:
            for half in self._halves():
                yield from half.finished(arguments, offset)
            return
        missing = tuple(sorted(failure[0] for failure in self.failures))
        yield Part(self.start, self.stop, data, missing, tuple(self.failures), self.seconds)

    def tell(self, stop: int, seconds: float) -> Part | None:
        """What came of its tasks up to `stop`, in so many `seconds`, while it is made; see Position.done_before."""
        if stop <= self._told:
            return None
        known = self._values_before(self._told)
        failures = tuple(failure for failure in self.failures if failure[0] >= self._told)
        values = self.values[known : self._values_before(stop)]
        try:
            data = pickling.pickled([_plain(value) for value in values]) if values else b""
        except Exception:  # it is none that is, or no pickle could be made: there will be one at the part's end
            return None
        if len(data) > RESULT_LIMIT:
            return None
        missing = tuple(sorted(failure[0] for failure in failures))
        found = Part(self._told, stop, data, missing, failures, max(0.0, seconds - self._told_seconds))
        self._told, self._told_seconds = stop, max(seconds, self._told_seconds)
        return found

    def _values_before(self, index: int) -> int:
        """How many of the values are of tasks before that index."""
        return index - self.start - sum(failure[0] < index for failure in self.failures)

    def _leave_out_told(self) -> None:
        if self._told > self.start:
            del self.values[: self._values_before(self._told)]
            self.failures = [failure for failure in self.failures if failure[0] >= self._told]
            self.start, self.seconds = self._told, max(0.0, self.seconds - self._told_seconds)

    def values_in_part(self) -> int:
        """How many values such as the last one make a part, at least 1."""
        self.each = estimated_size(self.values[-1])
        return max(1, PART_BYTES // max(1, self.each))

    def take(self, results: Iterator[Any], count: int) -> None:
        """Add up to `count` results as they come, until one is OVER, each as it is when it comes: a later task may
        change it.

        What cannot change costs next to nothing; the last one is kept as it is until another task runs.
        """
        values = self.values
        stop = len(values) + count
        while len(values) < stop:
            if values and type(values[-1]) not in ATOMS:
                self.keeping = True
                values[-1] = last = kept(values[-1])
                self.copied |= type(last) is Kept
                self.keeping = False
            value = next(results)
            if value is OVER:
                return
            values.append(value)
            if type(value) not in ATOMS:
                continue
            for kind, group in groupby(results, type):  # all in C while they are of one type
                if kind not in ATOMS:
                    value = next(group)
                    if value is OVER:
                        return
                    values.append(value)
                    break
                values.extend(group)  # appends as it goes, so what was done before an exception stays
            else:
                return

    def _open_snapshots(self) -> None:
        if not self.copied:  # there may be a million of them: no look at each
            return
        self.values = [as_kept(value) for value in self.values]

    def _halves(self) -> tuple[GrowingPart, GrowingPart]:
        """Two or more values, shared out among two parts."""
        middle = len(self.values) // 2
        border = self._indices()[middle]
        first, second = GrowingPart(self.start), GrowingPart(border)
        first.stop, second.stop = border, self.stop
        first.values, second.values = self.values[:middle], self.values[middle:]
        for half in (first, second):
            half.failures = [failure for failure in self.failures if half.start <= failure[0] < half.stop]
            half.seconds = self.seconds * (half.stop - half.start) / (self.stop - self.start)
        return first, second

    def _indices(self) -> list[int]:
        """Which tasks the values are of."""
        failed = {failure[0] for failure in self.failures}
        return [index for index in range(self.start, self.stop) if index not in failed]

    def _fail_unsendable(self, arguments: Sequence[Any] | Arguments, offset: int) -> None:
        """Some result cannot be pickled, or is too large to travel: fail those tasks alone."""
        indices, found = self._indices(), find_unsendable(self.values, RESULT_LIMIT)
        for one in found:
            index = indices[one.place]
            self.failures.append(
                (index, "unpicklable", one.type, one.message, "", short(_one(arguments, index - offset)))
            )
        lost = {one.place for one in found}
        self.values = [value for place, value in enumerate(self.values) if place not in lost]


def _plain(value: Any) -> Any:
    """A result, without anything of the user's being called: while his next task runs, another thread is not to.

    Raises ValueError where that cannot be.
    """
    if isinstance(value, Kept):
        return value.snapshot.opened_plain()
    if not is_flat(value) and not is_plain_array(value) and not is_immutable(value):
        raise ValueError("it is of a class of the user's")
    return value


def _one(arguments: Sequence[Any] | Arguments, at: int) -> Any:
    return arguments.some(at, 1)[0][0] if isinstance(arguments, Arguments) else arguments[at]
