"""What peers and tasks say, fit for a terminal: no name or error moves the cursor or hides what follows it."""

from __future__ import annotations

import re

# C0 but for tab and newline, DEL, C1; what turns the direction of text around; and the invisible ones beside them.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def safe(text: str) -> str:
    """The text with what a terminal would obey written as it looks in source: `\\x1b` in four characters."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def safe_line(text: str) -> str:
    """The same for what is to stay on its line."""
    return safe(text).replace("\n", "\\n").replace("\t", " ")
