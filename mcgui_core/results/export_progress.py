"""What a file of results may be, how far one is, and whether it is still wanted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mcgui_core.errors import ExportStopped

#: What a file may be, which is also how its name ends.
FORMATS = ("csv", "jsonl", "parquet", "xlsx", "npy", "pickle")
#: What has to be installed for some of them: package, and the extra of ours that brings it.
PACKAGES = {"parquet": ("pyarrow", "parquet"), "xlsx": ("openpyxl", "xlsx"), "npy": ("numpy", "numpy")}
#: Which arguments are written: those that are short (numbers, names; not the content of files), all, or none.
ExportedArguments = Literal["short", "all", "none"]


@dataclass(frozen=True)
class ExportOptions:
    """How a file is written. `exact`: a CSV file with text as it is, for programs, and not as is safe for Excel."""

    arguments: ExportedArguments = "short"
    exact: bool = False


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


def target_of(path: Path) -> Path:
    """The file itself, where the path is a link to it: that stays a link."""
    return Path(os.path.realpath(path))
