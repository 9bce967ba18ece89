"""Files that travel with two versions of some code and are not the same: named in words, and their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mcgui import format
from mcgui.console.comparison.line_differences import DiffLine, line_differences

if TYPE_CHECKING:
    from mcgui_core.protocol.messages import ProjectFile
    from mcgui_core.workbench.code_difference import FileDifference

#: Bytes of a file whose lines are compared, and of all of them together; of larger ones it is said that they differ.
_ONE, _ALL = 1 << 20, 8 << 20
#: Files that a sentence names.
_NAMED = 3
_VERBS = {"new": "is new", "gone": "does not travel any more", "changed": "has changed"}

#: Gives the content of a file, or raises.
Reader = Callable[["ProjectFile"], bytes]


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """One file, with its text on both sides. None: it is not there, no text, or too large."""

    difference: FileDifference
    before: str | None = None
    after: str | None = None

    @property
    def lines(self) -> tuple[DiffLine, ...]:
        """What it is, and the lines that differ where both texts are known."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[DiffLine]:
        one = self.difference
        sizes = " and ".join(format.bytes(file.size) for file in (one.before, one.after) if file is not None)
        yield DiffLine("place", f"{one.path} {_VERBS[one.kind]} ({sizes})")
        if one.kind == "changed":
            if self.before is None or self.after is None:
                yield DiffLine("place", "Its content differs.")
            else:
                found = line_differences(self.before, self.after)
                yield from found or (DiffLine("place", "Only ends of lines differ."),)


def words_of(files: tuple[FileDifference, ...]) -> str:
    """Such as "helpers.py has changed, a.csv is new, and 2 more files differ"; "" for none."""
    named = [f"{file.path} {_VERBS[file.kind]}" for file in files[:_NAMED]]
    more = len(files) - len(named)
    if more:
        named.append(f"and {format.plural(more, 'more file')} {'differs' if more == 1 else 'differ'}")
    return ", ".join(named)


def with_texts(files: tuple[FileDifference, ...], read_before: Reader, read_after: Reader) -> tuple[ComparedFile, ...]:
    """In the background: read the texts of those that changed, as far as they are small enough."""
    left, found = _ALL, []
    for file in files:
        texts: tuple[str | None, str | None] = (None, None)
        if file.before is not None and file.after is not None:
            size = file.before.size + file.after.size
            if max(file.before.size, file.after.size) <= _ONE and size <= left:
                left -= size
                texts = (_text(read_before, file.before), _text(read_after, file.after))
        found.append(ComparedFile(file, *texts))
    return tuple(found)


def file_reader(places: dict[str, Path]) -> Reader:
    """Reads files of a project where they lie."""
    return lambda file: places[file.path].read_bytes()


def _text(read: Reader, file: ProjectFile) -> str | None:
    from mcgui_core.errors import McguiError

    try:
        content = read(file)
        return None if b"\0" in content else content.decode("utf-8-sig")
    except (McguiError, OSError, KeyError, UnicodeDecodeError):  # it went meanwhile, may not be read, or is no text
        return None
