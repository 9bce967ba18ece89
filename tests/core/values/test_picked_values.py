"""Values that were picked of some that were pickled together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.base.ranges import RangeSet
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import Unopened
from mcgui_core.values.picked_values import opened, opened_as_far_as_possible, pick


def ranges_of(places: set[int]) -> list[tuple[int, int]]:
    return list(RangeSet([(place, place + 1) for place in places]))


@given(st.data(), st.integers(1, 40), st.booleans())
def test_what_is_picked_and_picked_again_is_what_slicing_would_give(
    data: st.DataObject, count: int, of_range: bool
) -> None:
    values: Any = range(100, 100 + count) if of_range else list(range(100, 100 + count))
    packed, left = pickling.dumps(values), list(values)
    for _ in range(3):
        places = data.draw(st.sets(st.integers(0, len(left) - 1), min_size=1))
        packed = pick(packed, len(left), ranges_of(places))
        left = [left[place] for place in sorted(places)]
        assert list(opened(packed)) == left
        assert of_range or list(opened_as_far_as_possible(packed, len(left))) == left


def test_all_of_them_is_the_same_bytes_and_one_range_of_a_range_stays_one() -> None:
    packed = pickling.dumps(range(10**12))
    assert pick(packed, 10**12, [(0, 10**12)]) is packed
    part = pick(pick(packed, 10**12, [(5, 10**11)]), 10**11 - 5, [(1, 10**10)])
    assert opened(part) == range(6, 10**10 + 5)


class _Bad:
    def __reduce__(self) -> Any:
        return _fail, ()


def _fail() -> None:
    raise ValueError("not here")


def test_one_that_cannot_be_opened_spoils_no_other() -> None:
    packed = pick(pickling.dumps([1, _Bad(), 3, 4]), 4, [(1, 3)])
    with pytest.raises(ValueError, match="not here"):
        opened(packed)
    bad, good = opened_as_far_as_possible(packed, 2)
    assert isinstance(bad, Unopened)
    assert good == 3
