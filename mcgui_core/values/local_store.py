"""The master's store, for who is on the same computer and may read it: values go in and out without a connection."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from mcgui_core.base.this_computer import this_computer
from mcgui_core.errors import NotAllowed
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Stored
from mcgui_core.values.file_slice import FileSlice
from mcgui_core.values.pickling import Pickled
from mcgui_core.values.value_file import FILE_BYTES, LARGE, ValueFile, is_large, slice_of

T = TypeVar("T")

#: Bytes of a value from which it lies in a file that is there already: what is smaller is quicker in a message.
WORTH_A_PLACE = 8 << 10
#: What is not in one piece, or not here.
_APART = Pickled, FileSlice


class LocalStore:
    """Thread-safe. Asks the master where its store is when it is first needed."""

    def __init__(self, ask: Callable[[], tuple[str, str, str]]) -> None:
        """`ask` calls `store` of the master, and may raise McguiError."""
        self._ask, self._guard = ask, threading.Lock()
        self._known = False
        self._folder: Path | None = None
        self.secret = ""  # what proves that we can read the store, once `folder` was asked for

    @property
    def folder(self) -> Path | None:
        """Where it is; None where we cannot use it. Raises ConnectionFailed."""
        with self._guard:
            if not self._known:
                try:
                    folder, probe, digest = self._ask()
                except NotAllowed:  # whoever asks hears of something that matters to him what his link permits
                    folder = probe = digest = ""
                self._known = True
                self.secret = _read_secret(Path(folder, probe), digest) if folder else ""
                self._folder = Path(folder) if self.secret else None
            return self._folder

    def opened(self, message: T, field: str, mapped: bool = False) -> T:
        """The message, of which that field holds a FileSlice where it said where the bytes lie."""
        data = getattr(message, field)
        folder = self.folder if isinstance(data, Stored) else None
        if folder is None:
            return message
        return replace(message, **{field: slice_of(folder, data, mapped)})  # type: ignore[type-var]

    def putting(self, things: Iterable[T], field: str) -> Generator[T, None, None]:
        """The things, of which that field says where it lies where it was large, alone or with those before it; as they
        come, so that nobody can change what has come. Where nothing can be put, they travel as they are."""
        file: ValueFile | None = None
        size = 0
        try:
            for thing in things:
                data = getattr(thing, field)
                size += len(data)
                folder = self.folder if is_large(data) or (size > LARGE and len(data) >= WORTH_A_PLACE) else None
                if folder is not None and (file is None or file.size >= FILE_BYTES):
                    file = _another(file, folder)
                yield _put(file if folder is not None else None, thing, field)
        finally:
            if file is not None:
                file.close()

    def take_back(self, things: Iterable[Any], field: str) -> None:
        """Nobody has taken these, and nobody will: their files go. Once `putting` has ended."""
        places = [getattr(thing, field) for thing in things]
        for name in {data.name for data in places if isinstance(data, Stored)}:
            if self._folder is not None:
                with suppress(OSError):
                    (self._folder / name).unlink()


def for_wire(message: T, field: str) -> T:
    """The message as it travels: with bytes in that field, in one piece, or with where they lie."""
    return codec.with_large(_joined(message, field), field)


def _joined(message: T, field: str) -> T:
    data = getattr(message, field)
    if not isinstance(data, _APART):
        return message
    return replace(message, **{field: bytes(data)})  # type: ignore[type-var]


def store_digest(secret: str) -> str:
    """By which who has read the secret knows that it is this master's, and that this is its computer (hex).

    Where a folder is seen from several, files are there at once only for the one that wrote them.
    """
    return hashlib.sha256(f"{secret} {this_computer()}".encode()).hexdigest()


def _read_secret(probe: Path, digest: str) -> str:
    """What lies in that file; "" where it is not what the master put there, or where we may not write beside it."""
    try:
        secret = probe.read_text(encoding="ascii")
        writable = os.access(probe.parent, os.W_OK)
    except (OSError, ValueError):
        return ""
    return secret if writable and store_digest(secret) == digest else ""


def _another(before: ValueFile | None, folder: Path) -> ValueFile | None:
    if before is not None:
        before.close()
    try:
        return ValueFile(folder)
    except OSError:  # the master is asked instead, and says what is wrong
        return None


def _put(file: ValueFile | None, thing: T, field: str) -> T:
    data: Any = getattr(thing, field)
    if file is not None:
        with suppress(OSError):  # likewise
            return replace(thing, **{field: file.put(data)})  # type: ignore[type-var]
    return _joined(thing, field)
