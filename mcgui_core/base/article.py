"""The article before the name of a type, in what is said of a value."""

from __future__ import annotations


def with_article(kind: str) -> str:
    """Such as "a float" or "an int". (Types that begin with U are mostly spoken as "uint8" is.)"""
    return f"{'an' if kind[:1].lower() in 'aeio' else 'a'} {kind}"
