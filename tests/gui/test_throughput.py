"""Throughput: what is kept of it, and what is drawn."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from mcgui.console.throughput_history import COARSE, FINE, MOST_POINTS, TOLD, ThroughputHistory
from mcgui.console.throughput_plot import BANDS, ThroughputPlot
from mcgui.theme import Theme
from mcgui_core.jobs import Sample
from tests.gui.snapshots import node, room, samples


def test_a_window_ends_with_the_last_second_that_is_over() -> None:
    history = ThroughputHistory()
    history.add([Sample(98, "a", 5, 0), Sample(99, "a", 7, 1), Sample(100, "a", 999, 0)])
    window = history.window(100, 60)
    assert list(window.done["a"][-2:]) == [5, 7]
    assert list(window.failed[-2:]) == [0, 1]
    assert (window.times[0], window.times[-1]) == (-59, 0)


def test_hearing_the_same_seconds_again_changes_nothing() -> None:
    history = ThroughputHistory()
    for _ in range(3):
        history.add(samples(30, now=1000))
    assert history.window(1000, 60).total[-1] == pytest.approx(sum(s.done for s in samples(30, now=1000)[-3:]))


@given(st.lists(st.tuples(st.integers(0, 3 * FINE), st.integers(0, 50), st.integers(0, 3)), max_size=60))
def test_no_task_is_lost_when_old_seconds_are_put_together(given_samples: list[tuple[int, int, int]]) -> None:
    history = ThroughputHistory()
    latest = {second: (done, failed) for second, done, failed in sorted(given_samples)}
    for second, (done, failed) in latest.items():
        history.add([Sample(second, "a", done, failed)])
    # Up to a whole number of every step, so that no point is left out for not being over.
    end = -(-(4 * FINE) // (COARSE * 8)) * COARSE * 8
    window = history.window(end, None)
    if latest:
        assert window.total.sum() * window.step == pytest.approx(sum(done for done, _ in latest.values()))
        assert window.failed.sum() * window.step == pytest.approx(sum(failed for _, failed in latest.values()))
    assert len(window.times) <= MOST_POINTS + 1


@pytest.mark.parametrize("span", [60, 600, None])
def test_points_are_few_however_long_the_time(span: int | None) -> None:
    history = ThroughputHistory()
    history.add(Sample(second, "a", 1, 0) for second in range(0, 200_000, 50))
    window = history.window(200_000, span)
    assert len(window.times) <= MOST_POINTS + 1
    assert len(window.done["a"]) == len(window.times)


def test_points_keep_their_values_while_time_goes_on() -> None:
    history = ThroughputHistory()
    history.add(Sample(second, "a", second % 7, 0) for second in range(2000))
    before = history.window(1200, 600)
    after = history.window(1201, 600)
    values = dict(zip(before.times + before.end, before.done["a"], strict=True))
    for moment, value in zip(after.times + after.end, after.done["a"], strict=True):
        assert values.get(moment, value) == value


def plot_of(history: ThroughputHistory, theme: Theme, qtbot: QtBot) -> ThroughputPlot:
    plot = ThroughputPlot(history, theme)
    qtbot.addWidget(plot)
    plot.resize(800, 260)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


def test_the_plot_says_in_words_what_it_shows(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(Sample(now - ago, "id-lab-3", 100, 0) for ago in range(1, 70))
    history.add([Sample(now - 3, "id-lab-3", 100, 4)])
    plot = plot_of(history, theme, qtbot)
    plot.show_nodes((node("lab-3"),), float(now))
    plot.draw()
    words = plot._plot.accessibleDescription()
    assert words == "The last 59 s: now 100 tasks a second, 100 on average, 100 at most, 4 tasks failed."


def test_an_empty_plot_says_what_will_be_there(qtbot: QtBot, theme: Theme) -> None:
    plot = plot_of(ThroughputHistory(), theme, qtbot)
    assert plot._nothing.isVisible()
    assert "appear here" in plot._nothing.text()


def test_nodes_beyond_the_colours_share_a_band(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(Sample(now - 2, f"node-{n}", 10 * n, 0) for n in range(1, 20))
    plot = plot_of(history, theme, qtbot)
    shares = plot._shares(history.window(now, 60))
    assert len(shares) == BANDS
    assert sum(float(rates.sum()) for _, rates in shares) == sum(10 * n for n in range(1, 20))


def test_the_bands_stand_on_each_other(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(samples(60, now=now))
    plot = plot_of(history, theme, qtbot)
    plot.show_nodes(room(), float(now))
    plot.draw()
    tops = [band._curve.getData()[1] for band in plot._bands[:3]]
    assert np.all(np.diff(np.array(tops), axis=0) >= 0)
    assert float(tops[-1][-1]) == float(history.window(now - TOLD, 60).total[-1])


def test_a_hidden_plot_is_not_drawn(qtbot: QtBot, theme: Theme) -> None:
    plot = plot_of(ThroughputHistory(), theme, qtbot)
    plot.hide()
    with qtbot.assertNotEmitted(plot.drawn):
        plot.draw()


def test_the_colours_follow_the_theme(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(samples(60, now=now))
    plot = plot_of(history, theme, qtbot)
    theme.set_scheme("dark")
    assert plot.grab().toImage().pixelColor(20, 60).lightness() < 60
    assert plot._bands[0]._curve.opts["pen"].color() == theme.colours.series[0]


def test_an_hour_of_fifty_nodes_is_drawn_in_no_time(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(Sample(now - ago, f"node-{n}", ago % 9, 0) for ago in range(1, 3600) for n in range(50))
    plot = plot_of(history, theme, qtbot)
    plot.set_span(None)
    began = time.perf_counter()
    plot.draw()
    plot.grab()
    assert time.perf_counter() - began < 0.8
