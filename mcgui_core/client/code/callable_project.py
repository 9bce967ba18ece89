"""What a callable needs of modules that are the user's own: it travels pickled, and they by their files.

What is imported from an archive travels as files too: a worker imports modules from a folder.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mcgui_core.environment.environment_loader import PREFIX
from mcgui_core.environment.import_path import user_modules
from mcgui_core.environment.project_imports import is_compiled
from mcgui_core.environment.project_reader import Project, project_of_modules
from mcgui_core.values.pickling import Pickled


def callable_project(pickled: Any, patterns: tuple[str, ...], until: ExitStack) -> Project:
    """The modules of the user's own that a pickled function names, with what those import; and the files that the
    patterns name, from the folder of the script on (where there is none, from the working folder). What lies in an
    archive is there as files `until` that is closed."""
    parts = pickled.parts if isinstance(pickled, Pickled) else (bytes(pickled),)
    text = [part for part in parts if isinstance(part, bytes | bytearray)]  # the others are arrays
    archives: dict[Path, Path] = {}

    def unpacked(archive: Path) -> Path:
        if archive not in archives:
            archives[archive] = Path(until.enter_context(TemporaryDirectory(prefix="mcgui-"))).resolve()
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(archives[archive], [name for name in packed.namelist() if name.endswith(".py")])
        return archives[archive]

    named = [
        _place(name, file, unpacked)
        for name, file in user_modules()
        if _may_travel(name, file) and any(name.encode("utf-8", "replace") in part for part in text)
    ]
    return project_of_modules(filter(None, named), _home(), patterns)


def _home() -> Path:
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(script).resolve().parent if script else Path.cwd()


def _may_travel(name: str, file: str) -> bool:
    return (file.endswith(".py") or is_compiled(file)) and not name.startswith(PREFIX)


def _place(name: str, file: str, unpacked: Callable[[Path], Path]) -> tuple[Path, Path] | None:
    """The folder that a module is imported from, and its file; None where that is nowhere."""
    place = Path(file).resolve()
    if not place.is_file():
        archive = next((parent for parent in place.parents if parent.is_file()), None)
        if archive is None or not zipfile.is_zipfile(archive):
            return None
        place = unpacked(archive) / place.relative_to(archive)
        if not place.is_file():
            return None
    root = place.parent
    for _ in range(name.count(".") + (place.name.partition(".")[0] == "__init__")):
        root = root.parent
    return root, place
