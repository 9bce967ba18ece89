"""A button of the panel for one of the worker's actions."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget


class ActionButton(QPushButton):
    """Does what the action does, and is called, enabled and to be seen as it is."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        action = self._action
        self.setText(action.iconText())  # the short name, where there is one
        self.setEnabled(action.isEnabled())
        self.setVisible(action.isVisible())
        self.setToolTip(action.toolTip() if action.toolTip() not in (action.text(), action.iconText()) else "")
