"""How slots that wait for work are woken: as many as there is work for, each at a condition variable of its own.

With a single one, each small job would wake the threads of all slots of a node, which contend for the lock and the
interpreter to find that one of them has something to do: with 32 slots, half of what a job of one task costs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class IdleSlots:
    """By their numbers. All over one lock, which whoever calls holds."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._turns: dict[int, threading.Condition] = {}
        self._waiting: dict[int, threading.Condition] = {}
        #: Those that have a process, and nothing to do: they come first, since to start one takes some hundred times as
        #: long as a small chunk.
        self.warm: set[int] = set()

    def wait(self, slot: int, ready: Callable[[], object]) -> None:
        """Until something is so, without the lock; it is looked at whenever the slot is woken."""
        while not ready():
            turn = self._turns.get(slot) or self._turns.setdefault(slot, threading.Condition(self._lock))
            self._waiting[slot] = turn
            turn.wait()
            del self._waiting[slot]

    def wake(self, pieces: int) -> None:
        """Of those that wait, as many as there are pieces of work. Who takes one of several has others woken again."""
        if self._waiting and pieces:
            for slot in sorted(self._waiting, key=lambda slot: (slot not in self.warm, slot))[:pieces]:
                self._waiting[slot].notify()

    def wake_all(self) -> None:
        """What they wait for may be so for other reasons than work."""
        self.wake(len(self._waiting))
