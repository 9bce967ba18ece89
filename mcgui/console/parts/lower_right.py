"""Words that lie over the lower right corner of a window: nothing else moves when they come or go."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QWidget

from mcgui.scale import scaled

#: Pixels of their width, where the window has as many.
_WIDTH: Final = 640


class LowerRight(QObject):
    """Keeps `floating`, a child of `window` that is in no layout, in that corner, and above the widget `below`."""

    def __init__(self, floating: QWidget, below: QWidget, window: QWidget) -> None:
        super().__init__(floating)
        self._floating, self._below, self._window = floating, below, window
        for one in (floating, below, window):
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
        width = min(scaled(_WIDTH), self._window.width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        bottom = min(self._below.mapTo(self._window, QPoint(0, 0)).y(), self._window.height())
        self._floating.setGeometry(self._window.width() - width, max(bottom - height, 0), width, height)
