"""Copies files and folders into the folder of an environment, so that they can travel with it. Blocks."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterable
from pathlib import Path

from mcgui.console.environment.source_file import FileTrouble


def copied_into(folder: Path, paths: Iterable[Path]) -> list[Path]:
    """The copies, under the names that they had. Raises FileTrouble; nothing that was there is replaced."""
    return [_copied(path, folder / path.name) for path in paths]


def _copied(path: Path, copy: Path) -> Path:
    try:
        if path.is_dir():
            shutil.copytree(path, copy)
        elif not copy.exists():
            shutil.copy2(path, copy)
        elif not filecmp.cmp(path, copy, shallow=False):
            raise FileTrouble(f"{copy.parent} has another {copy.name} already, so it was not copied.")
    except FileExistsError as error:
        raise FileTrouble(f"{copy.parent} has a folder {copy.name} already, so it was not copied.") from error
    except OSError as error:
        raise FileTrouble(f"{path.name} cannot be copied into {copy.parent}: {error.strerror or error}.") from error
    return copy
