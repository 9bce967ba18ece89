"""Frames of bytes; and messages between processes of one computer as such frames, with the unpickler that reads them.

A frame is: the number of buffers and the length of the body, the length of each buffer, the body, the buffers. Large
bytes travel as buffers, out of band, which saves two copies of each on either side. What goes over a network has a body
of another kind, which is only data (`calls/call_codec.py`).

Pipes carry pickles, read by an unpickler that admits the dataclasses of `messages/` and `queries.py` and the errors
of `errors.py` and refuses every other name, so that a task cannot make its agent run code. Arguments, functions and
results are bytes in such a message: they are opaque here, and opened only by slots and by the client (`pickling.py`).
"""

from __future__ import annotations

import io
import pickle
import struct
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from mcgui_core.base.pickle_check import check_pickle
from mcgui_core.errors import FrameInvalid
from mcgui_core.protocol.messages import MESSAGE_MODULES

T = TypeVar("T")

_BYTES = bytes, bytearray, memoryview
_HEAD = struct.Struct("!IQ")
#: Bytes from which a value is worth a buffer of its own; below it, one write of everything is cheaper.
BUFFER_FROM = 1 << 16
#: Bytes that one frame may hold. Outcomes are cut far smaller; this only stops a peer from asking for all memory.
FRAME_LIMIT = 1 << 30
#: Buffers that one frame may hold.
BUFFERS_LIMIT = 1 << 16

#: Bytes that are made room for before any have arrived.
PIECE = 1 << 20

#: Modules whose own classes a control message may name.
ADMITTED_MODULES = (*MESSAGE_MODULES, "mcgui_core.protocol.queries", "mcgui_core.errors")


class _ControlUnpickler(pickle.Unpickler):
    """Admits classes that are defined in admitted modules: not what those modules import, and nothing else."""

    def __init__(self, body: Any, buffers: list[bytearray], modules: Collection[str]) -> None:
        super().__init__(io.BytesIO(body), buffers=buffers)
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        if module in self._modules and "." not in name:
            if module not in sys.modules:
                __import__(module)
            found = getattr(sys.modules[module], name, None)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise FrameInvalid(f"it names {module}.{name}, which no message may")


def large(data: Any) -> Any:
    """`data` (bytes or memoryview), marked to travel as a buffer where it is large enough to gain by that."""
    if isinstance(data, memoryview):
        # Never a view itself: where a PickleBuffer of one becomes garbage in a circle, as it does with the traceback of
        # a call that failed, CPython's collector ends the process.
        behind: Any = data.obj
        whole = type(behind) in (bytes, bytearray) and data.nbytes == len(behind)
        return pickle.PickleBuffer(behind if whole else bytes(data))
    if len(data) >= BUFFER_FROM:
        return pickle.PickleBuffer(data)
    return data


def with_large(message: T, field: str) -> T:
    """The message, of which that field, where it is bytes or a memoryview, travels as `large` says."""
    data = getattr(message, field)
    if not isinstance(data, _BYTES):
        return message
    if len(data) < BUFFER_FROM and not isinstance(data, memoryview):
        return message
    changed: T = replace(message, **{field: large(data)})  # type: ignore[type-var]
    return changed


def encode(message: Any) -> list[Any]:
    """A message as the byte strings of its frame: the first holds all that is small.

    Raises FrameInvalid where it is larger than a frame may be.
    """
    buffers: list[pickle.PickleBuffer] = []
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5, buffer_callback=buffers.append)
    # As the classes themselves say. What a library has put into `copyreg` for all of its process does not count: tblib,
    # which Dask brings, has every exception name a function of its own, which no reader of ours admits.
    pickler.dispatch_table = {}
    pickler.dump(message)
    return framed(stream.getvalue(), buffers)


def framed(body: bytes, buffers: Sequence[pickle.PickleBuffer]) -> list[Any]:
    """The byte strings of a frame: the first holds all but the buffers.

    Raises FrameInvalid where it is larger than a frame may be.
    """
    if not buffers and len(body) <= FRAME_LIMIT:  # as nearly always
        return [_HEAD.pack(0, len(body)) + body]
    views = [buffer.raw() for buffer in buffers]
    size = len(body) + sum(view.nbytes for view in views)
    if size > FRAME_LIMIT or len(views) > BUFFERS_LIMIT:
        most = f"{FRAME_LIMIT:,} and {BUFFERS_LIMIT:,} are the most"
        raise FrameInvalid(f"it would take {size:,} bytes and {len(views):,} buffers, and {most}")
    head = _HEAD.pack(len(views), len(body)) + b"".join(view.nbytes.to_bytes(8, "big") for view in views)
    return [head + body, *views]


def received(read_into: Callable[[memoryview], int | None], size: int, ended: type[Exception], said: str) -> bytearray:
    """Exactly so many bytes, read a piece at a time: who only claims that many are coming takes no memory by that.

    Raises `ended` where they end before.
    """
    data = bytearray(min(size, PIECE))
    got = 0
    while got < size:
        if got == len(data):
            data.extend(bytes(min(size - got, max(PIECE, got))))
        with memoryview(data) as view, view[got:] as rest:
            count = read_into(rest)
        if not count:
            raise ended(said)
        got += count
    return data


def read_body(
    receive: Callable[[int], bytearray], limit: int = FRAME_LIMIT, body_limit: int = FRAME_LIMIT
) -> tuple[bytearray, list[int]]:
    """The body of the next frame, and the sizes of its buffers, which come next, from a function that returns exactly
    as many bytes as asked for.

    Raises FrameInvalid for one that claims too much, and whatever `receive` raises.
    """
    count, length = _HEAD.unpack(receive(_HEAD.size))
    if count > BUFFERS_LIMIT or length > min(limit, body_limit):
        raise FrameInvalid(f"it claims {length:,} bytes and {count:,} buffers")
    if not count:  # as nearly always
        return receive(length), []
    sizes = [int.from_bytes(receive(8), "big") for _ in range(count)]
    if length + sum(sizes) > limit:
        raise FrameInvalid(f"it claims {length + sum(sizes):,} bytes, and {limit:,} is the most")
    return receive(length), sizes


def read_frame(receive: Callable[[int], bytearray], limit: int = FRAME_LIMIT) -> tuple[bytearray, list[bytearray]]:
    """Body and buffers of the next frame. Raises as `read_body`."""
    body, sizes = read_body(receive, limit)
    return body, [receive(size) for size in sizes]


def read(
    receive: Callable[[int], bytearray],
    limit: int = FRAME_LIMIT,
    modules: Collection[str] = ADMITTED_MODULES,
    checked: bool = False,
) -> Any:
    """The next message, from a function that returns exactly as many bytes as asked for.

    `checked`: whoever sent it may want to harm us (pickle_check.py).

    Raises FrameInvalid for what is no message of ours, and whatever `receive` raises.
    """
    body, buffers = read_frame(receive, limit)
    try:
        if checked:
            check_pickle(body)
        return _ControlUnpickler(body, buffers, modules).load()
    except FrameInvalid:
        raise
    except Exception as error:  # a broken pickle raises nearly anything
        raise FrameInvalid(f"it cannot be read ({type(error).__name__}: {error})") from error
