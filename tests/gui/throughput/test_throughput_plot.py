"""Throughput: what is kept of it, and what is drawn."""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from mcgui import format
from mcgui.console.throughput.throughput_canvas import BANDS
from mcgui.console.throughput.throughput_history import COARSE, FINE, MOST_POINTS, TOLD, ThroughputHistory
from mcgui.console.throughput.throughput_plot import ThroughputPlot
from mcgui.console.throughput.throughput_words import reading
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.protocol.messages import Sample
from tests.gui.panels import Answers, background
from tests.gui.snapshots import node, room, samples


def test_a_window_ends_with_the_last_second_that_is_over() -> None:
    history = ThroughputHistory()
    history.add([Sample(98, "a", 5, 0), Sample(99, "a", 3, 0), Sample(99.5, "a", 4, 1), Sample(100, "a", 999, 0)])
    window = history.window(100, 60)
    assert list(window.busy["a"][-2:]) == [5, 7]
    assert list(window.failed[-2:]) == [0, 1]
    assert (window.times[0], window.times[-1]) == (-59, 0)


def test_a_history_that_is_held_counts_nothing_until_it_is_released_and_loses_nothing() -> None:
    history = ThroughputHistory(held=True)
    history.add([Sample(98, "a", 5, 0)])
    assert (history.nodes, history.line("a", 99, 2), history.completed("a", 99, 2)) == ((), (0.0, 0.0), 0.0)
    history.release()
    history.add([Sample(99, "a", 3, 0)])
    assert list(history.window(100, 60).busy["a"][-2:]) == [5, 3]


def test_what_counting_takes_is_imported_before_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [f"mcgui.console.throughput.{name}" for name in ("coarse_history", "recent_counts")]
    for part in parts:
        monkeypatch.delitem(sys.modules, part, raising=False)
    ThroughputHistory.load()
    assert sys.modules.keys() >= set(parts)


def test_a_job_of_three_seconds_has_a_shape() -> None:
    history = ThroughputHistory()
    history.add(Sample(100 + n / 2, "a", 50, 0) for n in range(6))
    assert history.busy_span(104.0, 60) == 10
    window = history.window(104.0, 10)
    assert window.step == 0.5
    assert list(window.total[-8:]) == [100] * 6 + [0] * 2
    assert window.moment(len(window.times) - 1) == 103.5


@pytest.mark.parametrize(("seconds", "rate"), [(1.0, 1.0), (2.0, 0.5), (0.5, 2.0)])
def test_tasks_that_end_at_regular_times_are_a_line_and_no_saw(seconds: float, rate: float) -> None:
    history = ThroughputHistory()
    history.add(Sample(1_800_000_000.0 + number * seconds, "a", 1, 0) for number in range(round(60 / seconds)))
    for span in (10.0, 20.0, 60.0):
        if span / 8 >= seconds:
            points = history.window(1_800_000_000.0 + 60.0, span).rates[0]
            assert set(points[1:-1].tolist()) == {rate}, span


@pytest.mark.parametrize(("since", "span"), [(4, 10), (9.5, 10), (12, 20), (29, 30), (40, 60), (59, 60), (300, 60)])
def test_the_view_begins_close_and_steps_back_as_the_work_goes_on(since: float, span: int) -> None:
    history, now = ThroughputHistory(), 10_000.0
    history.add(Sample(now - since + n / 2, "a", 1, 0) for n in range(int(since * 2)))
    assert history.busy_span(now, 60) == span


def test_without_any_work_the_view_is_as_wide_as_was_asked_for() -> None:
    history = ThroughputHistory()
    assert history.busy_span(10_000.0, 60) == 60
    history.add([Sample(9000, "a", 1, 0)])
    assert history.busy_span(10_000.0, 60) == 60


