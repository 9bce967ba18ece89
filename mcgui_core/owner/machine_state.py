"""What this computer is like right now, as far as the owner's limits ask for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from mcgui_core.owner.idle_time import idle_reader
from mcgui_core.owner.limits import Limits, MachineState
from mcgui_core.owner.other_users import OtherUsers
from mcgui_core.owner.program_list import ProgramList
from mcgui_core.owner.screen_use import watched

#: Seconds for which the list of programs, and the battery's state, are good: they cost more than the rest to look at.
SLOW_LOOK = 10.0
#: Those between two looks for other users' workers: they come and go with their users.
USERS_LOOK = 60.0


class MachineReader:
    """Reads the state of the computer; looks only at what a limit that is on depends on."""

    def __init__(self) -> None:
        self._list = ProgramList()
        self._idle: Callable[[], float | None] | None = None
        self._looked = float("-inf")
        self._asked: Limits | None = None
        self._battery: bool | None = None
        self._programs: tuple[str, ...] = ()
        self._watched: str | None = ""
        self._users, self._other_users, self._counted = OtherUsers(), 0, float("-inf")

    def read(self, limits: Limits) -> MachineState:
        """Takes some milliseconds at most, but under Wayland, where it asks the desktop."""
        now = time.monotonic()
        if limits != self._asked or now - self._looked >= SLOW_LOOK:
            self._looked, self._asked = now, limits
            self._battery = on_battery() if "mains" in limits.on else None
            self._watched = watched() if "watching" in limits.on else ""
            self._programs = self._list.running(limits.programs) if "programs" in limits.on else ()
        if limits.share and now - self._counted >= USERS_LOOK:
            self._counted, self._other_users = now, self._users.count()
        idle: float | None = None
        if limits.on & {"idle", "in use"}:
            self._idle = self._idle or idle_reader()
            with suppress(OSError):  # it cannot tell
                idle = self._idle()
        return MachineState(
            idle,
            self._battery,
            self._programs,
            watched=self._watched,
            other_users=self._other_users if limits.share else 0,
        )


def on_battery() -> bool | None:
    """Whether it runs on battery; None where it has none, or the system does not say."""
    battery = None
    with suppress(psutil.Error, OSError, AttributeError):  # AttributeError: psutil knows no way on this system
        battery = psutil.sensors_battery()
    if battery is None or battery.power_plugged is None:
        return None
    return not battery.power_plugged


@dataclass(frozen=True, slots=True)
class Strain:
    """What the whole computer is put to, ours included."""

    cpu: float  # per cent of all processors since the last look
    free_memory: int  # bytes that programs may have without anything being moved out of memory


def strain() -> Strain:
    return Strain(psutil.cpu_percent(interval=None), psutil.virtual_memory().available)
