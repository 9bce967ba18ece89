"""A task's time, and what happens when it is up. It stands still while the task is stopped in memory, and while this
computer stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: Seconds between two looks at least: what is stopped may go on at any time.
LOOK = 0.05
#: ... and at most, and those that mean that nobody could look: this computer slept while its clock went on, say.
LONGEST_LOOK, ASLEEP = 1.0, 3.0


class Stopwatch:
    """Seconds that go by while it is not stopped, and somebody looks at it every LONGEST_LOOK. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = clock()
        self._stopped: float | None = None  # since when
        self._lost = 0.0

    def now(self) -> float:
        """What it shows, in seconds."""
        with self._lock:
            if self._stopped is not None:
                return self._stopped - self._lost
            self._look()
            return self._looked - self._lost

    def stop(self) -> None:
        """Let it stand still; does nothing where it does."""
        with self._lock:
            if self._stopped is None:
                self._look()  # who wakes is stopped first of all, perhaps
                self._stopped = self._looked

    def go(self) -> None:
        """Let it go on; does nothing where it does."""
        with self._lock:
            if self._stopped is not None:
                self._looked = self._clock()
                self._lost += self._looked - self._stopped
                self._stopped = None

    def _look(self) -> None:
        before, self._looked = self._looked, self._clock()
        if self._looked - before > ASLEEP:
            self._lost += self._looked - before


class TimeLimit:
    """Calls `act` in a thread of its own once `stopwatch` has reached `deadline`, unless it was cancelled before."""

    def __init__(self, stopwatch: Stopwatch, deadline: float, act: Callable[[], None]) -> None:
        self._stopwatch, self._deadline, self._act = stopwatch, deadline, act
        self._over, self._lock = threading.Event(), threading.Lock()
        threading.Thread(target=self._wait, name="mcgui-time-limit", daemon=True).start()

    def postpone(self, deadline: float) -> bool:
        """Let it be that one. False where it has acted, or was cancelled."""
        with self._lock:
            self._deadline = deadline
            return not self._over.is_set()

    def cancel(self) -> None:
        """It is not needed any more."""
        self._over.set()

    def _wait(self) -> None:
        while not self._is_time():
            if self._over.wait(min(max(self._deadline - self._stopwatch.now(), LOOK), LONGEST_LOOK)):
                return
        self._act()

    def _is_time(self) -> bool:
        with self._lock:  # it may be postponed at this very moment
            if self._over.is_set() or self._deadline > self._stopwatch.now():
                return False
            self._over.set()
            return True
