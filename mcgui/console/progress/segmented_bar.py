"""A bar of coloured parts, which says in words what each of them is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.console.tables.cell_delegate import paint_bar
from mcgui.plain_text import plain_tip
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, Tone


class SegmentedBar(QWidget):
    """A bar of coloured parts on an empty track."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[tuple[float, Tone], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        give_role(self, QAccessible.Role.ProgressBar)
        self.setAccessibleName("Progress of the job")
        theme.changed.connect(self.update)

    def set_parts(self, parts: Sequence[tuple[float, Tone]], words: str = "") -> None:
        """Shares of the whole from 0 to 1, with their tones, from the left; and what they are, in words."""
        if plain_tip(words) != self.toolTip():
            self.setToolTip(plain_tip(words))
            self.setAccessibleDescription(words)
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bar(painter, QRectF(self.rect()), self._parts, self._theme)
        painter.end()
