"""Clocks that nobody sets."""

from __future__ import annotations

import time

import pytest

from mcgui_core.base import clock
from mcgui_core.base.clock import ElapsedClock, boot_id, elapsed
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
