"""Clocks that nobody sets."""

from __future__ import annotations

import time

import pytest

from mcgui_core.base import clock
from mcgui_core.base.clock import ElapsedClock, OnTheWall, boot_id, elapsed
from tests.waiting import until


def test_elapsed_time_goes_on_and_never_back() -> None:
    before = elapsed()
    until(lambda: elapsed() > before)


def test_it_is_the_time_on_the_wall_until_somebody_sets_that(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ElapsedClock()
    assert abs(made() - time.time()) < 60
    real = time.time
    monkeypatch.setattr(clock.time, "time", lambda: real() - 3 * 3600)
    assert abs(made() - real()) < 60


def test_a_computer_keeps_its_boot_id_while_it_runs() -> None:
    assert boot_id() == boot_id()


def test_a_moment_is_told_by_the_clock_on_the_wall_as_it_is_now_and_does_not_flicker() -> None:
    moment = OnTheWall(100.0)
    assert moment.shown(40.0, 5_000.4) == 5_060
    assert [moment.shown(41.0, 5_001.0), moment.shown(42.0, 5_003.8)] == [5_060, 5_060], "drift"
    assert moment.shown(43.0, 5_003.0 - 3_600) == 1_460, "it was set back"
    assert moment.shown(44.0, 9_004.0) == 9_060, "set ahead, or that other clock stood still in a sleep"
