"""How the functions of an environment are listed: each with its signature, its kind, and its purpose below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mcgui_core.environment.environment_source import FunctionInfo

_Index = QModelIndex | QPersistentModelIndex
_Role = QPalette.ColorRole
#: Roles of an entry: the name of the function, its kind in a word, what stands below it, and whether it cannot be run.
NAME: Final = int(Qt.ItemDataRole.UserRole)
KIND, PURPOSE, UNFIT = NAME + 1, NAME + 2, NAME + 3
_KINDS: Final = {"def": "", "async": "async", "import": "imported", "assigned": "assigned"}
_AIR: Final = 5


def kind_of(function: FunctionInfo) -> str:
    """What kind of callable this is, in a word; "" for an ordinary function."""
    return _KINDS.get(function.kind, function.kind)


class FunctionRows(QStyledItemDelegate):
    """Paints two lines for each function, and one for what is none, such as "(none)"."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        text = str(index.data() or "")
        # The application's own: a style sheet makes the explaining colour of a list too pale to be read.
        palette: QPalette = QGuiApplication.palette()
        rect: QRect = option.rect
        if not text:  # a separator
            painter.fillRect(rect.left() + 8, rect.center().y(), rect.width() - 16, 1, palette.color(_Role.Mid))
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, palette.color(_Role.Highlight))
        muted = palette.color(_Role.PlaceholderText)
        plain = palette.color(_Role.HighlightedText if chosen else _Role.Text)
        quiet = plain if chosen else muted
        inner = rect.adjusted(8, _AIR, -8, -_AIR)
        metrics = QFontMetrics(option.font)
        line = QRect(inner.left(), inner.top(), inner.width(), metrics.height())
        kind = str(index.data(KIND) or "")
        painter.setFont(option.font)
        painter.setPen(quiet)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, kind)
        line.setRight(line.right() - metrics.horizontalAdvance(kind) - (12 if kind else 0))
        painter.setPen(quiet if index.data(UNFIT) else plain)
        self._paint_name(painter, option.font, line, text, str(index.data(NAME) or ""))
        purpose = str(index.data(PURPOSE) or "")
        if purpose:
            painter.setFont(option.font)
            painter.setPen(quiet)
            below = QRect(inner.left(), inner.top() + metrics.height() + 1, inner.width(), metrics.height())
            shown = metrics.elidedText(purpose, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        if not index.data():  # a separator
            return QSize(200, 9)
        height = QFontMetrics(option.font).height()
        lines = 2 if index.data(PURPOSE) else 1
        return QSize(200, lines * height + (lines - 1) + 2 * _AIR)

    @staticmethod
    def _paint_name(painter: QPainter, font: QFont, line: QRect, text: str, name: str) -> None:
        """The name in bold, and the signature after it."""
        bold = QFont(font)
        bold.setBold(bool(name))
        wide = QFontMetrics(bold)
        head = wide.elidedText(name or text, Qt.TextElideMode.ElideRight, line.width())
        painter.setFont(bold)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, head)
        if name and text.startswith(name):
            left = line.adjusted(wide.horizontalAdvance(head), 0, 0, 0)
            rest = QFontMetrics(font).elidedText(text[len(name) :], Qt.TextElideMode.ElideRight, left.width())
            painter.setFont(font)
            painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, rest)
