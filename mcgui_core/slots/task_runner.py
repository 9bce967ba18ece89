"""Runs the tasks of a chunk, one after the other, and cuts what comes out into parts. Runs in the slot's process.

Light, because every slot imports it.

Everything of the user's is called under `except BaseException`: also what shows, measures or pickles a value of his may
raise anything, `SystemExit` included, and must not end the slot.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat, starmap
from time import perf_counter
from typing import Any

from mcgui_core.slots.argument_batch import ArgumentBatch
from mcgui_core.slots.argument_blocks import Arguments, NotOpened, is_unopened
from mcgui_core.slots.missing_files import error_with_advice
from mcgui_core.slots.outcomes import growing_part
from mcgui_core.slots.outcomes.growing_part import OVER, Failure, GrowingPart, Part
from mcgui_core.values.exception_fields import drop_traceback, is_of
from mcgui_core.values.file_slice import ValuesGone
from mcgui_core.values.text import short

#: Seconds between two looks at the clock, about: short beside a chunk, long beside the look.
BATCH_SECONDS = 0.005
#: How many times as large as the one before a batch is at most: each costs as much as some hundred small tasks.
MOST_GROWTH = 8


class Position:
    """Which task runs now. Asked rarely, and told next to nothing: a look at how many results there are already."""

    def __init__(self) -> None:
        self.part: GrowingPart | None = None
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
    part = GrowingPart(start)
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
            size = min(size, part.values_in_part())
        over = early or perf_counter() - began > budget
        if part.full or over or at == len(arguments):
            position.part = None
            yield from part.finished(arguments, start)
            if over:
                return
            part = GrowingPart(start + at)


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


def _run_batch(mapped: Mapper, batch: ArgumentBatch, part: GrowingPart, process: int) -> int:
    """Run its tasks; ends with the first that fails. Returns how many were run, that one included."""
    before, count = len(part.values), len(batch.arguments)
    failed: BaseException | None = None
    try:
        # Not asked once more where it has ended: after a StopIteration of the function, `map` would go on.
        part.take(chain(mapped(batch.left, batch.first), repeat(OVER)), count)
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
    return index, "raised", *error_with_advice(error, __file__, growing_part.__file__), short(argument)