def test_a_node_that_was_silent_for_long_keeps_its_past_and_gives_up_its_room() -> None:
    history = ThroughputHistory()
    for number in range(100):
        history.add([Sample(number * FINE, f"node-{number}", 7, 1)])
    assert history._recent.rows < 10
    window = history.window(100.0 * FINE, None)
    assert window.total.sum() * window.step == pytest.approx(700)
    assert window.failed.sum() * window.step == pytest.approx(100)
    assert history.nodes == tuple(f"node-{number}" for number in range(100))


def test_what_a_node_completed_is_the_sum_of_its_line() -> None:
    history = ThroughputHistory()
    heard = samples(60, now=1000)
    history.add(heard[:-20])
    before = history.completed("id-lab-3", 999, 60)
    history.add(heard[-20:])
    for id in {sample.node for sample in heard}:
        assert history.completed(id, 999, 60) == pytest.approx(sum(history.line(id, 999, 60)))
    assert history.completed("id-lab-3", 999, 60) > before > 0
    assert history.completed("nobody", 999, 60) == 0


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
    assert len(window.busy["a"]) == len(window.times)


def test_points_keep_their_values_while_time_goes_on() -> None:
    history = ThroughputHistory()
    history.add(Sample(second, "a", second % 7, 0) for second in range(2000))
    before = history.window(1200, 600)
    after = history.window(1201, 600)
    values = dict(zip(before.times + before.end, before.rates[0], strict=True))
    for moment, value in zip(after.times + after.end, after.rates[0], strict=True):
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
    words = plot.canvas.accessibleDescription()
    assert words == "The last 1 min: now 100 tasks a second, 100 on average, 100 at most, 4 tasks failed."


