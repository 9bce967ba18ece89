"""What is marked in the text of an editor: the current line, matches of a search, brackets, problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

Mark = QTextEdit.ExtraSelection
#: From the bottom to the top.
_LAYERS: Final = ("line", "matches", "brackets", "problems")


class EditorMarks:
    """Lays marks over each other, so that whoever sets one kind need not know of the others."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        self._editor = editor
        self._layers: dict[str, list[Mark]] = {name: [] for name in _LAYERS}

    def __getitem__(self, layer: str) -> list[Mark]:
        return self._layers[layer]

    def set(self, layer: str, marks: Iterable[Mark]) -> None:
        """Put these in place of the marks of a layer: "line", "matches", "brackets" or "problems"."""
        before, self._layers[layer] = self._layers[layer], list(marks)
        if before or self._layers[layer]:
            self._editor.setExtraSelections([mark for name in _LAYERS for mark in self._layers[name]])


def line_mark(cursor: QTextCursor, colour: QColor) -> Mark:
    """Shades the whole line that the cursor is in."""
    mark = Mark()
    mark.cursor = QTextCursor(cursor)
    mark.cursor.clearSelection()
    mark.format.setBackground(colour)
    mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return mark


def shaded(cursor: QTextCursor, colour: QColor, outline: QColor | None = None) -> Mark:
    """Shades what the cursor selects; `outline` underlines it too, so that it is not told by shade alone."""
    mark = Mark()
    mark.cursor = cursor
    mark.format.setBackground(colour)
    if outline is not None:
        mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        mark.format.setUnderlineColor(outline)
    return mark


def squiggle(cursor: QTextCursor, colour: QColor) -> Mark:
    """Underlines what the cursor selects with a wave."""
    mark = Mark()
    mark.cursor = cursor
    mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    mark.format.setUnderlineColor(colour)
    return mark


def selecting(editor: QPlainTextEdit, start: int, end: int) -> QTextCursor:
    """A cursor that selects from one position of the document to another."""
    cursor = QTextCursor(editor.document())
    most = editor.document().characterCount() - 1
    cursor.setPosition(min(max(start, 0), most))
    cursor.setPosition(min(max(end, 0), most), QTextCursor.MoveMode.KeepAnchor)
    return cursor
