"""Text of others (names, errors, reasons, links) as plain text: Qt guesses, and takes what looks like HTML for HTML."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """For a tool tip, which cannot be told what it is given: the same words, whatever they look like."""
    if "<" not in text and "&" not in text:
        return text
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"
