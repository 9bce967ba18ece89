"""Leases by the time at which they become late: a heap of moments, each with the leases that are due at it."""

from __future__ import annotations

import math
from heapq import heappop, heappush

#: Seconds to which times are rounded up, so that a moment has many leases, and the heap few moments.
GRAIN = 0.25


class DeadlineQueue:
    """Numbers of leases. One that has ended meanwhile stays until its time has come: to look for it would cost more."""

    def __init__(self) -> None:
        self._moments: list[int] = []
        self._due: dict[int, list[int]] = {}

    def add(self, lease: int, time: float) -> None:
        moment = math.ceil(time / GRAIN)
        due = self._due.get(moment)
        if due is None:
            due = self._due[moment] = []
            heappush(self._moments, moment)
        due.append(lease)

    def take_due(self, now: float, most: int | None = None) -> list[int]:
        """Remove and return those whose time has come; about `most` of them."""
        found: list[int] = []
        while self._moments and self._moments[0] * GRAIN <= now and (most is None or len(found) < most):
            due = self._due[self._moments[0]]
            if most is not None and len(due) > most:
                found += due[-most:]
                del due[-most:]
            else:
                found += self._due.pop(heappop(self._moments))
        return found
