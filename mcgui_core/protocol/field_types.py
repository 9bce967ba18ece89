"""Whether a value is what a field's annotation says: dataclasses do not look, and a peer or a file may say anything."""

from __future__ import annotations

import reprlib
import sys
import typing
from functools import cache
from types import NoneType, UnionType
from typing import Any

from mcgui_core.errors import BadInput

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
    if origin is tuple:  # of any length, as all tuples in messages are
        return type(value) is tuple and all(fits(member, typing.get_args(hint)[0]) for member in value)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return -sys.float_info.max <= value <= sys.float_info.max
    if hint is int:
        return type(value) is int and _LEAST_INT <= value <= _MOST_INT
    return type(value) is (NoneType if hint is None else hint)


def check_fields(message: object, kind: type) -> None:
    """Raises BadInput where this is no message of that kind, with the name of the first field that is wrong."""
    hints = field_types(kind)
    if type(message) is not kind:
        raise BadInput(f"{reprlib.repr(message)} is no {kind.__name__}.")
    for name, hint in hints.items():
        if not fits(getattr(message, name), hint):
            raise BadInput(f"{name} of a {kind.__name__} cannot be {reprlib.repr(getattr(message, name))}.")
