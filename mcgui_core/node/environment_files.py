"""Environments that are only text, as modules in a folder: processes that a task starts import them by their names."""

from __future__ import annotations

import threading
from pathlib import Path

from mcgui_core.environment.environment_loader import text_module
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.own_folder import OwnFolder
from mcgui_core.protocol.messages import JobSpec

#: Files that are kept; the oldest goes first.
KEPT = 200


class EnvironmentFiles:
    """Thread-safe. One folder for all of them: each has its content in its name."""

    def __init__(self, cache: ContentCache) -> None:
        self._guard = threading.Lock()
        self._home = OwnFolder(cache)
        self._written: dict[str, Path] = {}
        self._latest: tuple[JobSpec, Path] | None = None  # and where it lies

    def folder_for(self, spec: JobSpec) -> Path:
        """The folder, with the module of this environment in it. Raises OSError."""
        latest = self._latest
        if latest is not None and latest[0] is spec:  # as with each piece of a job
            return latest[1]
        with self._guard:
            folder = self._home.path()
            self._write(folder, *text_module(spec.environment))
            self._latest = spec, folder
            return folder

    def close(self) -> None:
        """Nothing runs any more."""
        with self._guard:
            self._written.clear()
            self._latest = None
        self._home.remove()

    def _write(self, folder: Path, name: str, source: str) -> None:
        if name in self._written:
            return
        self._written[name] = folder / name
        self._written[name].write_text(source, encoding="utf-8", errors="replace", newline="\n")
        while len(self._written) > KEPT:
            self._written.pop(next(iter(self._written))).unlink(missing_ok=True)
