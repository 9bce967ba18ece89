"""What this user vouches for on this computer: sources that were run or saved here, with modules that came along,
journals that were made here, and masters whose workers are trusted. Whatever else comes from somebody else, and is
read before it is run.

A text file of the user's, a line for each, which he may read and delete lines of.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mcgui_core.base.private_file import write_private
from mcgui_core.base.user_folders import data_folder

if TYPE_CHECKING:  # the window imports this before it is there
    from mcgui_core.protocol.messages import ProjectFile

_HEAD = (
    "# What you vouch for on this computer: sources that you ran or saved, projects with their modules, journals that\n"
    "# were made here, and masters whose workers may send whatever they like. Delete a line, and you are asked again.\n"
)
#: Lines that are kept, the latest ones.
KEPT = 10_000


def default_trust_store() -> Path:
    """Where that of this user is."""
    return data_folder() / "vouched_for"


class TrustStore:
    """The file. Read anew where it has changed; what cannot be written is remembered as long as this object."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_trust_store()
        self._lines: list[str] = []
        self._seen: tuple[int, int] | None = None  # the file's time and size as it was read

    def vouch_for_source(self, *parts: str) -> None:
        """What these texts say was written, or run, by this user."""
        self._add(f"source {_digest(parts)}")

    def vouches_for_source(self, *parts: str) -> bool:
        """Whether these texts were written, or run, by this user."""
        return f"source {_digest(parts)}" in self._read()

    def vouch_for_modules(self, main: str, files: Iterable[ProjectFile], modules: Iterable[str]) -> None:
        """A project of these files was submitted by this user, whose code imports these of them, by their paths."""
        self._add(f"{_project(main, files)} {json.dumps(list(modules))}")

    def vouched_modules(self, main: str, files: Iterable[ProjectFile]) -> frozenset[str]:
        """Which files of a project its code imports; none where this user has not submitted it."""
        head = f"{_project(main, files)} "
        found = [line.removeprefix(head) for line in self._read() if line.startswith(head)]
        try:
            return frozenset(path for line in found for path in json.loads(line))
        except ValueError:
            return frozenset()  # somebody has written into it

    def vouch_for_journal(self, path: Path) -> None:
        """This file was made here. Another one in its place is another."""
        self._add(_journal(path))

    def vouches_for_journal(self, path: Path) -> bool:
        """Whether this file was made here."""
        try:
            return _journal(path) in self._read()
        except OSError:
            return False

    def trust_workers(self, fingerprint: str) -> None:
        """What workers of the master with this certificate send may be opened, whatever it is."""
        self._add(f"workers {fingerprint}")

    def trusts_workers(self, fingerprint: str) -> bool:
        """Whether what workers of the master with this certificate send may be opened, whatever it is."""
        return bool(fingerprint) and f"workers {fingerprint}" in self._read()

    # --- inside -------------------------------------------------------------------------------------------------

    def _add(self, line: str) -> None:
        lines = self._read()
        if line in lines:
            return
        lines.append(line)
        try:
            write_private(self.path, _HEAD + "".join(f"{kept}\n" for kept in lines[-KEPT:]))
        except OSError:
            return  # as on a node of a computing centre, whose home is read-only

    def _read(self) -> list[str]:
        try:
            status = self.path.stat()
            seen = status.st_mtime_ns, status.st_size
            if seen != self._seen:
                lines = self.path.read_text(encoding="utf-8").splitlines()
                self._lines = [line for line in lines if line and not line.startswith("#")]
                self._seen = seen
        except (OSError, UnicodeDecodeError):
            pass
        return self._lines


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def _project(main: str, files: Iterable[ProjectFile]) -> str:
    return f"project {_digest([main, *(part for file in files for part in (file.path, file.sha256))])}"


def _journal(path: Path) -> str:
    """By its name and the file that has it. Raises OSError."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link is a name like any other
    return f"journal {whole.stat().st_ino} {whole}"
