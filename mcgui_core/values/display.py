"""The user's values as text for a table, or a line in a window."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

from mcgui_core.values.text import as_users_say, short


def shown(value: Any) -> str:
    """The repr, shortened. A dict's keys keep their order, which `reprlib` would sort: they are columns of a table."""
    if type(value) is dict and all(type(key) is str for key in value):
        return f"{{{', '.join(f'{key!r}: {short(item)}' for key, item in value.items())}}}"
    return short(value)


def full(value: Any) -> str:
    """The whole repr, also where that raises; numbers of NumPy as people write them."""
    try:
        with _plain_numbers():
            return as_users_say(repr(value))
    except Exception:  # noqa: BLE001 - it is the user's, and may raise anything
        return short(value)


def _plain_numbers() -> AbstractContextManager[None]:
    """NumPy 2 writes np.float64(2.5) where it wrote 2.5 before."""
    numpy = sys.modules.get("numpy")
    if numpy is None or int(numpy.__version__.partition(".")[0]) < 2:
        return nullcontext()
    return cast("AbstractContextManager[None]", numpy.printoptions(legacy="1.25"))
