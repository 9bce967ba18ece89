"""Folders in which the files of projects lie as they lay at home: one for each content, where its jobs run."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from mcgui_core.environment.environment_loader import alias_source
from mcgui_core.errors import BadInput
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.protocol.job_check import is_relative
from mcgui_core.protocol.messages import JobSpec

#: Folders that stay though nothing runs in them: the next chunk may be of a job that had one.
KEPT = 16

#: Specs whose keys are remembered: to reckon one takes 10 ms for a project of 10,000 files.
_KEYS = 64


@dataclass(slots=True)
class _Project:
    folder: Path
    users: int = 0  # chunks that run in it
    ready: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)  # held while it is laid out


class ProjectFolders:
    """Thread-safe. A folder that was given up has another name when it comes again, so no old process fits."""

    def __init__(self, cache: ContentCache) -> None:
        self._cache = cache
        self._guard = threading.Lock()
        self._projects: dict[str, _Project] = {}  # the one that was used last is last
        self._keys: dict[int, tuple[JobSpec, str]] = {}  # by the spec's identity
        self._numbers = count(1)
        self._home: tempfile.TemporaryDirectory[str] | None = None

    def take(self, spec: JobSpec) -> Path:
        """The folder of a spec's project, to be given back. Fetches what is missing. Raises McguiError, OSError."""
        with self._guard:
            key = self._key(spec)
            project = self._projects.pop(key, None) or _Project(self._new_folder())
            self._projects[key] = project
            project.users += 1
        try:
            with project.guard:
                if not project.ready:
                    self._lay_out(spec, project.folder)
                    project.ready = True
        except BaseException:
            self.give_back(project.folder)
            raise
        return project.folder

    def give_back(self, folder: Path) -> None:
        """A chunk does not run there any more."""
        with self._guard:
            for project in self._projects.values():
                if project.folder == folder:
                    project.users -= 1
            idle = [key for key, project in self._projects.items() if not project.users]
            over = [self._projects.pop(key) for key in idle[:-KEPT]]
        for project in over:
            shutil.rmtree(project.folder, ignore_errors=True)  # what is in use still (Windows) goes with the agent

    def close(self) -> None:
        """Nothing runs any more."""
        with self._guard:
            home, self._home = self._home, None
            self._projects.clear()
        if home is not None:
            with suppress(OSError):
                home.cleanup()

    def _key(self, spec: JobSpec) -> str:
        known = self._keys.get(id(spec))
        if known is not None and known[0] is spec:
            return known[1]
        if len(self._keys) >= _KEYS:
            self._keys.clear()
        digest = hashlib.sha256(repr((spec.main, spec.environment, spec.files)).encode("utf-8", "surrogatepass"))
        self._keys[id(spec)] = spec, digest.hexdigest()
        return digest.hexdigest()

    def _new_folder(self) -> Path:
        if self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="mcgui-projects-", ignore_cleanup_errors=True)
        return Path(self._home.name).resolve() / str(next(self._numbers))

    def _lay_out(self, spec: JobSpec, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)  # an earlier try may have failed half-way
        folder.mkdir(parents=True)
        for file in spec.files:
            target = folder / file.path
            if not is_relative(file.path) or not target.is_relative_to(folder):
                raise BadInput(f"{file.path} does not lie in the folder of its project.")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._cache.copy(file, target)
        name, text = alias_source(spec.main, spec.environment)
        (folder / name).write_text(text, encoding="utf-8")
