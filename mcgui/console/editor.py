"""The editor for Python source: line numbers, colours, indentation, comments, zoom, and a mark at a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from mcgui.colours import Colours
from mcgui.console.highlighter import PythonHighlighter
from mcgui.console.indenting import (
    STEP,
    comment_toggled,
    indented,
    leading,
    next_indent,
    to_next_stop,
    to_previous_stop,
    unindented,
)
from mcgui.console.lexer import PythonLines
from mcgui.console.line_numbers import LineNumbers
from mcgui.theme import Theme, monospace

#: Points: how far zooming goes.
SMALLEST, LARGEST = 6.0, 40.0


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, counted from 1."""

    line: int
    text: str


def default_points() -> float:
    """The size of the font before anybody zooms: source is read for longer than labels are."""
    return monospace().pointSizeF() + 1


class CodeEditor(QPlainTextEdit):
    """Edits Python source.

    Tab indents (the whole selection where there is one), Shift+Tab takes back, Enter keeps the indentation and opens
    or closes a block, Backspace takes a whole step, Ctrl+/ comments out and in, Ctrl+wheel and Ctrl with +, -, 0 zoom.
    Escape and then Tab leaves the editor, for who has no mouse.

    Signals:
        zoomed(float): the size of the font was changed by the user, in points.
        file_dropped(str): a file was dropped here or pasted; its path.
    """

    zoomed = Signal(float)
    file_dropped = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problem: Problem | None = None
        self._lines = PythonLines()
        self._escaped = False
        self._points = default_points()
        self.setObjectName("codeEditor")
        self.setAccessibleName(self.tr("Environment: Python source"))
        self.setAccessibleDescription(self.tr("Tab indents. Press Escape and then Tab to leave the editor."))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.set_font_points(self._points)
        self._highlighter = PythonHighlighter(self.document(), theme.colours)
        self.gutter = LineNumbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update_request)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        theme.changed.connect(self._on_theme_changed)
        self._make_room()
        self._on_cursor_moved()

    # What it holds and shows

    @property
    def source(self) -> str:
        """The text, exactly. (`toPlainText` would turn a non-breaking space inside a string into a plain one.)"""
        return self.document().toRawText().replace("\u2029", "\n")

    @property
    def colours(self) -> Colours:
        return self._theme.colours

    @property
    def highlighter(self) -> PythonHighlighter:
        return self._highlighter

    @property
    def problem(self) -> Problem | None:
        return self._problem

    def set_problem(self, problem: Problem | None) -> None:
        """Mark a line, or none."""
        if problem != self._problem:
            self._problem = problem
            self._mark_lines()
            self.gutter.update()

    def go_to(self, line: int) -> None:
        """Put the cursor on a line, counted from 1, and the line in sight."""
        block = self.document().findBlockByNumber(min(max(line, 1), self.blockCount()) - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + len(leading(block.text())))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

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

    def zoom(self, steps: float) -> None:
        """Make the font larger or smaller by so many points; 0 goes back to the usual size."""
        self.set_font_points(self._points + steps if steps else default_points())
        self._make_room()
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
        if action is None:
            super().keyPressEvent(event)
        else:
            event.accept()
            action()

    def _action_of(self, event: QKeyEvent, escaped: bool) -> Callable[[], object] | None:
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return {
                Qt.Key.Key_Slash: self.toggle_comment,
                Qt.Key.Key_Plus: lambda: self.zoom(1),
                Qt.Key.Key_Equal: lambda: self.zoom(1),
                Qt.Key.Key_Minus: lambda: self.zoom(-1),
                Qt.Key.Key_0: lambda: self.zoom(0),
            }.get(Qt.Key(key))
        if key == Qt.Key.Key_Tab:
            return self._leave_forwards if escaped else self.indent
        if key == Qt.Key.Key_Backtab:
            return self._leave_backwards if escaped else self.unindent
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._break_line
        if key == Qt.Key.Key_Backspace and not self.textCursor().hasSelection():
            return self._backspace
        return None

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
        if cursor.hasSelection() and self._spans_lines(cursor):
            self._change_lines(lambda lines: [indented(line) for line in lines])
        else:
            cursor.beginEditBlock()
            cursor.removeSelectedText()
            cursor.insertText(" " * to_next_stop(len(_before(cursor).expandtabs(STEP))))
            cursor.endEditBlock()

    def unindent(self) -> None:
        self._change_lines(lambda lines: [unindented(line) for line in lines])

    def toggle_comment(self) -> None:
        self._change_lines(comment_toggled)

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

    def _spans_lines(self, cursor: QTextCursor) -> bool:
        document = self.document()
        return document.findBlock(cursor.anchor()).blockNumber() != cursor.blockNumber()

    def _change_lines(self, change: Callable[[list[str]], list[str]]) -> None:
        """Put other text in place of the lines that the selection touches, as one step to undo."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        had_selection = cursor.hasSelection()
        first = self.document().findBlock(start)
        last = self.document().findBlock(end)
        if had_selection and last.position() == end and last.blockNumber() > first.blockNumber():
            last = last.previous()  # a selection up to the start of a line does not touch it
        lines = []
        block = first
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            lines.append(block.text())
            block = block.next()
        changed = change(lines)
        if changed == lines:
            return
        begin = first.position()
        to_line_end = last.position() + last.length() - 1 - end  # of the cursor, so that it keeps its place
        cursor.setPosition(begin)
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n".join(changed))
        new_end = cursor.position()
        if had_selection:
            cursor.setPosition(begin)
            cursor.setPosition(new_end, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(max(begin, new_end - to_line_end))
        self.setTextCursor(cursor)

    # Pasting and dropping

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return _dropped_file(source) != "" or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        path = _dropped_file(source)
        if path:
            self.file_dropped.emit(path)
        else:
            super().insertFromMimeData(source)

    # Following what happens

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        width = self.gutter.needed_width
        self.setViewportMargins(width, 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    @Slot(QRect, int)
    def _on_update_request(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self.gutter.scroll(0, scrolled)
        else:
            self.gutter.update(0, rect.y(), self.gutter.width(), rect.height())

    @Slot()
    def _on_cursor_moved(self) -> None:
        self._mark_lines()
        self.gutter.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._highlighter.set_colours(self.colours)
        self._mark_lines()

    def _mark_lines(self) -> None:
        """Shade the line with the cursor, and underline the one with the problem."""
        current = QTextEdit.ExtraSelection()
        current.cursor = self.textCursor()
        current.cursor.clearSelection()
        current.format.setBackground(self.colours.current_line)
        current.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        # Not over the placeholder of an empty editor: it would hide its first line.
        marks = [] if self.document().isEmpty() else [current]
        block = self.document().findBlockByNumber(self._problem.line - 1 if self._problem else -1)
        if block.isValid():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(block)
            mark.cursor.setPosition(block.position() + len(leading(block.text())))
            mark.cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            mark.format.setUnderlineColor(self.colours.bad)
            marks.append(mark)
        self.setExtraSelections(marks)


def _before(cursor: QTextCursor) -> str:
    """What stands left of the cursor in its line. (Qt counts UTF-16 units, so a slice of the text would not do.)"""
    left = QTextCursor(cursor.block())
    left.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
    return left.selectedText()


def _dropped_file(source: QMimeData) -> str:
    """The path of the one file on this computer that was dropped or pasted; "" where it is something else."""
    urls = source.urls() if source.hasUrls() else []
    return urls[0].toLocalFile() if len(urls) == 1 else ""
