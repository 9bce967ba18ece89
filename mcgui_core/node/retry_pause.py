"""The pause between two attempts at what fails for now."""

from __future__ import annotations

import random

#: Seconds before the second attempt, and at most before any later one.
FIRST, MOST = 0.2, 4.0


#: The same for what somebody has to mend first: a key that is not taken, a master that is another one.
REFUSED_FIRST, REFUSED_MOST = 2.0, 60.0


class RetryPause:
    """Doubles from one failure to the next."""

    def __init__(self, first: float = FIRST, most: float = MOST) -> None:
        self._first, self._most = first, most
        self._seconds = first

    def after_failure(self) -> float:
        """Seconds to wait before the next attempt."""
        # Some randomness, or all nodes of a room come back to a restarted master in the same millisecond.
        seconds = self._seconds * random.uniform(0.5, 1.5)  # noqa: S311
        self._seconds = min(2 * self._seconds, self._most)
        return seconds

    def reset(self) -> None:
        """An attempt succeeded: the next failure is a first one again."""
        self._seconds = self._first
