"""The pause between two attempts at what fails for now."""

from __future__ import annotations

import random

#: Seconds before the second attempt, and at most before any later one.
FIRST, MOST = 0.2, 4.0


class RetryPause:
    """Doubles from one failure to the next."""

    def __init__(self) -> None:
        self._seconds = FIRST

    def after_failure(self) -> float:
        """Seconds to wait before the next attempt."""
        # Some randomness, or all nodes of a room come back to a restarted master in the same millisecond.
        seconds = self._seconds * random.uniform(0.5, 1.5)  # noqa: S311
        self._seconds = min(2 * self._seconds, MOST)
        return seconds

    def reset(self) -> None:
        """An attempt succeeded: the next failure is a first one again."""
        self._seconds = FIRST
