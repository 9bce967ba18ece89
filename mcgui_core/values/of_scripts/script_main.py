"""The `__main__` of a slot: a task finds in it what its script defines, by the names that it has there.

So pickle finds the script's classes and functions, in the task and in libraries that it calls. Processes that a task
starts have a `__main__` of their own, unless they are forked: multiprocessing takes them along by value.
"""

from __future__ import annotations

import io
import pickle
import sys
from functools import _lru_cache_wrapper
from types import FunctionType, ModuleType
from typing import Any

_NAME = "__main__"
#: What says how processes that a task starts begin.
_KEPT = ("__file__", "__spec__", "__loader__", "__package__", "__builtins__", "__cached__")


class ScriptMain(ModuleType):
    """In the place of the module that a slot's process was started with, whose names are not the script's."""

    def __init__(self, before: ModuleType) -> None:
        super().__init__(_NAME)
        self.__dict__.update({name: value for name, value in vars(before).items() if name in _KEPT})

    def __getattr__(self, name: str) -> Any:
        """A class that came with an argument."""
        inside = sys.modules.get("cloudpickle.cloudpickle")
        if inside is not None and not name.startswith("__"):
            for found in list(inside._DYNAMIC_CLASS_TRACKER_BY_ID.values()):
                if (found.__module__, found.__qualname__) == (_NAME, name):
                    return found
        raise AttributeError(f"module {_NAME!r} has no attribute {name!r}", name=name, obj=self)


def begin() -> None:
    """Have this process a ScriptMain."""
    sys.modules[_NAME] = ScriptMain(sys.modules[_NAME])


def know(things: dict[str, Any]) -> None:
    """A job has come with these things of its script, by their names there."""
    main = sys.modules[_NAME]
    if isinstance(main, ScriptMain) and "cloudpickle" in sys.modules:  # what comes by its name alone is found by that
        vars(main).update(things)
        _take_along()


def know_of(function: Any) -> None:
    """A call has come with this function: as `know`, of that and of what it refers to."""
    if _is_of_script(function):
        known = {function.__qualname__: function, **getattr(function, "__globals__", {})}
        know({name: thing for name, thing in known.items() if _is_of_script(thing) and thing.__qualname__ == name})


def _is_of_script(thing: Any) -> bool:
    return isinstance(thing, type | FunctionType | _lru_cache_wrapper) and getattr(thing, "__module__", "") == _NAME


def _take_along() -> None:
    from multiprocessing.reduction import ForkingPickler  # here, because it takes a slot 3.5 ms

    if not hasattr(ForkingPickler, "reducer_override"):
        ForkingPickler.reducer_override = _by_value  # type: ignore[method-assign]  # which it has from pickle.Pickler


def _by_value(_pickler: Any, thing: Any) -> Any:
    if not _is_of_script(thing):
        return NotImplemented
    from mcgui_core.values.of_scripts import code_pickler

    file = io.BytesIO()
    code_pickler.dump(thing, file, None)
    return _opened, (file.getvalue(),)


def _opened(data: bytes) -> Any:
    """In a process of a task: what it sends back may be of the same classes."""
    thing = pickle.loads(data)
    vars(sys.modules[_NAME]).setdefault(thing.__qualname__, thing)
    _take_along()
    return thing
