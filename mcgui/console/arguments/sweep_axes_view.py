"""The table of a sweep's axes, which can be typed into also while there is no axis in it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mcgui.console.tables.table_view import TableView
from mcgui.scale import scaled
from mcgui.theme import Theme

_AIR = 8


class AxesView(TableView):
    """While it is empty, it says `hint`, and has a frame where it has the focus, since there is no cell to have one.

    Signals:
        typed(): a name is about to be typed, and there is no axis to take it. Whoever adds one now and makes its name
            the current cell has the name typed into that.
    """

    typed = Signal()

    def __init__(self, theme: Theme, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self._theme, self._hint = theme, hint

    @property
    def _is_empty(self) -> bool:
        return not self.model().rowCount()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # With Ctrl, Alt or the like, Qt does not begin to edit either.
        shift_alone = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if self._is_empty and shift_alone and event.text().isidentifier():
            self.typed.emit()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_empty:
            return
        colours = self._theme.colours
        area: QRect = self.viewport().rect()
        painter = QPainter(self.viewport())
        painter.setPen(colours.muted)
        air = scaled(_AIR)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(air, 0, -air, 0), flags, self._hint)
        if self.hasFocus():
            painter.setPen(colours.accent)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.end()
