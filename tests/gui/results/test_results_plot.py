"""Results as a plot."""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.comparison.joined_series import joined_series
from mcgui.console.results.plot import chart_items, plot_view
from mcgui.console.results.plot.chart_content import KINDS, POINTS, Wish, draw
from mcgui.console.results.plot.drawing import COLOURS, Axis, Drawing
from mcgui.console.results.plot.numbers import BINS, bins, moment, number, summary
from mcgui.console.results.plot.plot_axis import PlotAxis
from mcgui.console.results.plot.plot_fields import OFTEN, PLAIN, PlotFields
from mcgui.console.results.plot.plot_files import picture
from mcgui.console.results.plot.results_plot import ResultsPlot
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.console.results.results_panel import ResultsPanel
from mcgui.console.results.table_query import TableQuery
from mcgui.theme import Theme
from mcgui_core.protocol.queries import Series, TableColumn
from mcgui_core.results.outcome_reader import Settled
from mcgui_core.results.table.job_tables import series_of
from mcgui_core.results.table.table_index import TableIndex
from tests.gui.quiet import settle
from tests.gui.results.test_results_panel import Rows, finished, wait_for
from tests.gui.snapshots import job
from tests.pictures.gallery.cut_words import written_lines


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def query(background: Background, rows: Rows) -> TableQuery:
    return TableQuery(background, rows)


@pytest.fixture
def plot(qtbot: QtBot, background: Background, rows: Rows, query: TableQuery, theme: Theme) -> ResultsPlot:
    made = ResultsPlot(background, rows, query, theme)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def drawn(qtbot: QtBot, plot: ResultsPlot) -> None:
    qtbot.waitUntil(
        lambda: plot.numbers.complete and plot.at_rest and "Reading" not in plot.words.whole and plot.words.whole != ""
    )
    assert not plot.words.whole.endswith("so far")


