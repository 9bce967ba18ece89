"""How our own processes are started: as commands of their own, never forked or spawned by multiprocessing.

Nothing re-imports the user's main module that way, so scripts need no `if __name__ == "__main__"`; and a child has
only the imports that it makes itself.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

#: First argument by which a frozen program (PyInstaller and the like) knows that it is to run one of our modules.
FROZEN_SWITCH = "--mcgui-module"


def module_command(module: str) -> list[str]:
    """The command line that runs `module` of ours in a fresh interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_SWITCH, module]
    # -P: a file named like a module of the standard library, in the folder we happen to be in, must not shadow it.
    return [sys.executable, "-P", "-m", module]


def quiet_window() -> dict[str, Any]:
    """Arguments for Popen that keep Windows from opening a console window for the child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {}
