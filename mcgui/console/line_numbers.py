"""The gutter left of the editor: line numbers, and a mark at the line that has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

if TYPE_CHECKING:
    from mcgui.console.editor import CodeEditor

#: Pixels: room for the mark on the left of the numbers, and air on their right.
MARK = 14
AIR = 12


class LineNumbers(QWidget):
    """Paints the numbers of the lines that its editor shows. A click selects the line."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @property
    def needed_width(self) -> int:
        """Pixels, for the highest line number."""
        digits = max(2, len(str(self._editor.blockCount())))
        return MARK + self._editor.fontMetrics().horizontalAdvance("9" * digits) + AIR

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._editor.colours
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.field)
        current = self._editor.textCursor().blockNumber() + 1
        problem = self._editor.problem
        plain = self._editor.font()
        bold = QFont(plain)
        bold.setBold(True)
        for line, rect in self._editor.visible_lines():
            if rect.bottom() < event.rect().top() or rect.top() > event.rect().bottom():
                continue
            at_problem = problem is not None and problem.line == line
            painter.setFont(bold if at_problem else plain)
            painter.setPen(colours.bad if at_problem else colours.text if line == current else colours.muted)
            room = QRect(MARK, rect.top(), self.width() - MARK - AIR, rect.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(line))
            if at_problem:
                self._paint_mark(painter, rect)
        painter.end()

    def _paint_mark(self, painter: QPainter, rect: QRect) -> None:
        """A bar with a point below it: an exclamation mark, so that the line is not told by its colour alone."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._editor.colours.bad)
        middle = rect.top() + self._editor.fontMetrics().height() // 2
        painter.drawRoundedRect(QRect(6, middle - 5, 3, 7), 1, 1)
        painter.drawRoundedRect(QRect(6, middle + 4, 3, 3), 1, 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint())
        if line is not None:
            self._editor.select_line(line)
            self._editor.setFocus()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            problem = self._editor.problem
            if problem is not None and self._line_at(event.pos()) == problem.line:
                QToolTip.showText(event.globalPos(), problem.text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _line_at(self, point: QPoint) -> int | None:
        for line, rect in self._editor.visible_lines():
            if rect.top() <= point.y() <= rect.bottom():
                return line
        return None
