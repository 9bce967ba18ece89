"""Looks at which task a slot is, so that nobody waits for one that takes long. Runs in the slot.

To announce each task before it begins costs more than a small task takes. So a thread looks now and then, and what it
finds twice takes long. Of a job with a time limit it is announced, and again at each look as long as it lasts (the
agent's side is task_clock.py). Of any job, what was done before it is told then, and what is behind it handed back:
others may have nothing to do.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

from mcgui_core.slots.task_runner import Position

#: Looks without a chunk after which the thread sleeps until there is one: to wake it for each costs a small job more.
IDLE_LOOKS = 16
#: Looks in the time after which what is behind a task is handed back.
LOOKS = 2


class LongTasks:
    """Looks every so many seconds between `watch` and `rest`.

    `say(index)` sends a word to the agent, and is called with `lock` held, which each other word needs as well: so
    what is announced has not been reported. `hand_back(index, since)` is called with the lock of `position` held, once
    for a task that has run `since` that time, by perf_counter.
    """

    def __init__(
        self,
        position: Position,
        lock: threading.Lock,
        say: Callable[[int], None],
        hand_back: Callable[[int, float], None] = lambda _index, _since: None,
    ) -> None:
        self._position, self._lock, self._say, self._hand_back = position, lock, say, hand_back
        self._runs = False  # a chunk that is to be looked at
        self._look: float | None = None  # seconds after which a task is announced; None: none is
        self._budget = 1.0  # and after which what is behind it is handed back
        self._stop = 0  # the index after the last task of the chunk
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, look: float | None, stop: int, budget: float = 1.0) -> None:
        """Look at a chunk, which ends before the task `stop`. A task is announced after `look` seconds, what is behind
        it handed back after `budget` seconds."""
        with self._lock:
            self._runs, self._look, self._budget, self._stop = True, look, budget, stop
            if not self._wanted.is_set():
                self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mcgui-long-tasks", daemon=True)
            self._thread.start()

    def rest(self) -> None:
        """Say nothing more of it."""
        with self._lock:
            self._runs = False

    def close(self) -> None:
        """Look no more, ever."""
        self._closed = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def close_in_child(self) -> None:
        """In a process that a task forks nobody looks, and who looked may have held the lock."""
        self._lock, self._runs = threading.Lock(), False

    def _run(self) -> None:
        pause, idle = threading.Event(), 0
        before, since, handed_back = -1, 0.0, False
        while not self._closed:
            self._wanted.wait()
            pause.wait(min(self._budget / LOOKS, self._look or math.inf))
            with self._lock:
                index = self._position.index if self._runs else -1
                long = index == before and 0 <= index < self._stop
                if long and self._look is not None:
                    self._say(index)
                idle = 0 if self._runs else idle + 1
                if idle == IDLE_LOOKS and not self._closed:
                    self._wanted.clear()
                    idle = 0
            if not long:
                before, since, handed_back = index, perf_counter(), False
            elif not handed_back and perf_counter() - since >= self._budget * (1 - 1 / LOOKS):
                handed_back = True
                with self._position.lock, suppress(OSError):  # its agent has gone, and it will go as well
                    self._hand_back(index, since)
