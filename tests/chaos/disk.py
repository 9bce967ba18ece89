"""A disk that can be filled: a small one of its own where that may be mounted, a limit on the server's files elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

#: Set for the process that was started anew in a name space where it may mount what it likes.
SPACE_VARIABLE = "MCGUI_CHAOS_SPACE"
#: Bytes that a server may still write when its disk is "full" by a limit.
ROOM = 64 << 10


class Disk(Protocol):
    """Where the journal lies."""

    how: str  # it is filled, in words
    folder: Path

    def fill(self, server: int) -> bool:
        """From now on the server (a process id) can write no more. False where that cannot be done now."""

    def free(self, server: int | None) -> None:
        """It can again. `server`: the process that runs now, if one does."""

    def close(self) -> None: ...


class SmallDisk:
    """A tmpfs of our own, filled by a file. It is gone with this process's name space, or by `close`."""

    how = "a file that fills the journal's own small disk (tmpfs)"

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)

    def fill(self, server: int) -> bool:
        with self._ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass
        return True

    def free(self, server: int | None) -> None:
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


class LimitedDisk:
    """An ordinary folder. The server's files may not grow beyond what the largest of them has."""

    how = "a limit on the size of the server's files (RLIMIT_FSIZE)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def fill(self, server: int) -> bool:
        log = max((path.stat().st_size for path in self.folder.glob("*-wal")), default=0)
        return _limit(server, log + ROOM)

    def free(self, server: int | None) -> None:
        if server is not None:
            _limit(server, None)

    def close(self) -> None:
        """Nothing of it is left."""


def _limit(server: int, size: int | None) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    with suppress(psutil.NoSuchProcess):  # killed meanwhile; the next one has no limit
        process = psutil.Process(server)
        hard = process.rlimit(psutil.RLIMIT_FSIZE)[1]
        process.rlimit(psutil.RLIMIT_FSIZE, (hard if size is None else size, hard))
        return True
    return False


def may_mount() -> bool:
    """Whether this process may mount a disk where nobody else sees it."""
    return SPACE_VARIABLE in os.environ


def enter_space(arguments: list[str]) -> None:
    """Start this program anew where it may mount disks; return if that cannot be had."""
    program = shutil.which("unshare")
    if may_mount() or program is None or not sys.platform.startswith("linux"):
        return
    command = [program, "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    trial = [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(trial, capture_output=True, check=False).returncode:
        return
    os.environ[SPACE_VARIABLE] = "yes"
    os.execv(program, [*command, sys.executable, "-m", "tests.chaos", *arguments])
