"""Outcomes opened: one that an agent has joined of several gives the values of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcgui_core.protocol.messages import Outcome
from mcgui_core.values import outcome_values, pickling
from mcgui_core.values.partial_unpickling import Unopened


class Stubborn:
    def __reduce__(self) -> Any:
        return refuse, ()


def refuse() -> None:
    raise RuntimeError("not with me")


def outcome(stop: int, values: bytes) -> Outcome:
    return Outcome(1, 0, stop, values, (), 1.0, accepted=((0, stop),))


def joined(*lists: list[Any]) -> bytes:
    return pickling.joined([(len(values), pickling.dumps(values)) for values in lists])


def test_the_values_of_a_joined_outcome_are_those_of_its_parts_in_their_order() -> None:
    whole = outcome(6, joined([1, "two"], [[3]], [4.0, None, {5: 6}]))
    assert list(outcome_values.values(whole)) == list(enumerate([1, "two", [3], 4.0, None, {5: 6}]))
    assert list(outcome_values.opened(whole)) == list(outcome_values.values(whole))
    target: list[Any] = [0] * 6
    outcome_values.fill(target, whole)
    assert target == [1, "two", [3], 4.0, None, {5: 6}]


def test_arrays_of_a_joined_outcome_are_whole_and_writable() -> None:
    arrays = [np.arange(5), np.ones((2, 3))]
    for (_, found), made in zip(outcome_values.values(outcome(2, joined(*([a] for a in arrays)))), arrays, strict=True):
        assert np.array_equal(found, made)
        found[0] = 7


def test_what_cannot_be_opened_does_not_take_its_neighbours_along() -> None:
    found = dict(outcome_values.opened(outcome(4, joined([1, 2], [Stubborn(), 4]))))
    assert isinstance(found[2], Unopened)
    assert (found[0], found[1], found[3]) == (1, 2, 4)


@pytest.mark.parametrize("count", [5, 7])
def test_more_or_fewer_values_than_tasks_are_none(count: int) -> None:
    whole = outcome(count, joined([1, 2, 3], [4, 5, 6]))
    with pytest.raises(ValueError, match="were due"):
        list(outcome_values.values(whole))
    assert [type(value) for _, value in outcome_values.opened(whole)] == [Unopened] * count


@pytest.mark.parametrize("lengths", [(1, 5), (1 << 62, 6 - (1 << 62) & (1 << 64) - 1)])
def test_parts_that_say_a_wrong_length_are_not_believed(lengths: tuple[int, int]) -> None:
    """Nor is anything made that is as long as they say."""
    parts = [pickling.dumps([1, 2, 3]), pickling.dumps([4, 5, 6])]
    whole = outcome(6, pickling.joined(list(zip(lengths, parts, strict=True))))
    with pytest.raises(ValueError, match="were due"):
        list(outcome_values.values(whole))
    assert len(list(outcome_values.opened(whole))) == 6


@pytest.mark.parametrize("cut", [0, 1, 5, 20, 45, -1])
def test_what_is_cut_off_is_none(cut: int) -> None:
    whole = outcome(4, joined([1, 2], [3, 4])[:cut])
    assert [type(value) for _, value in outcome_values.opened(whole)] == [Unopened] * 4
