"""Text of others (names, errors, reasons, links) as plain text: Qt guesses, and takes what looks like HTML for HTML."""

from __future__ import annotations

import sys
from html import escape


def plain_tip(text: str) -> str:
    """For a tool tip, which cannot be told what it is given: the same words, whatever they look like."""
    if "<" not in text and "&" not in text:
        return text
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"


def plain_notice(text: str) -> str:
    """For a desktop notification: those of Linux take tags in it for what they are, also ones that load pictures."""
    return escape(text, quote=False) if sys.platform.startswith("linux") and "<" in text else text


def plain_button(text: str) -> str:
    """For a button or a menu, which take the letter behind an & for a key."""
    return text.replace("&", "&&")
