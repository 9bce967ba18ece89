"""Text of others (names, errors, reasons, links) as plain text: Qt guesses, and takes what looks like HTML for HTML,
and obeys characters that nobody sees."""

from __future__ import annotations

import re
import sys
from html import escape
from typing import Final

# Embeddings, overrides and isolates: what follows one in the same line is laid out in another direction or order.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")

_BEFORE_UNIT: Final = re.compile(r"(?<=\d) (?=(?:[µm]?s|min|h|d|[kKMGT]?B|bytes?|%|tasks/s)(?!\w))")


def unturned(text: str) -> str:
    """The text with what would turn it, and the words of ours behind it, as it looks in source: `\\u202e`."""
    return text if text.isascii() else _TURNS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain_tip(text: str) -> str:
    """For a tool tip, which cannot be told what it is given: the same words, whatever they look like."""
    text = unturned(text)
    if "<" not in text and "&" not in text:
        return text
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"


def plain_notice(text: str) -> str:
    """For a desktop notification: those of Linux take tags in it for what they are, also ones that load pictures."""
    text = unturned(text)
    return escape(text, quote=False) if sys.platform.startswith("linux") and "<" in text else text


def plain_button(text: str) -> str:
    """For a button, a menu or a tab, which take the letter behind an & for a key."""
    return unturned(text).replace("&", "&&")


def with_its_unit(text: str) -> str:
    """The text, in which no line ends between a number and its unit, as between 12 and µs."""
    return _BEFORE_UNIT.sub("\u00a0", text)
