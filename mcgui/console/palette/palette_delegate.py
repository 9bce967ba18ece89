"""Paints one line of the command palette: what it does, in which menu it stands, and its keys or why it is grey."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mcgui.console.palette.palette_model import ENTRY, Entry
from mcgui.console.tables.table_model import AnyIndex
from mcgui.scale import scaled
from mcgui.theme import Theme

_AIR: Final = 10
_GAP: Final = 14
_ICON: Final = 14
_Align = Qt.AlignmentFlag
_Elide = Qt.TextElideMode.ElideRight


class PaletteDelegate(QStyledItemDelegate):
    """Two lines high where an action cannot be used: below it stands why."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        entry: Entry = index.data(ENTRY)
        line = QFontMetrics(option.font).height()
        return QSize(200, line * (2 if entry.why_not else 1) + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry: Entry = index.data(ENTRY)
        colours = self._theme.colours
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.soft)
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = colours.text if selected else colours.muted
        metrics = QFontMetrics(option.font)
        line = option.rect.adjusted(_AIR, 6, -_AIR, 0)
        line.setHeight(metrics.height())
        self._sign(painter, entry, line)
        line.setLeft(line.left() + scaled(_ICON) + 8)
        painter.setPen(quiet)
        painter.setFont(option.font)
        keys = metrics.horizontalAdvance(entry.keys)
        painter.drawText(line, _Align.AlignRight | _Align.AlignVCenter, entry.keys)
        room = line.adjusted(0, 0, -keys - _GAP, 0)
        painter.setPen(colours.muted if entry.why_not and not selected else colours.text)
        used = _draw_marked(painter, room, entry, option.font)
        painter.setPen(quiet)
        painter.setFont(option.font)
        path = room.adjusted(used + _GAP, 0, 0, 0)
        painter.drawText(path, _Align.AlignVCenter, metrics.elidedText(entry.path, _Elide, max(path.width(), 0)))
        if entry.why_not:
            below = line.translated(0, metrics.height())
            painter.drawText(below, _Align.AlignVCenter, metrics.elidedText(entry.why_not, _Elide, below.width()))
        painter.restore()

    def _sign(self, painter: QPainter, entry: Entry, line: QRect) -> None:
        """A tick for what is on, or the action's own icon."""
        size = scaled(_ICON)
        if entry.action.isCheckable():
            if entry.action.isChecked():
                painter.setPen(self._theme.colours.text)
                painter.drawText(QRect(line.left(), line.top(), size, line.height()), _Align.AlignCenter, "✓")
        elif not entry.action.icon().isNull():
            top = line.top() + (line.height() - size) // 2
            painter.setOpacity(0.5 if entry.why_not else 1.0)
            entry.action.icon().paint(painter, QRect(line.left(), top, size, size))
            painter.setOpacity(1.0)


def _draw_marked(painter: QPainter, room: QRect, entry: Entry, font: QFont) -> int:
    """The text with the letters that fitted in bold, as far as there is room. Returns the pixels that it took."""
    bold = QFont(font)
    bold.setBold(True)
    used = 0
    for at, letter in enumerate(entry.text):
        one = bold if at in entry.places else font
        width = QFontMetrics(one).horizontalAdvance(letter)
        if used + width > room.width():
            break
        painter.setFont(one)
        painter.drawText(room.adjusted(used, 0, 0, 0), _Align.AlignVCenter, letter)
        used += width
    return used
