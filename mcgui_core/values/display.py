"""The user's values as text for a table, or a line in a window."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from mcgui_core.values.text import as_users_say, short

#: The version from which on NumPy keeps for each thread how it prints. Before, who ends as the second of two puts back
#: what the first had set. (Not one by one from then on: a repr may take for ever.)
OF_EACH_THREAD = (2, 1)
_ONE_BY_ONE = threading.RLock()


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


@contextmanager
def _plain_numbers() -> Iterator[None]:
    """NumPy 2 writes np.float64(2.5) where it wrote 2.5 before."""
    numpy = sys.modules.get("numpy")
    version = tuple(map(int, numpy.__version__.split(".")[:2])) if numpy is not None else (0, 0)
    if numpy is None or version < (2, 0):
        yield
        return
    with _ONE_BY_ONE if version < OF_EACH_THREAD else nullcontext(), numpy.printoptions(legacy="1.25"):
        yield
