"""How many tasks a second, over the last few seconds. Time comes in as a parameter."""

from __future__ import annotations

from collections import deque

#: Seconds that a rate looks back: long enough to be calm, short enough to show a change while one watches.
WINDOW = 5.0


class RateMeter:
    """Counts events in a sliding window."""

    __slots__ = ("_began", "_events", "_total")

    def __init__(self) -> None:
        self._events: deque[tuple[float, int]] = deque()  # (time, count), ascending, at most ten a second
        self._total = 0
        self._began: float | None = None  # when counting began after a silence as long as the window

    def add(self, now: float, count: int) -> None:
        """So many more at `now`, in seconds of a clock that never goes back."""
        if self._began is None:
            self._began = now
        if self._events and now - self._events[-1][0] < 0.1:
            time, before = self._events.pop()
            self._events.append((time, before + count))
        else:
            self._events.append((now, count))
        self._total += count
        self._forget(now)

    def rate(self, now: float) -> float:
        """Events a second. 0.0 after a window without any."""
        self._forget(now)
        if self._began is None:
            return 0.0
        return self._total / min(WINDOW, max(now - self._began, 0.2))

    def _forget(self, now: float) -> None:
        while self._events and self._events[0][0] < now - WINDOW:
            self._total -= self._events.popleft()[1]
        if not self._events:
            self._began = None
