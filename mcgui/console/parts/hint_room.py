"""Room for words that come and go while one types: what is below them stays where it is, and is hit by a click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class HintRoom(QObject):
    """Keeps `widget` at least as high as so many lines of its text, whatever the size of the text is."""

    def __init__(self, widget: QWidget, lines: int) -> None:
        super().__init__(widget)
        self._widget, self._lines = widget, lines
        widget.installEventFilter(self)
        self._keep()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish):
            self._keep()
        return super().eventFilter(watched, event)

    def _keep(self) -> None:
        self._widget.setMinimumHeight(self._lines * self._widget.fontMetrics().lineSpacing())
