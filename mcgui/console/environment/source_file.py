"""Reading and writing a file of source text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QSaveFile

from mcgui.console.environment.line_ends import usual_end, with_ends
from mcgui_core.environment.source_encoding import declared_encoding

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
    """Read text with any line ends, in the encoding that it declares as Python source does; without a declaration it is
    UTF-8, with or without a byte order mark. Raises FileTrouble.
    """
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
    newline = usual_end(text)
    bom = text.startswith("\ufeff")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return SourceFile(plain, newline, bom, stamp)


def _decoded(data: bytes, name: str) -> str:
    encoding = _encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "If it is Python source, save it as UTF-8 and open it again."
        if encoding != "utf-8":
            hint = "That is what its first lines declare. Mend them, or save it so."
        raise FileTrouble(
            f"{name} is not {encoding.upper()} text: byte {data[error.start]:#04x} in line {line}. {hint}"
        ) from error
    if "\0" in text:
        raise FileTrouble(f"{name} is not text: it holds zero bytes. Open a Python file.")
    return text


def _encoding_of(data: bytes) -> str:
    """The encoding in which Python reads this source, by its name; "utf-8" also where it declares one that is none.

    Of what is declared, that a byte order mark says something else is left to Python to find fault with.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    try:
        return declared_encoding(data)
    except SyntaxError:
        return "utf-8"


def write_source(path: Path, text: str, newline: str = "\n", bom: bool = False, edited: Path | None = None) -> Stamp:
    """Write the text in the encoding that it declares, mostly UTF-8: the whole of it or, where that fails, nothing.

    Its lines end in `newline`, but for those that the file that was `edited` has, too: they end as there.
    Raises FileTrouble.
    """
    encoding = "utf-8" if bom else _encoding_of(text.encode("utf-8", "surrogatepass"))
    whole = ("\ufeff" if bom else "") + with_ends(text, newline, _text_of(edited))
    try:
        data = whole.encode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except UnicodeEncodeError as error:
        line = whole.count("\n", 0, error.start) + 1
        raise FileTrouble(
            f"{path.name} was not saved: its first lines declare {encoding}, which has no {whole[error.start]!r} "
            f"(line {line}). Declare utf-8 there, or take the declaration out."
        ) from error
    file = QSaveFile(str(path))
    file.setDirectWriteFallback(True)  # a file that may be written in a folder that may not
    if not file.open(QIODevice.OpenModeFlag.WriteOnly) or file.write(data) != len(data) or not file.commit():
        raise FileTrouble(f"{path.name} was not saved: {file.errorString()}. Save it elsewhere.")
    return stamp_of(path)


def _text_of(path: Path | None) -> str:
    """What is in a file; "" where it is gone, or has become something else."""
    try:
        return _decoded(path.read_bytes(), path.name).removeprefix("\ufeff") if path is not None else ""
    except (OSError, FileTrouble):
        return ""


def stamp_of(path: Path) -> Stamp:
    """What the file is like now. Raises OSError."""
    status = path.stat()
    return Stamp(status.st_mtime_ns, status.st_size)
