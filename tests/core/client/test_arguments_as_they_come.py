"""Arguments are what they were when they came, whatever becomes of them later: many readers fill one buffer anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import pytest

from mcgui_core.client.argument_blocks import blocks, read_ahead, streamed_blocks
from mcgui_core.client.read_ahead import as_they_come
from mcgui_core.protocol.messages import Block
from mcgui_core.values import pickling
from mcgui_core.values.size_estimate import estimated_size
from mcgui_core.values.snapshot import as_kept, kept
from tests.waiting import until

COUNT = 50


class Sample:
    """As a program defines its own."""

    number = 0


BUFFER = np.zeros(600)


def in_array(number: int) -> Any:
    BUFFER[:] = number
    return BUFFER


def in_view(number: int) -> Any:
    return in_array(number)[3:5]


def in_pair(number: int) -> Any:
    return number, in_array(number)


def in_memory(number: int) -> Any:
    return memoryview(in_array(number))


def in_dict(number: int, kept: dict[str, int] = {}) -> Any:  # noqa: B006 - it is the one that is filled again and again
    kept["number"] = number
    return kept


def in_nested(number: int, kept: list[list[int]] = [[0]]) -> Any:  # noqa: B006
    kept[0][0] = number
    return kept


def in_object(number: int, kept: Sample = Sample()) -> Any:  # noqa: B008
    kept.number = number
    return kept


FILLED: list[tuple[Callable[[int], Any], Callable[[Any], float]]] = [
    (in_array, lambda array: array[-1]),
    (in_view, lambda array: array[-1]),
    (in_pair, lambda pair: pair[1][-1]),
    (in_memory, lambda memory: np.frombuffer(memory)[-1]),
    (in_dict, lambda found: found["number"]),
    (in_nested, lambda found: found[0][0]),
    (in_object, lambda found: found.number),
]
filled = pytest.mark.parametrize(("fill", "number"), FILLED, ids=[fill.__name__ for fill, _ in FILLED])


def opened(made: Iterator[Block]) -> list[Any]:
    return [value for block in made for value in pickling.loads(block.data)]


@filled
def test_a_generator_may_fill_one_buffer_again_and_again(
    fill: Callable[[int], Any], number: Callable[[Any], float]
) -> None:
    ended = False

    def given() -> Iterator[Any]:
        nonlocal ended
        yield from map(fill, range(COUNT))
        ended = True

    reader = read_ahead(given())
    until(lambda: ended, what="the end of what is read ahead")
    assert [number(value) for value in opened(streamed_blocks(reader))] == list(range(COUNT))


@filled
def test_so_may_a_sequence_of_known_length(fill: Callable[[int], Any], number: Callable[[Any], float]) -> None:
    class Iterated:
        def __len__(self) -> int:
            return COUNT

        def __iter__(self) -> Iterator[Any]:
            return map(fill, range(COUNT))

    class Generated(Iterated):
        def __iter__(self) -> Iterator[Any]:
            yield from map(fill, range(COUNT))

    class Indexed(list[Any]):
        def __getitem__(self, index: Any) -> Any:
            return fill(index)

        def __iter__(self) -> Iterator[Any]:
            return (self[index] for index in range(COUNT))

    class Chained(Iterated):
        """By an iterator in C, which asks a generator."""

        def __iter__(self) -> Iterator[Any]:
            return chain(super().__iter__())

    for made in Iterated(), Generated(), Chained(), Indexed([None] * COUNT):
        assert [number(value) for value in opened(blocks(made))] == list(range(COUNT))


def test_so_may_an_iterator_of_numpy() -> None:
    numbers = np.arange(float(COUNT)).astype(np.float32)
    rows = np.nditer(numbers, flags=["buffered"], op_dtypes=["f8"], casting="safe", buffersize=8)
    assert [float(value) for value in opened(blocks(rows))] == list(range(COUNT))


def test_what_is_only_here_is_not_copied() -> None:
    """An array that is made for the one argument takes its memory once."""
    arrays = (np.full(300, number) for number in range(3))
    assert all(type(array) is np.ndarray for array in as_they_come(arrays))
    held = [np.zeros(300)]
    assert next(as_they_come(held)) is not held[0]


def test_an_argument_whose_size_cannot_be_told_travels() -> None:
    assert [type(value) for value in opened(blocks([Sizeless(), 1, Sizeless()]))] == [Sizeless, int, Sizeless]


class Sizeless:
    def __sizeof__(self) -> int:
        raise RuntimeError("it is not there yet")


class KeyPresses:
    """Ctrl+C comes while a method of the user's is called; then no more."""

    def __init__(self) -> None:
        self.at = ""

    def heard(self, where: str) -> None:
        if where == self.at:
            self.at = ""
            raise KeyboardInterrupt


KEYS = KeyPresses()


class Slow:
    """As a program defines its own: with code that takes its time to pickle it, to open it, and to weigh it."""

    def __reduce__(self) -> Any:
        KEYS.heard("pickled")
        return _opened, ()

    @property
    def nbytes(self) -> int:
        KEYS.heard("weighed")
        return 8


def _opened() -> Slow:
    KEYS.heard("opened")
    return Slow()


@pytest.mark.parametrize("where", ["pickled", "weighed"])
def test_ctrl_c_in_the_code_of_an_argument_is_heard(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEYS, "at", where)
    with pytest.raises(KeyboardInterrupt):
        list(blocks([Slow(), Slow()]))


@pytest.mark.parametrize("where", ["pickled", "opened"])
def test_ctrl_c_in_the_code_of_an_argument_that_is_copied_is_heard(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [Slow(), Slow()]
    monkeypatch.setattr(KEYS, "at", where)
    with pytest.raises(KeyboardInterrupt):
        list(blocks(value for value in values))


@pytest.mark.parametrize("where", ["pickled", "opened"])
def test_a_result_that_raises_it_as_it_is_copied_ends_no_slot(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = Slow()
    monkeypatch.setattr(KEYS, "at", where)
    assert as_kept(kept(value)) is value
    monkeypatch.setattr(KEYS, "at", "weighed")
    assert estimated_size(value) > 0
