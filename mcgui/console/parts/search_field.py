"""A field for a text to search for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from mcgui.icons import icon


class SearchField(QLineEdit):
    """Has a button that empties it, while there is something in it.

    Not Qt's: for its sign, everything that reads pictures is loaded, which keeps the window from hearing for 50 ms at
    the first letter that is typed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty: QAction | None = None  # made when it is needed first
        self.textChanged.connect(self._on_text_changed)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if self._empty is None and text:
            self._empty = QAction("Empty the field", self)
            self._empty.setToolTip("Empty the field")
            self._empty.triggered.connect(self._on_empty)
            self._dress()
            self.addAction(self._empty, QLineEdit.ActionPosition.TrailingPosition)
        if self._empty is not None:
            self._empty.setVisible(bool(text))

    @Slot()
    def _on_empty(self) -> None:
        """As by hand."""
        self.clear()
        self.textEdited.emit("")

    def _dress(self) -> None:
        if self._empty is not None:
            self._empty.setIcon(icon("close", self.palette().color(QPalette.ColorRole.PlaceholderText)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)
