"""The details of a try, opened in place: its value or its traceback, and what was printed, whole and to be copied."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from mcgui.console.parts.buttons import icon_button
from mcgui.exact_text import ExactTextEdit
from mcgui.icons import icon, show_copied
from mcgui.theme import Theme, monospace

#: Lines that are shown at once, at least and at most; the others are scrolled to.
_LINES = (3, 12)


class TrialDetails(QWidget):
    """Hidden until there is something to show, and hidden again by its button.

    Signals:
        closed(): the user has closed it.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.text = ExactTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(monospace())
        self.text.setAccessibleName("Details of the try")
        self.copy = icon_button("Copy the details", self)
        self.close_button = icon_button("Close the details", self)
        tools = QVBoxLayout()
        tools.setSpacing(2)
        tools.addWidget(self.close_button)
        tools.addWidget(self.copy)
        tools.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.text, 1)
        layout.addLayout(tools)
        self.copy.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.closed)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, text: str, follow: bool = False) -> None:
        """Show this text from its beginning, or its end where it is being written (`follow`)."""
        if text != self.text.exact:
            self.text.show_text(text)
            self._fit()
        if follow:
            self.text.moveCursor(QTextCursor.MoveOperation.End)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # once the text has its new width

    def _count(self, most: int) -> int:
        """The lines that the text takes as wide as it is, or more than so many."""
        document, lines = self.text.document(), 0
        block = document.begin()
        while block.isValid() and lines <= most:
            document.documentLayout().blockBoundingRect(block)  # which lays it out
            lines += max(block.layout().lineCount(), 1)
            block = block.next()
        return lines

    @Slot()
    def _fit(self) -> None:
        least, most = _LINES
        needed = self._count(most)
        lines = min(max(needed, least), most)
        margin, frame = self.text.document().documentMargin(), self.text.frameWidth()
        # Below the last line that is shown there is no air where another one follows: some of that would be seen.
        around = margin + 2 * frame + (margin + 2 if needed <= most else 0)
        self.text.setFixedHeight(round(lines * self.text.line_height + around))

    @Slot()
    def _dress(self) -> None:
        self.copy.setIcon(icon("copy", self._theme.colours.muted))
        self.close_button.setIcon(icon("close", self._theme.colours.muted))

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text.exact)
        show_copied(self.copy)
