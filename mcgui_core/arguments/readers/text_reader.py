"""Arguments from a text file: each line is one. Also what the other readers of files need."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mcgui_core.arguments.expression import NOTHING_TO_DO
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, ROWS_A_LOOK
from mcgui_core.arguments.readers.text_encoding import encoding_of, not_text, opened
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle
from mcgui_core.values.text import short


class TextReader:
    """Each line of a text file, without its end, is one argument. Empty lines are left out."""

    call: CallStyle = "single"

    def __init__(self, path: Path, encoding: str = "") -> None:
        """`encoding` "" is found. Raises ArgumentsInvalid."""
        self._path, self._encoding = path, file_encoding(path, encoding)
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
        """Reads the whole file: raises ArgumentsInvalid where a line is no text of the encoding."""
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
            count if complete else self._count,
            tuple(map(short, first)),
            problem="" if count else NOTHING_TO_DO,
            encoding=self._encoding,
        )

    def __iter__(self) -> Iterator[str]:
        return (line.rstrip("\n") for line in text_lines(self._path, self._encoding) if line.strip())


def text_lines(path: Path, encoding: str, newline: str | None = None) -> Iterator[str]:
    """The lines of a file of text, without its byte order mark. `newline` as for `open`.

    Raises ArgumentsInvalid where it cannot be read, or naming the line that is not in this encoding.
    """
    try:
        with opened(path, encoding, newline) as file:
            for line in file:  # there are marks at the beginning of later lines where files were put together
                yield line.lstrip("\ufeff") if line[0] == "\ufeff" else line
    except UnicodeError as error:
        raise not_text(path, encoding) from error
    except OSError as error:
        raise unreadable(path, error) from error


def file_encoding(path: Path, said: str) -> str:
    """The encoding that is `said`, else the one that the file has. Raises ArgumentsInvalid."""
    try:
        return encoding_of(path, said)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ArgumentsInvalid:
    """The error for a file that could be opened a moment ago."""
    return ArgumentsInvalid(f"{path} cannot be read any more: {error.strerror or error}.")
