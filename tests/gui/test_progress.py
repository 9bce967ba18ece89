"""The strip at the bottom, and the time left: honest, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from mcgui.console.estimate import Estimate
from mcgui.console.progress_strip import ProgressStrip
from mcgui.theme import Theme
from mcgui_core.jobs import JobStatus
from tests.gui.snapshots import NOW, job


def watched(estimate: Estimate, moments: list[tuple[float, int]], total: int = 1000) -> tuple[float, float] | None:
    left = None
    for now, done in moments:
        left = estimate.watch(job(done=done, failed=0, total=total), now)
    return left


def test_nothing_is_said_before_anything_is_known() -> None:
    estimate = Estimate()
    assert watched(estimate, [(0, 0), (0.2, 50), (0.4, 100)]) is None


def test_a_steady_job_gets_a_narrow_range() -> None:
    left = watched(Estimate(), [(n, 100 * n) for n in range(6)])
    assert left == pytest.approx((5, 5))


def test_a_job_that_falters_gets_a_wide_range_around_the_mean() -> None:
    left = watched(Estimate(), [(0, 0), (1, 200), (2, 220), (3, 240), (4, 440)])
    assert left is not None
    assert left[0] < 560 / 110 < left[1]
    assert left[1] <= 2 * 560 / 110


def test_nothing_is_said_while_arguments_still_arrive() -> None:
    estimate = Estimate()
    for now in range(8):
        assert estimate.watch(job(done=now * 100, failed=0, total=1000, sealed=False), now) is None


def test_another_job_or_a_pause_begins_anew() -> None:
    estimate = Estimate()
    assert watched(estimate, [(n, 100 * n) for n in range(6)]) is not None
    assert estimate.watch(job(done=600, failed=0, total=1000, state="paused"), 6) is None
    assert estimate.watch(job(done=600, failed=0, total=1000), 60) is None
    assert estimate.watch(job(2, done=600, failed=0, total=1000), 61) is None


@given(st.lists(st.tuples(st.floats(0.1, 5), st.integers(1, 40)), min_size=5, max_size=40))
def test_the_range_is_ascending_and_holds_what_the_mean_says(steps: list[tuple[float, int]]) -> None:
    estimate, now, done, left = Estimate(), 0.0, 0, None
    for seconds, tasks in steps:
        now, done = now + seconds, done + tasks
        left = estimate.watch(job(done=done, failed=0, total=5000), now)
    if left is not None:
        assert 0 < left[0] <= left[1]


@pytest.fixture
def strip(qtbot: QtBot, theme: Theme) -> ProgressStrip:
    made = ProgressStrip(theme, clock=lambda: 0.0)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(strip: ProgressStrip, status: JobStatus | None) -> str:
    strip.show_job(status)
    labels = (strip._name, strip._count, strip._rate, strip._left, strip._failed)
    return " | ".join(label.text() for label in labels if label.isVisible() and label.text())


def test_a_running_job_shows_count_rate_and_failures(strip: ProgressStrip) -> None:
    assert shown(strip, job()) == "Pi | <b>712,003</b> of 1,000,000 | 26.3k tasks/s | – | 3 failed"


def test_a_finished_job_says_how_long_it_took(strip: ProgressStrip) -> None:
    done = job(state="finished", done=1_000_000, failed=0, running=0, finished=NOW - 27)
    assert shown(strip, done) == "Pi | <b>1,000,000</b> of 1,000,000 | done in 2 s"


def test_a_job_that_still_gets_arguments_says_so(strip: ProgressStrip) -> None:
    assert "and counting" in shown(strip, job(sealed=False))


def test_a_waiting_job_says_why(strip: ProgressStrip) -> None:
    words = shown(strip, job(state="waiting", done=0, failed=0, rate=0.0, reason="no worker has joined yet"))
    assert "waiting: no worker has joined yet" in words


def test_without_a_job_there_is_only_that(strip: ProgressStrip) -> None:
    shown(strip, job())
    assert shown(strip, None) == "No job yet"


def test_the_failed_count_leads_to_the_failures(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_job(job())
    with qtbot.waitSignal(strip.failures_wanted):
        strip._failed.click()


def test_three_failures_of_a_million_can_be_seen(strip: ProgressStrip) -> None:
    strip.resize(900, 40)
    strip.show_job(replace(job(), done=0, running=0))
    image = strip._bar.grab().toImage()
    red = strip._bar._theme.colours.bad
    assert any(image.pixelColor(x, image.height() // 2) == red for x in range(6))
