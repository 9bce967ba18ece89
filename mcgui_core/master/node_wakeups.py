"""How nodes that wait for orders are woken: one condition variable a node, so that there is no thundering herd.

With a single one, each new job would wake the threads of a thousand nodes, which all contend for the lock to find that
999 of them have nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable


class NodeWakeups:
    """All over one lock, which whoever calls holds."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._conditions: dict[str, threading.Condition] = {}

    def add(self, node: str) -> None:
        self._conditions.setdefault(node, threading.Condition(self._lock))

    def remove(self, node: str) -> None:
        self._conditions.pop(node, None)

    def wake(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            if node in self._conditions:
                self._conditions[node].notify_all()

    def wake_all(self) -> None:
        self.wake(list(self._conditions))

    def wait(self, node: str, timeout: float) -> bool:
        """Until it is woken, without the lock, or for so many seconds. True if it was; False at once where there is no
        such node."""
        return node in self._conditions and self._conditions[node].wait(timeout)
