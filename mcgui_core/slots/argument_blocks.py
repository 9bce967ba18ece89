"""The arguments that a slot has, as they came: each task gets its own anew, however often it runs. Runs in the slot."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from sys import getrefcount
from typing import Any

from mcgui_core.values import picked_values
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

    def arguments(self, job: int, pieces: list[tuple[Any, ...]]) -> tuple[Sequence[Any], bool]:
        """Of a chunk; and whether some of them could not be opened: in their place stands Unopened.

        A piece is (key, data or None, from, to, count): see slot_main.py. Raises ImportError where none of a block can
        be opened, because this computer lacks what they are made of.
        """
        found: list[Sequence[Any]] = []
        unopened = False
        for key, data, low, high, count in pieces:
            if data is not None:
                self._blocks.pop((job, key), None)  # so that it is the youngest now, as it is for the agent
                self._blocks[job, key] = _Block(opened_slice(data), count)
                if len(self._blocks) > BLOCKS_KEPT:
                    self._blocks.popitem(last=False)
            block = self._blocks[job, key]
            found.append(block.anew(low, high))
            unopened |= block.unopened
        return found[0] if len(found) == 1 else list(chain.from_iterable(found)), unopened

    def forget(self, job: int) -> None:
        """They are not needed any more."""
        for key in [key for key in self._blocks if key[0] == job]:
            del self._blocks[key]


def _share_nothing(values: Sequence[Any], plain: bool) -> bool:
    """Each is a dict or a list of what cannot change, and none is there twice: so each can be had by itself.

    `plain`: they hold nothing but numbers, text, bytes and containers.
    """
    kinds = set(map(type, values))
    if kinds == {dict} and plain and not any(map(gc.is_tracked, values)):
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


def opened_slice(data: Any, fixed: bool = False) -> Any:
    """What came of a value: bytes, or a slice of a file, which is mapped, `fixed` where nobody may change it."""
    return FileSlice(Path(data[0]), data[1], data[2], mapped=True, fixed=fixed) if isinstance(data, tuple) else data


class _Block:
    """Consecutive arguments, never handed out themselves unless they cannot change."""

    def __init__(self, data: Any, count: int) -> None:
        self._data, self._count = data, count
        self.unopened = False
        self._look = Look()
        self._values = self._opened()
        self._fixed = isinstance(self._values, range) or self._are_numbers() or are_immutable(self._values)
        self._apart = not self._fixed and (count == 1 or _share_nothing(self._values, self._look.plain))
        self._fresh = 0  # from here on, nobody has had them

    def _are_numbers(self) -> bool:
        """They are nothing else: of what is plain, only numbers add up. A look at the type of each takes three times as
        long, and there may be a million."""
        if not self._look.plain or type(self._values) is not list or type(self._values[0]) not in (int, float):
            return False
        try:
            sum(self._values)
        except (TypeError, OverflowError):
            return False
        return True

    def anew(self, low: int, high: int) -> Sequence[Any]:
        """Those from `low` to `high`, as they came, sharing nothing that can change."""
        if self._fixed:
            return self._values if (low, high) == (0, self._count) else self._values[low:high]
        if self._apart:
            if low < self._fresh:
                self._values, self._fresh = self._opened(), 0
            found = self._values[low:high]
            self._fresh = high
            if self._fresh == self._count:
                self._values = ()  # large ones, perhaps
            return found
        return [self._one_anew(index) for index in range(low, high)]

    def _one_anew(self, index: int) -> Any:
        value = self._values[index]
        if is_immutable(value):
            return value
        try:
            return Snapshot(value).opened()
        except BaseException:  # noqa: BLE001 - it came by a pickle of another kind: open that again
            return self._opened()[index]

    def _opened(self) -> Sequence[Any]:
        try:
            values: Sequence[Any] = picked_values.opened(self._data, self._look.loads)
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
        if isinstance(error, ImportError) and all(isinstance(value, Unopened) for value in values):
            raise error
        return values
