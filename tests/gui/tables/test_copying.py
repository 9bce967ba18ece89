"""Ctrl+C copies from the table that has the keyboard, also where a window has several."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.tables.table_model import Cell, Column, TableModel
from mcgui.console.tables.table_view import TableView
from mcgui.theme import Theme

COLUMNS = (
    Column[str]("Word", lambda word, _now: Cell(word), "", 50),
    Column[str]("Letters", lambda word, _now: Cell(str(len(word))), "", 50),
)


def view_of(theme: Theme, window: QWidget, *words: str) -> TableView:
    model = TableModel(COLUMNS, lambda word: word, theme, window)
    model.apply(words, 0)
    view = TableView(theme, "Words", window)
    view.setModel(model)
    return view


@pytest.fixture
def views(qtbot: QtBot, theme: Theme) -> Iterator[list[TableView]]:
    window = QWidget()
    qtbot.addWidget(window)
    made = [view_of(theme, window, "one", "three"), view_of(theme, window, "two", "four")]
    layout = QVBoxLayout(window)
    for view in made:
        layout.addWidget(view)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    QApplication.clipboard().clear()
    yield made
    QApplication.clipboard().clear()


def test_each_table_copies_its_own_rows(views: list[TableView], qtbot: QtBot) -> None:
    for view, copied in zip(views, ("Word\tLetters\nthree\t5", "Word\tLetters\nfour\t4"), strict=True):
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        view.choose_row(1)
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().text() == copied


def test_a_spreadsheet_reads_each_cell_as_it_was(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    words = ['"open', '"it\'s"', "two\nlines", "a\ttab", 'in "the" middle']
    view = view_of(theme, window, *words)
    view.selectAll()
    view.copy()
    rows = list(csv.reader(io.StringIO(QApplication.clipboard().text(), newline=""), delimiter="\t"))
    assert [word for word, _ in rows[1:]] == words
    QApplication.clipboard().clear()
