"""A value of the user's as it is now, to be made anew later in the same process.

Pickled, but with the classes and functions of this process as they are: they need no name by which others find them.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Collection
from sys import modules
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from mcgui_core.values.immutable import ATOMS, are_immutable, is_immutable
from mcgui_core.values.size_estimate import Through


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


class Kept(NamedTuple):
    """A value that may change, as it was."""

    value: Any
    snapshot: Snapshot

    @property
    def nbytes(self) -> int:
        """Bytes, roughly."""
        return self.snapshot.size


def kept(value: Any, through: Through = ()) -> Any:
    """The value, as it is now: itself where it cannot change, a copy, or a Kept, of which `as_kept` makes it.

    Raises nothing but what is let `through`."""
    copy = flat_copy(value)  # most are numbers, or a few of them under their names
    if copy is not None:
        return copy
    if isinstance(value, Kept) or is_immutable(value):
        return value
    if is_plain_array(value):
        return value.copy(order="K")  # a fifth of what a snapshot of a small one takes
    try:
        return Kept(value, Snapshot(value))
    except through:
        raise
    except BaseException:  # noqa: BLE001 - pickling a value of the user's may raise anything
        return value  # what is wrong with it is said when it is to travel


def as_kept(value: Any, through: Through = ()) -> Any:
    """What `kept` has made of a value, as a value again. To be called once. Raises as `kept` does."""
    if not isinstance(value, Kept):
        return value
    try:
        return value.snapshot.opened()
    except through:
        raise
    except BaseException:  # noqa: BLE001 - where it is opened, it will be said that it cannot be
        return value.value


def is_array(value: Any) -> bool:
    """An array of NumPy, of no subclass. Does not import it."""
    return type(value) is getattr(modules.get("numpy"), "ndarray", None)


def is_plain_array(value: Any) -> bool:
    """Such an array, without objects in it."""
    return is_array(value) and not value.dtype.hasobject


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
        import cloudpickle  # here: a slot starts 25 ms sooner without it, and few values need it

        things: list[Any] = []
        marker = pickle.PickleBuffer(bytearray())  # writable: no view is made of what is handed over

        def take(buffer: pickle.PickleBuffer) -> None:  # no method: it would hold itself, and the value, for some time
            buffers.append(things.pop() if buffer is marker else buffer)

        self._things, self._marker = things, marker
        # First of all: the pickler in C looks for it as it is made.
        self.dispatch_table = cloudpickle.Pickler.dispatch_table  # views of memory and of dicts, and more that travels
        super().__init__(file, protocol=5, buffer_callback=take)

    def reducer_override(self, thing: Any) -> Any:
        if thing is not _itself and isinstance(thing, type | FunctionType | ModuleType):
            self._things.append(thing)
            return _itself, (self._marker,)
        return NotImplemented
