"""What stands along the plot of tasks a second."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication

from mcgui.console.parts.axis_ticks import with_room
from mcgui.console.throughput.plot_parts import RateAxis


@pytest.mark.parametrize("height", [30.0, 45.0, 90.0, 400.0])
def test_rates_have_room_above_each_other(qapp: QApplication, height: float) -> None:
    for top in (3.0, 520.0, 26_000.0):
        ((spacing, places), *_) = RateAxis().tickValues(0.0, top, height)
        assert 1 <= len(places) <= height // 20 + 1
        assert all(later - earlier >= spacing for earlier, later in pairwise(places))


def test_of_too_many_places_every_second_or_third_stays() -> None:
    ticks = [(10.0, [-10.0, 0.0, 10.0, 20.0, 30.0]), (5.0, [5.0])]
    assert with_room(ticks, 5) == ticks
    assert with_room(ticks, 3) == [(20.0, [0.0, 20.0])]
    assert with_room(ticks, 2) == [(30.0, [0.0, 30.0])]
    assert with_room([], 2) == []
