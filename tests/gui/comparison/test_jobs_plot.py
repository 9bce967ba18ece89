"""Two jobs in one plot."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.comparison.jobs_plot import JobsPlot
from mcgui.console.comparison.joined_series import joined_series
from mcgui.console.results.plot.plot_fields import OFTEN
from mcgui.console.results.result_source import Order
from mcgui.theme import Theme
from mcgui_core.errors import ServerFailed
from mcgui_core.protocol.queries import Series, TableRow, TableState, TaskDetail
from tests.gui.quiet import settle
from tests.gui.results.test_results_panel import Rows


class TwoJobs:
    """Gives the rows of jobs 3 and 4: squares, and squares less one for more arguments."""

    def __init__(self) -> None:
        self.jobs = {3: Rows(), 4: Rows()}
        self.jobs[3].total, self.jobs[4].total = 20, 40
        self.jobs[4].result = lambda index: index**2 - 1

    def table(self, job: int, where: str, order: Order, seconds: float) -> TableState:
        return self.jobs[job].table(job, where, order, seconds)

    def rows(self, job: int, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        return self.jobs[job].rows(job, view, start, count)

    def place(self, job: int, view: int, task: int) -> int | None:
        return self.jobs[job].place(job, view, task)

    def detail(self, job: int, task: int) -> TaskDetail | None:
        return self.jobs[job].detail(job, task)

    def series(self, job: int, view: int, titles: tuple[str, ...], most: int) -> Series:
        if self.jobs[job].error is not None:
            raise self.jobs[job].error
        return self.jobs[job].series(job, view, titles, most)

    def trust_workers(self) -> None:
        """Nothing is closed here."""


@pytest.fixture
def jobs() -> TwoJobs:
    return TwoJobs()


@pytest.fixture
def plot(qtbot: QtBot, background: Background, jobs: TwoJobs, theme: Theme) -> JobsPlot:
    made = JobsPlot(background, jobs, theme)
    qtbot.addWidget(made)
    made.resize(900, 420)
    made.show()
    made.show_jobs((3, 4))
    settle(made, background)
    return made


def against_arguments(plot: JobsPlot, background: Background, kind: str = "Points") -> None:
    plot.fields.across.setCurrentText("argument")
    plot.fields.kind.setCurrentText(kind)
    settle(plot, background)


def test_both_jobs_are_counted_between_the_same_edges(plot: JobsPlot) -> None:
    shown = plot.view.shown
    assert shown is not None
    assert shown.legend == ("job 3", "job 4")
    one, other = shown.bars
    assert np.array_equal(one.edges, other.edges)
    assert (one.counts.sum(), other.counts.sum()) == (19, 39)  # task 13 of each has failed
    assert "job 3: mean " in plot.words.whole
    assert "job 4: mean " in plot.words.whole
    assert "job 3 " in plot.view.values_at(10.0, 0.0)


def test_points_lines_and_boxes_of_both_have_a_colour_for_each(plot: JobsPlot, background: Background) -> None:
    against_arguments(plot, background)
    assert plot.view.charts.kinds == {"points"}
    shown = plot.view.shown
    assert shown is not None
    assert shown.points is not None
    assert shown.points.shades is not None
    assert np.bincount(shown.points.shades).tolist() == [19, 39]
    against_arguments(plot, background, "Line")
    assert plot.view.shown is not None
    one, other = plot.view.shown.lines
    assert np.array_equal(one.y, one.x**2)
    assert np.array_equal(other.y, other.x**2 - 1)
    plot.fields.across.setCurrentText("node")
    settle(plot, background)
    assert plot.view.shown is not None
    left, right = plot.view.shown.boxes
    assert (left.shade, right.shade) == (0, 1)
    assert left.place + left.half < right.place - right.half


def test_one_of_the_jobs_can_be_left_out(plot: JobsPlot, background: Background) -> None:
    against_arguments(plot, background, "Line")
    assert [plot.which.itemText(at) for at in range(3)] == ["both jobs", "job 3", "job 4"]
    for which, count in ((1, 19), (2, 39), (0, 58)):
        plot.which.setCurrentIndex(which)
        settle(plot, background)
        assert plot.view.shown is not None
        assert sum(line.x.size for line in plot.view.shown.lines) == count


def test_a_point_leads_to_the_task_of_its_job(qtbot: QtBot, plot: JobsPlot, background: Background) -> None:
    against_arguments(plot, background)
    box = plot.view._plot.getPlotItem().getViewBox()
    heard: list[tuple[int, int]] = []
    plot.task_wanted.connect(lambda *task: heard.append(task))
    for x, y, job in ((19.0, 361.0, 3), (30.0, 899.0, 4)):
        place = plot.view._plot.mapFromScene(box.mapViewToScene(QPointF(x, y)))
        qtbot.mouseClick(plot.view._plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        settle(plot, background)
        assert plot.detail.isVisible()
        assert plot.detail._title.whole.startswith(f"Task {x:.0f} of job {job}  ·  done")
        plot.go.click()
        assert heard[-1] == (job, x)
    assert plot._named(19 + 29) == "job 4, task 30"  # whose task 13 is missing too
    plot.detail._close.click()
    assert not plot.detail.isVisible()
    assert "chosen" not in plot.view.charts.kinds


def test_escape_closes_the_task_that_is_looked_at_and_then_the_window(
    qtbot: QtBot, plot: JobsPlot, background: Background, theme: Theme
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    window = DifferenceWindow(theme, holder)
    window.add_plot(plot)
    window.show_difference("Two jobs", ("job 3", "job 4"), ("a", "b"))
    window.expect_results(("job 3", "job 4"))
    window.pages.setCurrentWidget(plot)
    plot._on_point(3)
    settle(plot, background)
    assert plot.detail.isVisible()
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert (plot.detail.isVisible(), window.isVisible()) == (False, True)
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert not window.isVisible()
    plot.setParent(None)  # or it would go with the window


def test_both_are_saved_as_a_picture_a_drawing_and_numbers(
    plot: JobsPlot, background: Background, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    against_arguments(plot, background)
    for kind in ("png", "svg", "csv"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, kind=kind: (str(tmp_path / f"out.{kind}"), ""))
        plot.fields.files[kind].trigger()
    settle(plot, background)
    assert QImage(str(tmp_path / "out.png")).width() == 2 * plot.view._plot.width()
    assert "<path" in (tmp_path / "out.svg").read_text()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["job", "task", "result", "argument"]
    assert lines[3] == ["3", "2", "4.0", "2.0"]
    assert lines[-1] == ["4", "39", "1520.0", "39.0"]


def test_what_cannot_be_fetched_is_said_until_there_is_something_again(
    plot: JobsPlot, background: Background, jobs: TwoJobs
) -> None:
    jobs.jobs[4].error = ServerFailed("the master is away")
    plot.show_jobs((3, 4))
    settle(plot, background)
    assert plot._empty.isVisible()
    assert plot._empty.accessibleName() == "The jobs cannot be plotted"
    jobs.jobs[4].error = None
    plot.show_jobs((3, 4))
    settle(plot, background)
    assert plot.view.isVisible()
    assert plot.fields.across.currentText() == OFTEN
    assert plot.view.shown is not None


def series(values: bytes, kind: str, words: tuple[str, ...] = ()) -> Series:
    return Series(np.arange(len(values) // 8).tobytes(), (values,), (kind,), (words,), 1)


def test_words_of_both_are_one_set_and_what_only_one_has_is_drawn_alone() -> None:
    one = series(np.array([0.0, 1.0, np.nan]).tobytes(), "category", ("a", "c"))
    other = series(np.array([1.0, 0.0]).tobytes(), "category", ("b", "c"))
    found = joined_series(one, other, ("name",), ("job 1", "job 2"))
    assert found.series.words == (("a", "b", "c"), ("job 1", "job 2"))
    codes = np.frombuffer(found.series.columns[0])
    assert np.array_equal(codes, [0, 2, np.nan, 2, 1], equal_nan=True)
    missing = series(np.array([np.nan, np.nan]).tobytes(), "")
    found = joined_series(one, missing, ("name",), ("job 1", "job 2"))
    assert found.series.kinds[0] == "category"
    assert not found.problem
    assert np.isnan(np.frombuffer(found.series.columns[0])[3:]).all()


def test_text_and_numbers_have_no_axis_in_common_and_that_is_said() -> None:
    one = series(np.array([0.0]).tobytes(), "category", ("a",))
    other = series(np.array([5.0]).tobytes(), "number")
    found = joined_series(one, other, ("x",), ("job 1", "job 2"))
    assert found.problem == "x is text in job 1, and numbers in job 2"
