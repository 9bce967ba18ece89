"""Says at which task a slot is while that takes long: what tasks with a time limit are watched by. Runs in the slot.

To announce each task before it begins costs more than a small task takes. So a thread looks now and then, and what it
finds twice is announced, and again at each look as long as it lasts. The agent's side is task_clock.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from mcgui_core.slots.task_runner import Position


class LongTasks:
    """Looks every so many seconds between `watch` and `rest`.

    `say(index)` sends a word to the agent, and is called with `lock` held, which each other word needs as well: so
    what is announced has not been reported.
    """

    def __init__(self, position: Position, lock: threading.Lock, say: Callable[[int], None]) -> None:
        self._position, self._lock, self._say = position, lock, say
        self._every: float | None = None
        self._stop = 0  # the index after the last task of the chunk
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, every: float, stop: int) -> None:
        """Look at a chunk, which ends before the task `stop`."""
        with self._lock:
            self._every, self._stop = every, stop
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="mcgui-long-tasks", daemon=True)
            self._thread.start()

    def rest(self) -> None:
        """Say nothing more of it."""
        self._wanted.clear()
        with self._lock:
            self._every = None

    def close(self) -> None:
        """Look no more, ever."""
        self._closed = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def close_in_child(self) -> None:
        """In a process that a task forks nobody looks, and who looked may have held the lock."""
        self._lock, self._every = threading.Lock(), None

    def _look(self) -> None:
        before, pause = -1, threading.Event()
        while not self._closed:
            self._wanted.wait()
            if (every := self._every) is None:
                continue
            pause.wait(every)
            with self._lock:
                index = self._position.index if self._every is not None else -1
                if index == before and 0 <= index < self._stop:
                    self._say(index)
                before = index
