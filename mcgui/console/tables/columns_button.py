"""The button beside a table that opens its menu of columns."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QSize, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme


class OpensMenu(Protocol):
    """What has a menu of columns."""

    def popup(self, where: QPoint) -> None: ...


class ColumnsButton(QToolButton):
    """`name` says what it does, such as "Choose columns"."""

    def __init__(self, chooser: OpensMenu, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._chooser, self._theme = chooser, theme
        self.setProperty("flat", True)
        self.setIconSize(QSize(scaled(16), scaled(16)))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.clicked.connect(self.open)
        theme.changed.connect(self._dress)
        self._dress()

    @Slot()
    def open(self) -> None:
        """Open the menu, below the button."""
        self._chooser.popup(self.mapToGlobal(QPoint(0, self.height())))

    @Slot()
    def _dress(self) -> None:
        self.setIcon(icon("columns", self._theme.colours.muted))
