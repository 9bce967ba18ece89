"""Tasks a second over the last minutes, kept in a few hundred numbers however long the program runs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

#: Seconds that one bucket spans.
BUCKET: Final = 2.0
#: Buckets that are kept: five minutes.
BUCKETS: Final = 150
#: Seconds over which tasks are spread at most, when they are told of after a silence.
SPREAD: Final = 4.0


@dataclass(frozen=True, slots=True)
class Rates:
    """One bucket, in tasks a second."""

    done: float = 0.0
    failed: float = 0.0


class ThroughputHistory:
    """Turns growing totals into rates. `now` is any clock that never goes back, in seconds.

    What came since the last total is spread evenly over the time since then, so that two reports that fall into
    one bucket, and none into the next, do not draw a saw.
    """

    def __init__(self, now: float) -> None:
        self._first = int(now // BUCKET)  # number of the bucket at the left end of `_buckets`
        self._buckets: deque[list[float]] = deque([[0.0, 0.0]])
        self._last = now
        self._done = 0
        self._failed = 0

    def record(self, done: int, failed: int, now: float) -> None:
        """Take the totals of `now` into account; both only grow."""
        now = max(now, self._last)
        self._roll(now)
        self._spread(0, done - self._done, now)
        self._spread(1, failed - self._failed, now)
        self._done, self._failed, self._last = done, failed, now

    def rates(self, now: float) -> tuple[Rates, ...]:
        """Every finished bucket, oldest first. The one that still fills is left out: it would look like a fall."""
        self._roll(max(now, self._last))
        return tuple(Rates(done / BUCKET, failed / BUCKET) for done, failed in list(self._buckets)[:-1])

    def _roll(self, now: float) -> None:
        missing = int(now // BUCKET) - (self._first + len(self._buckets) - 1)
        if missing > BUCKETS:
            self._buckets.clear()
            self._first, missing = int(now // BUCKET) - BUCKETS, BUCKETS + 1
        self._buckets.extend([0.0, 0.0] for _ in range(missing))
        while len(self._buckets) > BUCKETS + 1:
            self._buckets.popleft()
            self._first += 1

    def _spread(self, which: int, number: int, now: float) -> None:
        if number <= 0:
            return
        start = max(self._last, now - SPREAD, self._first * BUCKET)
        whole = now - start
        if whole <= 0:
            self._buckets[-1][which] += number
            return
        for place in range(int(start // BUCKET), int(now // BUCKET) + 1):
            left, right = max(start, place * BUCKET), min(now, (place + 1) * BUCKET)
            self._buckets[place - self._first][which] += number * max(right - left, 0.0) / whole
