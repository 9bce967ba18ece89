"""Names of files that somebody else chose, as every system takes them and as nobody can harm us by them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Characters of one part of a path, which is 255 bytes on most systems.
LONGEST: Final = 120
#: Folders within one another.
DEEPEST: Final = 8
_REFUSED: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
#: Devices of Windows, whatever comes after the dot.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}
)


def safe_path(name: str) -> tuple[str, ...]:
    """The parts of a path below a folder that this name leads to, never out of it; () where nothing is left of it."""
    parts = (safe_part(part) for part in re.split(r"[/\\]+", name))
    return tuple(part for part in parts if part)[-DEEPEST:]


def safe_part(part: str) -> str:
    """One part of a path; "" for one that leads nowhere or up."""
    part = _REFUSED.sub("_", part).strip().rstrip(". ")
    if not part.strip("."):
        return ""
    if part.partition(".")[0].strip().lower() in _DEVICES:
        part = f"_{part}"
    if len(part) > LONGEST:
        stem, dot, ending = part.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) < 16 else ""
        part = part[: LONGEST - len(ending)].rstrip(". ") + ending
    return part


def file_name(name: str, otherwise: str) -> str:
    """One name for a file that says what `name` does, which may be any text: "3_4" of "3/4"."""
    return safe_part(re.sub(r"[/\\]+", "_", name)) or otherwise


def base_name(path: str) -> str:
    """The last part of a path of any system; "" where it is none."""
    found = safe_path(path) if 0 < len(path) <= 4096 and "\n" not in path else ()
    return found[-1] if found else ""


class FreeNames:
    """Gives each name once: systems that do not tell "A.png" from "a.png" have both, and no file is a folder too."""

    def __init__(self) -> None:
        self._files: set[tuple[str, ...]] = set()
        self._folders: set[tuple[str, ...]] = set()

    def free(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """These parts, or with a number in the last, or in a folder that is a file already."""
        found: tuple[str, ...] = ()
        for part in parts[:-1]:
            found = self._numbered(found, part, self._files)
            self._folders.add(_folded(found))
        found = self._numbered(found, parts[-1], self._files | self._folders)
        self._files.add(_folded(found))
        return found

    def _numbered(self, before: tuple[str, ...], part: str, taken: set[tuple[str, ...]]) -> tuple[str, ...]:
        number, stem, ending = 1, *_divided(part)
        while _folded((*before, part)) in taken:
            number += 1
            part = f"{stem}-{number}{ending}"
        return (*before, part)


def _folded(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part).casefold() for part in parts)


def _divided(part: str) -> tuple[str, str]:
    stem, dot, ending = part.rpartition(".")
    return (stem, f"{dot}{ending}") if stem else (part, "")
