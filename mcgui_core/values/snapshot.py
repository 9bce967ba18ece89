"""A value of the user's as it is now, to be made anew later in the same process.

Pickled, but with the classes and functions of this process as they are: they need no name by which others find them.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Collection
from types import FunctionType, ModuleType
from typing import Any

from mcgui_core.values.immutable import ATOMS, are_immutable


class Snapshot:
    """What a value was when this was made; later changes of the value do not reach it."""

    __slots__ = ("_body", "_buffers")

    def __init__(self, value: Any) -> None:
        """Raises whatever the pickling of `value` raises."""
        buffers: list[Any] = []
        try:
            self._body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        except (pickle.PicklingError, AttributeError, TypeError):
            buffers.clear()
            file = io.BytesIO()
            _LocalPickler(file, buffers).dump(value)
            self._body = file.getvalue()
        self._buffers = [bytearray(b.raw()) if isinstance(b, pickle.PickleBuffer) else b for b in buffers]

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return len(self._body) + sum(len(buffer) for buffer in self._buffers if isinstance(buffer, bytearray))

    def opened_plain(self) -> Any:
        """As `opened`, of numbers, text, containers of these and arrays of NumPy only. Raises ValueError for others."""
        return _PlainUnpickler(io.BytesIO(self._body), buffers=self._buffers).load()

    def opened(self) -> Any:
        """The value, made anew. To be called once: arrays get the memory that is kept here."""
        return pickle.loads(self._body, buffers=self._buffers)


def is_flat(value: Any) -> bool:
    """A dict, list or set of what cannot change. Calls nothing of the user's."""
    kind = type(value)
    if kind is dict:
        return _cannot_change(value.values()) and _cannot_change(value)
    return (kind is list or kind is set) and _cannot_change(value)


def flat_copy(value: Any) -> Any:
    """A copy of such a value, which is as good as a snapshot of it, and costs a tenth; None for others."""
    return value.copy() if is_flat(value) else None


def _cannot_change(items: Collection[Any]) -> bool:
    return ATOMS.issuperset(map(type, items)) or are_immutable(items)


class _PlainUnpickler(pickle.Unpickler):
    """Calls nothing of the user's."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] not in ("numpy", "datetime", "decimal", "_codecs"):
            raise ValueError(f"{module}.{name} is not known to be plain")
        return super().find_class(module, name)


def _itself(thing: Any) -> Any:
    return thing


class _LocalPickler(pickle.Pickler):
    """Hands over classes, functions and modules as they are, among the buffers, which may hold anything here."""

    def __init__(self, file: io.BytesIO, buffers: list[Any]) -> None:
        things: list[Any] = []
        marker = pickle.PickleBuffer(bytearray())  # writable: no view is made of what is handed over

        def take(buffer: pickle.PickleBuffer) -> None:  # no method: it would hold itself, and the value, for some time
            buffers.append(things.pop() if buffer is marker else buffer)

        self._things, self._marker = things, marker
        super().__init__(file, protocol=5, buffer_callback=take)

    def reducer_override(self, thing: Any) -> Any:
        if thing is not _itself and isinstance(thing, type | FunctionType | ModuleType):
            self._things.append(thing)
            return _itself, (self._marker,)
        return NotImplemented
