"""Calls as they travel: the function, pickled, and what it is called with.

What a function refers to travels as it is when it is submitted. To pickle one that is the script's own takes 150 us, so
the pickle is kept as long as nothing that it depends on can have changed.
"""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeVar

from mcgui_core.client.argument_blocks import ARGUMENT_LIMIT
from mcgui_core.environment.import_path import user_modules
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.values import pickling
from mcgui_core.values.immutable import ATOMS
from mcgui_core.values.remote_call import Call

T = TypeVar("T")

#: Bytes of arguments in which names of modules are looked for.
_HEAD = 1 << 16
#: Pickled functions that are remembered, so that many calls of one travel with one copy of it.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Pickled:
    """A function that many calls have, pickled once."""

    function: bytes
    name: str

    def __call__(self, *_args: Any) -> Any:
        raise AssertionError("what travels is the function itself")


def pickled_once(function: Callable[..., T]) -> Callable[..., T]:
    """For many calls of it. As it is, where it cannot be pickled: each of them says so."""
    with suppress(Exception):
        return _Pickled(pickling.dumps(function), called(function))
    return function


def called(function: Callable[..., Any]) -> str:
    """What a function is called."""
    if isinstance(function, _Pickled):
        return function.name
    return str(getattr(function, "__name__", None) or type(function).__name__)


class CallPacker:
    """Packs the calls of one executor. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copies: dict[bytes, tuple[bytes, frozenset[str]]] = {}
        self._kept: weakref.WeakKeyDictionary[FunctionType, tuple[tuple[Any, ...], bytes]] = weakref.WeakKeyDictionary()

    def packed(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Call, frozenset[str]]:
        """The call, and the modules of the user's own that it names. Raises ArgumentsInvalid."""
        try:
            pickled, arguments = self._pickled(function), pickling.dumps((args, kwargs))
            size = len(pickled) + len(arguments)
            if size > ARGUMENT_LIMIT - _HEAD:
                raise ValueError(f"it takes {size:,} bytes, and {ARGUMENT_LIMIT:,} are the most")
        except Exception as error:
            raise ArgumentsInvalid(
                f"The call of {called(function)} cannot travel: {error}.",
                "It goes to another process, and perhaps to another computer: give plain values, arrays or file names.",
            ) from error
        with self._lock:
            if pickled not in self._copies:
                if len(self._copies) >= _KEPT:
                    self._copies.clear()
                self._copies[pickled] = pickled, _own_modules(pickled)
            copy, modules = self._copies[pickled]
        return Call(copy, arguments, called(function)), modules | _own_modules(arguments[:_HEAD])

    def _pickled(self, function: Callable[..., Any]) -> bytes:
        if isinstance(function, _Pickled):
            return function.function
        on = _depends_on(function)
        if on is None or not isinstance(function, FunctionType):
            return pickling.dumps(function)
        with self._lock:
            before, pickled = self._kept.get(function, (None, b""))
        if before != on:
            pickled = pickling.dumps(function)
            with self._lock:
                self._kept[function] = on, pickled
        return pickled


def _depends_on(function: Callable[..., Any]) -> tuple[Any, ...] | None:
    """What the pickle of a function depends on; None where that may change and look the same."""
    if type(function) is not FunctionType or function.__closure__ or function.__dict__ or function.__kwdefaults__:
        return None
    values: list[Any] = [id(function.__code__), *(function.__defaults__ or ())]
    there = function.__globals__
    values += [there[name] for name in _names_in(function.__code__) if name in there]
    if not all(type(value) in ATOMS or isinstance(value, ModuleType) for value in values):
        return None
    return tuple((type(value), id(value) if isinstance(value, ModuleType) else value) for value in values)


@lru_cache(maxsize=_KEPT)
def _names_in(code: CodeType) -> tuple[str, ...]:
    """Those that may be of globals."""
    return tuple(dict.fromkeys(_each_name(code)))


def _each_name(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _each_name(constant)


def _own_modules(pickled: bytes) -> frozenset[str]:
    return frozenset(name for name, text in _names(len(sys.modules), _newest_module()) if text in pickled)


def _newest_module() -> str:
    """The name of the module that was imported last."""
    while True:
        with suppress(RuntimeError):  # another thread imports one just now
            return next(reversed(sys.modules))


@lru_cache(maxsize=1)
def _names(_count: int, _last: str) -> tuple[tuple[str, bytes], ...]:
    """The user's own modules, looked up anew where others were imported since."""
    return tuple((name, name.encode("utf-8", "replace")) for name, _ in user_modules())
