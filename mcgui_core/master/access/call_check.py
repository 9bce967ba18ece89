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
    name = method.__name__
    parameters = _parameters(getattr(method, "__func__", method))
    if len(request.args) > len(parameters):
        raise BadInput(f"{name} was called with arguments that it does not have.")
    given = {parameter[0]: argument for parameter, argument in zip(parameters, request.args, strict=False)}
    if not given.keys().isdisjoint(request.kwargs):
        raise BadInput(f"{name} was called with an argument twice.")
    given.update(request.kwargs)
    found: dict[str, Any] = {}
    for parameter, reader, optional in parameters:
        if parameter in given:
            try:
                found[parameter] = given.pop(parameter).read_by(reader)
            except BadInput as error:
                raise BadInput(f"{parameter} of {name} cannot be so: {error}.") from error
        elif not optional:
            raise BadInput(f"{name} was called without {parameter}.")
    if given:
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
