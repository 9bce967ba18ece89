"""Which rows are selected is told by ranges: a table may have a million of them, and Ctrl+A selects all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.tables.table_view import TableView
from mcgui.theme import Theme


class Million(QAbstractTableModel):
    """Counts how often it is asked for a row."""

    asked = 0

    def rowCount(self, parent: Any = None) -> int:
        return 1_000_000

    def columnCount(self, parent: Any = None) -> int:
        return 3

    def data(self, index: Any, role: int = 0) -> None:
        return None

    def flags(self, index: QModelIndex | Any) -> Qt.ItemFlag:
        self.asked += 1
        return super().flags(index)


def test_all_of_a_million_rows_are_told_without_going_through_them(qtbot: QtBot, theme: Theme) -> None:
    view, model = TableView(theme, "Numbers"), Million()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    qtbot.waitExposed(view)
    assert not view.selected_rows()
    view.selectAll()
    assert list(view.selected_rows()) == [(0, 1_000_000)]
    QApplication.processEvents()  # it is painted, with its head
    assert model.asked < 1000
    flag = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(model.index(5, 0), flag.Deselect | flag.Rows)
    assert list(view.selected_rows()) == [(0, 5), (6, 1_000_000)]
    view.choose_row(7)
    assert list(view.selected_rows()) == [(7, 8)]
