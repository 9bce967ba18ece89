"""Has the garbage collector wait for a quiet moment: with a thousand nodes it holds every exchange up for a while.

What the master keeps (nodes, leases, ranges) is freed as soon as nobody refers to it; only errors with tracebacks and
broken connections leave cycles, and these are few. So young objects are looked at as usual, and all of them, a
hundred thousand leases among them, seldom: when no job runs, or else once in a long while.
"""

from __future__ import annotations

import gc

#: Objects after which the youngest are looked at, so many such looks until those are that are a little older, and so
#: many of these until all are (as good as never: `GarbageCollection.look` sees to that).
THRESHOLDS = (5_000, 5, 10_000)
#: Seconds between two looks at all objects, at least, while no job runs, and while one does.
QUIET_INTERVAL, BUSY_INTERVAL = 60.0, 600.0


def collect_seldom() -> None:
    """For the whole process. What is there now (modules, classes) stays, and is not looked at again."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class GarbageCollection:
    """When everything was looked at last."""

    def __init__(self, now: float) -> None:
        """`now`: seconds of a clock that does not jump, as in `look`."""
        self._last = now

    def look(self, now: float, busy: bool) -> bool:
        """Free what nobody needs, if it is time for that. To be called now and then. True if that was done."""
        if now - self._last < (BUSY_INTERVAL if busy else QUIET_INTERVAL):
            return False
        gc.collect()
        self._last = now
        return True
