"""Low priority for processes of ours, so that the owner's own programs always come first."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

#: How nice a slot is: its tasks get a tenth of what another program's would where both want the same processor.
NICE = 10


def lower_priority(pids: Iterable[int]) -> None:
    """Give these processes, all of their threads, and what they start from now on, what nobody else wants of processor
    and disk.

    There is no way back where the system lets only an administrator raise a priority; a process that has ended, or
    belongs to somebody else, is left alone.
    """
    for pid in pids:
        for thread in _threads(pid):
            with suppress(psutil.Error, OSError):
                _lower(psutil.Process(thread))


def _threads(pid: int) -> list[int]:
    """Linux keeps a priority for each thread; elsewhere a process has one."""
    if sys.platform == "linux":
        with suppress(OSError):
            return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]
    return [pid]


def _lower(process: psutil.Process) -> None:
    if sys.platform == "win32":
        process.nice(psutil.IDLE_PRIORITY_CLASS)
        process.ionice(psutil.IOPRIO_VERYLOW)
        return
    if process.nice() < NICE:
        process.nice(NICE)
    if sys.platform == "linux":
        process.ionice(psutil.IOPRIO_CLASS_IDLE)
