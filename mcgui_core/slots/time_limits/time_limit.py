"""A task's time, and what happens when it is up. It stands still while the task is stopped in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: Seconds between two looks at least: what is stopped may go on at any time.
LOOK = 0.05


class Stopwatch:
    """Seconds that go by while it is not stopped. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: float | None = None  # since when
        self._lost = 0.0

    def now(self) -> float:
        """What it shows, in seconds."""
        with self._lock:
            return (time.monotonic() if self._stopped is None else self._stopped) - self._lost

    def stop(self) -> None:
        """Let it stand still; does nothing where it does."""
        with self._lock:
            self._stopped = self._stopped or time.monotonic()

    def go(self) -> None:
        """Let it go on; does nothing where it does."""
        with self._lock:
            if self._stopped is not None:
                self._lost += time.monotonic() - self._stopped
                self._stopped = None


class TimeLimit:
    """Calls `act` in a thread of its own once `stopwatch` has reached `deadline`, unless it was cancelled before."""

    def __init__(self, stopwatch: Stopwatch, deadline: float, act: Callable[[], None]) -> None:
        self._stopwatch, self._deadline, self._act = stopwatch, deadline, act
        self._over = threading.Event()
        threading.Thread(target=self._wait, name="mcgui-time-limit", daemon=True).start()

    def cancel(self) -> None:
        """It is not needed any more."""
        self._over.set()

    def _wait(self) -> None:
        while (left := self._deadline - self._stopwatch.now()) > 0:
            if self._over.wait(max(left, LOOK)):
                return
        if not self._over.is_set():
            self._act()
