"""Whether two values of the user's say the same, the one made here now and the other some time before elsewhere."""

from __future__ import annotations

import pickle
from collections import deque
from contextlib import suppress
from typing import Any, Final

#: Packages whose tables and columns compare themselves whole, by `equals`.
_TABLES: Final = frozenset({"pandas", "polars", "pyarrow"})
_ADDRESS_ONLY: Final[Any] = object.__repr__


def same_value(one: Any, other: Any) -> bool:
    """Text, numbers, lists, dicts, sets, arrays, dataclasses and tables are compared whole: how they are shown leaves
    out the middle of what is long. Of others it tells, or what they hold where it tells no more than their address.
    """
    from mcgui_core.values.display import shown

    with suppress(Exception):  # it is the user's, and may raise anything; it is looked at all the same
        if pickle.dumps(one) == pickle.dumps(other):
            return True
    try:
        return _say_the_same(one, other)
    except Exception:  # noqa: BLE001 - as above; or it contains itself
        return shown(one) == shown(other)


def _say_the_same(one: Any, other: Any) -> bool:
    from mcgui_core.results.plain_values import fields
    from mcgui_core.values.display import shown

    if type(one).__qualname__ != type(other).__qualname__:  # the module of an environment is another each time
        return shown(one) == shown(other)
    if isinstance(one, str | bytes | bytearray | int | set | frozenset):
        return bool(one == other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_say_the_same(item, other[key]) for key, item in one.items())
    named = fields(one)
    if named is not None:
        return _say_the_same(named, fields(other))
    if isinstance(one, list | tuple | deque):
        return len(one) == len(other) and all(map(_say_the_same, one, other))
    if hasattr(one, "dtype") and hasattr(one, "tobytes"):
        return one.dtype == other.dtype and one.shape == other.shape and _are_same_items(one, other)
    if _is_of_table(one):
        return bool(one.equals(other))
    if type(one).__repr__ is _ADDRESS_ONLY and hasattr(one, "__dict__"):
        return _say_the_same(vars(one), vars(other))
    return shown(one) == shown(other)


def _is_of_table(value: Any) -> bool:
    """Whether it is a table or a column of one. What others call `equals` may be undecided, or of the shapes alone."""
    packages = {kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    return not packages.isdisjoint(_TABLES) and hasattr(value, "equals")


def _are_same_items(one: Any, other: Any) -> bool:
    """Of two arrays; the bytes of one with objects would be their addresses."""
    if one.dtype.hasobject:
        return _say_the_same(one.tolist(), other.tolist())
    return bool(one.tobytes() == other.tobytes())
