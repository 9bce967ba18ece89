"""Whether a value is what a field's annotation says: dataclasses do not look, and a peer or a file may say anything."""

from __future__ import annotations

import sys
import typing
from functools import cache
from types import NoneType, UnionType
from typing import Any

#: What SQLite and other languages take for a whole number.
_LEAST_INT, _MOST_INT = -(1 << 63), (1 << 63) - 1


@cache
def field_types(kind: type) -> dict[str, Any]:
    """The annotations of a class, by the names of its fields."""
    return typing.get_type_hints(kind)


def fits(value: object, hint: Any) -> bool:
    """Strictly: True is no number, 1.0 no whole number; and nan and infinity are no numbers anybody can reckon with."""
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return any(value == choice and type(value) is type(choice) for choice in typing.get_args(hint))
    if origin in (typing.Union, UnionType):
        return any(fits(value, choice) for choice in typing.get_args(hint))
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return -sys.float_info.max <= value <= sys.float_info.max
    if hint is int:
        return type(value) is int and _LEAST_INT <= value <= _MOST_INT
    return type(value) is (NoneType if hint is None else hint)
