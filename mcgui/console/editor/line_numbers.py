"""The gutter left of the editor: line numbers, and a mark at each line that has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mcgui.console.analysis.problem import Severity
from mcgui.console.analysis.problem_marks import colour_of
from mcgui.plain_text import plain_tip

if TYPE_CHECKING:
    from mcgui.console.editor.editor import CodeEditor

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
        problems = self._editor.problems.by_line()
        plain = self._editor.font()
        bold = QFont(plain)
        bold.setBold(True)
        for line, rect in self._editor.visible_lines():
            if rect.bottom() < event.rect().top() or rect.top() > event.rect().bottom():
                continue
            severity = problems.get(line)
            painter.setFont(bold if severity else plain)
            colour = colours.text if line == current else colours.muted
            painter.setPen(colour_of(severity, colours) if severity else colour)
            room = QRect(MARK, rect.top(), self.width() - MARK - AIR, rect.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(line))
            if severity:
                self._paint_mark(painter, rect, severity)
        painter.end()

    def _paint_mark(self, painter: QPainter, rect: QRect, severity: Severity) -> None:
        """An exclamation mark at an error and a triangle at a warning, so that none is told by its colour alone."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour_of(severity, self._editor.colours))
        middle = rect.top() + self._editor.fontMetrics().height() // 2
        if severity == "error":
            painter.drawRoundedRect(QRect(6, middle - 5, 3, 7), 1, 1)
            painter.drawRoundedRect(QRect(6, middle + 4, 3, 3), 1, 1)
        else:
            painter.drawPolygon([QPoint(3, middle + 4), QPoint(8, middle - 5), QPoint(13, middle + 4)])

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
            line = self._line_at(event.pos())
            text = self._editor.problems.text_of_line(line) if line else ""
            if text:
                QToolTip.showText(event.globalPos(), plain_tip(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _line_at(self, point: QPoint) -> int | None:
        for line, rect in self._editor.visible_lines():
            if rect.top() <= point.y() <= rect.bottom():
                return line
        return None
