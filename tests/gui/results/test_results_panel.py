"""The results: any number of rows, of which only those in sight are fetched."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.results.picture_window import PictureWindow
from mcgui.console.results.reduced_view import image_of
from mcgui.console.results.result_columns import arranged
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.console.results.result_source import Order
from mcgui.console.results.results_model import LIMIT, ResultsModel
from mcgui.console.results.results_panel import ResultsPanel
from mcgui.console.results.row_pages import PAGE
from mcgui.console.tables.table_model import Role
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.base.ranges import Range
from mcgui_core.errors import BadInput, ServerFailed
from mcgui_core.protocol.messages import JobStatus, Picture, Reduced, ResultRow, TaskFailure, TaskStatus
from mcgui_core.protocol.queries import CopiedRows, Series, TableColumn, TableRow, TableState, TaskDetail
from mcgui_core.results.outcome_reader import Settled
from mcgui_core.results.table.job_tables import selected, series_of
from mcgui_core.results.table.table_index import TableIndex
from tests.gui.mouse import double_click
from tests.gui.quiet import settle
from tests.gui.snapshots import job

#: Of 3 x 2 pixels.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNgZGJmYGFlAwAARgAWd/XIfwAAAABJRU5ErkJggg=="
)


class Rows:
    """Gives the rows of a job of which the first `done` tasks are done, as a workbench does."""

    def __init__(self, done: int = 10**12) -> None:
        self.done = done
        self.total = 5000
        self.drawn = ("number", "number", "number", "category")
        self.titles = ("task", "argument", "result", "node")
        self.result: Callable[[int], object] = lambda index: index**2
        self.asked: list[tuple[int, int, int]] = []
        self.read: list[int] = []  # tasks whose details were read
        self.error: Exception | None = None
        self.copied: list[tuple[object, ...]] = []
        self.changed = False
        self.hold = threading.Event()
        self.hold.set()
        self.looking = threading.Event()
        self.looking.set()
        self.looks = 0
        self.views: dict[int, np.ndarray] = {}

    def rows(self, job: int, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        self.asked.append((job, start, count))
        self.hold.wait()
        if self.error is not None:
            raise self.error
        if view and view not in self.views:
            raise BadInput("too long ago")
        tasks = self.views[view][start : start + count].tolist() if view else range(start, start + count)
        return tuple(self.cells(self.row(index)) for index in tasks)

    def copied_rows(
        self,
        job: int,
        view: int,
        rows: tuple[Range, ...],
        columns: tuple[tuple[str, str], ...],
        exact: bool,
        decimal_comma: bool,
    ) -> CopiedRows:
        self.copied.append((job, view, rows, columns, exact, decimal_comma))
        if self.error is not None:
            raise self.error
        found = [row for start, stop in rows for row in self.rows(job, view, start, stop - start)]
        lines = ["\t".join(head for _, head in columns)]
        for row in found:
            cells = {"task": str(row.index), **row.cells}
            lines.append("\t".join(cells.get(title, "") for title, _ in columns))
        return CopiedRows("\n".join(lines), len(found), self.changed)

    def cells(self, row: ResultRow) -> TableRow:
        outcome = {"waiting": {}, "failed": {"error": row.value}}.get(row.state, {self.titles[2]: row.value})
        rest = dict.fromkeys(self.titles[3:-1], "0")
        return TableRow(
            row.index,
            row.state,
            {"argument": row.argument, **outcome, **rest, **({"node": row.node} if row.node else {})},
        )

    def table(self, job: int, where: str, order: Order, seconds: float) -> TableState:
        """As the workbench's: a job's table is read in two looks."""
        self.looks += 1
        if where or order:
            self.looking.wait()
        columns = tuple(
            TableColumn(title, title != "node", dict(zip(self.titles, self.drawn, strict=False)).get(title, ""))
            for title in (*self.titles[:-1], "error", "node")
        )
        if self.error is not None and (where or order):
            raise self.error
        view, count, complete = 0, self.total, self.looks % 2 == 0
        if where or order:
            view = len(self.views) + 1
            self.views[view] = selected(self.index(self.total if complete else self.total // 2), where, order)
            count = self.views[view].size
        return TableState(columns, view, count, self.total if complete else self.total // 2, self.total, complete)

    def index(self, total: int) -> TableIndex:
        made = TableIndex()
        known = [self.row(task) for task in range(total)]
        settled = {
            row.index: Settled(row.index, self.result(row.index), None, row.node)
            if row.state == "done"
            else Settled(row.index, None, TaskFailure(row.index, "exception", "", row.value, ""), row.node)
            for row in known
            if row.state != "waiting"
        }
        made.fill(0, list(range(total)), settled)
        return made

    def series(self, job: int, view: int, titles: tuple[str, ...], most: int) -> Series:
        tasks = np.sort(self.views[view]) if view else np.arange(self.total)
        return series_of(self.index(self.total), tasks, titles, most)

    def place(self, job: int, view: int, task: int) -> int | None:
        found = np.flatnonzero(self.views[view] == task)
        return int(found[0]) if found.size else None

    def detail(self, job: int, task: int) -> TaskDetail | None:
        row = self.row(task)
        self.read.append(task)
        self.hold.wait()
        if self.error is not None:
            raise self.error
        if row.state == "failed":
            return TaskDetail(task, row.argument, "failed", "Traceback ...\nValueError: unlucky", row.node)
        picture = Picture(2, 1, 1, b"\x00\xff") if task == 5 else None
        image = PNG if task == 8 else b""
        value = "long " * 1000 if task == 7 else row.value
        return TaskDetail(
            task, row.argument, row.state, value, row.node, picture, "printed ✓" if task == 3 else "", image
        )

    def row(self, index: int) -> ResultRow:
        if index >= self.done:
            return ResultRow(index, repr(index), "waiting", "", "")
        if index % 1000 == 13:
            return ResultRow(index, repr(index), "failed", "ValueError: unlucky", "lab-3")
        return ResultRow(index, repr(index), "done", repr(index**2), "lab-4")


@pytest.fixture
def rows() -> Iterator[Rows]:
    made = Rows()
    yield made
    made.hold.set()
    made.looking.set()


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
    made = ResultsPanel(background, rows, ResultExporter(background, lambda *_: 0), theme)
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
    qtbot.keyClicks(panel.head.number, "4,321,000")
    qtbot.keyClick(panel.head.number, Qt.Key.Key_Return)
    row = panel.view.currentIndex().row()
    assert panel.model.first + row == 4_321_000
    assert "4,000,000 to 4,999,999" in panel.reduced.origin.whole
    assert panel.view.rect().contains(panel.view.visualRect(panel.view.currentIndex()).center())


def test_a_number_that_is_no_task_is_said_to_be_none(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5))
    qtbot.keyClicks(panel.head.number, "77")
    qtbot.keyClick(panel.head.number, Qt.Key.Key_Return)
    assert panel.head.number.toolTip() == "Type a number from 0 to 4."


def test_another_job_has_other_numbers_to_go_to(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5))
    qtbot.keyClicks(panel.head.number, "77")
    qtbot.keyClick(panel.head.number, Qt.Key.Key_Return)
    panel.show_job(finished(5))  # the same one, as it stands now
    assert panel.head.number.text() == "77"
    panel.show_job(finished(100, id=2))
    assert panel.head.number.text() == ""
    assert panel.head.number.toolTip() == ""


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


# What tasks say of themselves


def test_a_task_that_runs_shows_what_it_says_and_how_far_it_is(qtbot: QtBot, model: ResultsModel, rows: Rows) -> None:
    rows.done = 3
    model.show_job(job(total=100, done=3, failed=0))
    wait_for(qtbot, model, 5, "–")
    model.show_statuses((TaskStatus(1, 5, "epoch 4 of 10", 0.4, "lab-4"), TaskStatus(2, 6, "another job", None)))
    assert (text(model, 5), text(model, 5, 3), text(model, 6)) == ("epoch 4 of 10", "lab-4", "–")
    assert model.index(5, 2).data(Role.BAR) == ((0.4, "accent"),)
    model.show_statuses(())
    assert text(model, 5) == "–"


# Filters


def filtered(qtbot: QtBot, panel: ResultsPanel, rows: int) -> None:
    qtbot.waitUntil(lambda: panel.at_rest and panel.model.rowCount() == rows)


def test_typing_a_text_shows_only_the_tasks_that_have_it(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    qtbot.keyClicks(panel.head.filter, "unlucky")
    filtered(qtbot, panel, 5)
    wait_for(qtbot, panel.model, 4, "ValueError: unlucky")
    assert [text(panel.model, row, 0) for row in range(5)] == ["13", "1,013", "2,013", "3,013", "4,013"]
    assert panel.reduced.origin.whole == "5 of 5,000 tasks  ·  Pi"
    panel.head.filter.clear()
    filtered(qtbot, panel, 5000)


def test_columns_are_compared_and_a_state_narrows_that(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    qtbot.keyClicks(panel.head.filter, "argument < 100 and result >= 25")
    filtered(qtbot, panel, 94)
    panel.head.state.setCurrentText("Failed")
    panel.head.filter.setText("argument < 2000")
    filtered(qtbot, panel, 2)
    panel.head.state.setCurrentText("All")
    filtered(qtbot, panel, 2000)


def test_a_state_is_chosen_from_a_list(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done = 40
    rows.total = 50
    panel.show_job(job(total=50, done=39, failed=1))
    panel.head.state.setCurrentText("Waiting")
    filtered(qtbot, panel, 10)
    panel.head.state.setCurrentText("Failed")
    filtered(qtbot, panel, 1)


def test_what_is_wrong_is_said_and_underlined_and_the_rows_stay(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.head.filter.setText("failed")
    filtered(qtbot, panel, 5)
    panel.head.filter.setText("failed and reslt > 3")
    qtbot.waitUntil(lambda: panel.head.filter.problem != "")
    assert panel.reduced.origin.whole == ('There is no column "reslt". Did you mean result?')
    assert panel.reduced.origin.property("tone") == "bad"
    assert panel.model.rowCount() == 5
    panel.head.filter.clear()
    filtered(qtbot, panel, 5000)
    assert panel.reduced.origin.property("tone") == "muted"


def test_what_may_come_next_is_offered_and_taken_by_keyboard(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    field = panel.head.filter
    field.setFocus()
    qtbot.keyClicks(field, "arg")
    assert field.offers == ["argument"]
    popup = QApplication.activePopupWidget()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "argument "
    assert "contains" in field.offers
    qtbot.keyClicks(field, "= 7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    filtered(qtbot, panel, 1)


def test_what_is_offered_goes_when_the_keyboard_goes_elsewhere(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    field = panel.head.filter
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "arg")
    assert field.offers == ["argument"]
    panel.view.setFocus()  # as a key of the window does
    qtbot.waitUntil(panel.view.hasFocus)
    assert field.offers == []
    assert QApplication.activePopupWidget() is None, "it would take the next letter"


def test_enter_takes_what_is_typed_and_no_word_that_nobody_has_begun(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    field = panel.head.filter
    field.setFocus()
    qtbot.keyClicks(field, "failed")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    filtered(qtbot, panel, 5)
    for _ in "failed":
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.offers  # all that a filter may begin with
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    filtered(qtbot, panel, 5000)
    assert field.text() == ""
    field.know(["task", "argument", "node"], {"node": ["lab-40", "lab-4"]})
    qtbot.keyClicks(field, "node = lab-4")
    assert field.offers == [] or "lab-40" in field.offers
    qtbot.keyClicks(field, " ")
    assert field.offers == ["and", "or"]
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert field.text().strip() == "node = lab-4"
    qtbot.keyClicks(field, "a")
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)  # of this word, the beginning is typed
    assert field.text().strip() == "node = lab-4 and"


def test_the_beginning_of_a_value_is_a_value(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    field = panel.head.filter
    field.setFocus()
    field.know(["task", "argument", "node"], {"node": ["lab-40"]})
    qtbot.keyClicks(field, "node = lab-4")
    assert field.offers == ["lab-40"]
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert field.text() == "node = lab-4"


def test_words_are_offered_only_where_the_field_is_seen(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(None)
    field = panel.head.filter
    field.setText("a")
    field.textEdited.emit("a")
    assert not field.isVisible()
    assert field.offers == []
    assert QApplication.activePopupWidget() is None
    panel.show_job(finished(5000))
    qtbot.waitUntil(lambda: field._popup is not None)  # what the first letter needs is there before it


def test_what_is_found_shows_while_the_job_is_read(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    rows.looks = 0
    panel.query.rows_changed.connect(lambda: rows.looking.clear() if panel.model.rowCount() == 3 else None)
    panel.head.state.setCurrentText("Failed")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "3 of 5,000 tasks, 50% looked through  ·  Pi")
    rows.looking.set()
    filtered(qtbot, panel, 5)
    rows.looking.clear()
    panel.query.ask("done", None)  # how many that are is not known by how many failed
    assert panel.reduced.origin.whole == "being filtered  ·  … of 5,000 tasks  ·  Pi"
    assert panel.head._shown.text() == "As shown"
    rows.looking.set()
    filtered(qtbot, panel, 4995)
    assert panel.head._shown.text() == "As shown: 4,995 rows"


def test_none_fits_only_once_that_is_known(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    rows.looking.clear()
    panel.head.filter_by("failed")
    settle(panel.head)
    assert not panel.none_fits.isVisible(), "the rows of before stay"
    assert panel.head._shown.text() == "As shown"
    rows.looking.set()
    filtered(qtbot, panel, 5)
    panel.head.filter_by('"no such thing"')
    qtbot.waitUntil(lambda: panel.none_fits.isVisible() and panel.none_fits.accessibleName() == "No task fits")
    rows.looking.clear()
    panel.head.filter_by("done")
    settle(panel.head)
    assert panel.none_fits.accessibleName() == "Searching", "there are no rows of before"
    rows.looking.set()
    filtered(qtbot, panel, 4995)
    assert not panel.none_fits.isVisible()


def test_rows_that_are_not_sorted_yet_are_said_to_be_so(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    rows.looks = 0
    rows.looking.clear()
    panel.query.ask("", ("result", True))
    assert panel.reduced.origin.whole == "being sorted  ·  Pi  ·  5,000 of 5,000 results"
    panel.query.rows_changed.connect(lambda: rows.looking.clear() if 0 < panel.query.part < 1 else None)
    rows.looking.set()
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "50% of the rows sorted  ·  Pi  ·  5,000 of 5,000 results")
    rows.looking.set()
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")
    qtbot.waitUntil(lambda: panel.model.task_of(0) == 4999)


def test_rows_are_being_sorted_until_they_are_in_sight_in_their_order(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 2, "4")
    rows.hold.clear()
    panel._on_sort(("result", True))
    qtbot.waitUntil(lambda: panel.query.is_answered and panel.query.part == 1 and len(rows.asked) == 2)
    assert text(panel.model, 0) == "0"
    assert panel.reduced.origin.whole == "being sorted  ·  Pi  ·  5,000 of 5,000 results"
    rows.hold.set()
    wait_for(qtbot, panel.model, 0, str(4999**2))
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")


def test_rows_are_being_filtered_until_those_that_the_filter_keeps_are_in_sight(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    """Of a job that goes on, too: the rows of before stay meanwhile, which are others."""
    panel.show_job(replace(finished(5000), state="running", finished=None))
    wait_for(qtbot, panel.model, 2, "4")
    rows.looking.clear()
    rows.looks = 0
    panel.head.filter_by("failed")
    settle(panel.head)
    assert panel.reduced.origin.whole == "being filtered  ·  … of 5,000 tasks  ·  Pi"
    assert panel.model.rowCount() == 5000
    rows.hold.clear()
    rows.looking.set()
    qtbot.waitUntil(lambda: panel.query.is_answered and panel.query.part == 1)
    assert panel.reduced.origin.whole == "being filtered  ·  5 of 5,000 tasks  ·  Pi"
    rows.hold.set()
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "5 of 5,000 tasks  ·  Pi")
    panel.head.filter_by("")
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")


def test_rows_that_could_not_be_sorted_are_said_to_be_so_and_are_sorted_later(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 2, "4")
    heard: list[str] = []
    panel.trouble.connect(heard.append)
    rows.error = ServerFailed("it does not answer.")
    looks = rows.looks
    panel._on_sort(("result", True))
    qtbot.waitUntil(lambda: rows.looks == looks + 3)  # two of which are answered
    assert panel.reduced.origin.whole == "not sorted  ·  Pi  ·  5,000 of 5,000 results"
    assert len(heard) == 1, "it is said once"
    rows.error = None
    wait_for(qtbot, panel.model, 0, str(4999**2))
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")


@pytest.mark.parametrize(
    ("total", "end"), [(1_000_000, "1,000,000 of 1,000,000 results"), (12_345_678, " results  ·  here 0 to 999,999")]
)
def test_the_name_of_a_job_stands_before_the_count_in_a_window_of_any_width(
    qtbot: QtBot, panel: ResultsPanel, total: int, end: str
) -> None:
    origin, rows = panel.head.reduced.origin, set()
    for name in ("Pi", "Pi again", "Mandelbrot set, once more"):
        panel.show_job(replace(finished(total), name=name))
        for width in range(560, 1300, 10):
            panel.resize(width, 400)
            QApplication.processEvents()
            assert origin.text().startswith(name[:8]), f"{width}: {origin.text()}"
            assert origin.text().endswith(end), f"{width}: {origin.text()}"
            rows.add(panel.head._is_divided)
    assert rows == {True, False}
    panel.show_reduced(Reduced("<picture>", picture=Picture(2, 2, 3, bytes(12))))
    for width in range(700, 1200, 10):  # beside a button that saves it
        panel.resize(width, 400)
        QApplication.processEvents()
        assert origin.text().startswith("estimate"), f"{width}: {origin.text()}"
        assert origin.text().endswith(end[-8:]), f"{width}: {origin.text()}"


def test_a_filter_can_be_read_before_there_is_a_field_for_a_number(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(replace(finished(200), name="distance"))
    head, seen = panel.head, set()
    for width in range(400, 1300, 10):
        panel.resize(width, 400)
        QApplication.processEvents()
        seen.add((head._is_divided, head.number.isVisible()))
        if head.number.isVisible():
            needed = QFontMetrics(head.filter.font()).horizontalAdvance("angle > 45 and metres > 20")
            assert head.filter.width() >= needed + 30, width
    assert seen == {(True, False), (True, True), (False, False), (False, True)}


def test_a_plot_is_not_said_to_be_being_sorted(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 2, "4")
    panel.head.plot.click()
    panel._on_sort(("result", True))
    qtbot.waitUntil(lambda: panel.at_rest and panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")
    panel.head.table.click()
    wait_for(qtbot, panel.model, 0, str(4999**2))
    qtbot.waitUntil(lambda: panel.reduced.origin.whole == "Pi  ·  5,000 of 5,000 results")


def test_a_filter_that_nobody_types_in_is_read_from_its_beginning(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(200))
    panel.activateWindow()
    panel.head.filter.setFocus()
    qtbot.waitUntil(panel.head.filter.hasFocus)
    qtbot.keyClicks(panel.head.filter, "argument > 45 and result > 20")
    assert panel.head.filter.cursorPosition() == len(panel.head.filter.text())
    panel.view.setFocus()
    qtbot.waitUntil(lambda: panel.head.filter.cursorPosition() == 0)
    panel.head.filter_by("argument > 100 and result > 20000")
    assert panel.head.filter.cursorPosition() == 0


def test_a_plot_stays_where_its_rows_are_filtered(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 2, "4")
    panel.head.plot.click()
    panel.head.filter.setText("result > 50")
    panel.head.filter.settle()
    qtbot.waitUntil(lambda: panel.at_rest and panel.query.where == "result > 50")
    assert panel.head.plot.isChecked()
    panel.head.state.setCurrentText("Failed")
    qtbot.waitUntil(lambda: panel.at_rest and panel.query.where != "result > 50")
    assert panel.head.plot.isChecked()


def test_a_long_name_leaves_room_for_the_numbers(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(replace(finished(5000), name="a_very_long_name_" * 20))
    seen = panel.reduced.origin.text()
    assert seen.startswith("a_very")
    assert seen.endswith("…  ·  5,000 of 5,000 results")
    assert panel.reduced.origin.fontMetrics().horizontalAdvance(seen) <= panel.reduced.origin.width()
    panel.show_reduced(Reduced("3.1417"))
    assert panel.reduced.value.text().endswith("…: 3.1417")


def test_nothing_that_fits_is_said_and_another_text_filters_anew(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.head.filter.setText('"no such thing"')
    qtbot.waitUntil(lambda: panel.none_fits.isVisible() and panel.none_fits.accessibleName() == "No task fits")
    panel.head.filter.setText("argumint > 5")  # which says nothing of any task
    qtbot.waitUntil(lambda: panel.head.filter.problem != "")
    assert panel.none_fits.accessibleName() == "The filter is not understood"
    assert "argumint" in panel.none_fits._sentence.text()
    assert panel.reduced.origin.whole == panel._job.name, "it is said twice"
    panel.head.plot.setChecked(True)  # where nothing stands in the place of rows
    assert "argumint" in panel.reduced.origin.whole
    panel.head.show_table()
    panel.head.filter.setText('"no such thing"')  # as it is applied
    qtbot.waitUntil(lambda: panel.head.filter.problem == "")
    assert panel.none_fits.accessibleName() == "No task fits"
    panel.head.filter.setText("24990001")
    filtered(qtbot, panel, 1)
    assert panel.view.isVisible()


def test_going_to_a_task_that_the_filter_does_not_keep_shows_all_again(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.head.state.setCurrentText("Failed")
    filtered(qtbot, panel, 5)
    panel.go_to(1013)
    qtbot.waitUntil(lambda: panel.view.currentIndex().row() == 1)
    assert panel.model.rowCount() == 5
    panel.go_to(1014)
    qtbot.waitUntil(lambda: panel.view.currentIndex().row() == 1014)
    assert panel.model.rowCount() == 5000
    assert panel.head.where == ""


def test_a_job_that_ends_is_filtered_once_more(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done = 500
    running = job(total=5000, done=500, failed=1)
    panel.show_job(running)
    panel.head.state.setCurrentText("Failed")
    filtered(qtbot, panel, 1)
    rows.done = 5000
    panel.show_job(replace(running, done=4995, failed=5, state="finished"))
    filtered(qtbot, panel, 5)


def test_another_job_is_filtered_in_the_same_way(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.head.state.setCurrentText("Failed")
    filtered(qtbot, panel, 5)
    panel.show_job(finished(5000, id=2))
    assert panel.model.rowCount() == 0
    filtered(qtbot, panel, 5)


def test_a_filter_that_breaks_off_is_told_of(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    rows.error = ServerFailed("it is gone")
    with qtbot.waitSignal(panel.trouble) as heard:
        panel.head.state.setCurrentText("Failed")
    assert "it is gone" in heard.args[0]


def test_rows_that_are_not_kept_any_more_are_asked_for_anew(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    panel.head.filter.setText("argument > 100")
    filtered(qtbot, panel, 4899)
    rows.views[len(rows.views) + 1] = rows.views.pop(panel.model.view or 0)
    wait_for(qtbot, panel.model, 4000, str(4101**2))


def test_a_filtered_model_keeps_qts_rules(qtbot: QtBot, model: ResultsModel, qtmodeltester: ModelTester) -> None:
    model.show_job(finished(5000))
    for where, count, first in (("argument >= 4800", 200, 4800), ("argument > 4990", 9, 4991), ("argument < 7", 7, 0)):
        model.query.ask(where, None)
        qtbot.waitUntil(lambda count=count: model.at_rest and model.rowCount() == count)
        wait_for(qtbot, model, 2, str((first + 2) ** 2))
        qtmodeltester.check(model)
    model.query.ask("", None)
    assert model.rowCount() == 5000


def test_the_menu_on_a_cell_keeps_rows_like_it_or_the_others(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 13, "ValueError: unlucky")
    panel.view.setCurrentIndex(panel.model.index(13, 2))
    panel.view.customContextMenuRequested.emit(QPoint(-1, -1))
    texts = [action.text() for action in panel.menu.menu.actions()]
    assert texts[-3:] == ["Only this row", "Only error = ValueError: unlucky", "Not error = ValueError: unlucky"]
    panel.menu.same.trigger()
    filtered(qtbot, panel, 5)
    assert panel.head.filter.text() == 'error = "ValueError: unlucky"'
    qtbot.waitUntil(lambda: panel.view.currentIndex().row() == 0 and panel._row.chosen == 13)
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    panel.view.customContextMenuRequested.emit(QPoint(-1, -1))
    panel.menu.others.trigger()
    filtered(qtbot, panel, 4)


# Sorting


def test_a_click_on_a_head_sorts_and_the_chosen_task_stays_chosen(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 7, "49")
    panel.view.choose_row(7)
    head = panel.view.horizontalHeader()
    place = QPoint(head.sectionViewportPosition(2) + 40, head.height() // 2)
    for count, first in ((1, "0"), (2, str(4999**2)), (3, "0")):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert (panel.query.order is None) == (count == 3)
        wait_for(qtbot, panel.model, 0, first)
        # Failures have no result, and stand at the end.
        row = {1: 7, 2: 4999 - 7 - 5, 3: 7}[count]
        qtbot.waitUntil(lambda row=row: panel.view.currentIndex().row() == row)
    assert head.sortIndicatorSection() == -1


def test_the_old_order_is_shown_until_the_new_one_is_there(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 2, "4")
    rows.hold.clear()
    panel._on_sort(("argument", True))
    qtbot.waitUntil(lambda: bool(panel.model.view) and len(rows.asked) == 2)
    assert text(panel.model, 2) == "4"
    rows.hold.set()
    wait_for(qtbot, panel.model, 2, str(4997**2))


# One task
def test_what_stood_in_a_row_before_is_not_taken_for_the_task_that_is_chosen(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 7, "49")
    panel.view.choose_row(7)
    qtbot.waitUntil(lambda: panel.detail.detail is not None)
    rows.hold.clear()
    panel.head.filter_by("argument > 5")
    qtbot.waitUntil(lambda: panel.view.currentIndex().row() == 1)
    assert (text(panel.model, 1), panel.detail.task) == ("1", 7)
    rows.hold.set()
    wait_for(qtbot, panel.model, 1, "49")
    assert panel.detail.task == 7


# One task


def test_a_selected_task_is_shown_whole_beside_the_table(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.view.choose_row(7)
    qtbot.waitUntil(lambda: "long long" in panel.detail.text.toPlainText())
    assert panel.detail.isVisible()
    panel.detail.copy.click()
    assert QApplication.clipboard().text().startswith("Task 7  ·  done on lab-4\n\nArgument\n7\n\nResult\nlong")
    panel.detail._close.click()
    assert not panel.detail.isVisible()


def test_a_task_that_takes_long_to_be_read_says_so(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(100))
    wait_for(qtbot, panel.model, 3, "9")
    rows.hold.clear()
    panel.view.choose_row(3)
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 3  ·  being read…")
    rows.hold.set()
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 3  ·  done on lab-4")


def test_what_a_task_printed_and_what_it_raised_stand_in_its_details(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.view.choose_row(3)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText().endswith("Printed\nprinted ✓"))
    panel.view.choose_row(13)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText().endswith("ValueError: unlucky"))


def test_a_result_that_is_an_array_is_a_picture_in_its_details(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    panel.view.choose_row(5)
    qtbot.waitUntil(panel.detail.picture.isVisible)
    assert panel.detail.picture.image.pixelColor(1, 0) == QColor("white")
    panel.view.choose_row(6)
    qtbot.waitUntil(lambda: not panel.detail.picture.isVisible())


def test_a_picture_is_enlarged_in_a_window_saved_and_copied(
    qtbot: QtBot, panel: ResultsPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel.show_job(finished(5000))
    panel.view.choose_row(8)  # the content of a file
    qtbot.waitUntil(panel.detail.enlarge.isVisible)
    double_click(panel.detail.picture)
    (window,) = panel.detail.findChildren(PictureWindow)
    assert window.isVisible()
    assert (window.windowTitle(), window.fitting.image.width(), window.fitting.image.height()) == ("Task 8", 3, 2)
    window.exact.click()
    assert window.pages.currentIndex() == 1
    window.copy.click()
    assert QApplication.clipboard().image().width() == 3
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.png"), ""))
    window.save.click()
    assert QImage(str(tmp_path / "out.png")).width() == 3
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no folder" / "out.png"), ""))
    with qtbot.waitSignal(panel.trouble) as heard:
        window.save.click()
    assert "could not be written" in heard.args[0]
    window.close()
    panel.view.choose_row(6)
    qtbot.waitUntil(lambda: not panel.detail.enlarge.isVisible())


def test_the_details_of_a_task_that_waits_follow_it(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done = 0
    panel.show_job(job(total=10, done=0, failed=0))
    panel.view.choose_row(4)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText() == "Argument\n4")
    rows.done = 10
    panel.show_job(job(total=10, done=10, failed=0, state="finished"))
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText().endswith("Result\n16"))


def test_the_details_of_a_task_that_failed_follow_it_when_it_is_run_again(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    ended = job(total=5000, done=4995, failed=5, running=0, state="finished", finished=100.0)
    panel.show_job(ended)
    filtered(qtbot, panel, 5000)
    panel.view.choose_row(13)
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 13  ·  failed on lab-3")
    rows.row = lambda index: ResultRow(index, repr(index), "done", repr(index**2), "lab-4")  # type: ignore[method-assign]
    panel.show_job(replace(ended, done=4996, failed=4, finished=110.0))  # as many have an outcome as before
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 13  ·  done on lab-4")
    assert panel.detail.text.toPlainText().endswith("Result\n169")


def test_a_row_that_is_chosen_before_it_is_there_opens_its_details(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 7, "49")
    rows.hold.clear()
    panel.head.filter_by("argument > 5")
    qtbot.waitUntil(lambda: panel.query.is_answered and panel.query.part == 1)
    panel.view.choose_row(1)  # in which there is still what stood there before
    assert panel.detail.task == -1
    rows.hold.set()
    qtbot.waitUntil(lambda: panel.detail.isVisible() and panel.detail._title.whole == "Task 7  ·  done on lab-4")


@pytest.mark.parametrize("where", ["", "argument > 5"])
def test_the_task_that_is_looked_at_is_read_again_when_what_was_closed_is_opened(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows, where: str
) -> None:
    panel.show_job(finished(5000))
    panel.head.filter_by(where)
    qtbot.waitUntil(lambda: panel.at_rest and panel.query.is_answered)
    row = 1 if where else 7
    wait_for(qtbot, panel.model, row, "49")
    panel.view.choose_row(row)
    qtbot.waitUntil(lambda: panel.detail.detail is not None)
    rows.row = lambda index: ResultRow(index, repr(index), "done", repr(index + 1), "lab-4")  # type: ignore[method-assign]
    panel.closed.opened.emit()
    qtbot.waitUntil(lambda: rows.read == [7, 7] and panel.detail.detail is not None)
    assert panel.detail.task == 7
    assert panel.detail._title.whole == "Task 7  ·  done on lab-4"
    qtbot.waitUntil(lambda: panel._row.chosen == 7)
    wait_for(qtbot, panel.model, row, "8")


def test_the_details_of_a_task_stay_while_its_job_goes_on(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done, rows.total = 5, 10
    running = job(total=10, done=5, failed=0)
    panel.show_job(running)
    panel.view.choose_row(7)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText() == "Argument\n7")
    panel.show_job(replace(running, done=6))
    panel.show_reduced(None)  # as the window says with each snapshot of a job that is not over
    assert panel.detail.isVisible()
    panel.detail.closed.emit()
    panel.show_reduced(None)
    assert not panel.side.isVisible()


def test_a_task_that_waits_is_read_again_only_when_its_job_has_come_further(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    rows.done, rows.total = 0, 10
    running = job(total=10, done=0, failed=0)
    panel.show_job(running)
    filtered(qtbot, panel, 10)
    panel.view.choose_row(4)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText() == "Argument\n4")
    heard: list[str] = []
    panel.detail.trouble.connect(heard.append)
    for rate in (1.0, 2.0, 3.0):
        panel.show_job(replace(running, rate=rate))
        settle(panel, panel._background)
    assert rows.read == [4]
    rows.error = ServerFailed("it does not answer.")
    for rate in (1.0, 2.0, 3.0):
        panel.show_job(replace(running, done=1, rate=rate))
        settle(panel, panel._background)
    assert rows.read == [4, 4]
    assert len(heard) == 1
    panel.show_job(replace(running, done=2))
    settle(panel, panel._background)
    assert rows.read == [4, 4, 4]
    assert len(heard) == 1, "it is said once"
    assert panel.job is not None
    panel.detail.show_task(panel.job.id, 4)  # the user asks
    settle(panel, panel._background)
    assert rows.read == [4, 4, 4, 4]
    assert len(heard) == 2
    rows.error, rows.done = None, 10
    panel.show_job(job(total=10, done=10, failed=0, state="finished"))
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText().endswith("Result\n16"))


def test_a_task_that_waits_is_read_by_one_request_at_a_time(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done, rows.total = 0, 10
    running = job(total=10, done=0, failed=0)
    panel.show_job(running)
    filtered(qtbot, panel, 10)
    panel.view.choose_row(4)
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText() == "Argument\n4")
    assert rows.read == [4]
    rows.hold.clear()
    for done in (1, 2, 3):
        panel.show_job(replace(running, done=done))
        qtbot.waitUntil(lambda: not panel.detail._rest.isActive())
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 4  ·  being read…")
    assert rows.read == [4, 4]
    rows.done = 10
    rows.hold.set()
    qtbot.waitUntil(lambda: panel.detail.text.toPlainText().endswith("Result\n16"))
    assert rows.read == [4, 4, 4]


def test_a_task_that_ends_while_it_is_read_first_is_read_again(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.done, rows.total = 0, 10
    panel.show_job(job(total=10, done=0, failed=0))
    filtered(qtbot, panel, 10)
    rows.hold.clear()
    panel.view.choose_row(4)
    qtbot.waitUntil(lambda: rows.read == [4])
    rows.done = 10
    panel.show_job(job(total=10, done=10, failed=0, state="finished"))
    qtbot.waitUntil(lambda: not panel.detail._rest.isActive())
    rows.hold.set()
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 4  ·  done on lab-4")


def copied(panel: ResultsPanel) -> str:
    panel.detail.copy.click()
    return QApplication.clipboard().text()


def test_the_details_name_the_task_that_they_show(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    panel.view.choose_row(5)
    qtbot.waitUntil(panel.detail.picture.isVisible)
    rows.hold.clear()
    panel.view.choose_row(4)
    whole = "Task 5  ·  done on lab-4\n\nArgument\n5\n\nResult\n25"
    assert copied(panel) == whole
    panel.detail.enlarge.click()
    (window,) = panel.detail.findChildren(PictureWindow)
    assert window.windowTitle() == "Task 5"
    window.close()
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 4  ·  being read…")
    assert copied(panel) == "Task 4  ·  being read…\n\n"
    assert not panel.detail.picture.isVisible()
    panel.view.choose_row(5)
    rows.hold.set()
    qtbot.waitUntil(panel.detail.picture.isVisible)
    assert copied(panel) == whole


def test_a_task_is_named_as_one_however_little_room_there_is(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    panel.view.choose_row(3)
    title = panel.detail._title
    qtbot.waitUntil(lambda: title.whole == "Task 3  ·  done on lab-4")
    title.setFixedWidth(title.needed)
    qtbot.waitUntil(lambda: title.text() == "Task 3")


def test_a_task_that_is_come_back_to_at_once_is_named_whole(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    panel.view.choose_row(3)
    qtbot.waitUntil(lambda: panel.detail.detail is not None)
    panel.view.choose_row(4)
    panel.view.choose_row(3)
    qtbot.waitUntil(lambda: rows.read == [3, 3])
    qtbot.waitUntil(lambda: panel.detail._title.whole == "Task 3  ·  done on lab-4")


def test_a_task_that_cannot_be_read_is_named_over_nothing(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    panel.show_job(finished(5000))
    filtered(qtbot, panel, 5000)
    panel.view.choose_row(5)
    qtbot.waitUntil(panel.detail.picture.isVisible)
    rows.error = ServerFailed("it is gone")
    with qtbot.waitSignal(panel.detail.trouble):
        panel.view.choose_row(4)
    assert copied(panel) == "Task 4\n\n"
    assert not panel.detail.picture.isVisible()


# Columns


def test_each_field_of_the_results_is_a_column(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.titles = ("task", "argument", "result.x", "result.y", "node")
    panel.show_job(finished(5000))
    panel.view.choose_row(7)
    qtbot.waitUntil(lambda: panel.model.columnCount() == 5)
    titles = [panel.model.headerData(column, Qt.Orientation.Horizontal) for column in range(5)]
    assert titles == ["#", "Argument", "result.x", "result.y", "Node"]
    qtbot.waitUntil(lambda: [text(panel.model, 9, column) for column in range(1, 5)] == ["9", "81", "0", "lab-4"])
    assert panel.model.is_right(3)
    assert not panel.model.is_right(4)
    assert panel.view.currentIndex().row() == 7  # what was chosen before the columns were known


class LateColumns(Rows):
    """Whose columns are told after the rows."""

    def table(self, job: int, where: str, order: Order, seconds: float) -> TableState:
        self.looking.wait()
        return super().table(job, where, order, seconds)


def test_a_result_is_not_shown_as_nothing_while_its_columns_are_not_known(
    qtbot: QtBot, background: Background, theme: Theme
) -> None:
    rows = LateColumns()
    rows.titles = ("task", "argument", "result.x", "result.y", "node")
    rows.looking.clear()
    model = ResultsModel(background, rows, theme)
    model.show_job(finished(100))
    qtbot.waitUntil(lambda: text(model, 9, 3) == "lab-4")
    assert text(model, 9) == "…"
    rows.looking.set()
    wait_for(qtbot, model, 9, "81")


def test_rows_are_copied_with_their_titles_in_the_order_that_is_seen(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 4, "16")
    panel.view.horizontalHeader().moveSection(2, 1)
    panel.view.choose_row(4)
    panel.view.copy()
    qtbot.waitUntil(lambda: QApplication.clipboard().text() == "#\tResult\tArgument\tNode\n4\t16\t4\tlab-4")


def test_rows_that_were_never_in_sight_are_copied_too_as_they_are_sorted_and_filtered(
    qtbot: QtBot, rows: Rows, panel: ResultsPanel
) -> None:
    said: list[str] = []
    panel.said.connect(said.append)
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 4, "16")
    panel.view.selectAll()
    panel.view.copy()
    qtbot.waitUntil(lambda: said == ["5,000 rows are on the clipboard."])
    lines = QApplication.clipboard().text().splitlines()
    assert (len(lines), lines[4321]) == (5001, "4320\t4320\t18662400\tlab-4")
    panel.head.filter_by("argument > 4000")
    qtbot.waitUntil(lambda: panel.at_rest and panel.model.rowCount() < 5000)
    panel.view.choose_row(2)
    panel.view.copy()
    qtbot.waitUntil(lambda: len(rows.copied) == 2)
    assert rows.copied[1][1:3] == (panel.model.view, ((2, 3),))


def test_what_would_be_a_formula_is_said_and_can_be_copied_exactly(
    qtbot: QtBot, rows: Rows, panel: ResultsPanel
) -> None:
    said: list[str] = []
    panel.said.connect(said.append)
    rows.changed = True
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 4, "16")
    panel.view.choose_row(4)
    panel.view.copy()
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].startswith("1 row is on the clipboard. An apostrophe stands before text")
    panel.menu.copy_exactly.trigger()
    qtbot.waitUntil(lambda: len(rows.copied) == 2)
    assert [one[4] for one in rows.copied] == [False, True]


def test_rows_that_cannot_be_copied_leave_the_clipboard_and_say_why(
    qtbot: QtBot, rows: Rows, panel: ResultsPanel
) -> None:
    troubles: list[str] = []
    panel.trouble.connect(troubles.append)
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 4, "16")
    QApplication.clipboard().setText("before")
    rows.error = BadInput("This is too much for the clipboard.")
    panel.view.choose_row(4)
    panel.view.copy()
    qtbot.waitUntil(lambda: troubles == ["This is too much for the clipboard."])
    assert QApplication.clipboard().text() == "before"


def test_a_menu_on_very_many_rows_offers_what_can_be_done_with_them(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(1_000_000))
    panel.show()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1_000_000)
    panel.view.selectAll()
    panel.view.customContextMenuRequested.emit(QPoint(-1, -1))
    menu = panel.menu
    assert menu.menu.isVisible()
    offered = [one.isEnabled() for one in (menu.copy, menu.these, menu.try_here, menu.argument)]
    assert offered == [True, False, False, False]
    menu.menu.close()


def test_the_rows_have_a_menu_that_copies_and_opens_the_details(qtbot: QtBot, panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 3, "9")
    panel.view.choose_row(3)
    panel.detail._close.click()
    panel.view.customContextMenuRequested.emit(QPoint(20, 20))
    assert not panel.menu.menu.isVisible()  # no row is chosen
    panel.view.choose_row(3)
    panel.side.hide()
    place = panel.view.visualRect(panel.model.index(3, 1)).center()
    QApplication.sendEvent(
        panel.view.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, panel.view.mapToGlobal(place)),
    )
    assert panel.menu.menu.isVisible()
    offered = [action.text() for action in panel.menu.menu.actions() if action.isVisible()]
    for words in ("Copy", "Copy exactly", "Details", "Try here", "Open the argument", "New job of"):
        assert words in offered
    panel.menu.copy.trigger()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().endswith("3\t3\t9\tlab-4"))
    panel.menu.details.trigger()
    panel.menu.menu.close()
    assert panel.detail.isVisible()


def test_columns_are_as_wide_as_what_is_in_them(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.titles = ("task", "argument", "result.n", "result.mean", "result.c", "result.d", "node")
    rows.result = lambda index: {"n": index, "mean": index + 1 / 3, "c": "x" * 30, "d": "x" * 300}
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 3, "9")
    view, model = panel.view, panel.model

    def fits(column: int) -> bool:
        text = view.fontMetrics().horizontalAdvance(str(model.index(3, column).data()))
        return text + 8 <= view.columnWidth(column)

    qtbot.waitUntil(lambda: all(fits(column) for column in range(6)))
    assert view.columnWidth(2) < 100  # a small number takes no more than its title


def test_a_result_that_is_whole_in_no_column_leaves_the_others_in_sight(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    plain = rows.row
    rows.row = lambda index: replace(plain(index), value="x" * 300)  # type: ignore[method-assign]
    panel.resize(480, 400)
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 3, "x" * 300)
    view = panel.view
    qtbot.waitUntil(lambda: view.horizontalHeader().length() == view.viewport().width())
    assert view.columnWidth(2) >= 100


def test_columns_grow_with_what_is_scrolled_to(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.titles = ("task", "argument", "result.a", "result.b", "result.c", "node")
    plain = rows.row
    rows.row = lambda index: replace(plain(index), value="x" * (30 if index == 90 else 3))  # type: ignore[method-assign]
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 3, "xxx")
    view, model = panel.view, panel.model
    assert view.columnWidth(2) < 150
    view.scrollTo(model.index(90, 0), view.ScrollHint.PositionAtTop)  # of a page that is here already
    needed = view.fontMetrics().horizontalAdvance("x" * 30)
    qtbot.waitUntil(lambda: view.columnWidth(2) >= needed + 8)


def test_columns_fit_what_is_scrolled_to_at_once_however_far_that_is(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    panel.show_job(finished(1_000_000))
    wait_for(qtbot, panel.model, 3, "9")
    panel.view.verticalScrollBar().setValue(900_000)
    assert panel.columns._fit_timer.isActive()
    assert panel.columns._fit_timer.interval() < 1000, "as milliseconds"


def test_a_result_is_not_cut_beside_the_details(qtbot: QtBot, panel: ResultsPanel, rows: Rows) -> None:
    rows.titles = ("task", "argument", "result", "node")
    rows.result = lambda index: index + 1 / 3
    panel.resize(700, 400)
    panel.show_job(finished(5000))
    qtbot.waitUntil(lambda: panel.model.at_rest)
    panel.view.choose_row(4)
    qtbot.waitUntil(lambda: panel.detail.detail is not None)
    text = panel.view.fontMetrics().horizontalAdvance(str(panel.model.index(4, 2).data()))
    assert panel.view.columnWidth(2) >= text + 8


def test_the_words_above_the_table_stand_above_the_rest_where_there_is_little_room(
    qtbot: QtBot, panel: ResultsPanel
) -> None:
    panel.show_job(finished(5000))
    for width, divided in ((1200, False), (560, True), (1200, False)):
        panel.resize(width, 400)
        qtbot.waitUntil(lambda: panel.head.width() > width - 40)
        words, button = panel.head.reduced, panel.head.export
        qtbot.waitUntil(lambda: (words.geometry().bottom() <= button.geometry().top()) is divided)
        qtbot.waitUntil(lambda: not words.origin.text().endswith("…"))


def test_a_task_that_is_chosen_is_not_chosen_among_those_of_the_next_job(
    qtbot: QtBot, panel: ResultsPanel, rows: Rows
) -> None:
    rows.titles = ("task", "argument", "result.n", "node")
    rows.result = lambda index: {"n": index}
    panel.show_job(finished(5000))
    wait_for(qtbot, panel.model, 3, "9")
    panel.view.choose_row(3)
    qtbot.waitUntil(lambda: panel.detail.detail is not None)
    rows.titles = ("task", "argument", "result", "node")
    rows.result = lambda index: index
    panel.show_job(finished(5000, id=2))
    qtbot.waitUntil(lambda: panel.model.at_rest and panel.model.columns[2].title == "result")
    assert not panel.view.selectionModel().hasSelection()
    assert not panel.detail.isVisible()


def test_columns_are_chosen_and_moved_and_remembered_for_the_function(
    qtbot: QtBot, background: Background, rows: Rows, theme: Theme, tmp_path: Path
) -> None:
    rows.titles = ("task", "argument", "result.x", "result.y", "node")

    settings, kept = Settings(tmp_path / "mcgui.ini"), []

    def made(function: str) -> ResultsPanel:
        panel = ResultsPanel(background, rows, ResultExporter(background, lambda *_: 0), theme, None, settings)
        qtbot.addWidget(panel)
        kept.append(panel)
        panel.resize(840, 300)
        panel.show()
        panel.show_job(replace(finished(5000), function=function))
        qtbot.waitUntil(lambda: panel.model.columnCount() == 5)
        return panel

    panel = made("f")
    panel.view.horizontalHeader().moveSection(3, 1)
    panel.columns.menu.aboutToShow.emit()
    action = next(action for action in panel.columns.menu.actions() if action.text() == "Argument")
    assert action.isChecked()
    action.trigger()
    assert panel.columns.titles == ["task", "result.y", "result.x", "node"]
    panel.columns.save()
    assert made("f").columns.titles == ["task", "result.y", "result.x", "node"]
    assert made("g").columns.titles == ["task", "argument", "result.x", "result.y", "node"]
    again = made("f")
    again.columns.reset()
    assert again.columns.titles == ["task", "argument", "result.x", "result.y", "node"]


def test_a_new_column_stands_behind_the_one_that_it_is_behind() -> None:
    titles = ["task", "a", "b", "c", "node"]
    assert arranged(titles, []) == [0, 1, 2, 3, 4]
    assert arranged(titles, ["task", "c", "a", "gone", "node"]) == [0, 3, 1, 2, 4]
    assert arranged(titles, ["node", "c"]) == [0, 1, 2, 4, 3]


def test_the_rows_of_another_job_are_seen_from_the_first(panel: ResultsPanel) -> None:
    panel.show_job(finished(5000))
    QApplication.processEvents()
    panel.view.verticalScrollBar().setValue(4000)
    panel.show_job(replace(finished(5000), done=4999, failed=1))
    assert panel.view.verticalScrollBar().value() == 4000  # the same one, a moment later
    panel.show_job(finished(5000, id=2))
    QApplication.processEvents()
    assert panel.view.verticalScrollBar().value() == 0
