"""Which files of a project a function reads: those that do not travel with its job would be missed elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcgui_core.environment.project_reader import find_files
from mcgui_core.errors import McguiError

#: Files that are named, at most.
MOST = 20


class FilesRead:
    """Hears of every file that this process opens, from now until its end."""

    def __init__(self, root: str) -> None:
        """`root` is the folder of the project; what lies elsewhere is not looked at."""
        self._root = os.path.join(os.path.realpath(root), "")  # noqa: PTH118
        self._read: dict[str, None] = {}
        self._made: set[str] = set()  # by the function itself, and perhaps read afterwards
        self._listening = True
        sys.addaudithook(self._hear)

    @contextmanager
    def not_heard(self) -> Iterator[None]:
        """What is read meanwhile is read on this computer only, as the files of arguments are."""
        self._listening = False
        try:
            yield
        finally:
            self._listening = True

    def staying(self, main: str, patterns: tuple[str, ...], source: str) -> tuple[str, ...]:
        """Those that would not travel with the environment `main`, and what `patterns` name: by their paths in the
        project, with "/"."""
        if not self._read:
            return ()
        try:
            travels = find_files(Path(main), patterns, source).files
        except (McguiError, OSError):  # which is said elsewhere
            return ()
        found = [Path(path).relative_to(self._root).as_posix() for path in list(self._read) if Path(path).is_file()]
        return tuple(sorted(path for path in found if path not in travels)[:MOST])

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not self._listening or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        try:
            path, flags = os.path.realpath(os.fsdecode(arguments[0])), arguments[2]
            if not path.startswith(self._root) or path in self._made or _is_of_tools(path.removeprefix(self._root)):
                return
            if flags & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY or not os.path.exists(path):  # noqa: PTH110
                self._made.add(path)
            else:
                self._read[path] = None
        except (TypeError, ValueError, OSError):
            return  # a name that is none: whoever opens it is told


def _is_of_tools(path: str) -> bool:
    """It lies in a hidden folder, or one that Python itself fills."""
    *folders, _ = Path(path).parts
    return any(name.startswith(".") or name in ("__pycache__", "site-packages") for name in folders)
