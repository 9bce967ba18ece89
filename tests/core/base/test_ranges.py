"""RangeSet does what a set of whole numbers does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mcgui_core.base.ranges import RangeSet

EDGE = st.integers(-3, 40)


def members(ranges: list[tuple[int, int]]) -> set[int]:
    return {number for start, stop in ranges for number in range(start, stop)}


class AgainstASet(RuleBasedStateMachine):
    """The same is done to a RangeSet and to a plain set."""

    def __init__(self) -> None:
        super().__init__()
        self.ranges, self.model = RangeSet(), set[int]()

    @rule(start=EDGE, stop=EDGE)
    def add(self, start: int, stop: int) -> None:
        self.ranges.add(start, stop)
        self.model |= set(range(start, stop))

    @rule(start=EDGE, stop=EDGE)
    def remove(self, start: int, stop: int) -> None:
        self.ranges.remove(start, stop)
        self.model -= set(range(start, stop))

    @rule(most=st.integers(1, 9))
    def take(self, most: int) -> None:
        if not self.model:
            return
        first = min(self.model)
        start, stop = self.ranges.take(most)
        taken = set(range(start, stop))
        assert start == first
        assert 0 < len(taken) <= most
        assert taken <= self.model
        assert len(taken) == most or stop not in self.model
        self.model -= taken

    @rule(start=EDGE, stop=EDGE)
    def ask(self, start: int, stop: int) -> None:
        common, missing = self.ranges.common(start, stop), self.ranges.missing(start, stop)
        asked = set(range(start, stop))
        assert members(common) == asked & self.model
        assert members(missing) == asked - self.model
        for found in (common, missing):
            assert all(a < b for a, b in found)
            assert found == sorted(found)

    @invariant()
    def they_are_the_same(self) -> None:
        found = list(self.ranges)
        assert members(found) == self.model
        assert len(self.ranges) == len(self.model)
        assert bool(self.ranges) == bool(self.model)
        assert {number for number in range(-5, 45) if number in self.ranges} == self.model
        # Sorted, disjoint, none empty, none touching the next: what else would be slow is also wrong.
        assert all(start < stop for start, stop in found)
        assert all(before < after for (_, before), (after, _) in pairwise(found))
        if self.model:
            assert self.ranges.first == min(self.model)


TestAgainstASet = AgainstASet.TestCase


@given(st.lists(st.tuples(EDGE, EDGE)))
def test_two_sets_are_equal_however_they_were_made(ranges: list[tuple[int, int]]) -> None:
    made, filled = RangeSet(ranges), RangeSet()
    for number in sorted(members(ranges), reverse=True):
        filled.add(number, number + 1)
    assert made == filled
    assert repr(made) == repr(filled)


def test_a_set_that_is_changed_while_it_is_read_gives_what_it_held_when_asked() -> None:
    ranges = RangeSet([(0, 2), (4, 6), (8, 10)])
    for start, stop in ranges:
        ranges.remove(start, stop)
    assert not ranges


def test_an_empty_set_has_no_first_member() -> None:
    with pytest.raises(IndexError):
        _ = RangeSet().first
    with pytest.raises(IndexError):
        RangeSet().take(1)


def test_a_set_is_equal_to_nothing_but_a_set() -> None:
    assert RangeSet([(0, 2)]) != [(0, 2)]
    assert RangeSet([(0, 2)]) != RangeSet([(0, 3)])
    with pytest.raises(TypeError):
        hash(RangeSet())


def test_ten_billion_members_cost_nothing() -> None:
    ranges = RangeSet([(0, 10**10)])
    ranges.remove(5, 6)
    assert len(ranges) == 10**10 - 1
    assert ranges.take(10**12) == (0, 5)


def test_only_the_first_ranges_are_given_where_that_is_enough() -> None:
    found = RangeSet([(0, 2), (4, 6), (8, 10)])
    assert found.common(1, 9, 2) == [(1, 2), (4, 6)]
    assert found.common(1, 9, 9) == [(1, 2), (4, 6), (8, 9)]


def test_the_end_of_ranges_that_are_as_long_as_can_be_is_told_without_room_for_them() -> None:
    assert RangeSet([(0, 1), (5, 1 << 62)]).end == 1 << 62
    with pytest.raises(IndexError):
        _ = RangeSet().end
