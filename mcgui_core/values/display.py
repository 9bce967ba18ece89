"""The user's values as text for a table, or a line in a window."""

from __future__ import annotations

from typing import Any

from mcgui_core.values.text import as_users_say, short


def shown(value: Any) -> str:
    """The repr, shortened. A dict's keys keep their order, which `reprlib` would sort: they are columns of a table."""
    if type(value) is dict and all(type(key) is str for key in value):
        return f"{{{', '.join(f'{key!r}: {short(item)}' for key, item in value.items())}}}"
    return short(value)


def full(value: Any) -> str:
    """The whole repr, also where that raises."""
    try:
        return as_users_say(repr(value))
    except Exception:  # noqa: BLE001 - it is the user's, and may raise anything
        return short(value)
