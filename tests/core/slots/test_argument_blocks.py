"""What a slot hands to tasks of the arguments that came: each its own, as they came, however often it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakSet

import numpy as np
import pytest

from mcgui_core.protocol.messages import Stored
from mcgui_core.slots.argument_blocks import ArgumentBlocks, Arguments, NotOpened
from mcgui_core.values import pickling
from mcgui_core.values.picked_values import pick
from mcgui_core.values.value_file import ValueFile

SHARED: list[int] = [1]
BYTES, ARRAY, RECORD = bytearray(b"x"), np.zeros(3), {"a": 1}
MANY: list[list[Any]] = [
    [{"a": n, "b": "x"} for n in range(20)],
    [[n, "x"] for n in range(20)],
    [{"a": [n]} for n in range(20)],
    [SHARED for _ in range(20)],
    [{"a": SHARED} for _ in range(20)],
    [np.full(3, n) for n in range(20)],
    # What Python's collector need not look into, and can be changed for all that.
    [{"a": BYTES} for _ in range(20)],
    [{"a": ARRAY} for _ in range(20)],
    [RECORD for _ in range(20)],
]


def every(arguments: Arguments) -> list[Any]:
    """As a slot takes them: some, and then more."""
    found: list[Any] = []
    while len(found) < len(arguments):
        found += arguments.some(len(found), len(found) + 1)[0]
    return found


def changed(value: Any) -> None:
    """By the task that had it."""
    if isinstance(value, dict):
        for inner in value.values():
            if isinstance(inner, list):
                inner.append("spoilt")
            elif isinstance(inner, bytearray | np.ndarray):
                inner[:] = b"spoilt" if isinstance(inner, bytearray) else -1
        value["spoilt"] = True
    elif isinstance(value, list):
        value.append("spoilt")
    else:
        value[:] = -1


@pytest.mark.parametrize("arguments", MANY)
@pytest.mark.parametrize("spans", [[(0, 20), (0, 20)], [(0, 5), (5, 20), (5, 6)], [(10, 20), (0, 10), (0, 20)]])
def test_each_task_has_its_own_whatever_others_did_with_theirs(
    arguments: list[Any], spans: list[tuple[int, int]]
) -> None:
    blocks, data = ArgumentBlocks(), pickling.dumps(arguments)
    for low, high in spans:
        found = every(blocks.arguments(1, [(0, data, low, high, 20)]))
        data = None  # it comes along the first time only
        for index, value in zip(range(low, high), found, strict=True):
            assert repr(value) == repr(arguments[index])
            changed(value)


@pytest.mark.parametrize("last", [[2], bytearray(b"2"), np.zeros(2), 1 << 2000])
def test_numbers_are_handed_out_as_they_are_and_what_is_among_them_is_not(last: Any) -> None:
    blocks, data = ArgumentBlocks(), pickling.dumps([1, 2.5, last])
    for _ in range(2):
        found = every(blocks.arguments(1, [(0, data, 0, 3, 3)]))
        data = None
        assert repr(found) == repr([1, 2.5, last])
        if not isinstance(last, int):
            found[2][:] = found[2][:0] if isinstance(last, list | bytearray) else -1


def test_what_lies_in_a_file_is_writable_and_stays_there_as_it_is(tmp_path: Path) -> None:
    with ValueFile(tmp_path) as file:
        file.put(b"before")
        stored: Stored = file.put(pickling.pickled([np.arange(1000.0)]))
    place = str(file.path), stored.start, stored.size
    blocks = ArgumentBlocks()
    for _ in range(2):
        (array,) = every(blocks.arguments(1, [(0, place, 0, 1, 1)]))
        assert array.ctypes.data % 64 == 0
        assert array.sum() == 499500.0
        array += 1.0


class Noted:
    """Notes that it was opened, and is known as long as it is there."""

    opened: ClassVar[list[int]] = []
    alive: ClassVar[WeakSet[Noted]] = WeakSet()

    def __init__(self, number: int) -> None:
        self.number = number

    def __setstate__(self, state: dict[str, int]) -> None:
        self.__dict__.update(state)
        self.opened.append(self.number)
        self.alive.add(self)


@pytest.mark.parametrize("count", [1, 3])
def test_a_block_is_opened_when_it_is_come_to(count: int) -> None:
    Noted.opened.clear()
    pieces = [(n, pickling.dumps([Noted(n)] * count), 0, count, count) for n in range(3)]
    arguments = ArgumentBlocks().arguments(1, pieces)
    assert len(arguments) == 3 * count
    assert Noted.opened == []
    for n in range(3):
        found, unopened = arguments.some(n * count, 100)
        assert [one.number for one in found] == [n] * count
        assert Noted.opened[0] == n
        assert n + 1 not in Noted.opened
        assert not unopened
        Noted.opened.clear()


def test_a_block_that_is_done_with_takes_no_memory() -> None:
    arguments = ArgumentBlocks().arguments(1, [(0, pickling.dumps([Noted(0)]), 0, 1, 1)])
    assert every(arguments)[0].number == 0
    assert not Noted.alive
    assert every(arguments)[0].number == 0  # nor is it lost


def test_of_a_block_that_holds_fewer_than_it_says_no_task_waits_for_ever() -> None:
    arguments = ArgumentBlocks().arguments(1, [(0, pickling.dumps([1, 2]), 0, 3, 3)])
    found, unopened = arguments.some(0, 3)
    assert len(found) == 3
    assert unopened


def test_one_that_was_picked_of_several_is_opened_with_those() -> None:
    Noted.opened.clear()
    data = pick(pickling.dumps([Noted(0), Noted(1)]), 2, [(1, 2)])
    ArgumentBlocks().arguments(1, [(0, data, 0, 1, 1)]).open()
    assert Noted.opened == [0, 1]


@pytest.mark.parametrize("count", [1, 2])
def test_what_no_package_here_opens_is_said_where_it_is_come_to(count: int) -> None:
    closed = pickling.dumps([np.float64(1)] * count).replace(b"numpy", b"nympu")
    arguments = ArgumentBlocks().arguments(1, [(0, pickling.dumps([1]), 0, 1, 1), (1, closed, 0, count, count)])
    assert arguments.some(0, 5) == ([1], False)
    with pytest.raises(NotOpened) as raised:
        arguments.some(1, 5)
    assert isinstance(raised.value.__cause__, ImportError)
    if count == 1:
        arguments.open()  # as its task is come to
    else:
        with pytest.raises(NotOpened):
            arguments.open()
