"""What travels with its code (by cloudpickle) keeps the names of its files; a function brings their lines along.

So a traceback from elsewhere says the script's own file, line and source. To be imported late: cloudpickle takes 25 ms.
"""

from __future__ import annotations

import functools
import json
import linecache
import sys
import threading
import weakref
import zlib
from collections import ChainMap
from collections.abc import Callable, MutableMapping
from contextvars import Context, ContextVar
from pickle import PickleBuffer
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

import cloudpickle
from cloudpickle import cloudpickle as inside

from mcgui_core.values.function_with_setup import (
    FunctionWithSource,
    cached_anew,
    cached_property_anew,
    dispatcher_anew,
    fill_dispatcher,
    source_lines,
    weak_reference,
)

#: The type of what `functools.lru_cache` returns, which cloudpickle leaves to its name.
CACHED: type = functools._lru_cache_wrapper
ChangedReducers = Callable[[MutableMapping[type, Any]], MutableMapping[type, Any]]
#: What cloudpickle calls every file.
_NO_FILE = "<dynamic-code>"
#: Characters of a file whose lines travel, at most, and of all files of a function.
FILE_LENGTH, ALL_LENGTH = 1 << 20, 4 << 20


def _unchanged(reducers: MutableMapping[type, Any]) -> MutableMapping[type, Any]:
    return reducers


def dump(
    value: Any, file: Any, keep: Callable[[PickleBuffer], Any] | None, changed: ChangedReducers = _unchanged
) -> None:
    """Pickle a value by cloudpickle into a file; `keep` takes its buffers (None: they stay in the pickle). How types
    are pickled may be `changed`."""
    _CodePickler(file, keep, changed).dump(value)


def dump_function(function: Any, setup: Any, file: Any, keep: Callable[[PickleBuffer], Any]) -> None:
    """Pickle a FunctionWithSource."""
    pickler = _FunctionPickler(file, keep)
    pickler.dump(FunctionWithSource(function, setup, _Lines(pickler.files), _OfScript(pickler.of_script)))


class _CodePickler(cloudpickle.Pickler):  # type: ignore[misc]  # it has no types
    def __init__(
        self,
        file: Any,
        keep: Callable[[PickleBuffer], Any] | None,
        changed: ChangedReducers = _unchanged,
    ) -> None:
        self.files: dict[str, str] = {}  # names of files, each as one object: equal code is pickled to equal bytes
        # First of all: the pickler in C looks for it as it is made.
        own = {
            CodeType: functools.partial(_reduced_code, self.files),  # no method, by which it would hold itself
            CACHED: _reduced_cache,
            functools.cached_property: _reduced_property,
            weakref.ref: _reduced_reference,
            weakref.WeakSet: _reduced_weak_set,
            weakref.WeakKeyDictionary: _reduced_weak_mapping,
            weakref.WeakValueDictionary: _reduced_weak_mapping,
        }
        self.dispatch_table = changed(ChainMap(own, cloudpickle.Pickler.dispatch_table))
        super().__init__(file, protocol=5, buffer_callback=keep)

    def reducer_override(self, value: Any) -> Any:
        """Functions of `singledispatch` are closures over what cannot be pickled; of classes, the slots travel too."""
        if type(value) is FunctionType and _is_dispatcher(value) and not inside._should_pickle_by_reference(value):
            return _reduced_dispatcher(value)
        reduced = super().reducer_override(value)
        if isinstance(value, type) and "__slots__" in vars(value) and isinstance(reduced, tuple):
            return _with_slots(value, reduced)
        return reduced


class _FunctionPickler(_CodePickler):
    """What a script makes once for its own process, each other process makes once for itself: locks and their like."""

    def __init__(self, file: Any, keep: Callable[[PickleBuffer], Any] | None) -> None:
        self.of_script: dict[str, Any] = {}
        self._script = vars(sys.modules["__main__"])
        super().__init__(file, keep)
        self.dispatch_table.update(
            {
                type(threading.Lock()): lambda _lock: (threading.Lock, ()),
                type(threading.RLock()): lambda _lock: (threading.RLock, ()),
                threading.local: lambda _local: (threading.local, ()),
                ContextVar: _reduced_variable,
            }
        )

    def reducer_override(self, value: Any) -> Any:
        """Takes note of what the script calls by a name of its own."""
        if isinstance(value, type | FunctionType | CACHED) and getattr(value, "__module__", "") == "__main__":
            name = getattr(value, "__qualname__", "")
            if name.isidentifier() and self._script.get(name, value) is value:
                self.of_script.setdefault(name, value)
        return super().reducer_override(value)


