"""Words that lie over the lower right corner of a window: nothing else moves when they come or go, and nothing of the
column on the left is covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from mcgui.scale import scaled

#: Pixels of their width, where there is much more room; and at least.
_WIDTH: Final = 640
_LEAST: Final = 280
#: Up to so many times that width, they are as wide as the column, so that no cell of it is cut at their left edge.
_TIMES: Final = 1.5
#: Pixels of what may stand between the column and the window's edge beside it.
_BAR: Final = 24
#: What is covered whole or not at all.
_WHOLE: Final = (QAbstractButton, QAbstractSpinBox, QComboBox, QHeaderView, QLabel, QLineEdit, QTabBar)


class LowerRight(QObject):
    """Keeps `floating`, a child of `window` that is in no layout, in that corner: above the widget `below`, and within
    the column of the widget `column` while that is on the right. Its upper edge cuts through no row of the column: it
    is higher than it has to be where it would, and the words stand at its lower edge."""

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
        margins = layout.contentsMargins()
        left, right = self._reach(margins.right())
        most, width = right - left, scaled(_WIDTH)
        if most <= width * _TIMES:
            width = max(most, scaled(_LEAST))
        width = min(width, self._window.width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        bottom = min(self._below.mapTo(self._window, QPoint(0, 0)).y(), self._window.height())
        x = max(right - width, 0)
        top = self._uncut(max(bottom - height, 0), x + margins.left(), x + width - margins.right())
        self._floating.setGeometry(x, top, width, bottom - top)

    def _reach(self, air: int) -> tuple[int, int]:
        """From where to where across it may be: as the column, with so much air on its right side as the words have
        there. A scroll bar may stand beside the column; another column, where a person has put it there."""
        whole = self._window.width()
        if not self._column.isVisible():
            return 0, whole
        left = self._column.mapTo(self._window, QPoint(0, 0)).x()
        right = left + self._column.width() + air
        return left, right if whole - right < scaled(_BAR) else whole

    def _uncut(self, top: int, left: int, right: int) -> int:
        """The upper edge, from `left` to `right`, that is no lower than `top` and cuts through no row of the column."""
        while cut := [edge for edge in self._edges(top, left, right) if edge < top]:
            top = min(cut)
        return max(top, 0)

    def _edges(self, y: int, left: int, right: int) -> Iterator[int]:
        """The upper edges of all rows that reach above and below this height."""
        for one in self._column.findChildren(QWidget):
            place = one.mapTo(self._window, QPoint(0, 0)) if one.isVisible() else QPoint()
            beside = place.x() >= right or place.x() + one.width() <= left
            if not one.isVisible() or beside or not place.y() < y < place.y() + one.height():
                continue
            if isinstance(one, _WHOLE):
                yield place.y()
            elif isinstance(one, QTableView | QPlainTextEdit):
                at = one.viewport().mapFrom(self._window, QPoint(left, y))
                if isinstance(one, QTableView):
                    row = one.visualRect(one.indexAt(QPoint(1, at.y())))
                else:
                    row = one.cursorRect(one.cursorForPosition(at))
                if row.top() < at.y() <= row.bottom():
                    yield y + row.top() - at.y()
