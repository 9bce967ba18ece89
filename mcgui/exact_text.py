"""Text as it is, where Qt's own fields give and copy another: a non-breaking space as a plain one, U+2028 as a line."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit


class ExactTextEdit(QPlainTextEdit):
    """One whose text is read, copied, cut and dragged letter by letter, as source and results have to be."""

    @property
    def exact(self) -> str:
        """The whole text."""
        return _of_raw(self.document().toRawText())

    def createMimeDataFromSelection(self) -> QMimeData:  # for the clipboard, and for what is dragged
        # Qt's own, since the clipboard holds it longer than Python lives: one of Python's would end the program then.
        found = super().createMimeDataFromSelection()
        found.text()  # which it makes only when it is asked for, over what is set before
        for kind in found.formats():
            if kind != "text/plain":
                found.removeFormat(kind)
        found.setText(_of_raw(self.textCursor().selection().toRawText()))
        return found


def _of_raw(text: str) -> str:
    return text.replace("\u2029", "\n")  # between paragraphs, which are lines here
