"""How many bytes a value of the user's takes, roughly and quickly: to cut what travels before there is too much of it.

Light, because every slot imports it. It calls nothing of the user's but `nbytes` and `__sizeof__`, and
raises nothing but Ctrl+C, where that is let through.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any

#: Where nothing is known.
SOMETHING = 64
#: Members of a container that are looked at; the others are taken to be like these.
MEMBERS = 20
#: Containers in containers that are opened.
DEPTH = 3
#: What is not the value's, of what the user's code raises: nothing, or KeyboardInterrupt where somebody sits who may
#: have pressed Ctrl+C meanwhile.
Through = tuple[()] | type[KeyboardInterrupt]


def estimated_size(value: Any, depth: int = DEPTH, through: Through = ()) -> int:
    """Bytes, roughly. Arrays count in full, however deep in tuples, lists, dictionaries and objects they are.

    Raises nothing but what is let `through`."""
    try:
        size = getattr(value, "nbytes", None)
        if isinstance(size, int):
            return size
        return sys.getsizeof(value, SOMETHING) + (_inside(value, depth - 1, through) if depth else 0)
    except through:
        raise
    except BaseException:  # noqa: BLE001 - a property of the user's may raise anything, SystemExit too
        return SOMETHING


def _inside(value: Any, depth: int, through: Through) -> int:
    kind = type(value)
    if kind in _ATOMS:
        return 0
    members: Iterable[Any]
    if kind in (tuple, list, set, frozenset):
        members, count = value, len(value)
    elif kind is dict:
        members, count = value.values(), len(value)
    else:
        state = getattr(value, "__dict__", None)
        if type(state) is not dict:
            return 0
        members, count = state.values(), len(state)
    seen = [estimated_size(member, depth, through) for member in islice(members, MEMBERS)]
    return sum(seen) * count // len(seen) if seen else 0


_ATOMS = frozenset({int, float, complex, bool, str, bytes, bytearray, type(None)})
