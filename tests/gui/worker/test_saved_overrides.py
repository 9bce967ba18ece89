"""A snooze is remembered by the time that goes by, not by a clock that somebody sets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mcgui.settings import Settings
from mcgui.worker.session import saved_state
from mcgui.worker.session.saved_state import SavedState
from mcgui_core.base import clock
from mcgui_core.owner import limits_as_dict
from mcgui_core.owner.limits import Overrides


class Times:
    """The clocks of a computer, which the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.elapsed, self.wall, self.boot = 1_000.0, time.time(), "one"
        for module in (saved_state, clock, limits_as_dict):
            monkeypatch.setattr(module, "elapsed", lambda: self.elapsed)
        monkeypatch.setattr(saved_state, "boot_id", lambda: self.boot)
        monkeypatch.setattr(saved_state.time, "time", lambda: self.wall)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    return Times(monkeypatch)


def snooze(folder: Path) -> None:
    state = SavedState(Settings(folder / "worker.ini"))
    state.overrides = Overrides(snoozed_until=state.clock() + 900)


def left(folder: Path) -> float:
    """Seconds of the snooze that a program has which is started now."""
    state = SavedState(Settings(folder / "worker.ini"))
    found = state.overrides
    return round(found.snoozed_until - state.clock()) if found.snoozed_until else 0.0


@pytest.mark.parametrize("set_to", [-3 * 3600.0, 0.0, 3 * 3600.0])
def test_a_restart_of_the_program_goes_by_what_has_really_passed(tmp_path: Path, times: Times, set_to: float) -> None:
    snooze(tmp_path)
    times.elapsed += 600
    times.wall += 600 + set_to
    assert left(tmp_path) == 300
    times.elapsed += 300
    assert left(tmp_path) == 0


def test_after_a_restart_of_the_computer_only_the_clock_on_the_wall_can_tell(tmp_path: Path, times: Times) -> None:
    snooze(tmp_path)
    times.boot, times.elapsed = "another", 20.0
    times.wall += 600
    assert left(tmp_path) == 300
    times.wall -= 3 * 3600
    assert left(tmp_path) == 900, "never longer than it was"
    times.wall += 12 * 3600
    assert left(tmp_path) == 0


def test_what_an_older_version_wrote_is_no_snooze(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "worker.ini")
    settings.set("worker/overrides", '{"paused": false, "snoozed_until": 9e9, "ignored": []}')
    assert SavedState(settings).overrides == Overrides()
