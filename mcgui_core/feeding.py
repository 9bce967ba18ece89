"""Arguments of any kind, cut into blocks that travel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from sys import getsizeof
from time import monotonic
from typing import Any

from mcgui_core import payloads
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.jobs import Block

#: Tasks that one block holds at most, and the bytes of arguments at which it is closed: small enough to be leased
#: piece by piece, large enough that a million arguments are a thousand rows.
BLOCK_TASKS, BLOCK_BYTES = 1024, 256 << 10
#: Seconds that a block waits for more of arguments that are slow in coming.
PATIENCE = 0.1
#: Arguments to take at once, if they have fewer bytes than this each.
STEP = 128


def blocks(arguments: Iterable[Any], stream: bool = False) -> Iterator[Block]:
    """The arguments as blocks, read as they are asked for. A range stays one, however long it is.

    `stream`: they may be slow in coming, so a block does not wait long for its next argument.
    Raises ArgumentsInvalid, naming the first argument that cannot be pickled; and what the iterable itself raises.
    """
    if isinstance(arguments, range):
        if arguments:
            yield Block(0, len(arguments), payloads.dumps(arguments))
        return
    items = iter(arguments)
    start = 0
    while gathered := _gather(items, stream):
        yield _block(start, gathered)
        start += len(gathered)


def _gather(items: Iterator[Any], stream: bool) -> list[Any]:
    """The arguments of the next block."""
    gathered: list[Any] = []
    size, step = 0, 1
    began = monotonic()
    while len(gathered) < BLOCK_TASKS and size < BLOCK_BYTES:
        part = list(islice(items, step))
        if not part:
            break
        gathered += part
        size += sum(map(getsizeof, part))
        if stream:
            if monotonic() - began > PATIENCE:
                break
        else:
            # By the handful, where they are small: a look at each one alone costs as much as pickling it.
            step = STEP if size < STEP * len(gathered) else 1
    return gathered


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
