"""Text as it is, where Qt's own fields give and copy another: a non-breaking space as a plain one, U+2028 as a line."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from mcgui.plain_text import unturned

#: Letters of an escape: `\\u202e`.
_ESCAPE: Final = 6
#: Letters of a line that are to be seen, or it is wrapped.
_LINE: Final = 72


class ExactTextEdit(QPlainTextEdit):
    """One whose text is read, copied, cut and dragged letter by letter, as source and results have to be.

    What `show_text` and `add_text` put into it is not to be edited: characters that would turn the text behind them are
    seen there as escapes, and read and copied as they are.
    """

    _escapes: tuple[int, ...] = ()  # where there is one, in the units of Qt's positions
    _keeps_lines = False

    @property
    def exact(self) -> str:
        """The whole text."""
        return self._as_it_is(self.document().toRawText(), 0)

    @property
    def line_height(self) -> float:
        """Pixels of a line as it is laid out; where that is no whole number, Qt's of the font is rounded otherwise."""
        block = self.document().firstBlock()
        self.blockBoundingRect(block)  # which lays it out
        laid_out = block.layout()
        return laid_out.lineAt(0).height() if laid_out.lineCount() else self.fontMetrics().lineSpacing()

    def keep_lines(self, kept: bool) -> None:
        """Let no line be wrapped, as of a traceback, which points at places within its lines; but where it would take
        scrolling to read a sentence, its lines are wrapped as those of any other text."""
        self._keeps_lines = kept
        self._choose_wrapping()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._keeps_lines:
            self._choose_wrapping()

    def _choose_wrapping(self) -> None:
        roomy = self.contentsRect().width() >= _LINE * self.fontMetrics().averageCharWidth()
        mode = self.LineWrapMode.NoWrap if self._keeps_lines and roomy else self.LineWrapMode.WidgetWidth
        if mode != self.lineWrapMode():
            self.setLineWrapMode(mode)

    def show_text(self, text: str) -> None:
        """Show this in place of all that there is."""
        self.clear()
        self._escapes = ()
        self.add_text(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def add_text(self, text: str, look: QTextCharFormat | None = None) -> None:
        """Show this below what there is, which is not scrolled away."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        shown = unturned(text)
        if shown != text:
            at, places = cursor.position(), []
            for letter in text:
                seen = unturned(letter)
                if seen != letter:
                    places.append(at)
                at += len(seen) + (letter > "\uffff")
            self._escapes = (*self._escapes, *places)
        cursor.insertText(shown, look or QTextCharFormat())

    def createMimeDataFromSelection(self) -> QMimeData:  # for the clipboard, and for what is dragged
        # Qt's own, since the clipboard holds it longer than Python lives: one of Python's would end the program then.
        found = super().createMimeDataFromSelection()
        found.text()  # which it makes only when it is asked for, over what is set before
        for kind in found.formats():
            if kind != "text/plain":
                found.removeFormat(kind)
        cursor = self.textCursor()
        found.setText(self._as_it_is(cursor.selection().toRawText(), cursor.selectionStart()))
        return found

    def _as_it_is(self, raw: str, start: int) -> str:
        """Raw text that begins at this position, without the escapes that are all in it."""
        if self._escapes:
            units, parts, at = raw.encode("utf-16-le", "surrogatepass"), [], 0
            for begin in (place - start for place in self._escapes):
                if begin >= at and 2 * (begin + _ESCAPE) <= len(units):
                    parts.append(units[2 * at : 2 * begin].decode("utf-16-le", "surrogatepass"))
                    at = begin + _ESCAPE
                    parts.append(chr(int(units[2 * (begin + 2) : 2 * at].decode("utf-16-le"), 16)))
            raw = "".join([*parts, units[2 * at :].decode("utf-16-le", "surrogatepass")])
        return raw.replace("\u2029", "\n")  # between paragraphs, which are lines here
