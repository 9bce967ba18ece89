"""Files of values, as a store has them: written once, by one process, then only read.

A file's name begins with the number of the process that keeps what is not yet the store's: what no row of the journal
names is removed once that process is gone. The values in it begin at multiples of 64 bytes, and so do their buffers:
an array in a mapped file is aligned as it is in memory.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mcgui_core.protocol.messages import Stored
from mcgui_core.values.file_slice import FileSlice
from mcgui_core.values.pickling import ALIGNMENT, Pickled

#: Bytes from which a value lies in a file. SQLite is as fast with what is smaller, and a file costs as much as 100 KB.
LARGE = 256 << 10
#: Bytes of a file after which the next value begins another one.
FILE_BYTES = 32 << 20

#: How the names of the folders end that a journal has beside it: for values, and for content (by its SHA-256).
VALUES_FOLDER, CONTENT_FOLDER = "-values", "-content"

_BYTES = bytes, bytearray, memoryview, Pickled
_NAME = re.compile(r"[0-9a-f]{1,8}-[0-9a-f]{32}")


def is_name(name: str) -> bool:
    """Whether a file of values may be called so."""
    return _NAME.fullmatch(name) is not None


def writer_of(name: str) -> int:
    """The number of the process that keeps it."""
    return int(name.partition("-")[0], 16)


def content_folder(values: Path) -> Path:
    """Where a journal has its content, by where it has its values."""
    return values.with_name(values.name.removesuffix(VALUES_FOLDER) + CONTENT_FOLDER)


def slice_of(folder: Path, stored: Stored, mapped: bool = False) -> FileSlice:
    """Where in a store's folder the bytes of a value lie."""
    return FileSlice(folder / stored.name, stored.start, stored.size, mapped)


def is_large(data: Any) -> bool:
    """It is worth a file: bytes that are large, and here."""
    return isinstance(data, _BYTES) and len(data) >= LARGE


class ValueFile:
    """One file while it is written, in the folder of a store. Kept when the `with` block ends without an error."""

    def __init__(self, folder: Path, writer: int | None = None) -> None:
        """Create it, for the process `writer` (None: this one). Raises OSError."""
        self.name = f"{os.getpid() if writer is None else writer:x}-{secrets.token_hex(16)}"
        self.path = folder / self.name
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(self.path, flags, 0o600), "wb", buffering=0)
        self.size = 0

    def put(self, value: Any) -> Stored:
        """Append bytes or a Pickled: whole, or nothing of it. Raises OSError."""
        before = self.size
        try:
            start = self.begin()
            for part in value.parts if isinstance(value, Pickled) else (value,):
                self.write(part)
        except OSError:  # what a full disk has taken is to be others' again
            self._cut(before)
            raise
        return self.end(start)

    def _cut(self, size: int) -> None:
        self._file.truncate(size)
        self._file.seek(size)
        self.size = size

    def begin(self) -> int:
        """A value begins here, which `write` appends and `end` ends."""
        self.write(bytes(-self.size % ALIGNMENT))
        return self.size

    def write(self, data: Any) -> int:
        """Append bytes of a value. Raises OSError."""
        view = memoryview(data).cast("B")
        written = 0
        while written < len(view):
            some = self._file.write(view[written:]) or 0
            written += some
            self.size += some
        return written

    def end(self, start: int) -> Stored:
        """Where the value lies that began there."""
        return Stored(self.name, start, self.size - start)

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def hand_to(self, writer: int) -> str:
        """It is whole, and that process keeps it from now on. Returns its name. Raises OSError."""
        self.close()
        self.name = f"{writer:x}-{self.name.partition('-')[2]}"
        self.path = self.path.rename(self.path.with_name(self.name))
        return self.name

    def remove(self) -> None:
        """Nobody wants it."""
        self._file.close()
        with suppress(OSError):
            self.path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.remove()
