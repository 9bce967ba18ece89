"""How long nobody has touched mouse or keyboard: by what each system can tell, without compiled helpers.

Never by the processor's load, since our own tasks make that. Where a system cannot tell, the answer is None.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mcgui_core.base.clock import elapsed
from mcgui_core.owner.desktop_bus import BusCall, number_in


def idle_reader() -> Callable[[], float | None]:
    """What tells the seconds since the last input on this computer; it may be called again and again."""
    if sys.platform == "win32":
        return _windows
    if sys.platform == "darwin":
        return _Quartz().read
    if os.environ.get("WAYLAND_DISPLAY"):  # first: its X server hears only of what X programs are given
        return _wayland
    if os.environ.get("DISPLAY"):
        return _XScreenSaver().read
    return _Terminals().read


def _windows() -> float | None:
    if sys.platform != "win32":
        return None
    last = _LastInputInfo()
    last.size = ctypes.sizeof(last)
    if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    ticks = ctypes.windll.kernel32.GetTickCount()
    return float((ticks - last.ticks) & 0xFFFFFFFF) / 1000  # it starts over every 49 days


class _LastInputInfo(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint), ("ticks", ctypes.c_uint))


class _Quartz:
    """macOS: the time since any event, in the state of the whole session."""

    _SESSION, _ANY_INPUT = 0, 0xFFFFFFFF

    def __init__(self) -> None:
        self._ask: Callable[[int, int], float] | None = None
        found = ctypes.util.find_library("ApplicationServices")
        if found is not None:
            with suppress(OSError, AttributeError):
                function = ctypes.CDLL(found).CGEventSourceSecondsSinceLastEventType
                function.restype = ctypes.c_double
                function.argtypes = (ctypes.c_int32, ctypes.c_uint32)
                self._ask = function

    def read(self) -> float | None:
        return None if self._ask is None else float(self._ask(self._SESSION, self._ANY_INPUT))


class _ScreenSaverInfo(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


class _XScreenSaver:
    """X11, by its screen saver extension. Each look opens the display anew: Xlib ends a process whose server went away
    while it held a connection, and a look every few seconds is cheap."""

    def __init__(self) -> None:
        self._x, self._saver = library("X11"), library("Xss")
        if self._x is None or self._saver is None:
            return
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.argtypes = (ctypes.c_void_p,)
        self._x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        self._saver.XScreenSaverQueryInfo.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)

    def read(self) -> float | None:
        if self._x is None or self._saver is None:
            return None
        display = self._x.XOpenDisplay(None)
        if not display:
            return None
        try:
            info = _ScreenSaverInfo()
            root = self._x.XDefaultRootWindow(display)
            if not self._saver.XScreenSaverQueryInfo(display, root, ctypes.byref(info)):
                return None
            return float(info.idle) / 1000
        finally:
            self._x.XCloseDisplay(display)


def library(name: str) -> ctypes.CDLL | None:
    """A library of X11, where it is installed."""
    # By the name of its first version too: find_library needs a compiler's tools, which a desktop may lack.
    for candidate in (ctypes.util.find_library(name), f"lib{name}.so.{6 if name == 'X11' else 1}"):
        if candidate is not None:
            with suppress(OSError):
                return ctypes.CDLL(candidate)
    return None


#: Who tells it under Wayland, in thousandths of a second: GNOME, and others as far as they do (KDE's no longer does).
_DESKTOPS = (
    BusCall(
        "org.gnome.Mutter.IdleMonitor",
        "/org/gnome/Mutter/IdleMonitor/Core",
        "org.gnome.Mutter.IdleMonitor.GetIdletime",
    ),
    BusCall("org.freedesktop.ScreenSaver", "/ScreenSaver", "org.freedesktop.ScreenSaver.GetSessionIdleTime"),
)


def _wayland() -> float | None:
    for desktop in _DESKTOPS:
        said = desktop.ask()
        if said is not None and (found := number_in(said)) is not None:
            return found / 1000
    return None


class _Terminals:
    """Without a desktop: the time since anybody who is logged in typed something; for ever where nobody is.

    The system notes that by the clock on the wall, which may be set between the key and the look: so it is asked once
    for each key how long ago that was, and the rest is elapsed time.
    """

    def __init__(self) -> None:
        self._touched = float("-inf")
        self._since = 0.0  # that moment, by `elapsed`

    def read(self) -> float | None:
        import psutil

        touched = []
        for user in psutil.users():
            if user.terminal:
                with suppress(OSError):
                    touched.append(Path("/dev", user.terminal).stat().st_atime)
        if not touched:
            return float("inf")
        if max(touched) != self._touched:
            self._touched = max(touched)
            self._since = elapsed() - max(0.0, time.time() - self._touched)
        return elapsed() - self._since
