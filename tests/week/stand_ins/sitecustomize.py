"""What Python imports first in every process of the week: a battery, and the time that the computer has slept.

libfaketime turns the clock on the wall and leaves the monotonic ones alone, as they are where a computer sleeps; but
the one that counts sleep (CLOCK_BOOTTIME) it leaves alone too. And psutil reads batteries where only the kernel writes.
"""

import os
import select
import time
from pathlib import Path

_folder = Path(os.environ["WEEK"])
_clock_gettime = time.clock_gettime


def _with_sleep(clock: int) -> float:
    found = _clock_gettime(clock)
    return float(found) + float((_folder / "slept").read_text()) if clock == time.CLOCK_BOOTTIME else found


time.clock_gettime = _with_sleep
# libfaketime refuses a sleep until a moment of a clock that it leaves alone.
time.sleep = lambda seconds: select.select([], [], [], float(seconds)) and None

import psutil._pslinux  # noqa: E402 - it keeps some of the functions of `time`

psutil._pslinux.POWER_SUPPLY_PATH = str(_folder / "power")
