"""The master's clock."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch that never jump: the wall clock of the start, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def __call__(self) -> float:
        return self._offset + time.monotonic()
