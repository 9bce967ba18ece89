"""Functions and shared values of jobs, each in a file that all slots of this computer map: once in its memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.own_folder import OwnFolder
from mcgui_core.protocol.messages import Content, ProjectFile
from mcgui_core.values.value_file import content_folder

#: Files that stay though nothing runs that needs them: the next chunk may.
KEPT = 16


@dataclass(slots=True)
class _File:
    path: Path
    users: int = 0
    here: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)  # held while it comes


class ContentFiles:
    """Thread-safe. Those of a master on this computer are its own files; others come once, from the cache."""

    def __init__(self, cache: ContentCache) -> None:
        self._cache = cache
        self._guard = threading.Lock()
        self._files: dict[str, _File] = {}  # by SHA-256; the one that was used last is last
        self._home = OwnFolder(cache)
        self._master: Path | None = None

    def use_store(self, values: Path | None) -> None:
        """Where the master has its values, if they can be read here."""
        self._master = content_folder(values) if values is not None else None

    def has(self, content: Content) -> bool:
        """A file with that content is here already."""
        if self._master is not None and (self._master / content.sha256).is_file():
            return True
        with self._guard:
            found = self._files.get(content.sha256)
        return found is not None and found.here

    def take(self, content: Content, wanted: Callable[[], bool]) -> Path:
        """A file with that content, to be given back. Raises McguiError, also where it is not `wanted` any more while
        it comes; OSError."""
        if self._master is not None and (self._master / content.sha256).is_file():
            return self._master / content.sha256
        with self._guard:
            found = self._files.pop(content.sha256, None) or _File(self._home.path() / content.sha256)
            self._files[content.sha256] = found
            found.users += 1
        try:
            with found.guard:
                if not found.here:
                    self._cache.link(ProjectFile(content.sha256, content.size, content.sha256), found.path, wanted)
                    found.here = True
        except BaseException:
            self.give_back(found.path)
            raise
        return found.path

    def give_back(self, path: Path) -> None:
        """A chunk does not need it any more."""
        with self._guard:
            found = self._files.get(path.name)
            if found is None or found.path != path:
                return  # the master's own
            found.users -= 1
            for digest in [digest for digest, file in self._files.items() if not file.users][:-KEPT]:
                with suppress(OSError):  # a slot maps it still (Windows)
                    self._files[digest].path.unlink(missing_ok=True)
                    del self._files[digest]

    def close(self) -> None:
        """Nothing runs any more."""
        with self._guard:
            self._files.clear()
        self._home.remove()
