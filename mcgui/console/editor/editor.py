"""The editor for Python source: line numbers, colours, brackets, indentation, comments, zoom, and marks at problems."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent, QMargins, QMimeData, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mcgui.background import Background
from mcgui.colours import Colours
from mcgui.console.analysis.problem import Problem
from mcgui.console.analysis.problem_marks import ProblemMarks
from mcgui.console.editor.bracket_matcher import BracketMatcher
from mcgui.console.editor.editor_marks import EditorMarks, line_mark
from mcgui.console.editor.highlighter import PythonHighlighter
from mcgui.console.editor.indentation import (
    STEP,
    comment_toggled,
    indented,
    leading,
    next_indent,
    to_next_stop,
    to_previous_stop,
    unindented,
)
from mcgui.console.editor.lexer import PythonLines
from mcgui.console.editor.line_editing import change_lines, duplicate_lines, move_lines, spans_lines
from mcgui.console.editor.line_numbers import LineNumbers
from mcgui.console.editor.long_paste import LongPaste, is_long
from mcgui.exact_text import ExactTextEdit
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme, monospace

__all__ = ["CodeEditor", "Problem"]

#: Lines that are in sight where there is room for them.
_LINES: Final = 3
ON_MAC: Final = sys.platform == "darwin"
#: Points: how far zooming goes.
SMALLEST, LARGEST = 6.0, 40.0


def default_points() -> float:
    """The size of the font before anybody zooms: source is read for longer than labels are."""
    return monospace().pointSizeF() + 1


def _line() -> int:
    """Pixels of the height of a line, before anybody zooms."""
    return QFontMetrics(monospace(default_points())).lineSpacing()


class CodeEditor(ExactTextEdit):
    """Edits Python source.

    Tab indents (the whole selection where there is one), Shift+Tab takes back, Enter keeps the indentation and opens
    or closes a block, Backspace takes a whole step, Home goes to the code of the line and then to its start, and
    Ctrl+wheel zooms. What has another key is declared as an action (see editor_actions.py).
    Escape and then Tab leaves the editor, for who has no mouse.

    Signals:
        zoomed(float): the size of the font was changed by the user, in points.
        file_dropped(str): a file was dropped here or pasted; its path.
        typed(str): this text was typed, and is in the document now.
    """

    zoomed = Signal(float)
    file_dropped = Signal(str)
    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, background: Background | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = PythonLines()
        self._escaped = False
        self._points = default_points()
        self.setObjectName("codeEditor")
        self.setAccessibleName("Environment: Python source")
        self.setAccessibleDescription("Tab indents. Press Escape and then Tab to leave the editor.")
        self.setLineWrapMode(ExactTextEdit.LineWrapMode.NoWrap)
        self.set_font_points(self._points)
        self._highlighter = PythonHighlighter(self.document(), theme.colours, background)
        self.marks = EditorMarks(self)
        self._problems = ProblemMarks(self, self.marks)
        self.brackets = BracketMatcher(self, self._highlighter, self.marks, theme)
        self.gutter = LineNumbers(self)
        self.blockCountChanged.connect(self.make_room)
        self.updateRequest.connect(self._on_update_request)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        theme.changed.connect(self._on_theme_changed)
        self.make_room()
        self._on_cursor_moved()

    def minimumSizeHint(self) -> QSize:
        """One line, of text that is not zoomed."""
        return QSize(super().minimumSizeHint().width(), _line() + self.horizontalScrollBar().sizeHint().height() + 10)

    def comfort(self) -> int:
        """Pixels of two lines more: with one, nobody sees what he types in."""
        return (_LINES - 1) * _line()

    # What it holds and shows

    @property
    def source(self) -> str:
        """The text, exactly."""
        return self.exact

    @property
    def colours(self) -> Colours:
        return self._theme.colours

    @property
    def highlighter(self) -> PythonHighlighter:
        return self._highlighter

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def problems(self) -> ProblemMarks:
        """The problems that are marked, wherever the text has moved them to."""
        return self._problems

    def set_problems(self, problems: tuple[Problem, ...]) -> None:
        """Mark these problems, in place of those that were marked."""
        self._problems.set(problems, self.colours)
        self.gutter.update()

    def go_to_problem(self, forwards: bool = True) -> bool:
        """Go to the next problem, or the one before, and show what it is. False where there is none."""
        found = self._problems.next_from(self.textCursor().position(), forwards)
        if found is None:
            return False
        cursor = self.textCursor()
        cursor.setPosition(found[0])
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()
        QToolTip.showText(self.below_cursor(), plain_tip(found[1]), self.viewport())
        return True

    def below_cursor(self) -> QPoint:
        """Where on the screen something about the cursor's place is shown."""
        return self.viewport().mapToGlobal(self.cursorRect().bottomLeft() + QPoint(0, 2))

    def go_to(self, line: int) -> None:
        """Put the cursor on a line, counted from 1, and the line in sight."""
        self.go_to_place(line)
        self.setFocus()

    def go_to_place(self, line: int, column: int | None = None) -> None:
        """Put the cursor on a line and column, both counted from 1; without a column, where the line's code begins."""
        block = self.document().findBlockByNumber(min(max(line, 1), self.blockCount()) - 1)
        cursor = QTextCursor(block)
        into = len(leading(block.text())) if column is None else min(max(column - 1, 0), block.length() - 1)
        cursor.setPosition(block.position() + into)
        self.setTextCursor(cursor)
        self.centerCursor()

    def select_line(self, line: int) -> None:
        cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def visible_lines(self) -> Iterator[tuple[int, QRect]]:
        """The lines in sight, counted from 1, each with where it stands in the viewport."""
        block = self.firstVisibleBlock()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            if rect.top() > self.viewport().height():
                return
            if block.isVisible():
                yield block.blockNumber() + 1, rect
            block = block.next()

    # Size of the font

    @property
    def font_points(self) -> float:
        return self._points

    def set_font_points(self, points: float) -> None:
        self._points = min(max(points, SMALLEST), LARGEST)
        # A style sheet is in force, which overrules setFont for whoever inherits: this widget's own font it respects.
        self.setFont(monospace(self._points))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # With another style sheet, as colours change, Qt goes back to the font that was there when it was first shown.
        if event.type() == QEvent.Type.StyleChange and self.font().pointSizeF() != self._points:
            self.set_font_points(self._points)

    def zoom(self, steps: float) -> None:
        """Make the font larger or smaller by so many points; 0 goes back to the usual size."""
        self.set_font_points(self._points + steps if steps else default_points())
        self.make_room()
        self.zoomed.emit(self._points)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        escaped, self._escaped = self._escaped, event.key() == Qt.Key.Key_Escape
        action = self._action_of(event, escaped)
        if _is_of_a_menu(event):
            event.ignore()
        elif action is None:
            super().keyPressEvent(event)
            if event.text().isprintable() and event.text():
                self.typed.emit(event.text())
        else:
            event.accept()
            action()

    def _action_of(self, event: QKeyEvent, escaped: bool) -> Callable[[], object] | None:
        key = event.key()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return None
        if key == Qt.Key.Key_Tab:
            return self._leave_forwards if escaped else self.indent
        if key == Qt.Key.Key_Backtab:
            return self._leave_backwards if escaped else self.unindent
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._break_line
        if key == Qt.Key.Key_Backspace and not self.textCursor().hasSelection():
            return self._backspace
        if key == Qt.Key.Key_Home:
            selecting = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return self._select_to_code if selecting else self._go_to_code
        return None

    def _go_to_code(self) -> None:
        self._home(QTextCursor.MoveMode.MoveAnchor)

    def _select_to_code(self) -> None:
        self._home(QTextCursor.MoveMode.KeepAnchor)

    def _home(self, mode: QTextCursor.MoveMode) -> None:
        """To where the code of the line begins; from there to the start of the line."""
        cursor = self.textCursor()
        code = cursor.block().position() + len(leading(cursor.block().text()))
        cursor.setPosition(cursor.block().position() if cursor.position() == code else code, mode)
        self.setTextCursor(cursor)

    def _leave_forwards(self) -> None:
        self._leave(forwards=True)

    def _leave_backwards(self) -> None:
        self._leave(forwards=False)

    def _leave(self, forwards: bool) -> None:
        parent = self.parentWidget()
        if parent is not None:  # asked of the parent, since an editor that takes Tab for itself refuses
            parent.focusNextPrevChild(forwards)

    def indent(self) -> None:
        """Indent the selected lines; without a selection, put spaces up to the next stop."""
        cursor = self.textCursor()
        if cursor.hasSelection() and spans_lines(self):
            self.indent_lines()
        else:
            cursor.beginEditBlock()
            cursor.removeSelectedText()
            cursor.insertText(" " * to_next_stop(len(_before(cursor).expandtabs(STEP))))
            cursor.endEditBlock()
            self.ensureCursorVisible()

    @Slot()
    def indent_lines(self) -> None:
        """Indent the lines that the selection touches, or the cursor's."""
        change_lines(self, lambda lines: [indented(line) for line in lines])

    @Slot()
    def unindent(self) -> None:
        change_lines(self, lambda lines: [unindented(line) for line in lines])

    @Slot()
    def toggle_comment(self) -> None:
        change_lines(self, comment_toggled)

    @Slot()
    def move_lines_up(self) -> None:
        move_lines(self, up=True)

    @Slot()
    def move_lines_down(self) -> None:
        move_lines(self, up=False)

    @Slot()
    def duplicate(self) -> None:
        duplicate_lines(self)

    def _break_line(self) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        before = _before(cursor)
        state = self._highlighter.state_before(cursor.blockNumber())
        cursor.insertText("\n" + next_indent(before, self._lines.code_of(before, state)))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _backspace(self) -> None:
        cursor = self.textCursor()
        steps = to_previous_stop(_before(cursor))
        if steps == 1:
            cursor.deletePreviousChar()  # knows about characters that are more than one unit long
        else:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, steps)
            cursor.removeSelectedText()
        self.ensureCursorVisible()

    # Pasting and dropping

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return _dropped_file(source) != "" or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        path = _dropped_file(source)
        if path:
            self.file_dropped.emit(path)
        elif is_long(source.text()):
            LongPaste(self, source.text())
        else:
            super().insertFromMimeData(source)

    # Following what happens

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.make_room()

    @Slot()
    def make_room(self) -> None:
        """Make the gutter as wide as the line numbers are, and leave free at the lower edge what is no whole line."""
        width = self.gutter.needed_width
        before, margins = self.viewportMargins(), QMargins(width, 0, 0, self._over())
        if margins != before:
            self.setViewportMargins(margins)
        inside = self.contentsRect()
        self.gutter.setGeometry(QRect(inside.left(), inside.top(), width, self.viewport().height()))

    def _over(self) -> int:
        """Pixels below the last line that is seen whole, while there are more lines."""
        line, air = self.line_height, self.document().documentMargin()
        room = self.viewport().height() + self.viewportMargins().bottom() - air
        return int(room % line) if line <= room < self.blockCount() * line else 0

    @Slot(QRect, int)
    def _on_update_request(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self.gutter.scroll(0, scrolled)
        else:
            self.gutter.update(0, rect.y(), self.gutter.width(), rect.height())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._problems.text_at(self.cursorForPosition(event.pos()).position())
            if text:
                QToolTip.showText(event.globalPos(), plain_tip(text), self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    @Slot()
    def _on_cursor_moved(self) -> None:
        # Not over the placeholder of an empty editor: it would hide its first line.
        empty = self.document().isEmpty()
        self.marks.set("line", [] if empty else [line_mark(self.textCursor(), self.colours.current_line)])
        self.gutter.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._highlighter.set_colours(self.colours)
        self._problems.dress(self.colours)
        self._on_cursor_moved()


def _is_of_a_menu(event: QKeyEvent) -> bool:
    """Whether this is Alt with a character, which the menus would have taken if they knew it: Qt would type it.

    AltGr is Ctrl+Alt on Windows, another modifier on Linux, and makes characters, as Option does on a Mac.
    """
    modifier = Qt.KeyboardModifier
    held = event.modifiers() & (modifier.AltModifier | modifier.ControlModifier | modifier.GroupSwitchModifier)
    return held == modifier.AltModifier and event.text().isprintable() and event.text() != "" and not ON_MAC


def _before(cursor: QTextCursor) -> str:
    """What stands left of the cursor in its line. (Qt counts UTF-16 units, so a slice of the text would not do.)"""
    left = QTextCursor(cursor.block())
    left.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
    return left.selectedText()


def _dropped_file(source: QMimeData) -> str:
    """The path of the one file on this computer that was dropped or pasted; "" where it is something else."""
    urls = source.urls() if source.hasUrls() else []
    return urls[0].toLocalFile() if len(urls) == 1 else ""
