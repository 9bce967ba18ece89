"""Contents by their SHA-256, each a file in a folder beside the journal."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.journal_file import JournalFile
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.values.value_file import CONTENT_FOLDER

#: Bytes that travel at once.
PIECE = 1 << 20

_PART = ".part"
_FULL = errno.ENOSPC, errno.EDQUOT


class ContentStore:
    """Thread-safe. What is in the folder under a digest has that digest: it gets there when it is whole and verified.

    The folder is there while there is something in it.
    """

    def __init__(self, journal: JournalFile) -> None:
        self._journal = journal
        self.folder = Path(f"{journal.path}{CONTENT_FOLDER}")
        self._guard = threading.Lock()

    def missing(self, digests: Iterable[str]) -> tuple[str, ...]:
        """Which of these are not here."""
        return tuple(digest for digest in digests if not (self.folder / digest).is_file())

    def check(self, spec: JobSpec) -> None:
        """Raises BadInput where something that a job needs is not here."""
        if lacking := self.missing(file.sha256 for file in spec.files):
            raise BadInput(f"Of the project's files, {len(lacking):,} are not here: bring their content first.")
        if self.missing(content.sha256 for content in spec.contents):
            raise BadInput("The function, or a shared value, is not here: bring its content first.")

    def put(self, digest: str, size: int, offset: int, data: bytes) -> int:
        """A piece of a content of so many bytes. Returns from where on the next one is wanted: `size`, once it is here.

        A piece that does not begin there changes nothing: somebody else brings the same, or an answer was lost.
        Raises BadInput where the whole is not what its digest says, JournalFull.
        """
        with self._guard:
            if (self.folder / digest).is_file():
                return size
            part = self.folder / f"{digest}{_PART}"
            try:
                self._make_room(size, part)
                self._check_disk(size, part)
                with part.open("ab") as file:
                    reached = file.tell()
                    if offset == reached:
                        file.write(data[: size - reached])
                        reached = file.tell()
                    if reached >= size and self._journal.temporary_folder is None:
                        file.flush()
                        os.fsync(file.fileno())  # the job's row may count on it
                if reached >= size:
                    self._finish(part, digest)
            except OSError as error:
                if error.errno in _FULL:  # what is there of it would keep everybody from writing
                    part.unlink(missing_ok=True)
                raise self._full(error) from error
            return reached

    def adopt(self, digest: str, size: int, path: Path) -> None:
        """A file that somebody of this computer has written is that content now; what is wrong about it, nobody else
        could have read. Raises BadInput where it is not there whole, JournalFull."""
        with self._guard:
            try:
                if (self.folder / digest).is_file():
                    path.unlink()
                    return
                self._make_room(size, path)
                if path.stat().st_size != size:
                    raise BadInput("What was put beside the values is not what was said of it.")
                if self._journal.temporary_folder is None:
                    with path.open("r+b") as file:
                        os.fsync(file.fileno())
                path.replace(self.folder / digest)
            except FileNotFoundError as error:
                raise BadInput("There is no such file beside the values.") from error
            except OSError as error:
                raise self._full(error) from error

    @property
    def size(self) -> int:
        """Bytes that it takes of the disk."""
        with suppress(OSError):  # there is nothing
            return sum(path.stat().st_size for path in self.folder.iterdir())
        return 0

    def piece(self, digest: str, offset: int) -> bytes:
        """The bytes of a content from there on, as many as travel at once; none at its end. Raises BadInput."""
        try:
            with (self.folder / digest).open("rb") as file:
                file.seek(offset)
                return file.read(PIECE)
        except OSError as error:
            raise BadInput(f"The master has no content {digest[:12]} ({error.strerror}).") from error

    def remove_all_but(self, digests: Collection[str]) -> None:
        """The others are not needed any more, nor are pieces of them."""
        with self._guard, suppress(OSError):
            for path in self.folder.iterdir():
                if path.name.removesuffix(_PART) not in digests:
                    with suppress(OSError):  # somebody reads it (Windows); the next time, then
                        path.unlink()
            self.folder.rmdir()  # raises where it is not empty

    def _make_room(self, size: int, part: Path) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        limit = self._journal.limit
        others = (path.stat().st_size for path in self.folder.iterdir() if path != part)
        if limit is not None and size + sum(others) > limit:
            raise JournalFull(str(self._journal.path), limit, "its limit is reached", full=True)

    def _check_disk(self, size: int, part: Path) -> None:
        """Not begun where it cannot end: until then, others would have no room left. Raises OSError."""
        here = part.stat().st_size if part.exists() else 0
        if size - here > shutil.disk_usage(self.folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _full(self, error: OSError) -> JournalFull:
        full = error.errno in _FULL
        return JournalFull(str(self.folder), self._journal.limit, error.strerror or str(error), full)

    def _finish(self, part: Path, digest: str) -> None:
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            part.unlink()
            raise BadInput("A file of the project is not what it was when it was looked at. Submit the job once more.")
        part.replace(self.folder / digest)
