"""Requests to a master, and its answers, as the bodies of frames: MessagePack, read by types that are known before.

Who reads says what is due: the master by the annotations of the method that is called, a client by what that method
answers (`answer_types.py`). So no class is named, nothing runs, nothing is deeper than its type, and what is of another
type is refused where it stands. No argument is read before it is known that this link may make that call.

    request     [object, method, [argument ...], {name: argument}]
    answer      ["#RETURN", result] or ["#ERROR", [class, [argument ...]]]

Large bytes lie in buffers beside the body, and a mark with the number of the buffer stands in their place. The body of
a request is never large: where its arguments are, they lie in the last buffer. So the master knows what is called, and
how much that may bring, before it takes any of it. Texts are UTF-8. Where one of them has a lone surrogate, as the name
of a file that is no UTF-8 has, the body begins with a byte that MessagePack never has, and the characters of all its
texts stand for the bytes of their UTF-8.
"""

from __future__ import annotations

import pickle
import typing
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec

from mcgui_core import errors
from mcgui_core.errors import BadInput, FrameInvalid, McguiError
from mcgui_core.protocol import codec
from mcgui_core.protocol.calls.answer_types import ANSWERS
from mcgui_core.protocol.calls.wire_types import decoder
from mcgui_core.protocol.codec import framed
from mcgui_core.protocol.messages import TaskFailure

#: Bytes that the body of a request may have.
BODY_LIMIT = 1 << 20

#: In the place of bytes that lie in a buffer, before its number. Pickles, which large values are, begin otherwise; and
#: where nothing is in a buffer, nothing is taken for it.
_MARK = b"mcgui buffer"
#: The first byte of a body whose texts are spelled byte by byte.
_SPELLED = b"\xc1"

#: What a decoder raises, one way or the other.
_UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError, MemoryError, OverflowError)

#: Of messages without anything beside them, as most are.
_SMALL = msgspec.msgpack.Encoder()
_RAW: Any = msgspec.Raw
_REQUEST = msgspec.msgpack.Decoder(tuple[str | None, str, _RAW, _RAW])
_ARGUMENTS = msgspec.msgpack.Decoder(tuple[_RAW, _RAW])
_ANSWER = msgspec.msgpack.Decoder(tuple[Literal["#RETURN", "#ERROR"], _RAW])
_ERROR = msgspec.msgpack.Decoder(tuple[str, _RAW])
_POSITIONAL = msgspec.msgpack.Decoder(tuple[_RAW, ...])
_NAMED = msgspec.msgpack.Decoder(dict[str, _RAW])
_NONE_NAMED = msgspec.msgpack.encode({})
_LAST = msgspec.msgpack.encode(None)  # in the place of arguments that lie in the last buffer


class Argument(NamedTuple):
    """An argument that was not read yet."""

    data: Any
    buffers: Sequence[bytearray]
    spelled: bool

    def read(self, hint: Any) -> Any:
        """As what it is annotated to be. Raises BadInput, with what is wrong and where, where it is something else."""
        return self.read_by(decoder(hint))

    def read_by(self, reader: msgspec.msgpack.Decoder[Any]) -> Any:
        """As `read`, for who has the decoder at hand: to find it by its annotation takes as long as to read by it."""
        try:
            value = reader.decode(self.data)
            return _mended(value, self.buffers, self.spelled) if self.buffers or self.spelled else value
        except _UNREADABLE as error:
            raise BadInput(str(error)) from error


class Request(NamedTuple):  # a frozen dataclass takes four times as long
    """A call as it came. Its arguments are in their order, and by their names; none was read yet."""

    ident: str | None
    method: str
    positional: tuple[Any, ...]
    named: dict[str, Any]
    buffers: Sequence[bytearray]
    spelled: bool

    def argument(self, data: Any) -> Argument:
        """One of them."""
        return Argument(data, self.buffers, self.spelled)

    @property
    def args(self) -> tuple[Argument, ...]:
        """Those in their order."""
        return tuple(map(self.argument, self.positional))

    @property
    def kwargs(self) -> dict[str, Argument]:
        """Those by their names."""
        return {name: self.argument(data) for name, data in self.named.items()}


def encode(message: Any) -> list[Any]:
    """A request or an answer, as the managers have it (a tuple), as the byte strings of its frame.

    Raises BadInput for what cannot be sent, FrameInvalid where it is larger than a frame may be.
    """
    if type(message) is tuple and len(message) == 2 and isinstance(message[1], BaseException):
        message = message[0], (type(message[1]).__name__, _arguments(message[1]))
    try:
        body = _SMALL.encode(message)
        if len(body) <= BODY_LIMIT:
            return framed(body, ())
    except (TypeError, ValueError, OverflowError, RecursionError):
        pass  # with something large, or that cannot be sent
    buffers: list[pickle.PickleBuffer] = []

    def beside(thing: Any) -> bytes:
        if type(thing) is not pickle.PickleBuffer:
            raise TypeError(f"no message holds a {type(thing).__name__}")
        buffers.append(thing)
        return _MARK + len(buffers).to_bytes(4, "big")

    encoder = msgspec.msgpack.Encoder(enc_hook=beside)
    try:
        try:
            return _framed(message, encoder, buffers)
        except UnicodeEncodeError:
            buffers.clear()
            return _framed(_changed(message, _spelled), encoder, buffers, _SPELLED)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadInput(f"This cannot be sent: {error}.") from error


