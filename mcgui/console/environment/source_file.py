"""Reading and writing a file of source text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QSaveFile

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes. What is larger than this is no source that a person edits.
LARGEST = 8 << 20


class FileTrouble(Exception):
    """A file that cannot be read or written; the message is a whole sentence."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file is the one that was read."""

    modified: int  # nanoseconds since the epoch
    size: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: its text with plain line ends, and how to write it back as it was."""

    text: str
    newline: str
    bom: bool
    stamp: Stamp


def read_source(path: Path) -> SourceFile:
    """Read UTF-8 text, with or without a byte order mark and with any line ends. Raises FileTrouble."""
    if path.is_dir():
        raise FileTrouble(f"{path.name} is a folder. Open a Python file in it.")
    if not path.exists():
        raise FileTrouble(f"There is no file {path.name} in {path.parent}. Was it moved or renamed?")
    if not path.is_file():  # opening a pipe would wait for ever
        raise FileTrouble(f"{path.name} is not an ordinary file, so it cannot be opened here.")
    try:
        if path.stat().st_size > LARGEST:
            raise FileTrouble(f"{path.name} is larger than {LARGEST >> 20} MB: too large to be Python source.")
        stamp = stamp_of(path)
        data = path.read_bytes()
    except OSError as error:
        raise FileTrouble(f"{path.name} cannot be read: {error.strerror}.") from error
    text = _decoded(data, path.name)
    newline = "\r\n" if "\r\n" in text else "\n"
    bom = text.startswith("\ufeff")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return SourceFile(plain, newline, bom, stamp)


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileTrouble(
            f"{name} is not UTF-8 text: byte {data[error.start]:#04x} in line {line}. "
            "If it is Python source, save it as UTF-8 and open it again."
        ) from error
    if "\0" in text:
        raise FileTrouble(f"{name} is not text: it holds zero bytes. Open a Python file.")
    return text


def write_source(path: Path, text: str, newline: str = "\n", bom: bool = False) -> Stamp:
    """Write the text as UTF-8: the whole of it or, where that fails, nothing. Raises FileTrouble."""
    data = (("\ufeff" if bom else "") + text.replace("\n", newline)).encode("utf-8", "surrogatepass")
    file = QSaveFile(str(path))
    file.setDirectWriteFallback(True)  # a file that may be written in a folder that may not
    if not file.open(QIODevice.OpenModeFlag.WriteOnly) or file.write(data) != len(data) or not file.commit():
        raise FileTrouble(f"{path.name} was not saved: {file.errorString()}. Save it elsewhere.")
    return stamp_of(path)


def stamp_of(path: Path) -> Stamp:
    """What the file is like now. Raises OSError."""
    status = path.stat()
    return Stamp(status.st_mtime_ns, status.st_size)
