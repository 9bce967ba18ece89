"""The types of what travels, as the decoder (msgspec) wants them said: what our annotations mean by a number is less.

A whole number is one that SQLite and other languages take for one, and neither nan nor infinity is a number anybody can
reckon with. The decoder knows neither, so both are added where a decoder is made: messages are written with plain
annotations, and no slot has to import msgspec for them.
"""

from __future__ import annotations

import inspect
import operator
import sys
import typing
from dataclasses import fields, is_dataclass
from functools import cache, reduce
from types import UnionType
from typing import Annotated, Any

import msgspec

_WHOLE = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_NUMBER = Annotated[float, msgspec.Meta(ge=-sys.float_info.max, le=sys.float_info.max)]


@cache
def decoder(hint: Any) -> msgspec.msgpack.Decoder[Any]:
    """What reads a value of that annotation, and nothing else. Raises (as it reads) msgspec's DecodeError, ValueError,
    RecursionError."""
    return msgspec.msgpack.Decoder(_wire_type(hint))


def _wire_type(hint: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is int:
        return _WHOLE
    if hint is float:
        return _NUMBER
    if origin is Annotated:  # what else is said there is for people
        return _wire_type(inner[0])
    if origin in (typing.Union, UnionType):
        return reduce(operator.or_, map(_wire_type, inner))
    if origin is tuple and inner[-1] is ...:
        return origin[_wire_type(inner[0]), ...]
    if origin in (tuple, dict):
        return origin[tuple(map(_wire_type, inner))]
    if is_dataclass(hint):
        _spell_out(hint)  # type: ignore[arg-type]
    return hint


@cache
def _spell_out(kind: type[Any]) -> None:
    """Have the annotations of a message, and of those in it, say what the decoder has to know."""
    hints = typing.get_type_hints(kind, include_extras=True)
    said = {field.name: _wire_type(hints[field.name]) for field in fields(kind)}
    for each in kind.__mro__[:-1]:  # all but object
        own = inspect.get_annotations(each)
        each.__annotations__ = own | {name: said[name] for name in own if name in said}
