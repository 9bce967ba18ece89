"""Spares what sweeps up shared memory the signal that ends a group of processes which lost its link to others.

Python's multiprocessing, and joblib's loky, start a process that removes shared memory when all others have ended. If
its group was stopped in memory as whoever linked that to others is killed (by the system, since memory ran out; or the
worker is), all of the group is sent SIGHUP: so is what sweeps, and the memory stays until the computer starts. These
modules hold two signals back for it already. Here they learn of a third.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader  # not at run time: it would take a slot some milliseconds
    from importlib.machinery import ModuleSpec

#: Modules that start such a process.
_MODULES = frozenset(
    {
        "multiprocessing.resource_tracker",
        "joblib.externals.loky.backend.resource_tracker",
        "loky.backend.resource_tracker",
    }
)
#: What each of them calls the signals that it holds back.
_HELD_BACK = "_IGNORED_SIGNALS"


def spare_sweepers() -> None:
    """From now on, what sweeps up shared memory of this process has SIGHUP held back. Nothing on Windows, where memory
    goes with the last who holds it.

    To be called before these modules are imported, which is left to the user's code: it takes some milliseconds.
    """
    if sys.platform != "win32":
        sys.meta_path.insert(0, _Finder())


class _Finder:
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _MODULES:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(name, path, target)) is not None:
                spec.loader = _Loader(spec.loader)  # type: ignore[assignment, arg-type]
                return spec
        return None


class _Loader:
    """Loads a module as another does, and adds the signal."""

    def __init__(self, inner: Loader) -> None:
        self._inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._inner  # which can be asked for more
        self._inner.exec_module(module)
        held_back: Any = getattr(module, _HELD_BACK, None)
        if sys.platform != "win32" and isinstance(held_back, tuple):
            setattr(module, _HELD_BACK, (*held_back, signal.SIGHUP))
