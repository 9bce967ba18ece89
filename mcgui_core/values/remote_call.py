"""A call of a ClusterExecutor as it travels, as it is made in a slot, and what comes back where it raised."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import Any, NamedTuple

from mcgui_core.values import pickling
from mcgui_core.values.exception_fields import drop_traceback
from mcgui_core.values.of_scripts import script_main
from mcgui_core.values.text import error_text

#: Functions that a process keeps opened.
_KEPT = 64


class Call(NamedTuple):
    """A call: its function and its (args, kwargs), both pickled, and what the function is called."""

    function: bytes
    arguments: bytes
    name: str

    def __repr__(self) -> str:
        return f"{self.name}(...)"


class Raised(NamedTuple):
    """What a call raised: pickled, in a list, where that can be; and in words. `initializer`: it never began."""

    error: bytes
    type: str
    message: str
    traceback: str
    initializer: bool = False


class RemoteCalls:
    """The function of an executor's jobs, whose arguments are calls.

    A function is opened once in each process. Other callables (a bound method, a partial) are made anew for each call:
    they may change while they are called.

    `modules` are names of the user's own modules, which are looked for in what travels with a function.
    """

    def __init__(self, modules: tuple[str, ...], initializer: Callable[..., Any] | None, initargs: tuple[Any, ...]):
        self.modules, self._initializer, self._initargs = modules, initializer, initargs
        self._functions: dict[bytes, Callable[..., Any]] = {}
        self._failed: Raised | None = None

    def __call__(self, call: Call, **given: Any) -> Any:
        process = os.getpid()
        try:
            if self._initializer is not None:
                self._begin(self._initializer)
            if self._failed is not None:
                return self._failed
            args, kwargs = pickling.loads(call.arguments)
            return self._function(call.function)(*args, **given, **kwargs)
        except BaseException as error:
            if os.getpid() != process:  # the call forked: that process ends as it would have elsewhere
                raise
            return _raised(error)

    def _begin(self, initializer: Callable[..., Any]) -> None:
        self._initializer = None
        try:
            initializer(*self._initargs)
        except BaseException as error:  # noqa: BLE001 - the user's code raises what it likes
            self._failed = _raised(error)._replace(initializer=True)

    def _function(self, pickled: bytes) -> Callable[..., Any]:
        known = self._functions.get(pickled)
        if known is not None:
            return known
        found: Callable[..., Any] = pickling.loads(pickled)
        script_main.know_of(found)
        if isinstance(found, FunctionType | BuiltinFunctionType | type):
            if len(self._functions) >= _KEPT:
                self._functions.clear()
            self._functions[pickled] = found
        return found


def _raised(error: BaseException) -> Raised:
    text = error_text(error, __file__)
    drop_traceback(error)
    try:
        return Raised(pickling.dumps([error]), *text)
    except BaseException:  # noqa: BLE001 - so does its pickling
        return Raised(b"", *text)


def call_each(function: Callable[..., Any], chunk: tuple[tuple[Any, ...], ...]) -> list[Any]:
    """Several calls as one."""
    return [function(*args) for args in chunk]
