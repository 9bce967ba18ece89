"""Words that lie over the lower right corner of a window: nothing else moves when they come or go, and nothing that
stands on the left is covered."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QWidget

from mcgui.scale import scaled

#: Pixels of their width, where there is as much room; and at least.
_WIDTH: Final = 640
_LEAST: Final = 280
#: Pixels of what may stand between the column and the window's edge beside it.
_BAR: Final = 24


class LowerRight(QObject):
    """Keeps `floating`, a child of `window` that is in no layout, in that corner: above the widget `below`, and within
    the column of the widget `column` while that is on the right."""

    def __init__(self, floating: QWidget, below: QWidget, column: QWidget, window: QWidget) -> None:
        super().__init__(floating)
        self._floating, self._below, self._column, self._window = floating, below, column, window
        for one in (floating, below, column, window):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.LayoutRequest, QEvent.Type.Show)
        if event.type() in (kinds if watched is self._floating else (*kinds, QEvent.Type.Resize, QEvent.Type.Move)):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        layout = self._floating.layout()
        if layout is None or self._floating.isHidden():
            return
        left, right = self._reach(layout.contentsMargins().right())
        width = min(scaled(_WIDTH), max(right - left, scaled(_LEAST)), self._window.width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        bottom = min(self._below.mapTo(self._window, QPoint(0, 0)).y(), self._window.height())
        self._floating.setGeometry(max(right - width, 0), max(bottom - height, 0), width, height)

    def _reach(self, air: int) -> tuple[int, int]:
        """From where to where across it may be: as the column, with so much air on its right side as the words have
        there. A scroll bar may stand beside the column; another column, where a person has put it there."""
        whole = self._window.width()
        if not self._column.isVisible():
            return 0, whole
        left = self._column.mapTo(self._window, QPoint(0, 0)).x()
        right = left + self._column.width() + air
        return left, right if whole - right < scaled(_BAR) else whole
