"""What the editor keeps of its files from one run to the next, and through a crash: as data, and as files of a folder.

A folder holds `session.json`, and beside it the text of each page that is not, or not so, in a file of its own. A text
is written under a new name first, then `session.json` names it, then the old one goes: whenever the program is killed,
one whole session is there.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

_FILE: Final = "session.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One file as it stands in the editor."""

    id: int
    path: str = ""  # "" where it has no file
    newline: str = "\n"
    bom: bool = False
    modified: bool = False
    stamp: tuple[int, int] | None = None  # of the file that was read: nanoseconds since the epoch, bytes
    cursor: int = 0
    anchor: int = 0
    top: int = 0  # the first line in sight
    revision: int = 0  # another number is another text
    text: str | None = None  # None: as it is in its file
    called: str = ""  # of a text without a file that came from elsewhere: what it was called there
    origin: str = ""  # ... and where that was, such as "job 3"
    beside: str = ""  # ... and the path that it had there
    key: str = ""  # by which what is filled in for a text without a file is known; "" in sessions of before


@dataclass(frozen=True, slots=True)
class SavedSession:
    """All pages, in their order. `closed` are those that can be opened again, the latest last."""

    pages: tuple[SavedPage, ...] = ()
    current: int = 0
    closed: tuple[SavedPage, ...] = ()
    points: float = 0.0  # the size of the font; 0: the usual one

    @property
    def unsaved(self) -> tuple[SavedPage, ...]:
        """What is nowhere but here."""
        return tuple(page for page in (*self.pages, *self.closed) if page.text is not None)


@dataclass(slots=True)
class SessionFolder:
    """Where a session is kept. Blocks."""

    path: Path
    _written: dict[int, tuple[int, str]] = field(default_factory=dict)  # page: revision and name of its text

    def load(self) -> SavedSession:
        """The session that was kept last; an empty one where there is none, or none that can be read."""
        try:
            found = json.loads((self.path / _FILE).read_text(encoding="utf-8"))
            pages = tuple(self._page(one) for one in found["pages"])
            closed = tuple(self._page(one) for one in found["closed"])
            return SavedSession(pages, int(found["current"]), closed, float(found["points"]))
        except (OSError, ValueError, KeyError, TypeError):
            return SavedSession()

    def save(self, session: SavedSession) -> None:
        """Keep this session in place of the last one. Raises OSError; then the last one is still there."""
        make_private(self.path)
        written = {page.id: self._write_text(page) for page in session.unsaved}
        kept = {
            "version": _VERSION,
            "pages": [self._dumped(page, written) for page in session.pages],
            "closed": [self._dumped(page, written) for page in session.closed],
            "current": session.current,
            "points": session.points,
        }
        _write(self.path / _FILE, json.dumps(kept, indent=1))
        self._written = written
        names = {name for _, name in written.values()}
        for file in self.path.glob("*.txt*"):
            if file.name not in names:
                file.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything, as when another session took it over."""
        for file in (self.path / _FILE, *self.path.glob("*.txt*")):
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _write_text(self, page: SavedPage) -> tuple[int, str]:
        if page.id in self._written and self._written[page.id][0] == page.revision:
            return self._written[page.id]
        assert page.text is not None, "only what is unsaved is written"
        name = f"{page.id}-{page.revision}.txt"
        _write(self.path / name, page.text)
        return page.revision, name

    def _dumped(self, page: SavedPage, written: dict[int, tuple[int, str]]) -> dict[str, Any]:
        return {**asdict(replace(page, text=None)), "text": written[page.id][1] if page.id in written else None}

    def _page(self, found: dict[str, Any]) -> SavedPage:
        name = found["text"]
        text = (self.path / name).read_bytes().decode("utf-8", "surrogatepass") if name else None
        stamp = tuple(found["stamp"]) if found["stamp"] else None
        return SavedPage(**{**found, "text": text, "stamp": stamp})


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone can look into."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)


def _write(path: Path, text: str) -> None:
    """All of it or nothing, also where the computer loses its power on the way."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