def _framed(
    message: Any, encoder: msgspec.msgpack.Encoder, buffers: list[pickle.PickleBuffer], spelled: bytes = b""
) -> list[Any]:
    body = encoder.encode(message)
    if len(body) > BODY_LIMIT and type(message) is tuple and len(message) == 4:
        called = encoder.encode(message[:2])
        buffers.append(pickle.PickleBuffer(b"\x92" + body[len(called) :]))  # an array of two
        body = b"\x94" + called[1:] + _LAST * 2
    return framed(spelled + body, buffers)


def read_request(receive: Callable[[int], bytearray], allowed: Callable[[str | None, str], int]) -> Request:
    """The request of the next frame, of which no argument is read yet, from a function as `codec.read_frame` has it.

    `allowed` says how many bytes a call of that object's method may bring beside its body. Raises FrameInvalid, and
    whatever `receive` raises.
    """
    body, sizes = codec.read_body(receive, body_limit=BODY_LIMIT)
    data, spelled = _unwrapped(body)
    try:
        ident, method, positional, named = _REQUEST.decode(data)
    except _UNREADABLE as error:
        raise FrameInvalid(f"it is no request ({error})") from error
    if sizes and sum(sizes) > (most := allowed(ident, method)):
        raise FrameInvalid(f"it claims {sum(sizes):,} bytes, and {most:,} is the most that {method} may bring")
    buffers = [receive(size) for size in sizes]
    try:
        if buffers and len(positional) == len(_LAST) and bytes(positional) == _LAST:
            positional, named = _ARGUMENTS.decode(buffers[-1])
        by_name = {} if bytes(named) == _NONE_NAMED else _NAMED.decode(named)
        return Request(ident, method, _POSITIONAL.decode(positional), by_name, buffers, spelled)
    except _UNREADABLE as error:
        raise FrameInvalid(f"it is no request ({error})") from error


def read_answer(body: bytearray, buffers: Sequence[bytearray], method: str) -> tuple[str, Any]:
    """The answer of a frame to a call of that method, as the managers have it. Raises FrameInvalid."""
    data, spelled = _unwrapped(body)
    try:
        kind, result = _ANSWER.decode(data)
        if kind == "#ERROR":
            name, result = _ERROR.decode(result)
            made: Any = _error_class(name)
            arguments = decoder(_error_type(made)).decode(result)
            return kind, made(*(_mended(arguments, buffers, spelled) if spelled else arguments))
        found = decoder(ANSWERS.get(method, Any)).decode(result)
        return kind, _mended(found, buffers, spelled) if buffers or spelled else found
    except (*_UNREADABLE, TypeError) as error:
        raise FrameInvalid(f"it is no answer to {method} ({error})") from error


def _unwrapped(body: bytearray) -> tuple[Any, bool]:
    return (body[1:], True) if body[:1] == _SPELLED else (body, False)


def _arguments(error: BaseException) -> Any:
    """What it was made with: of an OSError, `args` are two at most."""
    return error.__reduce__()[1]


def _error_class(name: str) -> type[McguiError]:
    found = getattr(errors, name, None)
    if isinstance(found, type) and issubclass(found, McguiError):
        return found
    raise ValueError(f"there is no error {name}")


@cache
def _error_type(kind: type[McguiError]) -> Any:
    """What the arguments of an error are."""
    if not hasattr(kind.__init__, "__annotations__"):  # that of Exception
        return tuple[Any, ...]
    hints = typing.get_type_hints(kind.__init__, {**vars(errors), "TaskFailure": TaskFailure})
    return tuple[tuple(hint for name, hint in hints.items() if name != "return")]  # type: ignore[misc]


# --- what is beside a body, and texts that are no UTF-8 -------------------------------------------------------------


def _mended(value: Any, buffers: Sequence[bytearray], spelled: bool) -> Any:
    """What was read, with its buffers in their places, and its texts as they were. Raises ValueError, BadInput."""

    def change(part: Any) -> Any:
        if spelled and type(part) is str:
            return part.encode("latin-1").decode("utf-8", "surrogatepass")
        if buffers and type(part) is bytes and len(part) == len(_MARK) + 4 and part.startswith(_MARK):
            number = int.from_bytes(part[len(_MARK) :], "big")
            if not 0 < number <= len(buffers):
                raise ValueError(f"there is no buffer {number}")
            return buffers[number - 1]
        return part

    return _changed(value, change)


def _spelled(part: Any) -> Any:
    return part.encode("utf-8", "surrogatepass").decode("latin-1") if isinstance(part, str) else part


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """The message, with each of its parts that holds no others as `change` has it."""
    if isinstance(value, tuple | list):
        return tuple(_changed(part, change) for part in value)
    if isinstance(value, dict):
        return {change(name): _changed(part, change) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        made: Any = replace(value, **{name: _changed(part, change) for name, part in parts.items()})
        return made
    return change(value)
