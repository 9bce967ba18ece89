"""Values of any of our own types, for hypothesis."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, Literal

from hypothesis import strategies as st

from mcgui_core.protocol import messages
from mcgui_core.protocol.messages.field_limits import Length, Range
from mcgui_core.protocol.option_kinds import Bytes, Choice, FunctionName, OptionKind, Seconds, Seed, WholeNumber
from mcgui_core.protocol.run_options import OPTIONS

#: Every class that may cross the wire.
MESSAGES = [
    found for found in (getattr(messages, name) for name in messages.__all__) if dataclasses.is_dataclass(found)
]


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values for a field, or a whole dataclass, of that type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return st.binary(max_size=20)
    if origin is typing.Annotated:
        return _within(inner[0], [limit for limit in inner[1:] if isinstance(limit, Range | Length)])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=2).map(tuple) if inner[1:] == (...,) else st.tuples(*map(of, inner))
    if origin is not None:  # X | None
        return st.one_of(*map(of, inner))
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        return st.builds(hint, **{field.name: of(hints[field.name]) for field in dataclasses.fields(hint)})
    if hint is type(None):
        return st.none()
    simple: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(-(2**63), 2**63 - 1),
        str: st.text(max_size=9),
        bool: st.booleans(),
        bytes: st.binary(max_size=9),
        float: st.floats(allow_nan=False),
    }
    return simple[hint]


def _within(hint: Any, limits: list[Range | Length]) -> st.SearchStrategy[Any]:
    match limits:
        case [Range(least, most)]:
            return st.integers(int(least), int(most)) if hint is int else st.floats(least, most)
        case [Length(least, most)]:
            return of(hint).filter(lambda value: least <= len(value) <= most)
    return of(hint)


def run_options() -> st.SearchStrategy[dict[str, Any]]:
    """Any options of a job that are as they may be, by name."""
    return st.fixed_dictionaries({name: _of_kind(kind) for name, kind in OPTIONS.items()})


def _of_kind(kind: OptionKind) -> st.SearchStrategy[Any]:
    none = st.none() if getattr(kind, "none", "") else st.nothing()
    match kind:
        case Choice(choices=choices):
            return st.sampled_from(choices)
        case WholeNumber(least=least, most=most):
            return none | st.integers(least, most)
        case Seconds(least=least, most=most):
            return none | st.floats(least, most)
        case Bytes(most=most):
            return none | st.integers(1, most)
        case FunctionName():
            return none | st.sampled_from(["prepare", "_f", "größe", "f2"])
        case Seed():
            return none | st.from_regex(r"[0-9]{1,9}(,[0-9]{1,9})?(/[0-9]{1,3}){0,2}(\+[0-9])?", fullmatch=True)
    return st.booleans()
