"""How long one call of a very short function takes: measured over many, as a slot runs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from mcgui_core.slots import task_runner
from mcgui_core.values import pickling

#: Seconds below which a first call says little: it brought imports, caches and the clock's own grain.
SHORT = 0.2
#: Seconds that repeating may take, and calls, about.
BUDGET, MOST = 0.3, 1_000_000
#: Bytes of copies of the argument that are made at a time.
COPIES = 8 << 20
#: Types whose values no function can change, so that every call may get the same one.
_UNCHANGING = (int, float, complex, str, bytes, bool, type(None))


class Timing(NamedTuple):
    seconds: float  # a call
    calls: int


def repeat(function: Callable[..., Any], call: str, argument: Any, first: float) -> Timing:
    """The mean time of a call, over as many calls as go into a short while; `first` is how long the first one took.

    Each gets an argument of its own, since the function may change it. A call that fails ends it: a function that
    works once only is timed by that once.
    """
    calls, seconds = 0, 0.0
    began = perf_counter()
    size = 1
    while (left := BUDGET - (perf_counter() - began)) > 0 and calls < MOST:
        made, took, failed = _some(function, call, _copies(argument, size), left)
        if failed:
            break
        calls += made
        seconds += took
        size = min(size * 4, MOST)
    return Timing(seconds / calls, calls) if calls else Timing(first, 1)


def _some(function: Callable[..., Any], call: str, arguments: Sequence[Any], budget: float) -> tuple[int, float, bool]:
    made, took = 0, 0.0
    for part in task_runner.run(function, call, arguments, 0, budget):
        made, took = part.stop, took + part.seconds
        if part.failures:
            return made, took, True
    return made, took, False


def _copies(argument: Any, count: int) -> Sequence[Any]:
    if isinstance(argument, _UNCHANGING):
        return [argument] * count
    data = pickling.dumps(argument)
    return [pickling.loads(data) for _ in range(max(1, min(count, COPIES // max(1, len(data)))))]
