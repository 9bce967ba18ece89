"""Pasting a long text in slices, so that the window goes on while it grows. To undo, it is one step."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

#: Lines of a slice: about 10 ms. A text that has no more than some of them is pasted at once.
LINES: Final = 1500
AT_ONCE: Final = 4000


class LongPaste(QObject):
    """Puts a text in place of the selection of `editor`, which cannot be written in until that is done.

    Signals:
        finished(): all of it is there.
    """

    finished = Signal()

    def __init__(self, editor: QPlainTextEdit, text: str) -> None:
        super().__init__(editor)
        self._editor = editor
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._slices = iter(
            "\n".join(lines[at : at + LINES]) + ("\n" if at + LINES < len(lines) else "")
            for at in range(0, len(lines), LINES)
        )
        self._cursor = editor.textCursor()
        self._first = True
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        editor.setReadOnly(True)
        self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        piece = next(self._slices, None)
        if piece is None:
            self._timer.stop()
            self._editor.setReadOnly(False)
            self._cursor.setPosition(self._cursor.position())
            self._editor.setTextCursor(self._cursor)
            self._editor.ensureCursorVisible()
            self.finished.emit()
            self.deleteLater()
            return
        cursor: QTextCursor = self._cursor
        if self._first:
            cursor.beginEditBlock()
            cursor.removeSelectedText()
        else:
            cursor.joinPreviousEditBlock()
        self._first = False
        cursor.insertText(piece)
        cursor.endEditBlock()


def is_long(text: str) -> bool:
    """Whether pasting this at once would hold the window for longer than a person likes."""
    return text.count("\n") > AT_ONCE
