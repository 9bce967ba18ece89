"""The arguments that a slot has, as they came: each task gets its own anew, however often it runs. Runs in the slot."""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from sys import getrefcount
from typing import Any

from mcgui_core.values import picked_values, pickling
from mcgui_core.values.exception_fields import is_of
from mcgui_core.values.file_slice import FileSlice
from mcgui_core.values.immutable import ATOMS, are_immutable, is_immutable
from mcgui_core.values.pickling import Look
from mcgui_core.values.snapshot import Snapshot

#: Blocks of arguments that a slot keeps unpickled. The agent counts along (slot_process.py), with the same number.
BLOCKS_KEPT = 4


class ArgumentBlocks:
    """The blocks that were used last."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int], _Block] = OrderedDict()

    def arguments(self, job: int, pieces: list[tuple[Any, ...]]) -> Arguments:
        """Of a chunk. A piece is (key, data or None, from, to, count): see slot_main.py."""
        found: list[tuple[_Block, int, int]] = []
        for key, data, low, high, count in pieces:
            if data is not None:
                self._blocks.pop((job, key), None)  # so that it is the youngest now, as it is for the agent
                self._blocks[job, key] = _Block(key, opened_slice(data), count)
                if len(self._blocks) > BLOCKS_KEPT:
                    self._blocks.popitem(last=False)
            found.append((self._blocks[job, key], low, high))
        return Arguments(found)

    def forget(self, job: int) -> None:
        """They are not needed any more."""
        for key in [key for key in self._blocks if key[0] == job]:
            del self._blocks[key]


class NotOpened(Exception):
    """None of a block can be opened, because this computer lacks what they are made of: the cause."""


class Arguments:
    """The arguments of a chunk. A block is opened when it is come to, and let go of when it is done with, so that one
    has the memory of the one before, which the processor still has near: a million ints are opened in 17 ms of its time
    instead of 42."""

    def __init__(self, parts: Sequence[tuple[_Block | _Taken, int, int]]) -> None:
        """Of each block, those from one to before another."""
        self._parts = parts
        self._ends = list(accumulate(high - low for _, low, high in parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def some(self, at: int, most: int) -> tuple[Sequence[Any], bool]:
        """Those from the place `at` on, as they came: up to `most`, fewer where a block ends; and whether some of them
        may stand there as Unopened. Raises NotOpened."""
        block, low, high = self._parts[number := bisect_right(self._ends, at)]
        first = low + at - (self._ends[number - 1] if number else 0)
        return block.anew(first, min(first + most, high)), block.unopened

    def each(self) -> Iterator[Arguments]:
        """Each of them alone."""
        for block, low, high in self._parts:
            for place in range(low, high):
                yield Arguments([(block, place, place + 1)])

    def taken(self) -> Arguments:
        """These, opened and copied now and for this one time, so that no task waits for that. Raises NotOpened."""
        parts = []
        for block, low, high in self._parts:
            values = block.anew(low, high)
            parts.append((_Taken(values, block.unopened), 0, len(values)))
        return Arguments(parts)

    def open(self) -> None:
        """Open now what several of them share, and others. Raises NotOpened."""
        for block, _, _ in self._parts:
            if not block.alone:
                block.open()

    def open_by_steps(self, say: Callable[[int, int], None], fatal: Iterable[tuple[int, int, str, str]]) -> None:
        """As `open`, but `say` is told each step, by the block's key and its number, before it is done. Those that are
        `fatal` are left out: block, step, kind of failure, reason. Raises NotOpened."""
        for block, _, _ in self._parts:
            if isinstance(block, _Block) and not block.alone:
                block.open_by_steps(say, {step: (kind, why) for key, step, kind, why in fatal if key == block.key})


def _are_numbers(values: Sequence[Any], look: Look) -> bool:
    """They are nothing else: where no class was named, only numbers add up. To look at the type of each takes three
    times as long, and there may be a million."""
    if not look.builtin or type(values) is not list or type(values[0]) not in (int, float):
        return False
    try:
        sum(values)
    except (TypeError, OverflowError):
        return False
    return True


def _share_nothing(values: Sequence[Any], look: Look) -> bool:
    """Each is a dict or a list of what cannot change, and none is there twice: so each can be had by itself."""
    kinds = set(map(type, values))
    if kinds == {dict} and look.plain and not any(map(gc.is_tracked, values)):
        inside: set[Any] = set()  # a dict that holds a container is tracked
    elif kinds == {dict}:
        inside = set(map(type, chain.from_iterable(map(dict.values, values))))
        try:
            inside.update(map(type, set().union(*values)))  # of keys that are there often, a look at one
        except BaseException:  # noqa: BLE001 - keys of the user's own may raise anything as they are compared
            return False
    elif kinds == {list}:
        inside = set(map(type, chain.from_iterable(values)))
    else:
        return False
    return ATOMS.issuperset(inside) and not _any_twice(values)


def _any_twice(values: Sequence[Any]) -> bool:
    """Whether an object is there more than once. A count of references tells that none is, in half of the time."""
    once = max(map(getrefcount, [object()]))
    return max(map(getrefcount, values)) > once and len(set(map(id, values))) < len(values)


def is_unopened(argument: Any) -> bool:
    """It stands for one that could not be opened (partial_unpickling.Unopened)."""
    from mcgui_core.values.partial_unpickling import Unopened  # here, because few slots need it

    return type(argument) is Unopened


def opened_slice(data: Any, fixed: bool = False) -> Any:
    """What came of a value: bytes, or a slice of a file, which is mapped, `fixed` where nobody may change it."""
    return FileSlice(Path(data[0]), data[1], data[2], mapped=True, fixed=fixed) if isinstance(data, tuple) else data


class _Block:
    """Consecutive arguments, never handed out themselves unless they cannot change."""

    def __init__(self, key: int, data: Any, count: int) -> None:
        self.key = key
        self._data, self._count = data, count
        self.unopened = False
        self._values: Sequence[Any] | None = None
        self._fixed = self._apart = False
        self._fresh = 0  # from here on, nobody has had them
        self._fatal: Mapping[int, tuple[str, str]] | None = None  # what is left out, where it is opened by steps

    @property
    def alone(self) -> bool:
        """It is one argument, and nothing else is opened with it."""
        return self._count == 1 and not picked_values.is_picked(self._data)

    def open(self) -> None:
        """If it is not open. Raises NotOpened."""
        if self._values is None:
            look = Look()
            self._values = values = self._opened(look.loads)
            self._fixed = isinstance(values, range) or _are_numbers(values, look) or are_immutable(values)
            self._apart = not self._fixed and (self._count == 1 or _share_nothing(values, look))
            self._fresh = 0

    def open_by_steps(self, say: Callable[[int, int], None], fatal: Mapping[int, tuple[str, str]]) -> None:
        """If it is not open; see Arguments. Raises NotOpened."""
        if self._values is None:
            self._fatal = fatal
            self._values = self._opened_by_steps(partial(say, self.key))

    def anew(self, low: int, high: int) -> Sequence[Any]:
        """Those from `low` to `high`, as they came, sharing nothing that can change."""
        if self._apart and low < self._fresh:
            self._values = None
        self.open()
        values = self._values
        assert values is not None
        if not (self._fixed or self._apart):
            return [self._one_anew(values[index], index) for index in range(low, high)]
        self._fresh = high
        if high == self._count:
            self._values = None  # nobody asks for them again, most often
        return values if (low, high) == (0, self._count) else values[low:high]

    def _one_anew(self, value: Any, index: int) -> Any:
        if is_immutable(value) or (self.unopened and is_unopened(value)):
            return value
        try:
            return Snapshot(value).opened()
        except BaseException:  # noqa: BLE001 - it came by a pickle of another kind: open that again
            return self._opened(pickling.loads)[index]

    def _opened_by_steps(self, say: Callable[[int], None]) -> Sequence[Any]:
        from mcgui_core.slots.stepwise_opening import Steps, opened  # here, because few need it

        values = opened(self._data, self._count, Steps(say, self._fatal or {}))
        unopened = [value for value in values if is_unopened(value)]
        self.unopened = bool(unopened)
        if len(unopened) == len(values) and all(is_of(value.error, ImportError) for value in unopened):
            raise NotOpened from unopened[0].error
        return values

    def _opened(self, loads: Callable[[Any], Any]) -> Sequence[Any]:
        if self._fatal is not None:
            return self._opened_by_steps(lambda _: None)
        try:
            values: Sequence[Any] = picked_values.opened(self._data, loads)
            if len(values) != self._count:
                raise ValueError(f"{len(values):,} arguments came in the place of {self._count:,}")
        except BaseException as error:  # noqa: BLE001 - opening a value of the user's may raise anything
            values = self._what_can_be_opened(error)
        return values

    def _what_can_be_opened(self, error: BaseException) -> Sequence[Any]:
        from mcgui_core.values.partial_unpickling import Unopened  # here, because few need it

        try:
            values = picked_values.opened_as_far_as_possible(self._data, self._count)
        except BaseException:  # noqa: BLE001 - SystemExit, from what a value of the user's does
            values = [Unopened(error)] * self._count
        self.unopened = True
        if is_of(error, ImportError) and all(map(is_unopened, values)):
            raise NotOpened from error
        return values


class _Taken:
    """Some of a block, as they came, to be handed out once."""

    alone = False

    def __init__(self, values: Sequence[Any], unopened: bool) -> None:
        self._values, self.unopened = values, unopened

    def open(self) -> None:
        """They are."""

    def anew(self, low: int, high: int) -> Sequence[Any]:
        return self._values[low:high]
