"""Arguments of any kind, cut into blocks that travel."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from mcgui_core import payloads
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.jobs import Block

#: Tasks that one block holds at most, and the bytes of arguments at which it is closed: small enough to be leased
#: piece by piece, large enough that a million arguments are a thousand rows.
BLOCK_TASKS, BLOCK_BYTES = 1024, 256 << 10


def blocks(arguments: Iterable[Any]) -> Iterator[Block]:
    """The arguments as blocks, read as they are asked for. A range stays one, however long it is.

    Raises ArgumentsInvalid, naming the first argument that cannot be pickled; and what the iterable itself raises.
    """
    if isinstance(arguments, range):
        if arguments:
            yield Block(0, len(arguments), payloads.dumps(arguments))
        return
    start, size = 0, 0
    gathered: list[Any] = []
    for argument in arguments:
        gathered.append(argument)
        size += _size(argument)
        if len(gathered) >= BLOCK_TASKS or size >= BLOCK_BYTES:
            yield _block(start, gathered)
            start += len(gathered)
            gathered, size = [], 0
    if gathered:
        yield _block(start, gathered)


def _block(start: int, arguments: list[Any]) -> Block:
    try:
        return Block(start, len(arguments), payloads.dumps(arguments))
    except Exception:
        for index, argument in enumerate(arguments, start):
            _check(index, argument)
        raise


def _check(index: int, argument: Any) -> None:
    try:
        payloads.dumps([argument])
    except Exception as error:
        kind = type(argument).__qualname__
        raise ArgumentsInvalid(
            f"Argument {index}, a {kind}, cannot be pickled: {error}.",
            "It has to travel to other computers: give plain values, arrays or file names instead.",
        ) from error


def _size(argument: Any) -> int:
    size = getattr(argument, "nbytes", None)
    return size if isinstance(size, int) else sys.getsizeof(argument, 64)
