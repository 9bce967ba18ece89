"""Whether a value is what a field's annotation says: dataclasses do not look, and a peer or a file may say anything.

An annotation is turned into a predicate once: to ask `typing` each time takes 5 µs a field.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any

from mcgui_core.protocol.messages.field_limits import Length, Range

#: What SQLite and other languages take for a whole number.
_LEAST_INT, _MOST_INT = -(1 << 63), (1 << 63) - 1

Predicate = Callable[[object], bool]


@cache
def field_types(kind: Any) -> dict[str, Any]:
    """The annotations of a dataclass, by the names of its fields."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def fits(value: object, hint: Any) -> bool:
    """Strictly: True is no number, 1.0 no whole number; and nan and infinity are no numbers anybody can reckon with."""
    return predicate(hint)(value)


def wrong_field(message: object) -> str:
    """The name of the first field of a dataclass that is not what its annotation says; "" where all are."""
    kind: Any = type(message)
    return next((name for name, fine in _predicates(kind) if not fine(getattr(message, name))), "")


@cache
def _predicates(kind: Any) -> tuple[tuple[str, Predicate], ...]:
    return tuple((name, predicate(hint)) for name, hint in field_types(kind).items())


@cache
def predicate(hint: Any) -> Predicate:
    """What `fits` asks, for who asks often: to find it by its annotation takes longer than most answers."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _limited(predicate(inner[0]), inner[1:])
    if origin is typing.Literal:
        return lambda value: any(value == choice and type(value) is type(choice) for choice in inner)
    if origin in (typing.Union, UnionType):
        choices = tuple(map(predicate, inner))
        return lambda value: any(fine(value) for fine in choices)
    if origin is tuple and inner[-1] is ...:
        fine = predicate(inner[0])
        return lambda value: type(value) is tuple and all(map(fine, value))
    if origin is tuple:
        each = tuple(map(predicate, inner))
        return lambda value: (
            type(value) is tuple
            and len(value) == len(each)
            and all(fine(part) for fine, part in zip(each, value, strict=True))
        )
    if hint is Any:
        return lambda _: True
    if hint is float:
        return _is_number
    if hint is int:
        return _is_whole
    if hint is bytes:  # large ones travel as a buffer, and arrive as one
        return lambda value: type(value) in (bytes, bytearray, memoryview)
    kind = NoneType if hint is None else hint
    if is_dataclass(kind):
        return lambda value: type(value) is kind and not wrong_field(value)
    return lambda value: type(value) is kind


def _limited(fine: Predicate, limits: tuple[object, ...]) -> Predicate:
    ranges = tuple(limit for limit in limits if isinstance(limit, Range))
    lengths = tuple(limit for limit in limits if isinstance(limit, Length))

    def within(value: Any) -> bool:
        return (
            fine(value)
            and all(limit.least <= value <= limit.most for limit in ranges)
            and all(limit.least <= len(value) <= limit.most for limit in lengths)
        )

    return within


def _is_number(value: object) -> bool:
    if type(value) is int:  # it is written as one, into the journal for instance
        return _is_whole(value)
    return type(value) is float and isfinite(value)


def _is_whole(value: object) -> bool:
    return type(value) is int and _LEAST_INT <= value <= _MOST_INT
