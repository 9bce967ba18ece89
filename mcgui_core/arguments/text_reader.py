"""Arguments from a text file: each line is one. Also what the other readers of files need."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mcgui_core.arguments.expression import NOTHING_TO_DO
from mcgui_core.arguments.row_reader import PREVIEW_SECONDS, ROWS_A_LOOK
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview, CallStyle
from mcgui_core.values.text import short


class TextReader:
    """Each line of a UTF-8 text file, without its end, is one argument. Empty lines are left out."""

    call: CallStyle = "single"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count: int | None = None

    @property
    def count(self) -> int | None:
        if self._count is None:
            self._count = sum(1 for _ in self)
        return self._count

    @property
    def values(self) -> Iterable[Any]:
        return iter(self)

    def check(self) -> None:
        """Reads the whole file: raises ArgumentsInvalid where a line is no UTF-8 text."""
        self._count = sum(1 for _ in self)

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        first: list[str] = []
        count, complete = 0, True
        deadline = time.monotonic() + seconds
        for count, line in enumerate(self, 1):
            if count <= n:
                first.append(line)
            if count % ROWS_A_LOOK == 0 and time.monotonic() > deadline:
                complete = False
                break
        return ArgumentsPreview(
            count if complete else self._count, tuple(map(short, first)), problem="" if count else NOTHING_TO_DO
        )

    def __iter__(self) -> Iterator[str]:
        return (line.rstrip("\n") for line in text_lines(self._path) if line.strip())


def text_lines(path: Path, newline: str | None = None) -> Iterator[str]:
    """The lines of a UTF-8 file, with or without a byte order mark. `newline` as for `open`.

    Raises ArgumentsInvalid where it cannot be read, or naming the line that is no UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline=newline) as file:
            yield from file
    except UnicodeDecodeError as error:
        raise not_text(path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ArgumentsInvalid:
    """The error for a file that could be opened a moment ago."""
    return ArgumentsInvalid(f"{path} cannot be read any more: {error.strerror or error}.")


def not_text(path: Path) -> ArgumentsInvalid:
    """Which line is not UTF-8. The decoder only knows the place in its own buffer."""
    hint = "Save the file as UTF-8."
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
                return ArgumentsInvalid(f"{path.name} is UTF-16 text.", hint)
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                where = f"Line {number} of {path.name} is not UTF-8 text (byte 0x{line[error.start]:02x})."
                return ArgumentsInvalid(where, hint)
    return ArgumentsInvalid(f"{path.name} is not UTF-8 text.", hint)