def test_numbers_are_counted_at_first(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    assert plot.fields.titles == ("result",)
    assert plot.words.whole.startswith("4,995 results: mean ")
    assert plot.view.charts.kinds == {"bars"}
    assert "tasks" in plot.view.values_at(10.0, 0.0)


def test_who_hears_the_program_is_told_a_plot_its_name_and_what_it_draws(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery
) -> None:
    query.show_job(finished(50))
    drawn(qtbot, plot)
    heard = QAccessible.queryAccessibleInterface(plot.view._plot)
    assert heard.role() == QAccessible.Role.Chart
    assert heard.text(QAccessible.Text.Name) == "Plot of the results"
    assert len(heard.text(QAccessible.Text.Description).split()) > 3


def test_one_column_is_drawn_against_another_in_each_way(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    qtbot.waitUntil(lambda: plot.view.charts.kinds == {"points"})
    drawn(qtbot, plot)
    x, y = plot.view.charts.points
    assert np.array_equal(y, x**2)
    assert plot.view.values_at(3.0, 9.0) == "argument 3, result 9"
    for kind, seen in (("Line", {"line"}), ("Boxes", {"boxes", "whiskers"}), ("Image", set())):
        plot.fields.kind.setCurrentText(kind)
        qtbot.waitUntil(lambda seen=seen: plot.view.charts.kinds - {"points"} == seen)
    assert "choose one" in plot.words.whole
    assert plot.view.why.isVisible()  # in the place of the drawing too, which is wide where the words are cut
    assert plot.view.why.text() == plot.words.whole
    sides = [plot.view._plot.getPlotItem().getAxis(side) for side in ("bottom", "left")]
    assert [side.labelText for side in sides] == ["", ""], "of the drawing that there was before"
    assert {side.pen().style() for side in sides} == {Qt.PenStyle.NoPen}, "no line goes through the words"
    plot.fields.colour.setCurrentText("result")
    qtbot.waitUntil(lambda: plot.view.charts.kinds == {"image"})
    assert not plot.view.why.isVisible()
    assert [side.labelText for side in sides] == ["argument", "result"]
    assert Qt.PenStyle.NoPen not in {side.pen().style() for side in sides}
    assert {side.labelStyle["color"] for side in sides} == {plot.view._theme.colours.muted.name()}


def test_all_lines_of_the_words_in_the_place_of_a_drawing_are_seen(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery
) -> None:
    query.show_job(finished(50))
    drawn(qtbot, plot)
    plot.view.draw(None, "There is nothing to draw in what was chosen, whatever that was. " * 8)
    plot.resize(plot.minimumSizeHint())
    qtbot.waitUntil(lambda: not plot.view.why.cut)
    narrow = plot.view.minimumSizeHint().height()
    plot.resize(plot.width() + 400, plot.height())
    qtbot.waitUntil(lambda: plot.view.minimumSizeHint().height() < narrow)


def test_categories_have_boxes_and_a_legend(qtbot: QtBot, plot: ResultsPlot, query: TableQuery, rows: Rows) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("node")
    assert plot.fields.kind.currentText() == "Boxes"
    qtbot.waitUntil(lambda: "boxes" in plot.view.charts.kinds)
    assert plot.view.values_at(0.0, 4.0) == "node lab-4, result 4"
    plot.fields.across.setCurrentText("argument")
    plot.fields.colour.setCurrentText("node")
    qtbot.waitUntil(lambda: plot.view.shown is not None and plot.view.shown.legend == ("lab-4",))
    assert plot.view.charts.kinds == {"points"}


def test_words_of_others_are_text_in_a_legend_and_along_an_axis(plot: ResultsPlot) -> None:
    words = ["<b>a</b>&", "report-\u202egpj.exe", "a word that goes on and on"]
    plot.view.show_drawing(drawing("Line", (False, False), [1, 2, 3], [1, 2, 3], words))
    labels = [label.item.toPlainText() for _sign, label in plot.view.charts._legend.items]
    assert sorted(labels) == ["<b>a</b>&", "a word that goes on…", "report-\\u202egpj.exe"]
    axis = PlotAxis("bottom")
    axis.show_axis(Axis("who", "category", np.array([0.0, 1.0]), words=("\u202ea", "b")))
    assert axis.tickStrings([0.0, 1.0], 1.0, 1.0) == ["\\u202ea", "b"]
    axis.textHeight = 40  # which is four fifths of what its words are high
    axis.show_axis(Axis("who", "category", np.array([0.0, 1.0]), words=("gap", "b")))
    assert axis.maximumHeight() >= 50 + axis.style["tickLength"] + axis.style["tickTextOffset"][1]


def test_where_there_is_little_room_colours_are_in_the_menu(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    assert plot.fields.colour.isVisible()
    plot.resize(420, 300)
    qtbot.waitUntil(lambda: not plot.fields.colour.isVisible())
    plot.fields._fill_colours()
    (node,) = [action for action in plot.fields.colours.actions() if action.text() == "node"]
    node.trigger()
    qtbot.waitUntil(lambda: plot.view.shown is not None and plot.view.shown.legend == ("lab-4",))


def test_labels_of_an_axis_have_room_beside_each_other(qtbot: QtBot) -> None:
    axis = PlotAxis("left")
    for high in (60.0, 100.0, 400.0):
        ((_, values),) = axis.tickValues(-50.0, 55.0, high)[:1]
        assert 1 <= len(values) <= max(high // 24, 2)
        assert 0.0 in values


@pytest.mark.parametrize("years", [0.001, 1, 300, 2_000, 9_998])
def test_dates_of_any_span_have_labels_from_end_to_end(qtbot: QtBot, years: float) -> None:
    axis = PlotAxis("bottom")
    low = -62_135_596_800.0  # the first of January of year 1
    high = low + years * 365.25 * 86_400
    axis.show_axis(Axis("when", "date", np.array([low, high])))
    ((spacing, places),) = axis.tickValues(low, high, 900.0)
    assert 2 <= len(places) <= 11
    assert np.diff(places).min() >= (high - low) / 20, "none lies on another"
    assert high - places[-1] < spacing
    if years >= 1:
        assert all(len(text) == len("0001-01-01") for text in axis.tickStrings(places, 1.0, spacing))


def test_numbers_along_an_axis_are_those_of_the_column_also_in_a_unit(qtbot: QtBot) -> None:
    axis = PlotAxis("bottom")
    axis.show_axis(Axis("huge", "number", np.array([0.0, 1e8]), unit=1e300))
    assert axis.tickStrings([0.0, 4e7, 1e8, 1.5e9, -2.5], 1.0, 2e7) == ["0", "4e307", "1e308", "1.5e309", "-2.5e300"]
    axis.show_axis(Axis("tiny", "number", np.array([0.0, 3.0]), unit=1e-299))
    assert axis.tickStrings([1.0, 2.5], 1.0, 1.0) == ["1e-299", "2.5e-299"]


def test_counts_stand_at_whole_numbers_and_others_where_they_are(qtbot: QtBot) -> None:
    axis = PlotAxis("left")

    def places(values: list[float]) -> set[float]:
        axis.show_axis(Axis("tasks", "number", np.array(values)))
        return {round(place, 9) for _, places in axis.tickValues(0.0, 2.2, 400.0) for place in places}

    assert places([1.0, 2.0, np.nan]) == {0.0, 1.0, 2.0}
    assert places([0.5, 2.0]) > {0.0, 1.0, 2.0}


def test_axes_are_logarithmic_where_that_is_wanted(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    plot.fields.log_across.setChecked(True)
    plot.fields.log_up.setChecked(True)
    qtbot.waitUntil(lambda: plot.view.shown is not None and plot.view.shown.up is not None and plot.view.shown.up.log)
    qtbot.waitUntil(lambda: plot.view.charts.kinds == {"points"})
    x, y = plot.view.charts.points
    assert np.allclose(y, 2 * x)
    assert plot.view.values_at(1.0, 2.0) == "argument 10, result 100"


def test_many_points_are_a_density(qtbot: QtBot, plot: ResultsPlot, query: TableQuery, rows: Rows) -> None:
    rows.total = 20_000
    query.show_job(finished(20_000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("task")
    qtbot.waitUntil(lambda: plot.view.charts.kinds == {"image"})


def test_only_the_rows_that_the_filter_keeps_are_drawn(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    query.ask("argument < 10", None)
    qtbot.waitUntil(lambda: plot.words.whole.startswith("10 results: "))


def test_a_point_leads_to_its_task_and_a_task_to_its_point(
    qtbot: QtBot, background: Background, rows: Rows, theme: Theme
) -> None:
    panel = ResultsPanel(background, rows, ResultExporter(background, lambda *_: 0), theme)
    qtbot.addWidget(panel)
    panel.resize(900, 400)
    panel.show()
    rows.total = 100
    panel.show_job(finished(100))
    wait_for(qtbot, panel.model, 7, "49")
    panel.head.plot.setChecked(True)
    plot = panel._plot.widget
    plot.fields.across.setCurrentText("argument")
    qtbot.waitUntil(lambda: "points" in plot.view.charts.kinds)
    box = plot.view._plot.getPlotItem().getViewBox()
    assert plot.view.task_at(box.mapViewToScene(QPointF(50.2, 2502.0))) == 50
    assert plot.view.task_at(box.mapViewToScene(QPointF(10.0, 8000.0))) == -1
    place = plot.view._plot.mapFromScene(box.mapViewToScene(QPointF(50.0, 2500.0)))
    qtbot.mouseClick(plot.view._plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: panel.detail.detail is not None and panel.detail.detail.index == 50)
    assert panel.detail.isVisible()
    assert plot.isVisible()
    assert panel.view.currentIndex().row() == 50
    panel.view.choose_row(60)
    assert plot.view.charts._chosen.getData()[0].tolist() == [60]


def test_a_plot_is_saved_as_a_picture_a_drawing_and_numbers_and_copied(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("node")
    drawn(qtbot, plot)
    for kind in ("png", "svg", "csv"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, kind=kind: (str(tmp_path / f"out.{kind}"), ""))
        plot.fields.files[kind].trigger()
    qtbot.waitUntil(lambda: plot.at_rest and (tmp_path / "out.csv").exists() and (tmp_path / "out.png").exists())
    settle(plot, plot.view._background)
    assert QImage(str(tmp_path / "out.png")).width() >= 2 * plot.view._plot.width()
    assert "<path" in (tmp_path / "out.svg").read_text()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["task", "result", "node"]
    assert lines[3] == ["2", "4.0", "lab-4"]
    plot.fields.files["copy"].trigger()
    assert plot.fields.more.text() == "Copied"
    assert QApplication.clipboard().image().width() >= 2 * plot.view._plot.width()
    heard: list[str] = []
    plot.trouble.connect(heard.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no folder" / "out.svg"), ""))
    plot.fields.files["svg"].trigger()
    assert heard[0].endswith("was not written: No such file or directory.")


def labels(plot: ResultsPlot) -> list[str]:
    """What stands along the axes."""
    sides = [plot.view._plot.getPlotItem().getAxis(side) for side in ("bottom", "left")]
    return [side.labelText if side.label.isVisible() else "" for side in sides]


def test_a_low_plot_has_its_room_for_the_drawing_and_a_file_of_it_has_all(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    drawn(qtbot, plot)
    assert labels(plot) == ["argument", "result"]
    plot.resize(700, 0)  # as a layout does that has no more room
    plot.resize(700, plot.minimumSizeHint().height())
    assert labels(plot) == ["", ""]
    box = plot.view._plot.getPlotItem().getViewBox()
    qtbot.waitUntil(lambda: box.height() >= 40)
    written: list[list[str]] = []
    monkeypatch.setattr(plot_view, "picture", lambda of: written.append(labels(plot)) or of.grab().toImage())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.png"), ""))
    plot.fields.files["png"].trigger()
    settle(plot, plot.view._background)
    assert QImage(str(tmp_path / "out.png")).height() >= 400
    assert written == [["argument", "result"]]
    assert labels(plot) == ["", ""]
    assert plot.view._plot.height() < 200


def test_a_picture_of_a_plot_is_what_is_seen_only_finer(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(50))
    drawn(qtbot, plot)
    words = ["one", "two", "one"]
    plot.view.show_drawing(drawing("Points", PLAIN_AXES, [1, 2, 3], [1, 2, 3], words))
    seen = plot.view._plot.grab().toImage()
    image = picture(plot.view._plot)
    assert image.size() == 2 * seen.size()
    small = image.scaled(seen.size(), mode=Qt.TransformationMode.SmoothTransformation)
    legend = plot.view.charts._legend
    part = legend.mapRectToScene(legend.boundingRect()).toRect()
    shades = [
        np.array(
            [
                QColor(one.pixel(x, y)).lightness()
                for x in range(part.left(), part.right())
                for y in range(part.top(), part.bottom())
            ]
        )
        for one in (seen, small)
    ]
    assert np.corrcoef(*shades)[0, 1] > 0.8


def test_a_line_is_as_thick_in_a_picture_as_on_the_screen(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    query.show_job(finished(50))
    drawn(qtbot, plot)
    (line,), widths = plot.view.charts._lines, []
    monkeypatch.setattr(plot_view, "picture", lambda of: widths.append(line.opts["pen"].width()) or of.grab().toImage())
    for few in (3, 2):
        monkeypatch.setattr(chart_items, "_FEW", few)
        plot.view.show_drawing(drawing("Line", PLAIN_AXES, [1, 2, 3], [1, 2, 3]))
        plot.fields.files["copy"].trigger()
        assert line.opts["pen"].width() == 1
    assert widths == [2, 1], "many points take seconds in thick lines"


def test_a_title_of_another_length_stands_in_the_middle_of_its_axis(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery
) -> None:
    query.show_job(finished(50))
    drawn(qtbot, plot)
    for title in ("y", "a title that goes on", "y"):
        shown = drawing("Points", PLAIN_AXES, [1, 2, 3], [1, 2, 3])
        plot.view.show_drawing(
            replace(shown, up=replace(shown.up, title=title), across=replace(shown.across, title=title))
        )
        for side, axis in plot.view._axes.items():
            assert axis.labelText == title
            middle = axis.label.mapRectToParent(axis.label.boundingRect()).center()
            off = middle.x() - axis.size().width() / 2 if side == "bottom" else middle.y() - axis.size().height() / 2
            assert abs(off) < 3, f"{title} of {side} is {off} pixels away"
            numbers, room = (axis.textHeight, axis.height()) if side == "bottom" else (axis.textWidth, axis.width())
            assert room >= numbers + axis.label.boundingRect().height(), "it does not touch the numbers"


@pytest.mark.parametrize("kind", ["png", "copy", "svg"])
def test_the_file_of_a_low_plot_is_laid_out_as_that_of_a_high_one(
    qtbot: QtBot,
    plot: ResultsPlot,
    query: TableQuery,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    kind: str,
) -> None:
    """The titles were painted over the numbers."""
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    drawn(qtbot, plot)
    item = plot.view._plot.getPlotItem()
    parts = [item.getViewBox(), *(item.getAxis(side) for side in ("bottom", "left"))]
    places: list[list[tuple[int, ...]]] = []

    def note(plotted: QWidget, *_: object) -> QImage:
        places.append([part.mapRectToScene(part.rect()).toRect().getRect() for part in parts])
        return plotted.grab().toImage()

    for name in ("picture", "save_svg"):
        monkeypatch.setattr(plot_view, name, note)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / f"out.{kind}"), ""))
    for height in (plot.minimumSizeHint().height(), 400 + plot.height() - plot.view._plot.height()):
        plot.resize(900, height)
        qtbot.waitUntil(lambda: parts[1].size().height() == parts[1].minimumHeight())  # it is laid out
        assert (labels(plot) == ["", ""]) == (height < 400)
        plot.fields.files[kind].trigger()
        settle(plot, plot.view._background)
    print(places)
    low, high = places
    assert plot.view._plot.height() == 400
    assert low == high


def test_the_feet_of_the_title_below_a_plot_are_seen(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    view = plot.view._plot.viewport()
    bottoms = [line.place.bottom() for line in written_lines(view) if line.text.strip() == "result"]
    assert bottoms
    assert max(bottoms) <= view.height()


def test_the_title_of_an_axis_ends_in_dots_where_that_is_shorter_and_is_text(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery
) -> None:
    long = "result.<b>metres</b> of the way that it flew in all of the tries"
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    made = drawing("Points", (False, False), [1.0, 2.0], [3.0, 4.0])
    assert made.across is not None
    assert made.up is not None
    plot.view.show_drawing(replace(made, across=replace(made.across, title=long), up=replace(made.up, title=long)))
    axes = [plot.view._plot.getPlotItem().getAxis(side) for side in ("bottom", "left")]
    for axis in axes:
        along = axis.label.boundingRect().width()
        assert along <= (axis.width() if axis.orientation == "bottom" else axis.height())
    assert axes[1].label.toPlainText().startswith("<b>metres</b>")  # "result." is what all of them begin with
    assert axes[1].label.toPlainText().rstrip().endswith("…")
    assert axes[0].label.toPlainText().rstrip() == long


def test_the_plot_in_words_is_there_where_it_says_something(qtbot: QtBot, plot: ResultsPlot, query: TableQuery) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    plot.fields.across.setCurrentText("argument")
    seen = set()
    for width in range(1400, 400, -20):
        plot.resize(width, 300)
        QApplication.processEvents()
        assert plot.fields.words.isHidden() or plot.fields.words.width() >= 160, width
        assert plot.fields.more.toolTip() == plot.words.whole
        seen.add(plot.fields.words.isHidden())
    assert seen == {True, False}


def test_a_line_is_drawn_smoothly(plot: ResultsPlot) -> None:
    """One that rises slowly was a row of dashes, with a gap at each step up."""
    plot.view.show_drawing(
        drawing("Line", (False, True), [float(10**at) for at in range(6)], [float(a) for a in range(6)])
    )
    assert all(line.opts["antialias"] for line in plot.view.charts._lines)


def test_results_with_nothing_to_draw_say_so(qtbot: QtBot, plot: ResultsPlot, query: TableQuery, rows: Rows) -> None:
    rows.drawn = ("number", "number", "", "")
    query.show_job(finished(5000))
    qtbot.waitUntil(lambda: plot._empty.accessibleName() == "Nothing to plot")
    assert plot._empty.isVisible()


def test_a_filter_that_keeps_no_row_is_not_taken_for_a_job_that_has_not_begun() -> None:
    empty = Series(b"", (b"",), ("number",), ((),), 1)
    assert (
        draw(Wish(empty, ("result",), POINTS, (False, False))).words == "None of the tasks that are shown has a result"
    )


def test_a_job_that_is_over_without_a_result_does_not_promise_any(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery
) -> None:
    def said() -> tuple[str, str]:
        return plot._empty.accessibleName(), plot._empty._sentence.text()

    runs = job(1, total=40, done=0, failed=0, running=2)
    query.show_job(runs)
    assert said() == ("No results yet", "Results are plotted as soon as there are some.")
    reason = "The environment does not load on any worker."
    query.show_job(replace(runs, state="stopped", reason=reason, running=0))
    assert said() == ("No results", reason)
    query.show_job(replace(runs, id=2, state="finished", failed=40, running=0))
    assert said() == ("No results", "Each of its tasks that ran failed. Failures says how.")


def test_a_job_that_goes_on_is_plotted_anew_when_it_ends(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, rows: Rows
) -> None:
    rows.done = 100
    running = job(total=5000, done=99, failed=1)
    query.show_job(running)
    qtbot.waitUntil(lambda: plot.words.whole.startswith("99 results"))
    rows.done = 5000
    rows.total = 5001  # read, which tells that there are others
    query.show_job(replace(running, done=4995, failed=5, state="finished"))
    qtbot.waitUntil(lambda: plot.words.whole.startswith("4,995 results"))


def test_nothing_is_fetched_while_nobody_looks(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, background: Background
) -> None:
    plot.hide()
    query.show_job(finished(5000))
    settle(plot, background)
    assert plot.numbers.series is None
    plot.show()
    drawn(qtbot, plot)


def test_the_plot_is_dressed_in_both_themes(qtbot: QtBot, plot: ResultsPlot, query: TableQuery, theme: Theme) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    theme.set_scheme("dark")
    assert plot.view._plot.backgroundBrush().color() == theme.colours.panel
    assert plot.view.charts.kinds == {"bars"}


# Any data whatever

ANY = st.one_of(
    st.floats(),
    st.sampled_from([1e308, -1e308, 5e-324, 1e-300, 1 + 1e-15, 0.0, math.nan, math.inf, -math.inf]),
    st.integers(),
    st.booleans(),
    st.text(max_size=5),
    st.none(),
    st.dates().map(lambda day: dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)),
    st.timedeltas(),
)
ONE_KIND = st.one_of(
    *(st.lists(one, max_size=30) for one in (st.floats(), st.integers(), st.text(max_size=5), st.dates()))
)
COLUMN = st.one_of(st.lists(ANY, max_size=30), ONE_KIND)


def series(*columns: list[object]) -> tuple[Series, tuple[str, ...]]:
    """As the workbench makes it: a task has a value of each column, as far as there are any."""
    titles = tuple(f"result.{at}" for at in range(len(columns)))
    table = TableIndex()
    most = max(map(len, columns))
    values = [{f"{at}": c[task] for at, c in enumerate(columns) if task < len(c)} for task in range(most)]
    table.fill(0, [None] * most, {task: Settled(task, value, None, "lab") for task, value in enumerate(values)})
    return series_of(table, np.arange(most), titles, 1000), titles


PLAIN_AXES = (False, False)


def drawing(kind: str, log: tuple[bool, bool], *columns: list[object]) -> Drawing:
    return draw(Wish(*series(*columns), kind, log))


@given(st.lists(COLUMN, min_size=1, max_size=3), st.sampled_from(KINDS), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_data_whatever_has_a_drawing_or_words(
    columns: list[list[object]], kind: str, across: bool, up: bool
) -> None:
    made = drawing(kind, (across, up), *columns)
    assert made.words
    for low, high in made.ranges:
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low < high or made.bars
    for part in (made.points, *made.lines):
        if part is not None:
            assert np.isfinite(part.x).all()
            assert np.isfinite(part.y).all()
            assert part.x.size == part.tasks.size


@given(st.lists(COLUMN, min_size=1, max_size=3), st.sampled_from(KINDS), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_drawn_the_next_is_drawn_again(
    plot: ResultsPlot, columns: list[list[object]], kind: str, across: bool, up: bool
) -> None:
    plot.view.show_drawing(drawing(kind, (across, up), *columns))
    assert not plot.grab().isNull()
    plot.view.values_at(0.5, 0.5)
    plot.view.task_at(QPointF(100, 100))
    plot.view.show_drawing(drawing("Points", PLAIN_AXES, list(range(9)), list(range(9))))
    assert plot.view.charts.kinds == {"points"}
    assert plot.view.charts.points[0].tolist() == list(range(9))


@given(COLUMN, COLUMN, st.sampled_from(["bars", *KINDS[:3]]), st.booleans())
@example([dt.date(2024, 1, 1)], [1e308, -7.976931348623158e307], "bars", False)
@settings(max_examples=50, deadline=None)
def test_two_jobs_of_any_data_have_a_drawing_or_words(
    one: list[object], other: list[object], kind: str, log: bool
) -> None:
    pairs = [[values] if kind == "bars" else [values, list(range(len(values)))] for values in (one, other)]
    titles = series(*pairs[0])[1]
    found = joined_series(*(series(*columns)[0] for columns in pairs), titles, ("job 1", "job 2"))
    made = draw(Wish(found.series, (*titles, "job"), kind, (log, log), apart=True))
    assert made.words
    for low, high in made.ranges:
        assert math.isfinite(low)
        assert math.isfinite(high)
    assert sum(int(bars.counts.sum()) for bars in made.bars) <= len(one) + len(other)
    assert all(bars.counts.size == made.bars[0].counts.size for bars in made.bars)
    for place in made.places.tasks.tolist():
        which, task = found.task_at(place)
        assert 0 <= task < len((one, other)[which])


SHOWN: dict[str, list[object]] = {
    "nothing": [],
    "one point": [3.5],
    "no numbers": [math.nan] * 3,
    "infinities": [math.inf, -math.inf, 1.5, math.nan],
    "a rounding error apart": [0.3, 0.1 + 0.2] * 4,
    "little beside their size": [1e9 + 1e-7 * at for at in range(9)],
    "whole and far apart": [1e17 + 16 * at for at in range(9)],
    "as large as there are": [1.7e308, -1.7e308, 1e308],
    "as small as there are": [5e-324 * at for at in range(9)],
    "far below zero powers": [1e-300, 2e-300, 3e-300],
    "one far away": [1e300, 1.0, 2.0],
    "all zero": [0.0] * 5,
    "text": ["a", "b", "a", "\udce9", "<b>&"],
    "dates": [dt.date(1, 1, 1), dt.date(9999, 12, 31)],
    "one date": [dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)],
    "mixed": [1, "a", None, 2.5, dt.date(2024, 1, 1), True],
}


@pytest.mark.parametrize("kind", SHOWN)
def test_odd_values_are_shown_and_what_comes_after_them_is_shown_too(plot: ResultsPlot, kind: str) -> None:
    plain = list(range(9))
    for columns in ([SHOWN[kind]], [SHOWN[kind], plain], [plain, SHOWN[kind]], [plain, plain, SHOWN[kind]]):
        for way in KINDS:
            for log in (False, True):
                plot.view.show_drawing(drawing(way, (log, log), *columns))
                assert not plot.grab().isNull()
                plot.view.values_at(0.5, 0.5)
                plot.view.task_at(QPointF(100, 100))
    plot.view.show_drawing(drawing("Points", PLAIN_AXES, plain))
    assert plot.view.charts.kinds == {"bars"}


def test_an_error_in_one_drawing_is_said_and_ends_with_it(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(plot_view, "draw", lambda *_wish: math.log(0))
        query.show_job(finished(5000))
        qtbot.waitUntil(lambda: plot.words.whole == "These numbers cannot be drawn: math domain error")
    with monkeypatch.context() as broken:
        broken.setattr(plot.view.charts, "show", lambda _made: math.log(0))
        plot.fields.across.setCurrentText("argument")
        qtbot.waitUntil(lambda: plot.at_rest and plot.words.whole == "These numbers cannot be drawn: math domain error")
    plot.fields.across.setCurrentText(OFTEN)
    drawn(qtbot, plot)
    assert plot.words.whole.startswith("4,995 results: mean ")


def test_numbers_that_cannot_be_drawn_leave_nothing_along_the_axes(
    qtbot: QtBot, plot: ResultsPlot, query: TableQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    query.show_job(finished(5000))
    drawn(qtbot, plot)
    for at, name in ((plot_view, "draw"), (plot.view.charts, "show")):
        with monkeypatch.context() as broken:
            assert plot.view._labels != ("", "")
            broken.setattr(at, name, lambda *_: math.log(0))
            plot.fields.across.setCurrentText("argument")
            qtbot.waitUntil(lambda: plot.at_rest and plot.words.whole.startswith("These numbers cannot be drawn"))
            assert plot.view._labels == ("", "")
        plot.fields.across.setCurrentText(OFTEN)
        drawn(qtbot, plot)


def test_colours_go_from_the_lowest_to_the_highest_and_rare_words_share_one() -> None:
    made = drawing("Points", PLAIN_AXES, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0.0, 5.0, math.nan])
    assert made.points is not None
    assert made.points.shades is not None
    assert made.points.shades.tolist() == [0, 15, 16]
    words = [f"w{at:02}" for at in range(12)]
    made = drawing("Points", PLAIN_AXES, list(range(12)), list(range(12)), words)
    assert made.legend[-1] == "others"
    assert made.points is not None
    assert made.points.shades is not None
    assert made.points.shades.tolist()[-1] == COLOURS
    assert PLAIN not in made.legend
    assert len(words) <= POINTS


def test_an_image_has_a_cell_for_each_place_of_a_grid() -> None:
    x, y = np.meshgrid(np.arange(4) / 10, np.arange(3))
    made: Drawing = drawing("Image", PLAIN_AXES, y.ravel().tolist(), x.ravel().tolist(), (x + y).ravel().tolist())
    assert made.image is not None
    assert np.allclose(made.image.cells, x + y)


def test_whole_numbers_have_a_bar_each_and_others_share_some() -> None:
    counts, _, whole = bins(np.array([1.0, 2, 2, 6]))
    assert whole
    assert list(counts) == [1, 2, 0, 0, 0, 1]
    counts, _, whole = bins(np.random.default_rng(1).normal(size=100_000))
    assert (len(counts), counts.sum(), whole) == (BINS, 100_000, False)


def test_numbers_and_dates_are_written_short() -> None:
    assert [number(value) for value in (3.0, 1_000_000.0, 3.14159265, 2.5e-9)] == [
        "3",
        "1,000,000",
        "3.14159",
        "2.5e-09",
    ]
    assert (moment(0.0), moment(86_399.0), moment(1e300)) == ("1970-01-01", "1970-01-01 23:59:59", "1e+300")
    assert moment(-62_135_596_800.0) == "0001-01-01"


def test_what_is_no_number_is_counted_apart() -> None:
    words = summary(np.array([1.0, 3.0, np.nan]), "number")
    assert words == "mean 2, median 2, from 1 to 3, 1 without a number"


@pytest.mark.parametrize("log", [False, True])
def test_numbers_beyond_those_of_an_axis_are_said_to_be_so(log: bool) -> None:
    axes = (log, log)
    made = drawing("Points", axes, [10**400, 10**310, math.inf])
    assert made.words == "3 results: no numbers" + log * " above zero" + " in result.0: 3 infinite or beyond 1e308"
    assert (
        ", 1 infinite or beyond 1e308, 2 without a number"
        in drawing("Points", axes, [1.0, 2.0, 10**400, None, math.nan]).words
    )
    both = drawing("Points", axes, [10**400] * 2, [1, 2]).words
    assert "no numbers that can be drawn (2 infinite or beyond 1e308). No task has both" in both


def test_that_it_is_counted_can_be_read_beside_long_titles_in_a_narrow_place(qtbot: QtBot, theme: Theme) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    fields = PlotFields(row)
    fields.show_columns([TableColumn(title, True, "number") for title in ("angle", "result.metres", "result.height")])
    row.show()
    for width in range(220, 800, 10):
        fields.resize(width, 30)
        QApplication.processEvents()
        assert fields.across.width() >= fields.across.width_with(OFTEN), width


def test_no_title_of_a_column_is_cut_for_what_can_be_done_without(qtbot: QtBot, theme: Theme) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    fields = PlotFields(row)
    fields.show_columns([TableColumn(title, True, "number") for title in ("result.the power", "result.the column")])
    fields.across.setCurrentText("result.the column")
    row.show()
    shown = set()
    for width in range(460, 1000, 10):
        fields.resize(width, 30)
        QApplication.processEvents()
        assert fields.across.width() >= fields.across.width_with(fields.across.currentText()), width
        shown.add((fields.colour.isVisible(), fields.against.isVisible()))
    assert shown >= {(False, False), (True, True)}
