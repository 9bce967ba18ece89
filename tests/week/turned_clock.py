"""The clock on the wall, as the programs of the week see it (libfaketime), and how long their computer has slept."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import psutil

#: Where Debian's package libfaketime has its library for programs with threads.
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")
SHARED_MEMORY = Path("/dev/shm")
#: Central Europe, by a rule, so that no table of time zones is needed: clocks go back on the last Sunday of October.
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"


def library() -> Path | None:
    """Where it is installed; None where it is not."""
    found = [path for place in PLACES for path in Path("/").glob(place.removeprefix("/"))]
    return found[0] if found else None


def _of_library() -> set[Path]:
    """What it has in shared memory; names end with the number of a process."""
    return {path for path in SHARED_MEMORY.glob("*faketime_*") if path.name.rpartition("_")[2].isdecimal()}


class TurnedClock:
    """Processes that are started with `variables` live by it. It goes on like any clock, and jumps where told to."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self._folder = folder
        self._not_ours = _of_library()
        self._slept = 0.0
        self._ahead = start.timestamp() - time.time()
        self._write("slept", "0")
        self._tell()

    @property
    def now(self) -> datetime:
        """What the clock on the wall shows."""
        return datetime.fromtimestamp(time.time() + self._ahead).astimezone()

    @property
    def variables(self) -> dict[str, str]:
        """Of the environment of processes that live by this clock."""
        return {
            "WEEK": str(self._folder),
            "TZ": ZONE,
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._folder / "clock"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "stand_ins"), str(Path(__file__).parents[2])]),
        }

    def sleep_until(self, moment: datetime) -> None:
        """The computer sleeps until then: what it does stands still meanwhile, and its clocks do not."""
        seconds = moment.timestamp() - time.time() - self._ahead
        assert seconds > 0, f"{moment} is over"
        self._slept += seconds
        self._write("slept", str(self._slept))
        self._turn(seconds)

    def set_by(self, change: timedelta) -> None:
        """Somebody sets the clock on the wall."""
        self._turn(change.total_seconds())

    def clear_away(self) -> None:
        """Once they are over: what libfaketime leaves in shared memory of processes that are killed."""
        for path in _of_library() - self._not_ours:
            if not psutil.pid_exists(int(path.name.rpartition("_")[2])):
                path.unlink(missing_ok=True)

    def _turn(self, seconds: float) -> None:
        self._ahead += seconds
        self._tell()

    def _tell(self) -> None:
        self._write("clock", f"{self._ahead:+.3f}\n")

    def _write(self, name: str, text: str) -> None:
        """Whoever reads meanwhile finds the old or the new."""
        new = self._folder / f"{name}.new"
        new.write_text(text)
        new.replace(self._folder / name)
