"""What this computer is like right now, as far as the owner's limits ask for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil

from mcgui_core.owner.idle_time import idle_reader
from mcgui_core.owner.limits import Limits, MachineState

#: Characters of a process's name that Linux keeps. psutil looks for the rest of it, and does not always find it.
CUT = 15
#: Seconds for which the list of programs, and the battery's state, are good: they cost more than the rest to look at.
SLOW_LOOK = 10.0


class MachineReader:
    """Reads the state of the computer; looks only at what a limit that is on depends on."""

    def __init__(self) -> None:
        self._idle: Callable[[], float | None] | None = None
        self._looked = float("-inf")
        self._asked: Limits | None = None
        self._battery: bool | None = None
        self._programs: tuple[str, ...] = ()

    def read(self, limits: Limits) -> MachineState:
        """Takes some milliseconds at most, but under Wayland, where it asks the desktop."""
        now = time.monotonic()
        if limits != self._asked or now - self._looked >= SLOW_LOOK:
            self._looked, self._asked = now, limits
            self._battery = on_battery() if "mains" in limits.on else None
            self._programs = running(limits.programs) if "programs" in limits.on else ()
        idle: float | None = None
        if limits.on & {"idle", "in use"}:
            self._idle = self._idle or idle_reader()
            with suppress(OSError):  # it cannot tell
                idle = self._idle()
        return MachineState(idle=idle, on_battery=self._battery, programs=self._programs)


def on_battery() -> bool | None:
    """Whether it runs on battery; None where it has none, or the system does not say."""
    battery = None
    with suppress(psutil.Error, OSError, AttributeError):  # AttributeError: psutil knows no way on this system
        battery = psutil.sensors_battery()
    if battery is None or battery.power_plugged is None:
        return None
    return not battery.power_plugged


def running(programs: Iterable[str]) -> tuple[str, ...]:
    """Those of the programs that run now, under the name that was asked for."""
    wanted = {_plain(name): name for name in programs if name.strip()}
    if not wanted:
        return ()
    found: set[str] = set()
    with suppress(psutil.Error, OSError):
        for process in psutil.process_iter(["name"]):
            plain = _plain(process.info["name"] or "")
            found.update(name for asked, name in wanted.items() if plain in (asked, asked[:CUT]))
    return tuple(sorted(found))


def _plain(name: str) -> str:
    return name.strip().lower().removesuffix(".exe")
