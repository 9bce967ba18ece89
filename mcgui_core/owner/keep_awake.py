"""Keeps the computer from going to sleep for a while, by a lock that does not outlive us however we end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from typing import Final

_CONTINUOUS: Final = 0x80000000
_SYSTEM: Final = 0x00000001


class KeepAwake:
    """`set(True)` keeps it awake, `set(False)` lets it sleep again; the screen may go dark all the same."""

    def __init__(self) -> None:
        self._holder: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self.on = False

    def set(self, on: bool) -> None:
        """Does nothing where it is so already, or where the system offers no way. From any thread; on Windows always
        from the same one, since the system remembers it by thread."""
        with self._guard:
            if on != self.on:
                self.on = on
                self._set(on)

    def _set(self, on: bool) -> None:
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS | (_SYSTEM if on else 0))
        elif on:
            self._hold()
        else:
            self._let_go()

    def _hold(self) -> None:
        command = _command()
        if command is not None:
            self._holder = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def _let_go(self) -> None:
        holder, self._holder = self._holder, None
        if holder is not None:
            assert holder.stdin is not None
            holder.stdin.close()
            holder.terminate()
            holder.wait()


def _command() -> list[str] | None:
    """A program that holds the lock until we end, as its standard input tells it or by our process id."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if shutil.which("systemd-inhibit") is None:
        return None
    why = ["--what=sleep:idle", "--who=mcgui worker", "--why=Tasks of a cluster run", "--mode=block"]
    return ["systemd-inhibit", *why, "cat"]
