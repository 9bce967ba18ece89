"""Runs the tasks of a chunk, one after the other, and cuts what comes out into parts. Runs in the slot's process.

Light, because every slot imports it.

Everything of the user's is called under `except BaseException`: also what shows, measures or pickles a value of his may
raise anything, `SystemExit` included, and must not end the slot.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, repeat, starmap
from time import perf_counter
from typing import Any, NamedTuple

from mcgui_core.slots.argument_batch import ArgumentBatch
from mcgui_core.slots.argument_blocks import Arguments, NotOpened, is_unopened
from mcgui_core.slots.missing_files import error_with_advice
from mcgui_core.slots.unsendable_results import find_unsendable
from mcgui_core.values import pickling
from mcgui_core.values.exception_fields import drop_traceback, is_of
from mcgui_core.values.file_slice import ValuesGone
from mcgui_core.values.immutable import ATOMS, is_immutable
from mcgui_core.values.size_estimate import estimated_size
from mcgui_core.values.snapshot import Snapshot, flat_copy, is_flat
from mcgui_core.values.text import short

#: Seconds between two looks at the clock, about: short beside a chunk, long beside the look.
BATCH_SECONDS = 0.005
#: How many times as large as the one before a batch is at most: each costs as much as some hundred small tasks.
MOST_GROWTH = 8
#: Seconds after which what is done is reported, so that it is safe and can be seen.
PART_SECONDS = 0.1
#: Bytes of results after which they are reported, roughly: larger parts gain nothing and sit in four memories at once.
PART_BYTES = 4 << 20
#: Bytes that the results of a part may take when pickled: what a row of the journal (10**9) and a frame hold, halved.
RESULT_LIMIT = 512 << 20
#: Failures after which they are reported: each brings a traceback.
PART_FAILURES = 500

Failure = tuple[int, str, str, str, str, str]  # as TaskFailure, without the node
_OVER = object()  # no result any more


class Part(NamedTuple):
    """What became of the tasks `start` to `stop`: as Outcome, in builtins only."""

    start: int
    stop: int
    values: bytes | pickling.Pickled
    missing: tuple[int, ...]
    failures: tuple[Failure, ...]
    seconds: float


class Position:
    """Which task runs now. Asked rarely, and told next to nothing: a look at how many results there are already."""

    def __init__(self) -> None:
        self.part: _Growing | None = None
        self.batch: ArgumentBatch | None = None  # that runs now
        self.lock = threading.Lock()  # held, no batch ends

    @property
    def index(self) -> int:
        """The index of the task that runs now; -1 between two parts, and while a result is put aside."""
        part, batch = self.part, self.batch
        if part is None or batch is None or part.keeping:
            return -1
        found = part.start + len(part.values) + len(part.failures)
        return found if found < batch.stop else -1

    def done_before(self, index: int, since: float) -> Part | None:
        """What came of the tasks of this part before the one of that index, which has run `since` that time, by
        perf_counter, or longer. It is not told again. None where there are none, or they cannot travel: that is said at
        the part's end. To be called with the lock held."""
        part, batch = self.part, self.batch
        if part is None or batch is None or self.index != index:
            return None
        return part.tell(index, part.seconds + max(0.0, since - batch.began))

    def end_batch_early(self, index: int) -> int | None:
        """No task begins any more after the one of that index. Returns where what has not begun begins; None where that
        task does not run any more. To be called with the lock held."""
        if self.batch is None or self.index != index:
            return None
        return self.batch.end_early()

    def end_batch(self) -> bool:
        """All that has begun of the batch is done. Returns whether it was ended early."""
        with self.lock:
            batch, self.batch = self.batch, None
            return batch is not None and batch.ended_early

    def close_in_child(self) -> None:
        """In a process that a task forks no other task starts, and who held the lock is not there."""
        self.lock = threading.Lock()
        if self.batch is not None:
            self.batch.end_early()


