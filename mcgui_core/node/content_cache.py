"""Contents that came from a master, kept on this computer's disk: once for all of its workers, and up to a size."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from mcgui_core.base.user_folders import cache_folder
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import ProjectFile

#: Bytes that are kept. What was used least recently goes first.
CACHE_BYTES = 4 << 30


def default_cache_folder() -> Path:
    """Where this user's is."""
    return cache_folder() / "content"


class ContentCache:
    """Thread-safe, and safe between processes: a file gets its name when it is whole, and may go at any time."""

    def __init__(self, piece: Callable[[str, int], Any], folder: Path | None = None, limit: int = CACHE_BYTES) -> None:
        """`piece(digest, offset)` brings some bytes of a content (none at its end), or raises McguiError."""
        self._piece, self._folder, self._limit = piece, folder, limit
        self._guard = threading.Lock()

    def copy(self, file: ProjectFile, target: Path, wanted: Callable[[], bool] = lambda: True) -> None:
        """Write the content of this file there, fetched if it is not here.

        Raises OSError, McguiError; BadInput, too, where it is not `wanted` any more while it comes."""
        self._provide(file, target, shutil.copyfile, wanted)

    def link(self, file: ProjectFile, target: Path, wanted: Callable[[], bool]) -> None:
        """As `copy`, without a copy where the file system can do that: for what is only read."""
        self._provide(file, target, _link, wanted)

    def _provide(
        self, file: ProjectFile, target: Path, put: Callable[[Path, Path], object], wanted: Callable[[], bool]
    ) -> None:
        if self._put_kept(file, target, put):
            return
        with tempfile.TemporaryDirectory(dir=self._usable_folder(), prefix="arriving-") as folder:
            arrived = Path(folder, file.sha256)
            self._fetch(file, arrived, wanted)
            put(arrived, target)
            with suppress(OSError):  # another worker has just brought the same, and reads it (Windows)
                arrived.replace(self._usable_folder() / file.sha256)
        self._drop_surplus()

    def _put_kept(self, file: ProjectFile, target: Path, put: Callable[[Path, Path], object]) -> bool:
        """Whether it was here, and what it should be."""
        kept = self._usable_folder() / file.sha256
        try:
            put(kept, target)
            os.utime(kept)
        except FileNotFoundError:
            return False
        with target.open("rb") as copied:
            if hashlib.file_digest(copied, "sha256").hexdigest() == file.sha256:
                return True
        with suppress(OSError):
            kept.unlink()  # damaged
        return False

    def _fetch(self, file: ProjectFile, path: Path, wanted: Callable[[], bool]) -> None:
        digest, reached = hashlib.sha256(), 0
        with path.open("wb") as arriving:
            while reached < file.size:
                if not wanted():
                    raise BadInput(f"Nobody needs {file.path} any more.")
                data = self._piece(file.sha256, reached)
                if not len(data):
                    break
                digest.update(data)
                reached += arriving.write(data)
        if digest.hexdigest() != file.sha256:
            raise BadInput(f"What came for {file.path} is not its content.")

    def _drop_surplus(self) -> None:
        kept = []
        for path in self._usable_folder().iterdir():
            with suppress(OSError):
                if path.is_file():
                    kept.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept)[:-1]:  # the youngest stays, however large it is
            if total <= self._limit:
                return
            with suppress(OSError):
                path.unlink()
                total -= size

    def new_home(self) -> tempfile.TemporaryDirectory[str]:
        """A new folder beside what is kept, for what this process makes of it. Those of killed processes are removed.

        Not among temporary files, which are in memory on many systems, and stay when a worker is killed.
        """
        homes = self._usable_folder().parent / "projects"
        homes.mkdir(mode=0o700, exist_ok=True)
        for home in homes.iterdir():
            host, _, rest = home.name.partition("@")  # a home folder may be shared by computers
            pid = rest.partition("-")[0]
            if host == socket.gethostname() and pid.isdecimal() and not psutil.pid_exists(int(pid)):
                shutil.rmtree(home, ignore_errors=True)
        prefix = f"{socket.gethostname()}@{os.getpid()}-"
        return tempfile.TemporaryDirectory(prefix=prefix, dir=homes, ignore_cleanup_errors=True)

    def _usable_folder(self) -> Path:
        with self._guard:
            self._folder = self._folder or self._own_folder()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def _own_folder(self) -> Path:
        """This user's; where nothing can be written there, as in a home that is read-only, one for this process."""
        usual = default_cache_folder()
        try:
            usual.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=usual):
                return usual
        except OSError:
            passing = Path(tempfile.mkdtemp(prefix="mcgui-content-"))
            weakref.finalize(self, shutil.rmtree, passing, ignore_errors=True)
            return passing / "content"


def _link(source: Path, target: Path) -> None:
    """One file under two names, where that is possible."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or a file system that cannot do it
        shutil.copyfile(source, target)
