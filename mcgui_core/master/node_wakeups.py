"""How nodes that wait for orders are woken: each by a bell of its own, so that no herd wakes up for nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class NodeWakeups:
    """All over one lock, which whoever calls holds."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._bells: dict[str, threading.Condition] = {}

    def add(self, node: str) -> None:
        self._bells.setdefault(node, threading.Condition(self._lock))

    def remove(self, node: str) -> None:
        self._bells.pop(node, None)

    def ring(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            if node in self._bells:
                self._bells[node].notify_all()

    def ring_all(self) -> None:
        self.ring(list(self._bells))

    def wait(self, node: str, timeout: float) -> bool:
        """Until it rings, without the lock, or for so many seconds. False at once where there is no such bell."""
        return node in self._bells and (self._bells[node].wait(timeout) or True)
