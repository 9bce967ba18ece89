"""What a callable needs of modules that are the user's own: it travels pickled, and they by their files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mcgui_core.environment.environment_loader import PREFIX
from mcgui_core.environment.import_path import user_modules
from mcgui_core.environment.project_imports import is_compiled
from mcgui_core.environment.project_reader import Project, project_of_modules
from mcgui_core.values.pickling import Pickled


def callable_project(pickled: Any, patterns: tuple[str, ...]) -> Project:
    """The modules of the user's own that a pickled function names, with what those import; and the files that the
    patterns name, from the folder of the script on (where there is none, from the working folder)."""
    parts = pickled.parts if isinstance(pickled, Pickled) else (bytes(pickled),)
    text = [part for part in parts if isinstance(part, bytes | bytearray)]  # the others are arrays
    named = [place for name, place in _own_modules() if any(name.encode("utf-8", "replace") in part for part in text)]
    return project_of_modules(named, _home(), patterns)


def _home() -> Path:
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(script).resolve().parent if script else Path.cwd()


def _own_modules() -> Iterator[tuple[str, tuple[Path, Path]]]:
    """By name, modules that may travel: the folder that each is imported from, and its file."""
    for name, file in user_modules():
        if not (file.endswith(".py") or is_compiled(file)) or name.startswith(PREFIX) or not Path(file).is_file():
            continue
        place = Path(file).resolve()
        root = place.parent
        for _ in range(name.count(".") + (place.name == "__init__.py")):
            root = root.parent
        yield name, (root, place)