def _reduced_code(files: dict[str, str], code: CodeType) -> Any:
    kind, arguments = inside._code_reduce(code)
    name = files.setdefault(code.co_filename, code.co_filename)
    return kind, tuple(name if argument == _NO_FILE else argument for argument in arguments)


def _with_slots(kind: type, reduced: tuple[Any, ...]) -> tuple[Any, ...]:
    """cloudpickle's reduced form of a class, which would come to be without slots: its instances would have a
    `__dict__` then, take any attribute, and come back in a form that the class at home, which has none, refuses."""
    make, arguments, (attributes, more), *rest = reduced
    if make is not inside._make_skeleton_class or issubclass(kind, tuple):  # those have none, and refuse to be told so
        return reduced
    own = vars(kind)
    slots = [name for name, found in own.items() if type(found) is MemberDescriptorType and found.__objclass__ is kind]
    # A name with two underscores before it is found as _Kind__name, and would be written so once more.
    attributes = {name: value for name, value in attributes.items() if name not in slots}
    slots += [name for name in ("__dict__", "__weakref__") if type(own.get(name)) is GetSetDescriptorType]
    type_of, name, bases, given, *identity = arguments
    return make, (type_of, name, bases, given | {"__slots__": tuple(slots)}, *identity), (attributes, more), *rest


def _reduced_variable(variable: ContextVar[Any]) -> Any:
    try:
        default = Context().run(variable.get)
    except LookupError:
        return ContextVar, (variable.name,)
    return functools.partial(ContextVar, variable.name, default=default), ()


def _reduced_cache(wrapper: Any) -> Any:
    """A function that `functools.lru_cache` made: by name where others find it so, else anew, with an empty cache."""
    if inside._should_pickle_by_reference(wrapper.__wrapped__):
        return wrapper.__reduce__()
    return cached_anew, (wrapper.__wrapped__, wrapper.cache_parameters())


def _reduced_property(found: functools.cached_property[Any]) -> Any:
    """Before Python 3.12 there is a lock in it, which cannot be pickled."""
    return cached_property_anew, (found.func, found.attrname)


def _is_dispatcher(function: Any) -> bool:
    return function.__code__ is _DISPATCHER


#: The code of every function that `functools.singledispatch` makes.
_DISPATCHER: CodeType = functools.singledispatch(len).__code__  # type: ignore[attr-defined]  # it is a function
#: What it sets on such a function itself.
_OF_DISPATCHER = ("register", "dispatch", "registry", "_clear_cache")


def _reduced_dispatcher(dispatcher: Any) -> Any:
    """Made empty, and filled once it can be named: its functions may call it."""
    names = ("__module__", "__name__", "__qualname__", "__doc__")
    attributes = {name: getattr(dispatcher, name) for name in names}
    attributes |= {name: value for name, value in dispatcher.__dict__.items() if name not in _OF_DISPATCHER}
    return dispatcher_anew, (), (dict(dispatcher.registry), attributes), None, None, fill_dispatcher


def _reduced_reference(reference: Any) -> Any:
    target = reference()
    return weak_reference, () if target is None else (target,)


def _reduced_weak_set(found: weakref.WeakSet[Any]) -> Any:
    return weakref.WeakSet, (list(found),)


def _reduced_weak_mapping(found: Any) -> Any:
    return type(found), (), None, None, iter(list(found.items()))


class _OfScript:
    """Pickled after the function, with which all of it has come."""

    def __init__(self, things: dict[str, Any]) -> None:
        self._things = things

    def __reduce__(self) -> Any:
        return dict, (list(self._things.items()),)


class _Lines:
    """Pickled after the function: which files its code is of is known then."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files

    def __reduce__(self) -> Any:
        found: dict[str, str] = {}
        left = ALL_LENGTH
        for name in self._files:
            text = "".join(linecache.getlines(name))
            if 0 < len(text) <= min(FILE_LENGTH, left):
                found[name], left = text, left - len(text)
        return source_lines, (zlib.compress(json.dumps(found).encode()),)
