"""How a function travels with what belongs to it, where it is a callable of a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class FunctionWithSetup(NamedTuple):
    """`setup` is called in each process before the first call of `function`. What older versions wrote."""

    function: Callable[..., Any]
    setup: Callable[[], Any]


class FunctionWithSource(NamedTuple):
    """A function, its setup, the text of the files that their code is of, by the files' names, and what of the script's
    own came along with its code, by its names there."""

    function: Callable[..., Any]
    setup: Callable[[], Any] | None
    sources: Any  # dict[str, str]
    script: Any = None  # dict[str, Any]


def source_lines(packed: bytes) -> dict[str, str]:
    """The texts that were packed by code_pickler.py."""
    import json  # here, because a slot starts sooner without them
    import zlib

    found: dict[str, str] = json.loads(zlib.decompress(packed))
    return found


def cached_anew(function: Callable[..., Any], parameters: dict[str, Any]) -> Callable[..., Any]:
    """A function with a cache as another one has had it, with `functools.lru_cache`."""
    import functools

    cached: Callable[..., Any] = functools.lru_cache(**parameters)(function)
    return cached


def cached_property_anew(function: Callable[..., Any], name: str | None) -> Any:
    """A `functools.cached_property` of that name."""
    import functools

    made: Any = functools.cached_property(function)
    made.attrname = name
    return made


def dispatcher_anew() -> Callable[..., Any]:
    """A function as `functools.singledispatch` makes them, to be filled by `fill_dispatcher`."""
    import functools

    return functools.singledispatch(_filled_later)


def fill_dispatcher(dispatcher: Any, contents: tuple[dict[type, Callable[..., Any]], dict[str, Any]]) -> None:
    """Have it call the functions of another one, by the types that they are for, and look like that."""
    functions, attributes = contents
    for type_, function in functions.items():
        dispatcher.register(type_, function)
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(dispatcher, name, attributes.pop(name))
    dispatcher.__dict__.update(attributes)


def _filled_later(*_args: Any, **_kwargs: Any) -> Any:
    raise AssertionError("a dispatcher is filled before it is called")


def weak_reference(target: Any = None) -> Any:
    """A weak reference; to what is gone, where nothing is given."""
    import weakref

    return weakref.ref(type("Gone", (), {})() if target is None else target)
