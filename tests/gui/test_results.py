"""The results: any number of rows, of which only those in sight are fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.reduced_view import image_of
from mcgui.console.results_model import LIMIT, PAGE, ResultsModel
from mcgui.console.results_panel import ResultsPanel
from mcgui.theme import Theme
from mcgui_core.errors import ServerFailed
from mcgui_core.jobs import JobStatus, Picture, Reduced, ResultRow
from tests.gui.snapshots import job


class Rows:
    """Gives the rows of a job of which the first `done` tasks are done, as a workbench does."""

    def __init__(self, done: int = 10**12) -> None:
        self.done = done
        self.asked: list[tuple[int, int, int]] = []
        self.error: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self, job: int, start: int, count: int) -> tuple[ResultRow, ...]:
        self.asked.append((job, start, count))
        self.hold.wait()
        if self.error is not None:
            raise self.error
        return tuple(self.row(index) for index in range(start, start + count))

    def row(self, index: int) -> ResultRow:
        if index >= self.done:
            return ResultRow(index, repr(index), "waiting", "", "")
        if index % 1000 == 13:
            return ResultRow(index, repr(index), "failed", "ValueError: unlucky", "lab-3")
        return ResultRow(index, repr(index), "done", repr(index**2), "lab-4")


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def rows() -> Iterator[Rows]:
    made = Rows()
    yield made
    made.hold.set()


@pytest.fixture
def model(background: Background, rows: Rows, theme: Theme) -> ResultsModel:
    return ResultsModel(background, rows, theme)


def finished(total: int, id: int = 1) -> JobStatus:
    return job(id, total=total, done=total, failed=0, running=0, state="finished")


def text(model: ResultsModel, row: int, column: int = 2) -> str:
    return str(model.index(row, column).data())


def wait_for(qtbot: QtBot, model: ResultsModel, row: int, expected: str) -> None:
    qtbot.waitUntil(lambda: text(model, row) == expected)


def test_a_model_of_results_keeps_qts_rules(qtbot: QtBot, model: ResultsModel, qtmodeltester: ModelTester) -> None:
    model.show_job(finished(450))
    qtmodeltester.check(model)
    wait_for(qtbot, model, 3, "9")
    model.show_job(finished(20, id=2))
    model.show_job(None)


def test_a_row_appears_when_it_is_looked_at(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    model.show_job(finished(1_000_000))
    assert rows.asked == []
    assert text(model, 999_999) == "…"
    wait_for(qtbot, model, 999_999, str(999_999**2))
    assert rows.asked == [(1, 999_800, PAGE)]
    assert [model.index(999_999, column).data() for column in (0, 1, 3)] == ["999,999", "999999", "lab-4"]


def test_scrolling_through_a_million_rows_fetches_what_one_stops_at(
    qtbot: QtBot, model: ResultsModel, rows: Rows
) -> None:
    model.show_job(finished(1_000_000))
    for row in range(0, 1_000_000, PAGE):
        text(model, row)
    wait_for(qtbot, model, 999_800, str(999_800**2))
    qtbot.waitUntil(lambda: model.at_rest)
    assert rows.asked[0][1] == 999_800
    assert len(rows.asked) <= 4


def test_the_cells_of_a_row_that_is_there_cost_no_further_question(
    qtbot: QtBot, model: ResultsModel, rows: Rows
) -> None:
    model.show_job(finished(1000))
    wait_for(qtbot, model, 5, "25")
    for _ in range(3):
        text(model, 5)
    assert model.at_rest
    assert len(rows.asked) == 1


def test_results_that_arrive_replace_the_dash(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    rows.done = 3
    running = job(total=100, done=3, failed=0)
    model.show_job(running)
    wait_for(qtbot, model, 5, "–")
    rows.done = 100
    model.show_job(replace(running, done=100, state="finished"))
    assert text(model, 5) == "–"
    wait_for(qtbot, model, 5, "25")


def test_a_failure_is_red_and_says_what_it_was(qtbot: QtBot, model: ResultsModel, theme: Theme) -> None:
    model.show_job(finished(100))
    wait_for(qtbot, model, 13, "ValueError: unlucky")
    assert model.index(13, 2).data(Qt.ItemDataRole.ForegroundRole) == theme.colours.bad


def test_an_answer_for_the_job_of_before_is_dropped(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    rows.hold.clear()
    model.show_job(finished(100))
    text(model, 0)
    qtbot.waitUntil(lambda: len(rows.asked) == 1)
    model.show_job(finished(100, id=2))
    rows.hold.set()
    wait_for(qtbot, model, 4, "16")
    assert rows.asked[-1][0] == 2


def test_rows_that_cannot_be_fetched_are_told_of(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    rows.error = ServerFailed("it is gone")
    model.show_job(finished(100))
    with qtbot.waitSignal(model.trouble) as heard:
        text(model, 0)
    assert "it is gone" in heard.args[0]


def test_a_growing_job_grows_the_table(qtbot: QtBot, model: ResultsModel) -> None:
    model.show_job(job(total=100, sealed=False))
    with qtbot.waitSignal(model.rowsInserted) as heard:
        model.show_job(job(total=250, sealed=False))
    assert heard.args[1:] == [100, 249]
    assert model.rowCount() == 250
    assert model.rowCount(QModelIndex()) == 250


def test_a_job_longer_than_a_table_can_be_is_shown_in_parts(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    model.show_job(finished(10**9))
    assert model.rowCount() == LIMIT
    row = model.row_of(123_456_789)
    assert (model.first, row) == (123_000_000, 456_789)
    wait_for(qtbot, model, row, str(123_456_789**2))


@pytest.fixture
def panel(qtbot: QtBot, background: Background, rows: Rows, theme: Theme) -> ResultsPanel:
    made = ResultsPanel(background, rows, theme)
    qtbot.addWidget(made)
    made.resize(840, 300)
    made.show()
    return made


def test_the_panel_says_what_will_be_there(panel: ResultsPanel) -> None:
    panel.show_job(None)
    assert not panel.view.isVisible()
    panel.show_job(finished(0))
    assert not panel.view.isVisible()
    assert panel._empty.accessibleName() == "Pi has no tasks"
    panel.show_job(finished(3))
    assert panel.view.isVisible()


def test_a_task_is_gone_to_by_its_number(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5_000_000))
    qtbot.keyClicks(panel._go_to, "4,321,000")
    qtbot.keyClick(panel._go_to, Qt.Key.Key_Return)
    row = panel.view.currentIndex().row()
    assert panel.model.first + row == 4_321_000
    assert "4,000,000 to 4,999,999" in panel.reduced.origin.whole
    assert panel.view.rect().contains(panel.view.visualRect(panel.view.currentIndex()).center())


def test_a_number_that_is_no_task_is_said_to_be_none(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5))
    qtbot.keyClicks(panel._go_to, "77")
    qtbot.keyClick(panel._go_to, Qt.Key.Key_Return)
    assert panel._go_to.toolTip() == "Type a number from 0 to 4."


def test_the_reduced_result_stands_above_the_table(panel: ResultsPanel) -> None:
    panel.show_job(finished(1000))
    panel.show_reduced(Reduced("3.1417"))
    assert panel.reduced.value.whole == "Pi: 3.1417"
    assert panel.reduced.origin.whole == "estimate(results) of 1,000 results"
    panel.show_job(finished(1000, id=2))
    assert not panel.reduced.value.isVisible()


def test_a_reduce_function_that_fails_shows_its_last_line_and_keeps_the_rest(qtbot: QtBot, panel: ResultsPanel) -> None:
    trace = 'Traceback (most recent call last):\n  File "pi.py", line 9\nZeroDivisionError: division by zero\n'
    panel.show_job(finished(1000))
    panel.show_reduced(Reduced(trace, failed=True))
    assert panel.reduced.value.whole == "The reduce function failed: ZeroDivisionError: division by zero"
    panel.reduced.copy.click()
    assert QApplication.clipboard().text() == trace


def test_a_picture_is_shown_as_one(panel: ResultsPanel) -> None:
    panel.show_job(finished(2))
    pixels = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    panel.show_reduced(Reduced("<picture>", picture=Picture(2, 2, 3, pixels)))
    assert panel.picture.isVisible()
    assert panel.picture.image.pixelColor(1, 0) == QColor(0, 255, 0)
    assert panel.reduced.save.isVisible()


@pytest.mark.parametrize("picture", [Picture(2, 2, 3, b"123"), Picture(2, 2, 2, b"12345678"), Picture(0, 0, 1, b"")])
def test_a_picture_that_does_not_fit_its_size_is_refused(picture: Picture) -> None:
    with pytest.raises(ValueError, match="picture"):
        image_of(picture)


def test_a_refused_picture_is_told_of_in_place(panel: ResultsPanel) -> None:
    panel.show_job(finished(2))
    panel.show_reduced(Reduced("<picture>", picture=Picture(2, 2, 3, b"1")))
    assert not panel.picture.isVisible()
    assert "The reduce function failed" in panel.reduced.value.whole
