"""The encoding of a file of text: by its byte order mark, or by what its bytes can be."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import IO, Final

from mcgui_core.errors import ArgumentsInvalid

#: What Windows writes in western Europe, where it does not write UTF-8: Latin-1 but for a few signs, as the euro's.
WESTERN: Final = "cp1252"
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes that are read at a time, and those of a file that are looked at before it is taken for what it is so far.
_CHUNK, _LOOKED_AT = 1 << 16, 16 << 20
#: What `surrogateescape` makes of bytes that cannot be read.
_UNREADABLE = re.compile("[\udc80-\udcff]")
#: How files begin that are no text, whatever they are called; and what is to be done with them.
_NO_TEXT: Final = (
    (
        b"PK\x03\x04",
        "a workbook of Excel, or another ZIP archive",
        "Choose that as the kind of arguments, or unpack it.",
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook of an older Excel", "Save the sheet as CSV."),
    (b"\x1f\x8b", "compressed (gzip)", "Unpack it."),
    (b"BZh91AY&SY", "compressed (bzip2)", "Unpack it."),
    (b"\xfd7zXZ\x00", "compressed (xz)", "Unpack it."),
    (b"\x28\xb5\x2f\xfd", "compressed (Zstandard)", "Unpack it."),
    (b"PAR1\x15", "a Parquet file", "Choose that as the kind of arguments."),
    (b"\x93NUMPY", "a NumPy file", "Choose that as the kind of arguments."),
    (b"SQLite format 3\0", "a database (SQLite)", "Save the table as CSV."),
    (b"\x89HDF\r\n", "an HDF5 file", "Save the table as CSV."),
    (b"%PDF-", "a PDF document", "Choose a file of text."),
    (b"\x89PNG\r\n", "a picture (PNG)", "Choose a file of text."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Choose a file of text."),
)
#: Bytes that are enough to know them by.
_BEGINNING: Final = max(len(beginning) for beginning, _, _ in _NO_TEXT)
_HINT = "Say which encoding the file has, or save it as UTF-8."


def encoding_of(path: Path, said: str = "") -> str:
    """The name of the file's encoding: what is `said`, else what is found. Raises OSError, ArgumentsInvalid."""
    with path.open("rb") as file:
        _check_beginning(file.read(_BEGINNING), path.name)
        if said:
            return checked_encoding(said)
        file.seek(0)
        looked_at = 0
        while looked_at < _LOOKED_AT and (chunk := file.read(_CHUNK)):
            if not chunk.isascii() or b"\0" in chunk:
                more = file.read(_CHUNK)  # a letter may be cut
                return found_encoding(chunk + more, whole=len(more) < _CHUNK, first=not looked_at)
            looked_at += len(chunk)
    return "utf-8"


def _check_beginning(data: bytes, name: str) -> None:
    """Raises ArgumentsInvalid where a file begins as one that is no text does: no encoding would make sense of it."""
    for beginning, what, hint in _NO_TEXT:
        if data.startswith(beginning):
            raise ArgumentsInvalid(f"{name} is no text: it is {what}.", hint)


def found_encoding(data: bytes, whole: bool = True, first: bool = True) -> str:
    """What these bytes tell of a text; `first` where it begins with them, `whole` where it ends with them."""
    if first:
        for mark, name in _MARKS:
            if data.startswith(mark):
                return name
        if b"\0" in data[:100]:
            return _without_mark(data[:100])
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(data, final=whole)
    unreadable = len(_UNREADABLE.findall(text))
    letters = sum(letter > "\x7f" for letter in text) - unreadable
    # Where most of it is UTF-8, the rest is a fault of the file, and not to be made something of.
    return "utf-8" if letters >= unreadable else WESTERN


def _without_mark(data: bytes) -> str:
    """Western text in UTF-16 has a null in every second byte."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > len(data) // 4 and not even:
        return "utf-16-le"
    if even > len(data) // 4 and not odd:
        return "utf-16-be"
    return "utf-8"


def checked_encoding(name: str) -> str:
    """The name, if Python can read text of it. Raises ArgumentsInvalid."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name.strip())
    except (LookupError, ValueError) as error:  # ValueError: a null character in the name
        hint = "Some are utf-8, utf-16, cp1252 and latin-1."
        raise ArgumentsInvalid(f"{name!r} is no encoding of text.", hint, name) from error
    return name.strip()


def opened(path: Path, encoding: str, newline: str | None = None, errors: str = "strict") -> IO[str]:
    """The file as text, without its byte order mark. `newline` as for `open`. Raises OSError."""
    bom = codecs.lookup(encoding).name == "utf-8"
    return path.open(encoding="utf-8-sig" if bom else encoding, newline=newline, errors=errors)


def not_text(path: Path, encoding: str) -> ArgumentsInvalid:
    """Which line cannot be read. The decoder only knows the place in its own buffer. Raises OSError."""
    name = encoding_words(encoding)
    number = 0
    try:
        with opened(path, encoding, errors="surrogateescape") as file:
            for number, line in enumerate(file, 1):
                match = _UNREADABLE.search(line)
                if match:
                    where = f"Line {number} of {path.name} is not {name} text (byte 0x{ord(match[0]) - 0xDC00:02x})."
                    return ArgumentsInvalid(where, _HINT, encoding)
    except UnicodeError:  # of UTF-16 and UTF-32, in which no byte stands for itself
        return ArgumentsInvalid(f"{path.name} is not {name} text behind line {number}.", _HINT, encoding)
    return ArgumentsInvalid(f"{path.name} is not {name} text.", _HINT, encoding)


def encoding_words(name: str) -> str:
    """What people call an encoding: "Windows-1252"."""
    known = {"cp1252": "Windows-1252", "iso8859-1": "Latin-1", "mac-roman": "Mac Roman"}
    found = codecs.lookup(name).name
    return known.get(found, found.upper())
