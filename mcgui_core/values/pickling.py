"""The user's own values as bytes: arguments, functions and results. Opened only by slots, scripts and the workbench.

Plain pickle first, because it is ten times as fast; cloudpickle where that cannot do it (lambdas, classes of a
script's main module) or must not (classes of an environment, which exist under that name in the slots only, and so
have to travel by value).
"""

from __future__ import annotations

import copyreg
import io
import pickle
import re
import sys
from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import accumulate
from types import ModuleType
from typing import Any

from mcgui_core.values.file_slice import FileSlice, ValuesGone

#: Prefix of the names of modules that hold an environment (see environment_loader.py).
ENVIRONMENT_PREFIX = "mcgui_environment_"
Modules = Callable[[str], "ModuleType | None"]
"""The module of that name which belongs to the values that are opened; None where any that is found will do."""

#: The first byte: what follows is one pickle; or its sizes, and it, and its buffers; or the same, in which each buffer
#: begins at a multiple of ALIGNMENT; or several lists, after their lengths and sizes. The second is what older
#: versions wrote.
PLAIN, _BUFFERED, _ALIGNED, _JOINED = b"\x00", b"\x01", b"\x02", b"\x03"
#: Bytes: processors read an array fastest that begins at a multiple of this.
ALIGNMENT = 64
#: Bytes that are read of a file to find where the parts of a value lie; those with many buffers have more.
_HEAD = 4096
#: Bytes of a pickle that is not worth a copy.
_WORTH_PARTS = 1 << 16
_CUT_OFF = "this value is cut off"
#: What stands before a bytearray, and its length (of less than 4 GB), and perhaps elsewhere.
_BYTEARRAY = re.compile(rb"\x96.{4}\0{4}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pickled:
    """A value as bytes that are not in one piece yet: its arrays are where they were."""

    parts: tuple[Any, ...]
    size: int

    def __len__(self) -> int:
        return self.size

    def __bytes__(self) -> bytes:
        return b"".join(self.parts)


def dumps(value: Any) -> bytes:
    """`value` as bytes. Raises whatever its pickling raises (PicklingError, TypeError, RecursionError ...)."""
    return bytes(pickled(value))


def pickled(value: Any) -> bytes | Pickled:
    """As `dumps`, without a copy of what is large in it."""
    buffers: list[pickle.PickleBuffer] = []
    body = b""
    try:
        body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        # `__main__` is another module in every process: what a script defines would not be found by its name elsewhere.
        by_value = ENVIRONMENT_PREFIX.encode() in body or b"__main__" in body
    except (pickle.PicklingError, AttributeError, TypeError):
        by_value = True
    if by_value:
        buffers.clear()
        from mcgui_core.values.of_scripts import (
            code_pickler,  # here: a slot starts 25 ms sooner without it, and few jobs need it
        )

        _take_environments_along()
        file = io.BytesIO()
        code_pickler.dump(value, file, buffers.append, with_writable_arrays)
        body = file.getvalue()
    if not buffers:
        return PLAIN + body if len(body) < _WORTH_PARTS else Pickled((PLAIN, body), 1 + len(body))
    views = [buffer.raw() for buffer in buffers]
    if not by_value and "numpy" in sys.modules and any(view.readonly for view in views):
        buffers.clear()
        file = io.BytesIO()
        pickler = pickle.Pickler(file, protocol=5, buffer_callback=buffers.append)
        pickler.dispatch_table = with_writable_arrays(copyreg.dispatch_table)
        pickler.dump(value)
        body, views = file.getvalue(), [buffer.raw() for buffer in buffers]
    return _with_buffers([body], views)


def with_writable_arrays(reducers: MutableMapping[type, Any]) -> MutableMapping[type, Any]:
    """How values are pickled of which arrays of NumPy are writable where they are opened, also those that are read-only
    here: elsewhere nobody else has them, and so they come by any pool. Where there is no NumPy, nothing changes."""
    numpy = sys.modules.get("numpy")
    return reducers if numpy is None else ChainMap({numpy.ndarray: _as_writable}, dict(reducers))


def _as_writable(array: Any) -> Any:
    """What `array.__reduce_ex__` says, with its memory as one that may be written to: pickle takes note of it."""
    made, args, *state = array.__reduce_ex__(5)
    if array.flags.writeable or not isinstance(args[0], pickle.PickleBuffer):
        return (made, args, *state)
    from ctypes import c_char  # here: few values need it

    memory = (c_char * array.nbytes).from_address(array.ctypes.data)
    vars(memory)["array"] = array  # so that it stays
    return (made, (pickle.PickleBuffer(memory), *args[1:]), *state)


def _take_environments_along() -> None:
    """What the environments of this process define travels by value from now on."""
    import cloudpickle

    for name, module in list(sys.modules.items()):
        if name.startswith(ENVIRONMENT_PREFIX):
            cloudpickle.register_pickle_by_value(module)
            identify_classes(module)


class TooLarge(Exception):
    """More bytes than a value may have."""


class _Parts:
    """A file for a pickler, which keeps what is written as it is: large bytes are handed over without a copy."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self.left = most

    def write(self, data: Any) -> int:
        self.take(len(data))
        self.parts.append(bytes(data))  # which are themselves, where they are bytes
        return len(data)

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge


def pickled_function(function: Any, most: int, setup: Any = None) -> Pickled:
    """A FunctionWithSource of a callable with what it refers to, without a copy of what is large in it.

    Raises TooLarge where that takes more than `most` bytes, and whatever its pickling raises.
    """
    from mcgui_core.values.of_scripts import code_pickler

    _take_environments_along()  # a task may have a Master of its own
    file = _Parts(most)
    views: list[memoryview] = []

    def keep(buffer: pickle.PickleBuffer) -> None:
        views.append(buffer.raw())
        file.take(views[-1].nbytes)

    code_pickler.dump_function(function, setup, file, keep)
    if not views:
        return Pickled((PLAIN, *file.parts), 1 + sum(map(len, file.parts)))
    return _with_buffers(file.parts, views)


def _with_buffers(body: list[bytes], views: list[memoryview]) -> Pickled:
    length = sum(map(len, body))
    sizes = [len(views), length, *(view.nbytes for view in views)]
    parts: list[Any] = [b"".join([_ALIGNED, *(size.to_bytes(8, "big") for size in sizes)]), *body]
    at = len(parts[0]) + length
    for view in views:
        parts += bytes(-at % ALIGNMENT), view
        at += -at % ALIGNMENT + view.nbytes
    return Pickled(tuple(parts), at)


def identify_classes(module: ModuleType) -> None:
    """Give the classes of an environment an identity that is the same in every process.

    cloudpickle makes a class anew for each random identity that it meets: instances that came from two slots would
    not be equal, an enum's member not be itself, and an argument no instance of the class that its task knows.
    """
    own = [found for found in vars(module).values() if isinstance(found, type) and found.__module__ == module.__name__]
    if not own:
        return  # most environments have none, and a slot starts sooner without cloudpickle
    from cloudpickle import cloudpickle

    known = cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS
    with cloudpickle._DYNAMIC_CLASS_TRACKER_LOCK:
        for found in own:
            identity = f"{module.__name__}.{found.__qualname__}"
            known[found] = identity
            cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID[identity] = found


class Look:
    """Opens values as `loads` does, and sees whether there was more in them than numbers, text and containers."""

    def __init__(self) -> None:
        #: The value that was opened last holds nothing of a class that was named, and no buffer: only numbers, text,
        #: bytes, containers and bytearrays.
        self.builtin = False
        self._body: Any = b""

    @property
    def plain(self) -> bool:
        """And no bytearray."""
        return self.builtin and _BYTEARRAY.search(self._body) is None

    def loads(self, data: Any) -> Any:
        """The value in `data`."""
        self.builtin = False
        if isinstance(data, FileSlice):
            return loads(data)
        self._body, buffers = split(data)
        unpickler = _NamingUnpickler(io.BytesIO(self._body), buffers=buffers)
        value = unpickler.load()
        self.builtin = not unpickler.named and not buffers
        return value


class _NamingUnpickler(pickle.Unpickler):
    """Takes note where a class or a function is named."""

    named = False

    def find_class(self, module: str, name: str) -> Any:
        self.named = True
        return super().find_class(module, name)


class _ModulesUnpickler(pickle.Unpickler):
    """Finds what is named in modules that `sys.modules` need not have."""

    def __init__(self, file: Any, buffers: Sequence[Any], modules: Modules) -> None:
        super().__init__(file, buffers=buffers)
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        return named(module, name, self._modules, super().find_class)


def named(module: str, name: str, modules: Modules | None, otherwise: Callable[[str, str], Any]) -> Any:
    """What a pickle names: of the values' own modules, or found otherwise. Raises what importing it raises."""
    if modules is None:
        return otherwise(module, name)
    if (module, name) == ("cloudpickle.cloudpickle", "subimport"):  # what code that came along has imported
        return partial(_imported, modules, otherwise(module, name))
    found = modules(module)
    return otherwise(module, name) if found is None else reduce(getattr, name.split("."), found)


def _imported(modules: Modules, otherwise: Callable[[str], Any], name: str) -> Any:
    found = modules(name)
    return otherwise(name) if found is None else found


def loads(data: Any, modules: Modules | None = None) -> Any:
    """The value in `data` (bytes, memoryview, Pickled or FileSlice). Arrays come back writable.

    Raises what opening it raises; OSError where it lies in a file that is not there any more.
    """
    if isinstance(data, FileSlice):
        return _load(data, modules)
    body, buffers = split(data)
    return _loaded(body, buffers, modules)


def _loaded(body: Any, buffers: Sequence[Any], modules: Modules | None) -> Any:
    if modules is None:
        return pickle.loads(body, buffers=buffers)
    return _ModulesUnpickler(io.BytesIO(body), buffers, modules).load()


def _load(data: FileSlice, modules: Modules | None) -> Any:
    """As `loads`; of what is large in the pickle itself, no copy is there beside the value."""
    (start, stop), *spans = _spans(data.view(0, min(len(data), _HEAD), here=True), data)
    if stop - start < _WORTH_PARTS:
        return _loaded(*split(data), modules)
    whole = data.view(0, len(data)) if data.mapped and spans else None
    buffers = [data.view(*span) if whole is None else whole[slice(*span)] for span in spans]
    with data.path.open("rb") as file:
        file.seek(data.start + start)
        if modules is not None:
            return _ModulesUnpickler(file, buffers, modules).load()
        return pickle.load(file, buffers=buffers)


def split(data: Any) -> tuple[memoryview, list[Any]]:
    """The pickle in `data`, and the buffers that belong to it: new ones, or those of a mapped file, which are no
    more than a view that nobody else has."""
    if isinstance(data, FileSlice):
        spans = _spans(data.view(0, min(len(data), _HEAD), here=True), data)
        if data.mapped:
            whole = data.view(0, len(data))
            return whole[slice(*spans[0])], [whole[slice(*span)] for span in spans[1:]]
        body, *buffers = (data.view(*span) for span in spans)
        return body, buffers
    view = memoryview(bytes(data) if isinstance(data, Pickled) else data)
    (start, stop), *spans = _spans(view, None)
    return view[start:stop], [bytearray(view[first:last]) for first, last in spans]


def _spans(head: memoryview, source: FileSlice | None) -> list[tuple[int, int]]:
    """Where the pickle lies, and each of its buffers, by what a value begins with: all of it, or of a `source`.

    Raises ValueError where that is more than there is, or damaged; ValuesGone where there is nothing.
    """
    kind, total = bytes(head[:1]), len(head if source is None else source)
    if kind == PLAIN:
        return [(1, total)]
    if kind not in (_BUFFERED, _ALIGNED):
        raise ValueError("this value is damaged") if kind else ValuesGone
    count = int.from_bytes(head[1:9], "big")
    at = 9 + 8 * (count + 1)
    if at > total:
        raise ValueError(_CUT_OFF)
    if source is not None and at > len(head):
        head = source.view(0, at, here=True)
    spans = []
    for number in range(count + 1):
        if number and kind == _ALIGNED:
            at += -at % ALIGNMENT
        size = int.from_bytes(head[9 + 8 * number : 17 + 8 * number], "big")
        spans.append((at, at + size))
        at += size
    if at > total:
        raise ValueError(_CUT_OFF)
    return spans


def joined(lists: Sequence[tuple[int, Any]]) -> bytes:
    """Pickled lists, each with its length, as one value, without opening them: `parts` has them again."""
    numbers = (len(lists), *(number for length, data in lists for number in (length, len(data))))
    return b"".join([_JOINED, *(number.to_bytes(8, "big") for number in numbers), *(data for _, data in lists)])


def parts(data: Any, length: int) -> list[tuple[int, Any]]:
    """What `joined` has joined, of so many values in all; where it has not, `data` alone. Raises ValueError."""
    if isinstance(data, Pickled):
        return [(length, data)]
    if isinstance(data, FileSlice):  # joined ones are small, if nobody lies
        if bytes(data.view(0, min(1, len(data)), here=True)) != _JOINED:
            return [(length, data)]
        data = bytes(data)
    view = memoryview(data)
    if bytes(view[:1]) != _JOINED:
        return [(length, data)]
    at = 9 + 16 * int.from_bytes(view[1:9], "big")
    if at > len(view):
        raise ValueError("what was joined is cut off")
    numbers = [int.from_bytes(view[i : i + 8], "big") for i in range(9, at, 8)]
    lengths, sizes = numbers[::2], numbers[1::2]
    if sum(lengths) != length or at + sum(sizes) != len(view):
        raise ValueError(f"{length:,} results were due from this worker, and {sum(lengths):,} came")
    starts = accumulate(sizes, initial=at)
    return [(count, view[start : start + size]) for count, start, size in zip(lengths, starts, sizes, strict=False)]