def run(
    function: Callable[..., Any],
    call: str,
    arguments: Sequence[Any] | Arguments,
    start: int,
    budget: float,
    position: Position | None = None,
    seed_of: Callable[[int], Any] | None = None,
) -> Iterator[Part]:
    """Run `function` on each argument; `start` is the first one's index. `position` is kept up to date.

    Stops early, at a part's end, once `budget` seconds have passed, or somebody has ended a batch by the `position`:
    the caller sees where by the last part. Where some arguments are Unopened, those tasks fail with the reason.
    `seed_of` gives the seed of the task of an index.

    Raises NotOpened, in the place of the first task that it is about, after the parts before that. A process that a
    task forks, and that comes back from the function, ends here as it would have ended elsewhere: raises SystemExit, or
    what the function raised there.
    """
    began, process = perf_counter(), os.getpid()
    part = _Growing(start)
    size, at = 1, 0
    mapped = _mapper(function, call) if seed_of is None else _seeding_mapper(function, call, seed_of)
    position = position or Position()
    while at < len(arguments):
        position.part = None  # no task runs
        try:
            some, unopened = _some(arguments, at, size)
        except NotOpened:
            if part.stop > part.start:  # what came of the tasks before it
                yield from part.finished(arguments, start)
            raise
        position.part = part
        now = perf_counter()
        if unopened is None:
            position.batch = ArgumentBatch(some, start + at, now)
            got = _run_batch(mapped, position.batch, part, process)
        else:
            part.failures.append(_of_unopened(start + at, unopened))
            got = 1
        early = position.end_batch()
        some = []  # no argument stays
        took = perf_counter() - now
        at += got
        part.stop, part.seconds = start + at, part.seconds + took
        if took > 2 * BATCH_SECONDS:
            size = max(1, size // 2)
        elif took < BATCH_SECONDS / 2 and got == size:  # and not ended by a failure, or by a block
            size *= MOST_GROWTH if took < BATCH_SECONDS / (2 * MOST_GROWTH) else 2
        if part.values:  # large results are reported before there are many of them
            last = part.values[-1]
            part.each = last.snapshot.size if isinstance(last, _Returned) else estimated_size(last)
            size = min(size, max(1, PART_BYTES // max(1, part.each)))
        over = early or perf_counter() - began > budget
        if part.full or over or at == len(arguments):
            position.part = None
            yield from part.finished(arguments, start)
            if over:
                return
            part = _Growing(start + at)


class _Returned(NamedTuple):
    """A result that may change while later tasks run."""

    value: Any
    snapshot: Snapshot


class _Growing:
    """A part while it is made."""

    def __init__(self, start: int) -> None:
        self.start = self.stop = start
        self.values: list[Any] = []
        self.failures: list[Failure] = []
        self.seconds = 0.0
        self.each = 0  # bytes that the last value takes, roughly
        self.keeping = False  # no task runs: a result is looked at, or copied
        self.copied = False  # some of the values are _Returned
        self._told, self._told_seconds = start, 0.0  # up to where it was told while it grew

    @property
    def full(self) -> bool:
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

    def take(self, results: Iterator[Any], count: int) -> None:
        """Add up to `count` results as they come, until one is _OVER, each as it is when it comes: a later task may
        change it.

        What cannot change costs next to nothing; the last one is kept as it is until another task runs.
        """
        values = self.values
        stop = len(values) + count
        while len(values) < stop:
            if values and type(values[-1]) not in ATOMS:
                self.keeping = True
                values[-1] = kept = _kept(values[-1])
                self.copied |= type(kept) is _Returned
                self.keeping = False
            value = next(results)
            if value is _OVER:
                return
            values.append(value)
            if type(value) not in ATOMS:
                continue
            for kind, group in groupby(results, type):  # all in C while they are of one type
                if kind not in ATOMS:
                    value = next(group)
                    if value is _OVER:
                        return
                    values.append(value)
                    break
                values.extend(group)  # appends as it goes, so what was done before an exception stays
            else:
                return

    def _open_snapshots(self) -> None:
        if not self.copied:  # there may be a million of them: no look at each
            return
        self.values = [_opened(value) for value in self.values]

    def _halves(self) -> tuple[_Growing, _Growing]:
        """Two or more values, shared out among two parts."""
        middle = len(self.values) // 2
        border = self._indices()[middle]
        first, second = _Growing(self.start), _Growing(border)
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


#: What is said where a function lets a StopIteration out, of which no more is known.
STOPPED = (
    "the function raised StopIteration, most likely by next() of an iterator that had no more items. Write "
    "next(iterator, None) to get None there; where it was raised is not known, as that is how iterators end"
)
#: Calls a function on each of some arguments; takes these, and the index of the first.
Mapper = Callable[[Iterator[Any], int], Iterator[Any]]


def _mapper(function: Callable[..., Any], call: str) -> Mapper:
    """`map` in the call style: all three run in C between two calls of the function."""
    if call == "args":
        return lambda arguments, _first: starmap(function, arguments)
    if call == "kwargs":
        return lambda arguments, _first: (function(**argument) for argument in arguments)
    return lambda arguments, _first: map(function, arguments)


def _seeding_mapper(function: Callable[..., Any], call: str, seed_of: Callable[[int], Any]) -> Mapper:
    """The same, with a seed for each call."""
    if call == "args":
        return lambda arguments, first: (function(*a, seed=seed_of(i)) for i, a in enumerate(arguments, first))
    if call == "kwargs":
        return lambda arguments, first: (function(**a, seed=seed_of(i)) for i, a in enumerate(arguments, first))
    return lambda arguments, first: (function(a, seed=seed_of(i)) for i, a in enumerate(arguments, first))


def _run_batch(mapped: Mapper, batch: ArgumentBatch, part: _Growing, process: int) -> int:
    """Run its tasks; ends with the first that fails. Returns how many were run, that one included."""
    before, count = len(part.values), len(batch.arguments)
    failed: BaseException | None = None
    try:
        # Not asked once more where it has ended: after a StopIteration of the function, `map` would go on.
        part.take(chain(mapped(batch.left, batch.first), repeat(_OVER)), count)
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the task's too: they end it, not the slot
        failed = error
    if os.getpid() != process:
        raise SystemExit if failed is None else failed
    done = len(part.values) - before
    if failed is None and (done == count or batch.is_exhausted):  # ended early, perhaps
        return done
    # map takes a StopIteration that the function raises for the end of the arguments, and its traceback is gone.
    failed = StopIteration(STOPPED) if failed is None else failed
    part.failures.append(failure(batch.first + done, failed, batch.argument(done)))
    drop_traceback(failed)
    return done + 1


def _kept(value: Any) -> Any:
    """The value, as it is now."""
    copy = flat_copy(value)  # most results are numbers, or a few of them under their names
    if copy is not None:
        return copy
    if isinstance(value, _Returned) or is_immutable(value):
        return value
    try:
        return _Returned(value, Snapshot(value))
    except BaseException:
        return value  # what is wrong with it is said when it is to travel


def _opened(value: Any) -> Any:
    """A result, or what it was when it was returned."""
    if not isinstance(value, _Returned):
        return value
    try:
        return value.snapshot.opened()
    except BaseException:  # where it is opened, it will be said that it cannot be
        return value.value


def _plain(value: Any) -> Any:
    """A result, without anything of the user's being called: while his next task runs, another thread is not to.

    Raises ValueError where that cannot be.
    """
    if isinstance(value, _Returned):
        return value.snapshot.opened_plain()
    if not is_flat(value) and not is_immutable(value):
        raise ValueError("it is of a class of the user's")
    return value


def _some(arguments: Sequence[Any] | Arguments, at: int, most: int) -> tuple[list[Any], Any]:
    """The next arguments: up to `most`, fewer where there are no more of a block, or one could not be opened; and that
    one, where it is the first, or None."""
    if not isinstance(arguments, Arguments):
        return list(arguments[at : at + most]), None
    found, unopened = arguments.some(at, most)
    batch = found if isinstance(found, list) else list(found)  # a range, perhaps
    if unopened:
        opened = next((place for place, one in enumerate(batch) if is_unopened(one)), len(batch))
        return batch[:opened], None if opened else batch[0]
    return batch, None


def _one(arguments: Sequence[Any] | Arguments, at: int) -> Any:
    return arguments.some(at, 1)[0][0] if isinstance(arguments, Arguments) else arguments[at]


def _of_unopened(index: int, argument: Any) -> Failure:
    from mcgui_core.slots.stepwise_opening import EndsProcess  # here, because few slots need it

    reason: str = argument.reason
    if type(argument.error) is EndsProcess:
        return index, argument.error.kind_of_failure, "", reason.partition(": ")[2], "", ""
    text = f"the argument cannot be opened: {reason}"
    if not is_of(argument.error, (ImportError, ValuesGone)):  # a missing package is to be installed
        text += ". Pass plain values, arrays or dataclasses."
    return index, "unpicklable", reason.partition(":")[0], text, "", ""


def failure(index: int, error: BaseException, argument: Any) -> Failure:
    """Why a task failed, in words."""
    return index, "raised", *error_with_advice(error, __file__), short(argument)
