"""The menu on the rows of the results: by a click on a row, or by the keyboard's menu key on the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mcgui.console.tables.table_view import TableView


class RowsMenu(QObject):
    """`details_wanted` when the chosen task is to be shown whole."""

    details_wanted = Signal()

    def __init__(self, view: TableView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.menu = QMenu(view)
        self.menu.setAccessibleName("Rows")
        self.copy = self.menu.addAction("Copy")
        self.copy.setShortcut(QKeySequence.StandardKey.Copy)
        self.copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the table has its own
        self.copy.triggered.connect(view.copy)
        self.details = self.menu.addAction("Details")
        self.details.triggered.connect(self.details_wanted)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open)

    @Slot(QPoint)
    def _open(self, at: QPoint) -> None:
        """Below the mouse; by the keyboard, where the chosen row is."""
        rows = self._view.selectionModel().selectedRows()
        if not rows:
            return
        area = self._view.viewport()
        if not self._view.indexAt(at).isValid() or not self._view.selectionModel().isSelected(self._view.indexAt(at)):
            at = self._view.visualRect(self._view.currentIndex()).bottomLeft()
            at.setX(max(at.x(), 0))
        self.menu.popup(area.mapToGlobal(at))
