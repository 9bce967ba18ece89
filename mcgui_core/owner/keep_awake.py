"""Keeps the computer from going to sleep for a while, by a lock that does not outlive us however we end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_CONTINUOUS: Final = 0x80000000
_SYSTEM: Final = 0x00000001


class KeepAwake:
    """`set(True)` keeps it awake, `set(False)` lets it sleep again; the screen may go dark all the same."""

    def __init__(self) -> None:
        self._let_go: Callable[[], None] | None = None  # what ends the lock that is held
        self._state_lock = threading.Lock()
        self.on = False

    def set(self, on: bool) -> None:
        """Does nothing where it is so already, or where the system offers no way. From any thread."""
        with self._state_lock:
            if on == self.on:
                return
            self.on = on
            if on:
                self._let_go = _hold()
            elif self._let_go is not None:
                self._let_go()
                self._let_go = None


def _hold() -> Callable[[], None] | None:
    """Keep it awake from now on. Returns what ends that; None where there is no way to do it."""
    if sys.platform == "win32":
        return _ThreadLock().end
    command = _command()
    if command is not None:
        with suppress(OSError):  # it is there, and cannot be started: as though it were not there
            return _ProgramLock(command).end
    return None


class _ProgramLock:
    """A lock that is held by a program, as long as that runs."""

    def __init__(self, command: list[str]) -> None:
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def end(self) -> None:
        assert self._program.stdin is not None
        self._program.stdin.close()
        self._program.terminate()
        self._program.wait()


class _ThreadLock:
    """Windows remembers by thread who wants it awake, and forgets that with the thread: so a lock is a thread."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mcgui-awake", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        _tell_windows(_CONTINUOUS | _SYSTEM)
        self._over.wait()
        _tell_windows(_CONTINUOUS)

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def _tell_windows(state: int) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetThreadExecutionState(state)


def _command() -> list[str] | None:
    """A program that holds the lock until we end, as its standard input tells it or by our process id."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if shutil.which("systemd-inhibit") is None:
        return None
    # "sleep" alone: "idle" would keep the screen on too, under KDE for one, and "sleep" refuses what suspends an idle
    # computer: logind's IdleAction=, KDE, and GNOME, which reads no locks but has logind suspend (before systemd 257
    # that let a user pass who holds the lock himself; "idle" did not change it).
    why = ["--what=sleep", "--who=mcgui worker", "--why=Tasks of a cluster run", "--mode=block"]
    return ["systemd-inhibit", *why, "cat"]
