"""Who else lets this computer work: users of it whose worker runs now."""

from __future__ import annotations

import os
from contextlib import suppress

import psutil

#: What stands in the command of every worker, whoever started it.
WORKERS = ("mcgui_core.node.agent_main", "mcgui-core worker", "mcgui_core.cli.main worker")


class OtherUsers:
    """Looks at each process once, when it is new."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, str]] = {}  # process -> when it was started, and whose worker it is
        self._me = ""

    def count(self) -> int:
        """Users beside the one who asks that have a worker here. One that the system hides is not seen."""
        known, self._known = self._known, {}
        with suppress(psutil.Error, OSError):
            self._me = self._me or psutil.Process(os.getpid()).username()
            for process in psutil.process_iter(["create_time"]):
                started = process.info["create_time"] or 0.0
                before = known.get(process.pid)
                same = before is not None and before[0] == started
                self._known[process.pid] = before if same and before else (started, _user(process))
        return len({user for _, user in self._known.values()} - {"", self._me})


def _user(process: psutil.Process) -> str:
    """Whose worker a process is; "" where it is none."""
    with suppress(psutil.Error, OSError):
        command = process.cmdline()
        words = " ".join([*(word.replace("\\", "/").rpartition("/")[2] for word in command[:2]), *command[2:]])
        if any(worker in words for worker in WORKERS):
            return process.username()
    return ""
