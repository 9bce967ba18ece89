"""Whether the arguments of a call are what the method's annotations say: a peer may send anything."""

from __future__ import annotations

import inspect
import reprlib
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from mcgui_core.errors import BadInput
from mcgui_core.protocol.field_types import fits, wrong_field
from mcgui_core.protocol.messages import JobSpec

_Parameters = tuple[tuple[str, Any, bool], ...]  # name, annotation, may be left out


def check_call(method: Callable[..., Any], args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Raises BadInput, with the name of the first argument that is wrong, also where one is missing or too many."""
    name = method.__name__
    parameters = _parameters(getattr(method, "__func__", method))
    if type(args) is not tuple or type(kwargs) is not dict or len(args) > len(parameters):
        raise BadInput(f"{name} was called with arguments that it does not have.")
    given = dict(zip((parameter[0] for parameter in parameters), args, strict=False))
    if any(type(key) is not str or key in given for key in kwargs):
        raise BadInput(f"{name} was called with an argument twice, or with one that has no name.")
    given.update(kwargs)
    for parameter, hint, optional in parameters:
        if parameter in given:
            value = given.pop(parameter)
            if not fits(value, hint):
                field = (
                    f"{wrong} of "
                    if is_dataclass(value) and type(value) is hint and (wrong := wrong_field(value))
                    else ""
                )
                raise BadInput(f"{field}{parameter} of {name} cannot be {reprlib.repr(value)}.")
        elif not optional:
            raise BadInput(f"{name} was called without {parameter}.")
    if given:
        raise BadInput(f"{name} was called with arguments that it does not have.")


@cache
def _parameters(function: Any) -> _Parameters:
    hints = typing.get_type_hints(function)
    found = list(inspect.signature(function).parameters.values())[1:]
    # A job's description says in a sentence for people what is wrong with it (job_check.py).
    return tuple(
        (parameter.name, Any if hints[parameter.name] is JobSpec else hints[parameter.name], not _needed(parameter))
        for parameter in found
    )


def _needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is inspect.Parameter.empty
