"""Clocks that never jump."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path


class Clock:
    """Seconds since the epoch that never jump: the wall clock of the start, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def __call__(self) -> float:
        return self._offset + time.monotonic()


class ElapsedClock:
    """Seconds since the epoch as the wall clock told them at the start, and from then on what has really gone by: also
    while the computer slept, and whatever the wall clock is set to."""

    def __init__(self) -> None:
        self._offset = time.time() - elapsed()

    def __call__(self) -> float:
        return self._offset + elapsed()


class OnTheWall:
    """A moment of a clock that nobody sets, as the one on the wall shows it: at another time, once that one was set."""

    #: Seconds by which the two clocks may drift apart before that is told.
    DRIFT = 2.0

    def __init__(self, moment: float) -> None:
        self._moment = moment
        self._shown: float | None = None

    def shown(self, now: float, wall: float) -> float:
        """Whole seconds since the epoch, where the two clocks show `now` and `wall`."""
        found = float(round(self._moment + wall - now))
        if self._shown is None or abs(found - self._shown) > self.DRIFT:
            self._shown = found
        return self._shown


def elapsed() -> float:
    """Seconds from some moment before this computer was started, those counted in which it slept."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "win32":
        import ctypes

        ticks = ctypes.windll.kernel32.GetTickCount64
        ticks.restype = ctypes.c_uint64
        return float(ticks()) / 1000
    return time.clock_gettime(time.CLOCK_MONOTONIC)  # which counts sleep on macOS


def boot_id() -> str:
    """Another one each time that this computer is started; "" where the system has none."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""
