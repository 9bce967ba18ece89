"""The user's values as text for a table, a file, or a line in a window."""

from __future__ import annotations

import json
import math
from typing import Any

from mcgui_core.values.text import short

#: Containers inside one another that are written as JSON; what lies deeper is written as its repr.
DEEPEST = 50
#: What `plain` gives, as JSON in one line. One encoder for all: `json.dumps` with options makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def shown(value: Any) -> str:
    """The repr, shortened. A dict's keys keep their order, which `reprlib` would sort: they are columns of a table."""
    if type(value) is dict and all(type(key) is str for key in value):
        return f"{{{', '.join(f'{key!r}: {short(item)}' for key, item in value.items())}}}"
    return short(value)


def plain(value: Any, depth: int = DEEPEST) -> Any:
    """The value in what JSON has: numbers, text, lists, dicts. Arrays become lists; the rest becomes its repr.

    Numbers that JSON cannot write ("nan", "inf") become text.
    """
    if value is None or type(value) in (int, str, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # not its own idea of one: an enum's would be its name
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if depth and isinstance(value, list | tuple):
        return [plain(item, depth - 1) for item in value]
    if depth and isinstance(value, dict):
        return {key if isinstance(key, str) else short(key): plain(item, depth - 1) for key, item in value.items()}
    if depth and type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return plain(value.tolist(), depth - 1)
    return full(value)


def cell(value: Any) -> str:
    """The value as a cell of a CSV file: text as it is, nothing for None, JSON for what has parts."""
    if type(value) is int:  # the most frequent by far, in the longest files
        return str(value)
    found = plain(value)
    if found is None:
        return ""
    if isinstance(found, str):
        return found
    if isinstance(found, list | dict):
        return as_json(found)
    return repr(found)


def full(value: Any) -> str:
    """The whole repr, also where that raises."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - it is the user's, and may raise anything
        return short(value)
