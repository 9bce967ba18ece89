"""Whether somebody watches something on this computer: a film, a talk, a game, a call.

A program that fills the screen says so, and one that keeps the screen from going dark. Where a system cannot tell, the
answer is no.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress

from mcgui_core.owner.idle_time import library

#: What Windows calls a program that fills the screen, a game that does, and a presentation.
_FULL_SCREEN = (2, 3, 4)
_ATOM, _WINDOW = 4, 33  # types of properties of X windows
#: By whom the worker itself keeps the computer awake (keep_awake.py).
_OURS = "mcgui worker"


def watched() -> str:
    """Why somebody seems to watch something, as a sentence; "" where nobody does. Takes some hundredths of a second."""
    if _fills_the_screen():
        return "A program fills the screen."
    return "A program keeps the screen on." if _keeps_the_screen_on() else ""


def _fills_the_screen() -> bool:
    if sys.platform == "win32":
        state = ctypes.c_int()
        asked = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state)) == 0
        return asked and state.value in _FULL_SCREEN
    return bool(os.environ.get("DISPLAY")) and sys.platform != "darwin" and _active_window_is_full()


def _active_window_is_full() -> bool:
    x = library("X11")
    if x is None:
        return False
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultRootWindow.restype = x.XInternAtom.restype = ctypes.c_ulong
    x.XDefaultRootWindow.argtypes = x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    x.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x.XSetErrorHandler.argtypes = (ctypes.c_void_p,)
    display = x.XOpenDisplay(None)
    if not display:
        return False
    x.XSetErrorHandler(_IGNORE)  # a window may go while it is looked at
    try:
        for window in _property(x, display, x.XDefaultRootWindow(display), b"_NET_ACTIVE_WINDOW", _WINDOW):
            full = x.XInternAtom(display, b"_NET_WM_STATE_FULLSCREEN", 0)
            if window and full in _property(x, display, window, b"_NET_WM_STATE", _ATOM):
                return True
    finally:
        x.XCloseDisplay(display)
    return False


_IGNORE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda _display, _error: 0)


def _property(x: ctypes.CDLL, display: int, window: int, name: bytes, kind: int) -> list[int]:
    """The numbers of a window's property; none where it has no such one."""
    found_type, count, left = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    form, data = ctypes.c_int(), ctypes.POINTER(ctypes.c_ulong)()
    failed = x.XGetWindowProperty(
        *(ctypes.c_void_p(display), ctypes.c_ulong(window), ctypes.c_ulong(x.XInternAtom(display, name, 0))),
        *(ctypes.c_long(0), ctypes.c_long(64), 0, ctypes.c_ulong(kind)),
        *(ctypes.byref(found_type), ctypes.byref(form), ctypes.byref(count), ctypes.byref(left), ctypes.byref(data)),
    )
    if failed or not ctypes.cast(data, ctypes.c_void_p).value:
        return []
    numbers = [int(data[place]) for place in range(count.value)] if form.value == 32 else []
    x.XFree(data)
    return numbers


def _keeps_the_screen_on() -> bool:
    if sys.platform == "win32":
        return False  # only an administrator may ask
    if sys.platform == "darwin":
        return re.search(r"PreventUserIdleDisplaySleep +[1-9]", _answer("pmset", "-g", "assertions")) is not None
    # GNOME: 8 stands for "the session counts as idle". Others, and programs without a desktop, by logind.
    gnome = ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager.IsInhibited")
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS") and "true" in _gdbus(*gnome, "uint32 8"):
        return True
    holders = _answer("systemd-inhibit", "--list", "--no-legend").splitlines()
    return any(re.search(r"\bidle\b.*\bblock\b", line) and _OURS not in line for line in holders)


def _gdbus(name: str, path: str, method: str, *values: str) -> str:
    command = ("call", "--session", "--timeout", "2", "--dest", name, "--object-path", path, "--method", method)
    return _answer("gdbus", *command, *values)


def _answer(program: str, *arguments: str) -> str:
    """What a program prints; "" where there is none, or it fails."""
    if shutil.which(program) is None:
        return ""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=5, check=True
        )
        return done.stdout
    return ""
