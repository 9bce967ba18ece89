"""Copies files and folders into the folder of an environment, so that they can travel with it. Blocks."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mcgui.console.environment.source_file import FileTrouble


def copied_into(folder: Path, paths: Iterable[Path]) -> list[Path]:
    """The copies, under the names that they had. Raises FileTrouble; nothing that was there is replaced."""
    return [_copied(path, folder / path.name) for path in paths]


def _copied(path: Path, copy: Path) -> Path:
    if path.is_dir() and copy.parent.resolve().is_relative_to(path.resolve()):
        raise FileTrouble(f"{path} holds {copy.parent} itself, so it was not copied.")
    try:
        if path.is_dir():
            _copy_folder(path, copy)
        elif not copy.exists():
            shutil.copy2(path, copy)
        elif not filecmp.cmp(path, copy, shallow=False):
            raise FileTrouble(f"{copy.parent} has another {copy.name} already, so it was not copied.")
    except FileExistsError as error:
        raise FileTrouble(f"{copy.parent} has a folder {copy.name} already, so it was not copied.") from error
    except shutil.Error as error:  # a list of what could not be copied, and why
        _, _, why = error.args[0][0]
        raise FileTrouble(f"{path.name} cannot be copied into {copy.parent}: {why}.") from error
    except OSError as error:
        raise FileTrouble(f"{path.name} cannot be copied into {copy.parent}: {error.strerror or error}.") from error
    return copy


def _copy_folder(path: Path, copy: Path) -> None:
    """All of it or nothing: what is left of half a copy would be in the way of the next try."""
    if copy.exists():
        raise FileExistsError(copy)
    with tempfile.TemporaryDirectory(prefix=".copying-", dir=copy.parent) as beside:
        shutil.copytree(path, Path(beside) / copy.name)
        (Path(beside) / copy.name).rename(copy)
