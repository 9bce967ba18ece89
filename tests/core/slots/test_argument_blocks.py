"""What a slot hands to tasks of the arguments that came: each its own, as they came, however often it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcgui_core.protocol.messages import Stored
from mcgui_core.slots.argument_blocks import ArgumentBlocks
from mcgui_core.values import pickling
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
        found, _ = blocks.arguments(1, [(0, data, low, high, 20)])
        data = None  # it comes along the first time only
        for index, value in zip(range(low, high), found, strict=True):
            assert repr(value) == repr(arguments[index])
            changed(value)


@pytest.mark.parametrize("last", [[2], bytearray(b"2"), np.zeros(2), 1 << 2000])
def test_numbers_are_handed_out_as_they_are_and_what_is_among_them_is_not(last: Any) -> None:
    blocks, data = ArgumentBlocks(), pickling.dumps([1, 2.5, last])
    for _ in range(2):
        found, _ = blocks.arguments(1, [(0, data, 0, 3, 3)])
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
        ((array,), _) = blocks.arguments(1, [(0, place, 0, 1, 1)])
        assert array.ctypes.data % 64 == 0
        assert array.sum() == 499500.0
        array += 1.0
