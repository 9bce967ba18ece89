"""What is made of a valid message: another message with one thing wrong in it, or bytes that are none any more."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from mcgui_core.protocol import codec
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.messages import Report, TaskFailure

_Path = tuple[Any, ...]


def _nested(depth: int) -> Any:
    made: Any = ()
    for _ in range(depth):
        made = (made,)
    return made


#: What stands in the place of something else.
WRONG: tuple[Callable[[], Any], ...] = (
    lambda: None, lambda: True, lambda: -1, lambda: 0, lambda: 1 << 31, lambda: (1 << 63) - 1, lambda: 1 << 63,
    lambda: 1 << 200, lambda: -(1 << 63), lambda: 0.5, lambda: float("nan"), lambda: float("inf"), lambda: -1e300,
    lambda: "", lambda: "text", lambda: "\ud800\x00\x1b]0;x\x07", lambda: "x" * 100_000, lambda: b"", lambda: b"\x80\x05.",
    lambda: bytes(200_000), lambda: (), lambda: (1, 2), list, lambda: [[]], dict, lambda: {"a": 1},
    lambda: {(1, 2): 3}, lambda: _nested(40), lambda: _nested(60), lambda: {_nested(45): 1}, lambda: ((),) * 1000,
    lambda: Report(), lambda: TaskFailure(0, "raised", "E", "m", "t"),
)  # fmt: skip


def _places(value: Any, path: _Path = ()) -> Iterator[_Path]:
    """Every part of a message, itself included."""
    yield path
    if isinstance(value, tuple):
        for at, part in enumerate(value):
            yield from _places(part, (*path, at))
    elif is_dataclass(value):
        for each in fields(value):
            yield from _places(getattr(value, each.name), (*path, each.name))


def _at(value: Any, path: _Path) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def _with(value: Any, path: _Path, part: Any) -> Any:
    """The message with another part in that place."""
    if not path:
        return part
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*value[:first], _with(value[first], rest, part), *value[first + 1 :])
    kind: Any = type(value)
    given = {each.name: getattr(value, each.name) for each in fields(value)}
    return kind(**given | {first: _with(given[first], rest, part)})


def misshapen(message: Any, chance: random.Random) -> Any:
    """The message with one or two things in it that are of another type, too large, too many, or missing."""
    for _ in range(chance.choice((1, 1, 1, 2))):
        path = chance.choice(list(_places(message)))
        part = _at(message, path)
        if isinstance(part, tuple) and part and chance.random() < 0.5:
            changed: Any = chance.choice((part[:-1], part[1:], part * 2, part[::-1], (*part, part)))
        elif type(part) is int and chance.random() < 0.5:
            changed = part + chance.choice((-1, 1, 1 << 16, 1 << 40))
        else:
            changed = chance.choice(WRONG)()
        message = _with(message, path, changed)
    return message


def frame(message: Any) -> bytes:
    """A call as it travels. Raises BadInput, FrameInvalid where it cannot."""
    return b"".join(bytes(part) for part in call_codec.encode(message))


def broken(sound: bytes, chance: random.Random) -> bytes:
    """The bytes of a frame with something wrong in them; the head most often still says how many there are."""
    data = bytearray(sound)
    head = codec._HEAD.size
    what = chance.choice(("flip", "flip", "flip", "opcode", "cut", "insert", "double", "noise", "head", "tail"))
    if what == "flip":
        for _ in range(chance.choice((1, 1, 2, 8))):
            data[chance.randrange(head, len(data))] ^= 1 << chance.randrange(8)
    elif what == "opcode":
        data[chance.randrange(head, len(data))] = chance.randrange(256)
    elif what == "cut":
        return bytes(data[: chance.randrange(len(data))])
    elif what == "noise":
        data[head:] = chance.randbytes(chance.choice((1, 10, 1000)))
    elif what == "head":
        data[chance.randrange(head)] = chance.randrange(256)
        return bytes(data)
    elif what == "tail":
        data += chance.randbytes(chance.choice((1, 10, 1000)))
        return bytes(data)
    else:
        start = chance.randrange(head, len(data))
        some = data[start : start + chance.choice((1, 5, 50))]
        times = chance.choice((1, 40, 2000)) if what == "double" else 1
        data[start:start] = some * times if what == "double" else chance.randbytes(len(some))
    count = int.from_bytes(sound[:4], "big")
    length = int.from_bytes(sound[4:head], "big")
    return codec._HEAD.pack(count, max(0, length + len(data) - len(sound))) + bytes(data[head:])
