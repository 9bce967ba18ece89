"""Arguments of any kind, cut into blocks that travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from sys import getsizeof
from typing import Any

from mcgui_core.base.article import with_article
from mcgui_core.client.read_ahead import ReadAhead, as_they_come, makes_items
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import Block
from mcgui_core.values import pickling
from mcgui_core.values.size_estimate import estimated_size
from mcgui_core.values.snapshot import as_kept

#: Tasks that one block holds at most, and the bytes of arguments at which it is closed: small enough to be leased
#: piece by piece, large enough that a million arguments are some thirty rows.
BLOCK_TASKS, BLOCK_BYTES = 32768, 256 << 10
#: Blocks that a list is to have at least, where each holds so many tasks: what two slots have a part of, both open.
LEAST_BLOCKS, WORTH_A_BLOCK = 4, 5000
#: How many times smaller than in memory small values are when pickled, at most, as far as that is counted on.
MOST_PACKED = 8
#: Bytes of a block that is cut in two, if it holds several arguments, and those that a single one may have: what a row
#: of the journal (10**9) and a frame hold, halved.
BLOCK_MOST, ARGUMENT_LIMIT = 8 << 20, 512 << 20
#: Arguments to take at once, at most, and the bytes that they may have together, going by those before them.
STEP, STEP_BYTES = 4096, 128 << 10
#: Of those that are taken at once, how many are weighed: a look at each costs more than to pickle it. What that misses
#: makes a block that is cut in two.
WEIGHED = 32
#: Tasks that a job may have: what each field has room for that counts them.
MOST = 1 << 62
#: How many times what a block is to have those of a list may weigh that are not cut shorter.
TOO_MUCH = 1.5


def read_ahead(arguments: Iterable[Any]) -> ReadAhead:
    """Arguments that may be slow in coming, read in the background; for `streamed_blocks`."""
    return ReadAhead(arguments, BLOCK_TASKS, BLOCK_BYTES)


def streamed_blocks(reader: ReadAhead, start: int = 0) -> Iterator[Block]:
    """Blocks of whatever has come; `start` is the first one's index. Raises as `blocks` does, and ReadingStopped."""
    for gathered in reader:
        yield from _blocks(start, gathered)
        start += len(gathered)


def blocks(arguments: Iterable[Any]) -> Iterator[Block]:
    """The arguments as blocks, read as they are asked for. A range stays one, however long it is.

    Raises ArgumentsInvalid, naming the first argument that cannot be pickled; and what the iterable itself raises.
    """
    if isinstance(arguments, range):
        if arguments:
            yield Block(0, _counted(arguments), pickling.dumps(arguments))
        return
    gather = _gatherer(arguments)
    start, packed = 0, 1.0  # bytes in memory to bytes that travel, of the block before
    while True:
        gathered, size = gather(packed * BLOCK_BYTES)
        if not gathered:
            return
        travels = 0
        for block in _blocks(start, gathered):
            travels += len(block.data)
            yield block
        packed = min(max(1.0, size / max(1, travels)), MOST_PACKED)
        start += len(gathered)


def _counted(arguments: range) -> int:
    try:
        count = len(arguments)
    except OverflowError:  # it is too long for Python, too
        count = MOST + 1
    if count > MOST:
        raise ArgumentsInvalid(f"{arguments!r} has more items than a job may have tasks, 2**62.", "Divide it.")
    return count


@dataclass(frozen=True, slots=True)
class Batch:
    """Blocks that travel together."""

    blocks: tuple[Block, ...]
    last: bool  # no others follow


def holds_arguments(given: Any) -> bool:
    """Whether one can ask it for arguments, one after the other. Numbers and texts of numpy only look like that, and so
    does what has items under names."""
    if isinstance(given, Iterable):
        return getattr(given, "ndim", 1) != 0
    if not hasattr(type(given), "__getitem__"):
        return False
    try:
        iter(given)
    except TypeError:
        return False
    return True


def noting(source: Iterator[Block], noted: list[Block]) -> Iterator[Block]:
    """The same blocks, which are noted as they come."""
    for block in source:
        noted.append(block)
        yield block


