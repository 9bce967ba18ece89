"""A field for a text to search for."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget


class SearchField(QLineEdit):
    """Has a button that empties it, from its first text on: Qt loads everything that reads pictures for the first such
    button, which takes a tenth of the time until a window is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textChanged.connect(self._on_text_changed)

    @Slot()
    def _on_text_changed(self) -> None:
        self.textChanged.disconnect(self._on_text_changed)
        self.setClearButtonEnabled(True)
