"""The arguments of a call, read as what the method's annotations say: a peer may send anything."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from mcgui_core.errors import BadInput
from mcgui_core.protocol.calls.call_codec import Request
from mcgui_core.protocol.calls.wire_types import decoder

#: Name, what reads it as its annotation says, may be left out.
_Parameters = tuple[tuple[str, msgspec.msgpack.Decoder[Any], bool], ...]


def read_arguments(method: Callable[..., Any], request: Request) -> dict[str, Any]:
    """By name. Raises BadInput, with the name of the first argument that is wrong, also where one is missing or too
    many."""
    name, args, kwargs = method.__name__, request.positional, request.named
    parameters = _parameters(getattr(method, "__func__", method))
    found: dict[str, Any] = {}
    by_name = 0
    for place, (parameter, reader, optional) in enumerate(parameters):
        if parameter in kwargs:
            if place < len(args):
                raise BadInput(f"{name} was called with an argument twice.")
            by_name += 1
        elif place >= len(args):
            if optional:
                continue
            raise BadInput(f"{name} was called without {parameter}.")
        try:
            data = args[place] if place < len(args) else kwargs[parameter]
            found[parameter] = request.argument(data).read_by(reader)
        except BadInput as error:
            raise BadInput(f"{parameter} of {name} cannot be so: {error}.") from error
    if by_name < len(kwargs) or len(args) > len(parameters):
        raise BadInput(f"{name} was called with arguments that it does not have.")
    return found


@cache
def _parameters(function: Any) -> _Parameters:
    hints = typing.get_type_hints(function, include_extras=True)
    found = list(inspect.signature(function).parameters.values())[1:]
    return tuple(
        (parameter.name, decoder(hints[parameter.name]), parameter.default is not inspect.Parameter.empty)
        for parameter in found
    )
