"""The newest counts of many rows over time: an array used as a ring, so that adding costs nothing. No Qt in here."""

from __future__ import annotations

from typing import Final

import numpy as np

#: Rows that there is room for at first. What was never written to takes no memory; making room for more later means
#: copying all, which held the window for 40 ms when 500 nodes had joined.
_ROOM: Final = 512


class RecentCounts:
    """Two counts (done, failed) for each row and each of the newest `columns` moments, which are numbered.

    Whoever uses it keeps to numbers of the newest `columns`, and clears what is to be used anew.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        # The time is the last axis: what is summed lies side by side.
        self._data = np.zeros((2, _ROOM, columns), dtype=np.float32)
        self.rows = 0  # that are used

    def need(self, row: int) -> None:
        """Make room for this row."""
        self.rows = max(self.rows, row + 1)
        if row >= self._data.shape[1]:
            self._data = np.concatenate([self._data, np.zeros_like(self._data)], axis=1)

    def set(self, row: int, number: int, done: int, failed: int) -> None:
        column = number % self._columns
        self._data[0, row, column] = done
        self._data[1, row, column] = failed

    def part(self, start: int, stop: int, rows: slice) -> np.ndarray:
        """(done and failed, row, moment) of these rows from `start` to `stop`, `stop` excluded. A copy."""
        first, count = start % self._columns, stop - start
        if first + count <= self._columns:
            return self._data[:, rows, first : first + count].copy()
        rest = first + count - self._columns
        return np.concatenate([self._data[:, rows, first:], self._data[:, rows, :rest]], axis=2)

    def clear(self, start: int, stop: int) -> None:
        self._data[:, : self.rows, np.arange(start, stop) % self._columns] = 0

    def is_empty(self, row: int) -> bool:
        return not self._data[:, row].any()


def together(counts: np.ndarray, each: int) -> np.ndarray:
    """Sums of `each` neighbours along the last axis."""
    if each == 1:
        return counts
    if each <= 16:  # a few additions of whole arrays; numpy is slow at many sums of few numbers
        made = counts[..., 0::each].copy()
        for number in range(1, each):
            made += counts[..., number::each]
        return made
    return counts.reshape(*counts.shape[:-1], -1, each).sum(axis=-1)
