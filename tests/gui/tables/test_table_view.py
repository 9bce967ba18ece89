"""What one sees of a table that is too large for its room: whole rows, and no beginning of a word as if it were all."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.tables.table_model import Cell, Column, TableModel
from mcgui.console.tables.table_view import TableView, row_height
from mcgui.theme import Theme
from tests.pictures.gallery.cut_words import written_lines

#: Two columns of 200 pixels: what comes first, and a number.
_COLUMNS = (
    Column[int]("Name", lambda row, _: Cell(f"row {row} of many"), "", 200),
    Column[int]("Number", lambda row, _: Cell(f"{row + 1}.4774358859035546"), "", 200, right=True),
)


def _table(qtbot: QtBot, theme: Theme, rows: int = 50) -> TableView:
    view = TableView(theme, "Numbers")
    qtbot.addWidget(view)
    model: TableModel[int] = TableModel(_COLUMNS, lambda row: row, theme, view)
    model.apply(range(rows), 0.0)
    view.setModel(model)
    for number, column in enumerate(_COLUMNS):
        view.setColumnWidth(number, column.width)
    view.show()
    return view


def _seen(view: TableView) -> list[str]:
    return [line.text for line in written_lines(view.viewport())]


def _titles(view: TableView) -> list[str]:
    return [line.text for line in written_lines(view.horizontalHeader().viewport())]


@pytest.mark.parametrize("wide", [600, 250])  # with room for all columns, and with a scroll bar below
@pytest.mark.parametrize("high", range(120, 148, 9))
def test_rows_are_seen_whole_wherever_one_has_scrolled_to(qtbot: QtBot, theme: Theme, wide: int, high: int) -> None:
    view = _table(qtbot, theme)
    view.resize(wide, high)
    QApplication.processEvents()
    for place in (0, 7, 49):
        view.scrollTo(view.model().index(place, 0))
        QApplication.processEvents()
        room = view.viewport().height()
        assert view.rowViewportPosition(view.rowAt(0)) == 0, f"the first, at {place}"
        last = view.rowAt(room - 1)
        assert view.rowViewportPosition(last) + row_height() == room, f"the last, at {place}"
        assert view.visualRect(view.model().index(place, 0)).bottom() < room
    assert view.height() - view.viewport().geometry().bottom() < 2 * row_height(), "no more is left free than has to be"


def test_a_table_that_has_room_for_all_of_its_rows_leaves_none_of_it_free(qtbot: QtBot, theme: Theme) -> None:
    view = _table(qtbot, theme, rows=3)
    view.resize(600, 100)
    QApplication.processEvents()
    assert view.viewport().height() == 2 * row_height()
    view.resize(600, 200)
    QApplication.processEvents()
    assert view.viewport().geometry().bottom() == view.rect().bottom()
    view.model().apply(range(30), 0.0)  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert view.viewport().height() % row_height() == 0


def test_what_is_in_sight_of_a_number_ends_in_dots(qtbot: QtBot, theme: Theme) -> None:
    view = _table(qtbot, theme)
    view.resize(300, 200)
    QApplication.processEvents()
    first, number, *_ = _seen(view)
    assert first == "row 0 of many"
    assert number.endswith("…")
    assert "1.4774358859035546".startswith(number[:-1])
    assert _titles(view) == ["Name", "Number"], "which fits into what is seen of its column"
    view.resize(255, 200)
    QApplication.processEvents()
    assert _titles(view)[1].endswith("…")
    assert _seen(view)[1].endswith("…")


def test_what_is_left_of_words_after_one_has_scrolled_aside_begins_with_dots(qtbot: QtBot, theme: Theme) -> None:
    view = _table(qtbot, theme)
    view.resize(300, 200)
    QApplication.processEvents()
    view.horizontalScrollBar().setValue(100)
    QApplication.processEvents()
    assert _seen(view)[:2] == ["row 0 of many", "1.4774358859035546"], "as long as there is room for all of it"
    assert _titles(view) == ["Name", "Number"]
    view.resize(210, 200)
    QApplication.processEvents()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    QApplication.processEvents()
    assert _seen(view)[0] == "1.4774358859035546"
    view.setColumnWidth(1, 340)
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    QApplication.processEvents()
    view.resize(110, 200)
    QApplication.processEvents()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    QApplication.processEvents()
    number = _seen(view)[0]
    assert number.startswith("…")
    assert "1.4774358859035546".endswith(number[1:])


def _beginnings(view: TableView) -> set[float]:
    return {round(line.place.left()) for line in written_lines(view.viewport())}


def test_progress_is_told_in_one_way_all_down_its_column(qtbot: QtBot, theme: Theme) -> None:
    view = TableView(theme, "Jobs", bar_width=100)
    qtbot.addWidget(view)
    column = Column[int](
        "Progress",
        lambda row, _: Cell(f"{row} of {row}", bar=((1.0, "good"),), short="100 %"),
        "",
        200,
    )
    model: TableModel[int] = TableModel((column,), lambda row: row, theme, view)
    model.apply((600, 123_456_789), 0.0)
    view.setModel(model)
    view.resize(500, 200)
    view.setColumnWidth(0, 400)
    view.show()
    qtbot.waitUntil(lambda: _seen(view) == ["600 of 600", "123456789 of 123456789"])
    assert len(_beginnings(view)) == 1, "bars are as long as each other"
    view.setColumnWidth(0, 230)
    qtbot.waitUntil(lambda: len(_beginnings(view)) == 1)
    assert _seen(view) == ["600 of 600", "123456789 of 123456789"]
    view.setColumnWidth(0, 140)
    qtbot.waitUntil(lambda: _seen(view) == ["100 %", "100 %"])
    view.setColumnWidth(0, 400)
    qtbot.waitUntil(lambda: _seen(view) == ["600 of 600", "123456789 of 123456789"])
