"""An argument as somebody would type it: where that is possible, it can be changed and run again."""

from __future__ import annotations

import ast
from typing import Any, Final

#: Characters that a field for an expression takes without becoming slow.
MOST: Final = 20_000
_ATOMS: Final = (bool, int, float, complex, str, bytes, type(None))


def as_expression(value: Any) -> str:
    """An expression without names that gives this value: numbers, text, and lists, tuples, sets and dicts of these.

    "" for any other value, and for one that takes more than MOST characters. Numbers of NumPy become Python's.
    """
    try:
        text = repr(_plain(value))
        if len(text) <= MOST and ast.literal_eval(text) is not Ellipsis:
            return text
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ""  # inf and nan among them, which are names
    return ""


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in (list, tuple, set):
        return kind(map(_plain, value))
    if kind is dict:
        return {_plain(key): _plain(item) for key, item in value.items()}
    if kind.__module__ == "numpy" and not isinstance(value, type) and getattr(value, "shape", None) == ():
        return _plain(value.item())
    raise TypeError(kind)
