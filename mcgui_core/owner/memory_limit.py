"""How many processors a worker may use so that its processes stay below the owner's ceiling of memory."""

from __future__ import annotations

#: Seconds between two steps: a slot that was told to end needs time to finish what it is at.
STEP = 10.0
#: The share of the ceiling below which one more processor may work again.
ROOM = 0.75
#: Seconds for which nothing works after even one processor was too many.
REST = 60.0


class MemoryLimit:
    """Takes processors away one by one while memory is above the ceiling, and gives them back one by one.

    Time comes in, in seconds of any clock that never goes back.
    """

    def __init__(self) -> None:
        self._allowed: int | None = None
        self._stepped = float("-inf")

    def allowed(self, memory: int, ceiling: int, wanted: int, now: float) -> int | None:
        """Processors that may work, None for all. `memory` is what our processes use, both in bytes."""
        current = wanted if self._allowed is None else min(self._allowed, wanted)
        if memory > ceiling:
            if now - self._stepped >= STEP and current > 0:
                self._allowed, self._stepped = current - 1, now
        elif (
            self._allowed is not None
            and now - self._stepped >= (REST if current == 0 else STEP)
            # What one more would take, going by those that work now.
            and memory * (current + 1) / max(current, 1) < ROOM * ceiling
        ):
            self._allowed, self._stepped = current + 1, now
        if self._allowed is not None and self._allowed >= wanted:
            self._allowed = None
        return self._allowed

    @property
    def current(self) -> int | None:
        """What it allowed last."""
        return self._allowed

    def overdue(self, memory: int, ceiling: int, now: float) -> bool:
        """Even the last task has to be given back: nothing new was started for a while, and memory is still short."""
        return self._allowed == 0 and memory > ceiling and now - self._stepped >= STEP

    def reset(self) -> None:
        """The limit was switched off."""
        self._allowed = None
        self._stepped = float("-inf")
