"""Changing whole lines of a text editor: each change is one step to undo, and the cursor keeps its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

Change = Callable[[list[str]], list[str]]


def spans_lines(editor: QPlainTextEdit) -> bool:
    """Whether the selection reaches over the end of a line."""
    cursor = editor.textCursor()
    return editor.document().findBlock(cursor.anchor()).blockNumber() != cursor.blockNumber()


def change_lines(editor: QPlainTextEdit, change: Change) -> None:
    """Put other text in place of the lines that the selection touches. What was selected is selected afterwards."""
    cursor = editor.textCursor()
    had_selection, end = cursor.hasSelection(), cursor.selectionEnd()
    first, last = _touched(editor)
    lines = _texts(first, last)
    changed = change(lines)
    if changed == lines:
        return
    begin = first.position()
    to_line_end = _end(last) - end  # of the cursor, so that it keeps its place
    cursor.setPosition(begin)
    cursor.setPosition(_end(last), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText("\n".join(changed))
    new_end = cursor.position()
    if had_selection:
        cursor.setPosition(begin)
        cursor.setPosition(new_end, QTextCursor.MoveMode.KeepAnchor)
    else:
        cursor.setPosition(max(begin, new_end - to_line_end))
    editor.setTextCursor(cursor)


def move_lines(editor: QPlainTextEdit, up: bool) -> None:
    """Let the lines that the selection touches change places with the one above or below."""
    first, last = _touched(editor)
    neighbour = first.previous() if up else last.next()
    if not neighbour.isValid():
        return
    cursor = editor.textCursor()
    anchor, position, begin = cursor.anchor(), cursor.position(), first.position()
    lines, other = _texts(first, last), neighbour.text()
    start = neighbour.position() if up else begin
    end = _end(last) if up else _end(neighbour)
    shift = -(neighbour.length()) if up else neighbour.length()
    changed = "\n".join([*lines, other] if up else [other, *lines])
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(changed)
    cursor.setPosition(anchor + shift)
    cursor.setPosition(position + shift, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def duplicate_lines(editor: QPlainTextEdit) -> None:
    """Put a copy of the lines that the selection touches below them, and go there."""
    cursor = editor.textCursor()
    first, last = _touched(editor)
    text = "\n".join(_texts(first, last))
    shift = _end(last) + 1 - first.position()
    anchor, position = cursor.anchor(), cursor.position()
    cursor.setPosition(_end(last))
    cursor.insertText("\n" + text)
    cursor.setPosition(anchor + shift)
    cursor.setPosition(position + shift, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def _touched(editor: QPlainTextEdit) -> tuple[QTextBlock, QTextBlock]:
    """The first and the last line of the selection. One that ends at the start of a line does not touch it."""
    cursor, document = editor.textCursor(), editor.document()
    first, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    if cursor.hasSelection() and last.position() == cursor.selectionEnd() and last.blockNumber() > first.blockNumber():
        last = last.previous()
    return first, last


def _texts(first: QTextBlock, last: QTextBlock) -> list[str]:
    lines, block = [], first
    while block.isValid() and block.blockNumber() <= last.blockNumber():
        lines.append(block.text())
        block = block.next()
    return lines


def _end(block: QTextBlock) -> int:
    return block.position() + block.length() - 1
