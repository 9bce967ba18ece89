"""Text that a database takes."""

from __future__ import annotations


def storable(text: str) -> str:
    """As it is, but for halves of surrogate pairs (an exception's message may have some), which SQLite refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")
