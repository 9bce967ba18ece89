"""Whether somebody watches something on this computer: a film, a talk, a game, a call.

A program that fills the screen says so, and one that keeps the screen from going dark. Who is asked:

| | fills the screen | keeps it on |
| --- | --- | --- |
| Windows | the shell | nobody: only an administrator may ask |
| macOS | nobody | `pmset` |
| X11, and X programs under Wayland | the window manager | GNOME's session (MATE's and Cinnamon's too), KDE's, logind |
| Wayland | nobody | the same |
"""

from __future__ import annotations

import ctypes
import os
import re
import sys

from mcgui_core.owner.desktop_bus import BusCall, answer, texts_in
from mcgui_core.owner.idle_time import library

#: What Windows calls a program that fills the screen, a game that does, and a presentation.
_FULL_SCREEN = (2, 3, 4)
_ATOM, _WINDOW = 4, 33  # types of properties of X windows


def watched() -> str | None:
    """Why somebody seems to watch something, as a sentence; "" where nobody does, None where this computer cannot tell.
    Takes some hundredths of a second."""
    full = _fills_the_screen()
    if full:
        return "A program fills the screen."
    kept_on = _keeps_the_screen_on()
    if kept_on:
        return "A program keeps the screen on."
    return None if full is kept_on is None else ""


def _fills_the_screen() -> bool | None:
    if sys.platform == "win32":
        state = ctypes.c_int()
        asked = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state)) == 0
        return state.value in _FULL_SCREEN if asked else None
    if sys.platform == "darwin" or not os.environ.get("DISPLAY"):
        return None
    full = _active_window_is_full()
    # Under Wayland X sees its own programs alone: that none of them fills the screen says nothing of the others.
    return None if full is False and os.environ.get("WAYLAND_DISPLAY") else full


def _active_window_is_full() -> bool | None:
    x = library("X11")
    if x is None:
        return None
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultRootWindow.restype = x.XInternAtom.restype = ctypes.c_ulong
    x.XDefaultRootWindow.argtypes = x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    x.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x.XSetErrorHandler.argtypes = (ctypes.c_void_p,)
    display = x.XOpenDisplay(None)
    if not display:
        return None
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


#: GNOME: 8 stands for "the session counts as idle".
_GNOME = BusCall(
    "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager.IsInhibited", number=8
)
_AGENT = "org.kde.Solid.PowerManagement.PolicyAgent"
#: KDE: 4 stands for "the screen stays as it is". It counts logind's locks too, of which ours is none (keep_awake.py).
_KDE = BusCall(_AGENT, "/org/kde/Solid/PowerManagement/PolicyAgent", f"{_AGENT}.HasInhibition", number=4)
#: Others, and programs without a desktop.
_LOGIND = BusCall(
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager.ListInhibitors",
    bus="system",
)


def _keeps_the_screen_on() -> bool | None:
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin":
        said = answer("pmset", "-g", "assertions")
        return None if said is None else holds_the_display(said)
    told: bool | None = None
    for look in (_gnome, _kde, _logind):  # each starts a program: no more of them than it takes
        kept_on = look()
        if kept_on:
            return True
        told = told if kept_on is None else False
    return told


def holds_the_display(assertions: str) -> bool:
    """Whether what `pmset -g assertions` prints on macOS says that some program keeps the display from sleeping."""
    return re.search(r"^\s*PreventUserIdleDisplaySleep\s+[1-9]", assertions, re.MULTILINE) is not None


def _gnome() -> bool | None:
    said = _GNOME.ask()
    return None if said is None else "true" in said


def _kde() -> bool | None:
    said = _KDE.ask()
    return None if said is None else "true" in said


def _logind() -> bool | None:
    said = _LOGIND.ask()
    if said is None:
        return None
    texts = texts_in(said)  # of each lock: what, who, why, mode
    locks = zip(texts[::4], texts[3::4], strict=False)
    return any("idle" in what.split(":") and mode == "block" for what, mode in locks)
