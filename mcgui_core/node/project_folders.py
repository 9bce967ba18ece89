"""Folders in which the files of projects lie as they lay at home, where jobs run: what one writes stays its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from mcgui_core.environment.project_layout import lay_out
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.own_folder import OwnFolder
from mcgui_core.protocol.messages import JobSpec

#: Folders that stay though nothing runs in them: the next chunk may be of a job that had one.
KEPT = 16

#: Specs whose keys are remembered: to reckon one takes 10 ms for a project of 10,000 files.
_KEYS = 64

#: What Python (and numba) keep beside modules: it depends on their content alone, so jobs may share it.
_COMPILED = "__pycache__"


@dataclass(slots=True)
class _Project:
    key: str  # of its content
    folder: Path
    job: int
    users: int = 0  # chunks that run in it
    laid_out: dict[str, tuple[int, int]] | None = None  # what was there at first; None while it is not there
    guard: threading.Lock = field(default_factory=threading.Lock)  # held while it is laid out

    @property
    def untouched(self) -> bool:
        """Nothing in it was written, removed or changed."""
        return self.laid_out is not None and self.laid_out == dict(_files(str(self.folder)))


class ProjectFolders:
    """Thread-safe. A folder that was given up has another name when it comes again, so no old process fits.

    A job has a folder of its own while it runs. The next one of the same content takes it over, with the processes that
    work there, if it is as it was laid out.
    """

    def __init__(self, cache: ContentCache) -> None:
        self._cache = cache
        self._guard = threading.Lock()
        self._projects: list[_Project] = []  # the one that was used last is last
        self._keys: dict[int, tuple[JobSpec, str]] = {}  # by the spec's identity
        self._numbers = count(1)
        self._home = OwnFolder(cache)

    def take(self, job: int, spec: JobSpec, wanted: Callable[[], bool] = lambda: True) -> Path:
        """The folder of a job's project, to be given back. Fetches what is missing. Raises McguiError, OSError; also
        where it is not `wanted` any more while its files come."""
        with self._guard:
            project = self._of(job, self._key(spec))
            project.users += 1
        try:
            with project.guard:
                if project.laid_out is None:
                    lay_out(spec, project.folder, partial(self._cache.copy, wanted=wanted))
                    project.laid_out = dict(_files(str(project.folder)))
        except BaseException:
            self.give_back(project.folder)
            raise
        return project.folder

    def _of(self, job: int, key: str) -> _Project:
        alike = [project for project in self._projects if project.key == key]
        found = next((project for project in alike if project.job == job), None)
        found = found or next((project for project in alike if not project.users and project.untouched), None)
        if found is None:
            found = _Project(key, self._home.path() / str(next(self._numbers)), job)
        else:
            self._projects.remove(found)
        found.job = job
        self._projects.append(found)
        return found

    def give_back(self, folder: Path) -> None:
        """A chunk does not run there any more."""
        with self._guard:
            for project in self._projects:
                if project.folder == folder:
                    project.users -= 1
            over = [project for project in self._projects if not project.users][:-KEPT]
            self._projects = [project for project in self._projects if project not in over]
        for project in over:
            shutil.rmtree(project.folder, ignore_errors=True)  # what is in use still (Windows) goes with the agent

    def written(self) -> dict[int, int]:
        """Bytes on the disk in the folders of each job, the project's own files included. It looks at each file."""
        with self._guard:
            projects = list(self._projects)
        found: dict[int, int] = {}
        for project in projects:
            found[project.job] = found.get(project.job, 0) + _size(str(project.folder))
        return found

    def drop_idle(self) -> None:
        """Remove the folders in which nothing runs."""
        with self._guard:
            idle = [project for project in self._projects if not project.users]
            self._projects = [project for project in self._projects if project.users]
        for project in idle:
            shutil.rmtree(project.folder, ignore_errors=True)

    def close(self) -> None:
        """Nothing runs any more."""
        with self._guard:
            self._projects.clear()
        self._home.remove()

    def _key(self, spec: JobSpec) -> str:
        known = self._keys.get(id(spec))
        if known is not None and known[0] is spec:
            return known[1]
        if len(self._keys) >= _KEYS:
            self._keys.clear()
        digest = hashlib.sha256(repr((spec.main, spec.environment, spec.files)).encode("utf-8", "surrogatepass"))
        self._keys[id(spec)] = spec, digest.hexdigest()
        return digest.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What lies there, with its size and the time of its last change."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != _COMPILED:
                    yield entry.path, (0, 0)
                    yield from _files(entry.path)
            else:
                found = entry.stat(follow_symlinks=False)
                yield entry.path, (found.st_size, found.st_mtime_ns)


def _size(folder: str) -> int:
    """Bytes that lie there, on the disk: a file with holes in it takes less than it is long."""
    total = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    total += _size(entry.path)
                else:
                    found = entry.stat(follow_symlinks=False)
                    total += getattr(found, "st_blocks", -(-found.st_size // 512)) * 512
    return total
