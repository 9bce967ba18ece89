"""How our own processes are started: as commands of their own, never forked or spawned by multiprocessing.

Nothing re-imports the user's main module that way, so scripts need no `if __name__ == "__main__"`; and a child has
only the imports that it makes itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

#: First argument by which a frozen program (PyInstaller and the like) knows that it is to run one of our modules.
FROZEN_SWITCH = "--mcgui-module"


def module_command(module: str, options: Sequence[str] = ()) -> list[str]:
    """The command line that runs `module` of ours in a fresh interpreter, with these options of Python.

    A frozen program takes no such options.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_SWITCH, module]
    # -P: a file named like a module of the standard library, in the folder we happen to be in, must not shadow it.
    return [sys.executable, *options, "-P", "-m", module]


def quiet_window() -> dict[str, Any]:
    """Arguments for Popen that keep Windows from opening a console window for the child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {}


def own_group() -> dict[str, Any]:
    """Arguments for Popen that let `kill_group` find the processes which the child starts in its turn."""
    return {} if sys.platform == "win32" else {"process_group": 0}


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a child that was started with `own_group`, and all that it started; also where it has ended by itself."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # PermissionError: what macOS says of a zombie
            os.killpg(process.pid, signal.SIGKILL)
        return
    import psutil  # here, because every script that imports us would wait 10 ms for it

    family = []
    with suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for member in family:
        with suppress(psutil.Error):
            member.kill()
