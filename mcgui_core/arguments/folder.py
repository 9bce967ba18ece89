"""Arguments from a folder: each of its files that match a pattern is one, as its path or as what is in it."""

from __future__ import annotations

import codecs
import fnmatch
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mcgui_core.arguments.argument_source import FileContent
from mcgui_core.arguments.expression import NOTHING_TO_DO
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, Bad, RowArguments, preview_of
from mcgui_core.arguments.readers.text_encoding import checked_encoding, encoding_words, found_encoding
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview

#: Files that a preview looks into, and bytes of each: some are large, and a hundred of them are shown by name only.
_LOOKED_INTO, _LOOKED_AT = 5, 1 << 16
#: Any number of folders, in a pattern.
_ANY_DEPTH = "**"


class FolderArguments(RowArguments):
    """The files of a folder, in the order of their names.

    In `pattern`, "*" stands for any letters, "?" for one; "**/*.png" looks into folders within folders, and
    "*.png; *.jpg" is either. Hidden files match only patterns that begin with a dot. A file that cannot be read as the
    `content` says is a bad row. "named" is a pair, the file's name in the folder and its bytes, for a function of two.
    """

    def __init__(
        self, folder: Path, pattern: str, content: FileContent = "path", skip_bad: bool = False, encoding: str = ""
    ) -> None:
        """`encoding` "" is found, of each file. Raises ArgumentsInvalid for a pattern or an encoding that is none."""
        super().__init__(skip_bad)
        self._folder, self._content = folder, content
        self._encoding = checked_encoding(encoding) if encoding else ""
        self._patterns = [_parts(one) for one in (pattern or "*").split(";") if one.strip()] or [["*"]]
        self._pattern = pattern or "*"
        if content == "named":
            self.call = "args"
        if content != "path":
            self._rows_a_look = 10

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        """Counts the files without reading them; only the first are read."""
        names = _Paths(self)
        scan = names._scan(seconds)
        if not scan.good:
            return preview_of(0, (), problem=f"No file in {self._folder} matches {self._pattern!r}. {NOTHING_TO_DO}")
        first = list(islice(self._rows(_LOOKED_AT), n if self._content == "path" else min(n, _LOOKED_INTO)))
        scan.bad = sum(isinstance(row, Bad) for row in first)
        scan.first_bad = next((row.problem for row in first if isinstance(row, Bad)), "")
        good = [row for row in first if not isinstance(row, Bad)]
        if self._skip_bad:
            scan.good -= scan.bad
        return scan.preview(good, (), self.call, self._skip_bad)

    def _rows(self, most: int = -1) -> Iterator[Any]:
        """Each file; of what is in it, so many bytes at most, or all of them (-1)."""
        for path in self._paths():
            if self._content == "path":
                yield str(path)
                continue
            try:
                with path.open("rb") as file:
                    data = file.read(most)
                if self._content == "named":
                    yield path.relative_to(self._folder).as_posix(), data
                else:
                    yield data if self._content == "bytes" else _text(data, self._encoding, whole=len(data) != most)
            except UnicodeError:
                yield Bad(f"{path.name} is not {encoding_words(self._encoding or 'utf-8')} text.")
            except OSError as error:
                yield Bad(f"{path.name} cannot be read: {error.strerror}.")

    def _paths(self) -> Iterator[Path]:
        if len(self._patterns) == 1:
            yield from _matching(self._folder, self._patterns[0])
            return
        found = {path for parts in self._patterns for path in _matching(self._folder, parts)}
        yield from sorted(found)


class _Paths(RowArguments):
    """The names alone, to be counted."""

    def __init__(self, files: FolderArguments) -> None:
        super().__init__()
        self._files = files

    def _rows(self) -> Iterator[Path]:
        return self._files._paths()


def _text(data: bytes, encoding: str, whole: bool) -> str:
    """Text with ends of lines as Python has them; what was not read to its end may be cut within a letter."""
    encoding = encoding or found_encoding(data, whole)
    if "\0" in (text := codecs.getincrementaldecoder(encoding)().decode(data, final=whole)):
        raise UnicodeError("it is no text at all")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _parts(pattern: str) -> list[str]:
    parts = [part for part in pattern.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or pattern.strip().startswith("/"):
        raise ArgumentsInvalid(f"The pattern {pattern.strip()!r} leads out of the folder.", "Choose another folder.")
    if parts.count(_ANY_DEPTH) > 1:
        raise ArgumentsInvalid(f"The pattern {pattern.strip()!r} has more than one '**'.", "One is enough.")
    return [*parts, "*"] if parts[-1:] == [_ANY_DEPTH] else parts


def _matching(folder: Path, parts: list[str]) -> Iterator[Path]:
    """The files that match, those of each folder by name. A folder that cannot be read is an error only at the top."""
    head, *rest = parts
    if head == _ANY_DEPTH:
        yield from _matching(folder, rest)
        for entry in _entries(folder):
            # Not through links to folders: they may lead in circles.
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield from _matching(Path(entry.path), parts)
        return
    for entry in _entries(folder):
        if not fnmatch.fnmatch(entry.name, head) or (entry.name.startswith(".") and not head.startswith(".")):
            continue
        if rest:
            if entry.is_dir():
                yield from _matching(Path(entry.path), rest)
        elif entry.is_file():
            yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except PermissionError:
        return []