def test_names_stand_in_the_picture_as_soon_as_they_come(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(samples(60, now=now))
    plot = plot_of(history, theme, qtbot)
    plot._timer.stop()
    plot.draw()
    assert "id-lab-4" in {band._name.toPlainText() for band in plot.canvas.bands}
    plot.show_nodes(room(), float(now))
    qtbot.waitUntil(lambda: "lab-4" in {band._name.toPlainText() for band in plot.canvas.bands})


def test_where_there_is_no_room_for_the_axes_the_number_of_the_workers_stands_above_a_line(
    qtbot: QtBot, theme: Theme
) -> None:
    plot = minute(qtbot, theme)
    axis = plot.canvas.getPlotItem().getAxis("left")
    plot.resize(800, plot.minimumSizeHint().height() + scaled(30))
    qtbot.waitUntil(lambda: not axis.isVisible())
    assert plot.canvas.isVisible()
    rate = sum(one.rate for one in room())
    assert plot._words.whole == f"{format.rate(rate)} tasks per second"
    plot.show_nodes(tuple(replace(one, rate=0.0) for one in room()), time.time())
    assert plot._words.whole == "0 tasks per second"
    plot.resize(800, plot.minimumSizeHint().height())
    qtbot.waitUntil(lambda: not plot.canvas.isVisible())
    plot.resize(800, 260)
    qtbot.waitUntil(axis.isVisible)
    assert plot._words.whole == "tasks per second"


def test_an_empty_plot_says_what_will_be_there(qtbot: QtBot, theme: Theme) -> None:
    plot = plot_of(ThroughputHistory(), theme, qtbot)
    assert plot.canvas.nothing.isVisible()
    assert "are drawn here" in plot.canvas.nothing.text()
    axis = plot.canvas.getPlotItem().getAxis("left")
    assert not axis.style["showValues"], "a lone 2 beside nothing"


def test_nodes_beyond_the_colours_share_a_band(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(Sample(now - 2, f"node-{n}", 10 * n, 0) for n in range(1, 20))
    plot = plot_of(history, theme, qtbot)
    shares = plot.canvas.shares(history.window(now, 60))
    assert len(shares) == BANDS
    assert sum(float(rates.sum()) for _, _, rates in shares) == sum(10 * n for n in range(1, 20))


def test_the_bands_stand_on_each_other(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(samples(60, now=now))
    plot = plot_of(history, theme, qtbot)
    plot.show_nodes(room(), float(now))
    plot.draw()
    tops = [band._curve.getData()[1] for band in plot.canvas.bands[:3]]
    assert np.all(np.diff(np.array(tops), axis=0) >= 0)
    assert float(tops[-1][-1]) == float(history.window(now - TOLD, 60).total[-1])


def test_a_node_keeps_its_colour_when_another_one_comes_before_it(qtbot: QtBot, theme: Theme) -> None:
    history, now = ThroughputHistory(), int(time.time())
    history.add(Sample(now - ago, name, 10, 0) for ago in range(40, 60) for name in ("a", "b"))
    history.add(Sample(now - ago, "b", 10, 0) for ago in range(2, 40))
    plot = plot_of(history, theme, qtbot)
    before = plot.canvas.colour_of("b", 2)
    plot._names.clear()
    history.add(Sample(now - ago, "a", 0, 0) for ago in range(40, 60))
    plot.draw()
    assert plot.canvas.colour_of("b", 1) == before


def minute(qtbot: QtBot, theme: Theme, seen: bool = True, **parts: Any) -> ThroughputPlot:
    history, now = ThroughputHistory(), int(time.time())
    history.add(samples(60, now=now))
    history.add([Sample(now - 3, "id-lab-3", 100, 4)])
    plot = ThroughputPlot(history, theme, **parts)
    qtbot.addWidget(plot)
    plot.resize(800, 260)
    if seen:
        with qtbot.waitExposed(plot):
            plot.show()
    plot.show_nodes(room(), float(now))
    plot._timer.stop()
    plot.draw()
    return plot


def button(within: QWidget, text: str) -> QAbstractButton:
    return next(one for one in within.findChildren(QAbstractButton) if one.text() == text)


def test_how_far_it_looks_back_and_by_worker_or_not_stay_over_a_restart(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    before = minute(qtbot, theme, settings=Settings(tmp_path / "mcgui.ini"))
    before.by_node.click()
    button(before, "10 min").click()
    after = minute(qtbot, theme, settings=Settings(tmp_path / "mcgui.ini"))
    assert not after.by_node.isChecked()
    assert button(after, "10 min").isChecked()
    assert after.canvas.accessibleDescription().startswith("The last 10 min")


def test_an_unknown_span_in_the_settings_reads_as_a_minute(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    settings.set("throughput/span", "a week")
    assert button(minute(qtbot, theme, settings=settings), "1 min").isChecked()


def test_the_mouse_reads_the_values_where_it_rests(qtbot: QtBot, theme: Theme) -> None:
    plot = minute(qtbot, theme)
    canvas = plot.canvas
    assert not canvas.reading.isVisible()
    qtbot.mouseMove(canvas.viewport(), canvas.viewport().rect().center())
    qtbot.waitUntil(canvas.reading.isVisible)
    words = canvas.accessibleDescription()
    assert "All workers" in words
    assert "lab-4" in words
    assert "ago" in words
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert not canvas.reading.isVisible()
    assert canvas.accessibleDescription().startswith("The last 1 min")


def test_the_keyboard_reads_point_by_point(qtbot: QtBot, theme: Theme) -> None:
    plot = minute(qtbot, theme)
    canvas, window = plot.canvas, plot.window_shown
    assert window is not None
    last = len(window.times) - 1
    for key, point in (
        (Qt.Key.Key_Left, last),
        (Qt.Key.Key_Left, last - 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
    ):
        qtbot.keyClick(canvas, key)
        assert canvas.point == point
    failed = int(np.nonzero(window.failed)[0][0])
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    for _ in range(last - failed):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert "Failed 4" in canvas.accessibleDescription()
    assert canvas.reading.isVisible()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.point == -1
    assert not canvas.reading.isVisible()


def test_the_values_that_are_read_add_up(qtbot: QtBot, theme: Theme) -> None:
    plot = minute(qtbot, theme)
    window = plot.window_shown
    assert window is not None
    rows = dict(reading(window, 30, {}, plot.now)[1:])
    numbers = {what: float(value.removesuffix("/s").replace(",", "")) for what, value in rows.items()}
    assert numbers.pop("All workers") == pytest.approx(sum(numbers.values()), abs=2)


def test_in_a_low_plot_a_reading_has_as_many_lines_as_there_is_room_for(qtbot: QtBot, theme: Theme) -> None:
    plot = minute(qtbot, theme)
    window = plot.window_shown
    assert window is not None
    assert [what for what, _ in reading(window, 30, {}, plot.now, 1)][1:3] == ["All workers", "id-lab-4"]
    assert reading(window, 30, {}, plot.now, 1)[3][0] == "2 others"
    assert reading(window, 30, {}, plot.now, 0)[2][0] == "3 workers"
    plot.resize(800, 160)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Left)
    assert plot.canvas.reading.geometry().bottom() <= plot.canvas.height()


def test_a_picture_that_is_held_still_stands_while_the_work_goes_on(qtbot: QtBot, theme: Theme) -> None:
    plot = minute(qtbot, theme)
    plot._pause.click()
    held = plot.window_shown
    assert held is not None
    assert plot._words.whole.startswith("held at ")
    plot._history.add([Sample(plot._history._newest / 2 + 5, "id-lab-3", 77, 0)])
    plot._ahead += 30
    plot.draw()
    assert plot.window_shown is not None
    assert plot.window_shown.end == held.end
    plot._pause.click()
    assert plot.window_shown.end > held.end
    assert plot._words.whole == "tasks per second"


def test_the_picture_and_its_numbers_are_saved(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with background() as threads:
        answers = Answers(tmp_path / "picture.png")
        plot = minute(qtbot, theme, background=threads, dialogs=answers)
        plot.save_picture()
        qtbot.waitUntil(lambda: "picture.png" in plot.notice.text)
        assert QImage(str(tmp_path / "picture.png")).width() == plot.canvas.width()
        answers.path = tmp_path / "numbers.csv"
        plot.save_numbers()
        qtbot.waitUntil(lambda: "numbers.csv" in plot.notice.text)
    with (tmp_path / "numbers.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:3] == ["time", "done_per_second", "failed_per_second"]
    assert set(head[3:]) == {"lab-3", "lab-4", "this computer"}
    assert len(rows) == 60
    for row in rows:
        assert float(row[1]) == pytest.approx(sum(float(value) for value in row[3:]), rel=1e-4)
    assert sum(float(row[2]) for row in rows) == 4


@pytest.mark.parametrize("was_seen", [True, False])
def test_a_plot_that_nobody_sees_is_saved_as_of_now(qtbot: QtBot, theme: Theme, tmp_path: Path, was_seen: bool) -> None:
    with background() as threads:
        answers = Answers(tmp_path / "numbers.csv")
        plot = minute(qtbot, theme, background=threads, dialogs=answers, seen=was_seen)
        if was_seen:
            plot._drawn()
        plot.hide()
        plot._ahead += 30
        plot.set_paused(True)
        plot.save_numbers()
        qtbot.waitUntil(lambda: "numbers.csv" in plot.notice.text)
        assert plot.window_shown is not None
        assert plot.window_shown.end > plot.now - 1
        answers.path = tmp_path / "picture.png"
        plot.save_picture()
        qtbot.waitUntil(lambda: "picture.png" in plot.notice.text)
    assert QImage(str(tmp_path / "picture.png")).width() == plot.canvas.width()


def test_a_file_that_cannot_be_written_is_said_in_the_panel(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with background() as threads:
        answers = Answers(tmp_path / "no such folder" / "numbers.csv")
        plot = minute(qtbot, theme, background=threads, dialogs=answers)
        plot.save_numbers()
        qtbot.waitUntil(lambda: "was not written" in plot.notice.text)
        answers.path = None
        plot.notice.clear()
        plot.save_picture()
        assert plot.notice.text == ""


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
    assert plot.canvas.bands[0]._curve.opts["pen"].color() == theme.colours.series[0]
