"""What one node completed long ago: a sum for each stretch of time, as far as it did anything. No Qt in here."""

from __future__ import annotations

import numpy as np


class CoarseTrack:
    """Sums by the number of their stretch. Stretches come in ascending order."""

    def __init__(self) -> None:
        self._start = 0  # number of the first
        self._length = 0
        self._data = np.zeros((0, 2))

    def add(self, number: int, sums: np.ndarray) -> None:
        """What was done and what failed in a stretch."""
        if not sums.any():
            return
        if not self._length:
            self._start = number
        needed = number - self._start + 1
        if needed > len(self._data):
            grown = np.zeros((max(needed, 2 * len(self._data), 16), 2))
            grown[: self._length] = self._data[: self._length]
            self._data = grown
        self._data[needed - 1] += sums
        self._length = max(self._length, needed)

    def sums(self, start: int, stop: int, each: int) -> np.ndarray:
        """The stretches from `start` to `stop`, `stop` excluded, `each` of them together: (points, 2)."""
        found = np.zeros((stop - start, 2))
        first, last = max(start, self._start), min(stop, self._start + self._length)
        if first < last:
            found[first - start : last - start] = self._data[first - self._start : last - self._start]
        return found.reshape((stop - start) // each, each, 2).sum(axis=1)