def batch(source: Iterator[Block], most: int, most_tasks: int, most_bytes: int) -> Batch:
    """The next blocks: up to `most`, and until they have `most_tasks` or `most_bytes` together."""
    taken: list[Block] = []
    size = tasks = 0
    while len(taken) < most and tasks < most_tasks and size < most_bytes:
        block = next(source, None)
        if block is None:
            return Batch(tuple(taken), last=True)
        taken.append(block)
        size += len(block.data)
        tasks += min(block.count, len(block.data))  # a range has no bytes for each
    return Batch(tuple(taken), last=False)


def _gatherer(arguments: Iterable[Any]) -> Callable[[float], tuple[list[Any], int]]:
    """Gives the arguments of the next block, which have about so many bytes in memory at most; and how many they have.
    None at the end."""
    if type(arguments) is not list:
        items = iter(arguments)
        if makes_items(arguments, items):
            return partial(_gather_made, as_they_come(items))
        return partial(_gather, items)
    taken, tasks = 0, min(BLOCK_TASKS, max(WORTH_A_BLOCK, -(-len(arguments) // LEAST_BLOCKS)))

    def cut(most: float) -> tuple[list[Any], int]:
        """All are here, so none is made, and most often none looked at twice."""
        nonlocal taken
        part: list[Any] = arguments[taken : taken + tasks]
        size = _size(part) if part else 0
        while size > TOO_MUCH * most and len(part) > 1:
            part = part[: max(1, int(len(part) * most / size))]
            size = _size(part)
        taken += len(part)
        return part, size

    return cut


def _gather_made(items: Iterator[Any], most: float) -> tuple[list[Any], int]:
    gathered, size = _gather(items, most)
    return [as_kept(item, KeyboardInterrupt) for item in gathered], size


def _gather(items: Iterator[Any], most: float) -> tuple[list[Any], int]:
    gathered: list[Any] = []
    size, step = 0, 1
    while len(gathered) < BLOCK_TASKS and size < most:
        part = list(islice(items, min(step, BLOCK_TASKS - len(gathered))))
        if not part:
            break
        gathered += part
        size += _size(part)
        # By the handful, where they are small: a look at each one alone costs ten times as much as pickling it.
        step = max(1, min(STEP, STEP_BYTES * len(gathered) // max(size, 1)))
    return gathered, size


def _size(part: list[Any]) -> int:
    """Bytes, roughly."""
    some = part[:: -(-len(part) // WEIGHED)]
    # The last one is looked into, as it may be a small tuple of large arrays.
    return len(part) * max(_bytes(some) // len(some), estimated_size(part[-1], through=KeyboardInterrupt))


def _bytes(some: list[Any]) -> int:
    try:
        return sum(map(getsizeof, some))  # in C
    except Exception:  # noqa: BLE001 - a `__sizeof__` of the user's may raise anything
        return sum(estimated_size(argument, 0, KeyboardInterrupt) for argument in some)


def _blocks(start: int, arguments: list[Any]) -> Iterator[Block]:
    """One block; more where they turn out to be larger than they looked."""
    try:
        data: Any = pickling.pickled(arguments)
    except Exception:
        for index, argument in enumerate(arguments, start):
            _check(index, argument)
        raise
    if len(data) > BLOCK_MOST and len(arguments) > 1:
        middle = len(arguments) // 2
        yield from _blocks(start, arguments[:middle])
        yield from _blocks(start + middle, arguments[middle:])
        return
    if len(data) > ARGUMENT_LIMIT:
        kind = with_article(type(arguments[0]).__qualname__)
        raise ArgumentsInvalid(
            f"Argument {start}, {kind}, takes {len(data):,} bytes, and {ARGUMENT_LIMIT:,} "
            "are the most that can travel.",
            "Put it into a file that all workers can read, and give its name. What all tasks need can be a shared "
            "value, which may take more: submit(..., shared={'t': table}).",
        )
    yield Block(start, len(arguments), data)


def _check(index: int, argument: Any) -> None:
    try:
        pickling.dumps([argument])
    except Exception as error:
        kind = with_article(type(argument).__qualname__)
        raise ArgumentsInvalid(
            f"Argument {index}, {kind}, cannot be pickled: {error}.",
            "It has to travel to other computers: give plain values, arrays or file names instead.",
        ) from error
