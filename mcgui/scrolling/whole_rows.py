"""The edges of a panel that scrolls: there are whole rows in sight, and none that is cut and cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableView,
    QWidget,
)

from mcgui.scale import scaled

_WITH_WORDS: Final = (QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit)
#: Pixels that are covered at most: of something that is higher than a row, a part says something too.
_MOST: Final = 40
#: Pixels that may lack of what is above and below the words of a field: they are whole.
_AIR: Final = 2


class WholeRows(QObject):
    """Covers, at both edges of `area`, what of a row is seen there only in part. A line of a text is a row too, where
    a label tells which there are (`shown_lines`).

    The covers leave `beside` pixels free on both sides: the border of the card that it is, or of those in it.
    """

    def __init__(self, area: QScrollArea, panel: QWidget, beside: int = 1) -> None:
        super().__init__(area)
        self._area, self._panel, self._beside = area, panel, beside
        self._upper, self._lower = QFrame(area), QFrame(area)
        for cover in (self._upper, self._lower):
            cover.setObjectName("cover")
            cover.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._cover)
        area.verticalScrollBar().valueChanged.connect(self._cover)
        for watched in (area.viewport(), panel):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._timer.start()  # once all of it has its place
        return super().eventFilter(watched, event)

    @Slot()
    def _cover(self) -> None:
        bar, view = self._area.verticalScrollBar(), self._area.viewport()
        rows = [*self._rows()] if bar.maximum() else []
        top, bottom = bar.value(), bar.value() + view.height()
        first, last = top, bottom
        while cut := [row[1] for row in rows if row[0] < first < row[1]]:
            first = max(cut)
        while cut := [row[0] for row in rows if row[0] < last < row[1]]:
            last = min(cut)
        for cover, at, high in ((self._upper, 0, first - top), (self._lower, last - top, bottom - last)):
            cover.setVisible(0 < high <= scaled(_MOST))
            cover.setGeometry(view.x() + self._beside, view.y() + at, view.width() - 2 * self._beside, high)

    def _rows(self) -> Iterator[tuple[int, int]]:
        """Where each line of words begins and ends, in pixels from the top of the panel."""
        for widget in (one for one in self._panel.findChildren(QWidget) if one.isVisible()):
            if isinstance(widget, QTableView):
                yield from self._rows_of(widget)
            if not isinstance(widget, _WITH_WORDS):
                continue
            top, high = widget.mapTo(self._panel, QPoint(0, 0)).y(), widget.height()
            lines = len(shown()) if (shown := getattr(widget, "shown_lines", None)) else 1
            if lines > 1:
                line = widget.fontMetrics().lineSpacing()
                yield from ((top + at * line, top + (at + 1) * line) for at in range(lines))
            elif high:
                air = 0 if isinstance(widget, QLabel) and widget.wordWrap() else high - widget.fontMetrics().height()
                air = max(min(air // 2, scaled(_AIR)), 0)
                yield top + air, top + high - air

    def _rows_of(self, table: QTableView) -> Iterator[tuple[int, int]]:
        """The same for those that are in sight in a table."""
        view = table.viewport()
        top, row = view.mapTo(self._panel, QPoint(0, 0)).y(), max(table.rowAt(0), 0)
        while row < table.model().rowCount() and (at := table.rowViewportPosition(row)) < view.height():
            yield top + at, top + at + table.rowHeight(row)
            row += 1
