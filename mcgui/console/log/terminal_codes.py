"""What programs print for a terminal: colours, movements of the cursor, control characters. A log has none of them."""

from __future__ import annotations

import re
from typing import Final

#: What terminals take for colours and movements of the cursor.
_ESCAPES: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def without_escapes(text: str) -> str:
    """The text without sequences for the terminal."""
    return _ESCAPES.sub("", text)


def as_overwritten(line: str) -> str:
    """A line as a terminal leaves it: what follows the last carriage return, with no control character in it."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", line.rstrip("\r").rpartition("\r")[2])
