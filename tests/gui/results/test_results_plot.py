"""Results as a plot."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.results import results_plot
from mcgui.console.results.result_charts import BINS, histogram, number, summary
from mcgui.console.results.results_plot import OFTEN, ResultsPlot
from mcgui.theme import Theme
from tests.gui.quiet import settle
from tests.gui.results.test_results_panel import Rows, finished
from tests.gui.snapshots import job


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def plot(qtbot: QtBot, background: Background, rows: Rows, theme: Theme) -> ResultsPlot:
    made = ResultsPlot(background, rows, theme)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def drawn(qtbot: QtBot, plot: ResultsPlot) -> None:
    qtbot.waitUntil(
        lambda: (
            plot.numbers.complete
            and plot.at_rest
            and plot.words.whole.endswith(("without a number", "No numbers.", *"0123456789"))
        )
    )


def test_numbers_are_counted_at_first(qtbot: QtBot, plot: ResultsPlot) -> None:
    plot.show_job(finished(5000))
    drawn(qtbot, plot)
    assert (plot.up.currentText(), plot.across.currentText()) == ("result", OFTEN)
    assert plot.words.whole.startswith("4,995 results: mean ")
    assert plot.charts._bars.isVisible()
    assert "tasks" in plot.values_at(10.0, 0.0)


def test_one_column_is_drawn_against_another(qtbot: QtBot, plot: ResultsPlot) -> None:
    plot.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.across.setCurrentText("argument")
    qtbot.waitUntil(plot.charts._points.isVisible)
    drawn(qtbot, plot)
    x, y = plot.charts._points.getData()
    assert np.array_equal(y, x**2)
    assert not plot.charts._bars.isVisible()
    assert plot.values_at(3.0, 9.0) == "argument 3, result 9"


def test_many_points_are_a_density(qtbot: QtBot, plot: ResultsPlot, rows: Rows) -> None:
    rows.total = 20_000
    plot.show_job(finished(20_000))
    drawn(qtbot, plot)
    plot.across.setCurrentText("task")
    qtbot.waitUntil(plot.charts._density.isVisible)
    assert not plot.charts._points.isVisible()


def test_results_without_numbers_say_so(qtbot: QtBot, plot: ResultsPlot, rows: Rows) -> None:
    rows.are_numbers = False
    plot.show_job(finished(5000))
    qtbot.waitUntil(lambda: plot._empty.accessibleName() == "No numbers to plot")
    assert plot._empty.isVisible()


def test_a_job_that_goes_on_is_plotted_anew_when_it_ends(qtbot: QtBot, plot: ResultsPlot, rows: Rows) -> None:
    rows.done = 100
    running = job(total=5000, done=100, failed=0)
    plot.show_job(running)
    qtbot.waitUntil(lambda: plot.words.whole.startswith("99 results") or plot.words.whole.startswith("100 results"))
    rows.done = 5000
    plot.show_job(replace(running, done=4995, failed=5, state="finished"))
    qtbot.waitUntil(lambda: plot.words.whole.startswith("4,995 results"))


def test_nothing_is_fetched_while_nobody_looks(qtbot: QtBot, plot: ResultsPlot, background: Background) -> None:
    plot.hide()
    plot.show_job(finished(5000))
    settle(plot, background)
    assert plot.numbers.names == ()
    plot.show()
    drawn(qtbot, plot)


def test_the_plot_is_dressed_in_both_themes(qtbot: QtBot, plot: ResultsPlot, theme: Theme) -> None:
    plot.show_job(finished(5000))
    drawn(qtbot, plot)
    theme.set_scheme("dark")
    assert plot._plot.backgroundBrush().color() == theme.colours.panel


def test_whole_numbers_have_a_bar_each_and_others_share_some() -> None:
    dice = histogram(np.array([1.0, 2, 2, 6]))
    assert dice is not None
    assert dice.whole
    assert list(dice.counts) == [1, 2, 0, 0, 0, 1]
    many = histogram(np.random.default_rng(1).normal(size=100_000))
    assert many is not None
    assert len(many.counts) == BINS
    assert many.counts.sum() == 100_000


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_no_numbers_make_no_histogram(values: list[float]) -> None:
    assert histogram(np.array(values)) is None
    assert summary(np.array(values)) == "No numbers."


@pytest.mark.parametrize("values", [[0.5], [1e300, -1e300], [0.1, 0.1], [5.0], [1e-320, 2e-320]])
def test_odd_numbers_make_a_histogram_all_the_same(values: list[float]) -> None:
    made = histogram(np.array(values))
    assert made is not None
    assert made.counts.sum() == len(values)


#: Numbers between which floats have little room, or which are so large or small that reckoning with them leaves floats.
ODD: dict[str, Callable[[int], float]] = {
    "a rounding error apart": lambda index: 0.3 if index % 2 else 0.1 + 0.2,
    "little beside their size": lambda index: 1e9 + 1e-7 * index,
    "whole and far apart": lambda index: 1e17 + 16 * index,
    "whole, large and the same": lambda _: 1e17,
    "as large as there are": lambda index: 1.7e308 * (-1) ** index,
    "as small as there are": lambda index: 5e-324 * index,
    "one far away": lambda index: 1e300 if index == 3 else float(index),
    "not all numbers": lambda index: (math.nan, math.inf, -math.inf, 1.5)[index % 4],
    "no numbers": lambda _: math.nan,
    "all zero": lambda _: 0.0,
}


@pytest.mark.parametrize("total", [7, 20_000])
@pytest.mark.parametrize("kind", ODD)
def test_odd_numbers_are_drawn_and_what_comes_after_them_is_drawn_too(
    qtbot: QtBot, plot: ResultsPlot, rows: Rows, kind: str, total: int
) -> None:
    rows.total, rows.result = total, ODD[kind]
    plot.show_job(finished(total))
    for across in (OFTEN, "task", "result"):
        drawn(qtbot, plot)
        assert f"{total - -(-max(total - 13, 0) // 1000):,} results: " in plot.words.whole
        assert not plot.grab().isNull()
        assert plot.values_at(0.5, 0.5) is not None
        plot.across.setCurrentText(across)
    drawn(qtbot, plot)
    rows.total, rows.result = 5000, lambda index: index**2
    plot.show_job(finished(5000, id=2))
    drawn(qtbot, plot)
    assert plot.words.whole.startswith("4,995 results: mean ")


def test_an_error_in_one_drawing_is_said_and_ends_with_it(
    qtbot: QtBot, plot: ResultsPlot, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(results_plot, "drawing", lambda _parts: math.log(0))
        plot.show_job(finished(5000))
        qtbot.waitUntil(lambda: plot.words.whole == "These numbers cannot be drawn: math domain error")
    plot.show_job(finished(5000, id=2))
    drawn(qtbot, plot)
    assert plot.words.whole.startswith("4,995 results: mean ")


def test_numbers_are_written_short() -> None:
    assert [number(value) for value in (3.0, 1_000_000.0, 3.14159265, 2.5e-9)] == [
        "3",
        "1,000,000",
        "3.14159",
        "2.5e-09",
    ]


def test_what_is_no_number_is_counted_apart() -> None:
    assert summary(np.array([1.0, 3.0, np.nan])) == "mean 2, median 2, from 1 to 3, 1 without a number"
