"""The types of what travels, as the decoder (msgspec) wants them said: what our annotations mean by a number is less.

A whole number is one that SQLite and other languages take for one, and neither nan nor infinity is a number anybody can
reckon with. The decoder knows neither, so both are added where a decoder is made, with what `field_limits.py`
says there: messages are written without msgspec, which no slot has to import for them.
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

from mcgui_core.protocol.messages.field_limits import Length, Range

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
    if origin is Annotated:
        return reduce(_limited, inner[1:], _wire_type(inner[0]))
    if origin in (typing.Union, UnionType):
        return reduce(operator.or_, map(_wire_type, inner))
    if origin is tuple and inner[1:] == (...,):
        return origin[_wire_type(inner[0]), ...]
    if origin in (tuple, dict):
        return origin[tuple(map(_wire_type, inner))]
    if is_dataclass(hint):
        _spell_out(hint)  # type: ignore[arg-type]
    return hint


def _limited(hint: Any, limit: object) -> Any:
    """The annotation with a limit, as the decoder has it, and still as others read it."""
    if isinstance(limit, Length):
        return Annotated[hint, msgspec.Meta(min_length=limit.least, max_length=limit.most), limit]
    if isinstance(limit, Range):
        return Annotated[typing.get_args(hint)[0], msgspec.Meta(ge=limit.least, le=limit.most), limit]
    return hint


@cache
def _spell_out(kind: type[Any]) -> None:
    """Have the annotations of a message, and of those in it, say what the decoder has to know."""
    hints = typing.get_type_hints(kind, include_extras=True)
    said = {field.name: _wire_type(hints[field.name]) for field in fields(kind)}
    for each in kind.__mro__[:-1]:  # all but object
        own = inspect.get_annotations(each)
        each.__annotations__ = own | {name: said[name] for name in own if name in said}
