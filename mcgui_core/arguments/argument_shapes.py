"""What the first few arguments are made of: enough to tell whether a function can be called with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def widths_of(values: Sequence[Any]) -> tuple[int, ...]:
    """How many items each value has, where all of them are tuples, lists or arrays; else nothing."""
    if not all(isinstance(value, tuple | list) or getattr(value, "ndim", 0) for value in values):
        return ()
    return tuple(len(value) for value in values)


def keys_of(values: Sequence[Any]) -> tuple[str, ...]:
    """The keys of the first value, where that is a dict with nothing but strings for keys; else nothing."""
    first = values[0] if values else None
    if not isinstance(first, dict) or not all(isinstance(key, str) for key in first):
        return ()
    return tuple(first)
