"""What a file of results may be, how far one is, and whether it is still wanted."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from mcgui_core.errors import ExportStopped


class ExportProgress:
    """`part` goes from 0.0 to 1.0. `ticket` tells one export from another."""

    def __init__(self, ticket: str = "") -> None:
        self.ticket = ticket
        self.part = 0.0
        self._stopped = False

    def stop(self) -> None:
        """It is not wanted any more."""
        self._stopped = True

    def reached(self, part: float) -> None:
        """Raises ExportStopped where it is not wanted any more."""
        self.part = min(max(part, 0.0), 1.0)
        if self._stopped:
            raise ExportStopped


def beside_of(path: Path, ticket: str) -> Path:
    """Where the file is until it is whole."""
    return path.with_name(f".{path.name}.{ticket}.new")


def remove_beside(path: Path) -> None:
    """What was begun there is not wanted, be it a file or a folder.

    What cannot be removed stays: why the results are not there is told, and no error of clearing up in its place.
    """
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def target_of(path: Path) -> Path:
    """The file itself, where the path is a link to it: that stays a link."""
    return Path(os.path.realpath(path))
