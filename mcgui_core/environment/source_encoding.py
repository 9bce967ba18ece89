"""The encoding of a file of source, as Python reads it."""

from __future__ import annotations

import codecs
import importlib.util
import io
import re
import tokenize
from typing import Final

#: What of its first lines declares an encoding (PEP 263).
_DECLARED: Final = re.compile(rb"coding[:=][ \t]*[-\w.]+")


def decode_source(data: bytes) -> str:
    """The text with plain line ends. Raises SyntaxError as `declared_encoding`, and UnicodeDecodeError."""
    declared_encoding(data)
    return importlib.util.decode_source(data)


def declared_encoding(data: bytes) -> str:
    """The name of the encoding that source declares; else "utf-8", or "utf-8-sig" with a byte order mark.

    Raises SyntaxError where that is none in which Python reads source: also one in which the declaration itself is
    another text, such as UTF-16. Nobody who has read it could read it.
    """
    found, lines = tokenize.detect_encoding(io.BytesIO(data).readline)
    declared = _DECLARED.search(b"".join(lines))
    if declared is not None and found not in ("utf-8", "utf-8-sig") and not _keeps(declared[0] + b"\n", found):
        raise SyntaxError(f"encoding problem: {found}")  # as Python says it
    return found


def _keeps(data: bytes, encoding: str) -> bool:
    """Whether ASCII is the same in this encoding, both ways."""
    if not codecs.lookup(encoding)._is_text_encoding:
        return False
    try:
        return data.decode(encoding) == data.decode("ascii") and data.decode("ascii").encode(encoding) == data
    except UnicodeError:
        return False
