"""The log, folded away until somebody wants to know."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton, QWidget

from mcgui.card import Card
from mcgui.exact_text import ExactTextEdit
from mcgui.fold_button import FoldButton
from mcgui.icons import icon, show_copied
from mcgui.plain_text import unturned
from mcgui.theme import Theme, monospace

#: Lines that are kept: some days of an ordinary worker.
_LINES: Final = 1000
#: Pixels of the text once it is unfolded, at least.
_HEIGHT: Final = 130


class LogCard(Card):
    """A line for everything that happened, with the time; one press copies them all, another one shows the files of
    this and earlier days.

    Signals:
        folder_asked(): show where the log's files are.
        unfolding(): the log is about to open, and will need room.
        folded(): the log has been folded away.
    """

    unfolding = Signal()
    folded = Signal()
    folder_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Log")
        self._theme = theme
        self.toggle = FoldButton("Log", "The log", theme, self)
        self.copy = QToolButton(self)
        self.copy.setText("Copy")
        self.copy.setProperty("flat", True)
        self.copy.setToolTip("Copy the whole log")
        self.copy.setAccessibleName("Copy the log")
        self.copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.files = QToolButton(self)
        self.files.setText("Files")
        self.files.setProperty("flat", True)
        self.files.setToolTip("Show the files of the log, to send them to somebody")
        self.files.setAccessibleName("Show the log's files")
        self.text = ExactTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(_LINES)
        self.text.setAccessibleName("Log")
        self.text.setFont(monospace(self.font().pointSizeF() - 1))
        self.text.setMinimumHeight(_HEIGHT)
        font = self.toggle.font()
        font.setBold(True)
        self.toggle.setFont(font)
        self.header.insertWidget(0, self.toggle)
        self.header.addWidget(self.files)
        self.header.addWidget(self.copy)
        self.files.clicked.connect(self.folder_asked)
        self.body.setContentsMargins(6, 0, 4, 0)
        self.body.addWidget(self.text)
        self.toggle.turned.connect(self._on_toggled)
        self.copy.clicked.connect(self._on_copy)
        theme.changed.connect(self._tint)
        self._on_toggled(False)

    @Slot(str)
    def add(self, line: str) -> None:
        """One more line; stays at the end where the reader is at the end."""
        self.text.appendPlainText(unturned(f"{time.strftime('%H:%M:%S')}  {line}"))

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self.unfolding.emit()
        # Folded away, the card is no higher than its button; the button's padding stands in for the card's margin.
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(6, 4, 8, 12 if shown else 4)
        layout.setSpacing(4 if shown else 0)
        self.text.setVisible(shown)
        self.copy.setVisible(shown)
        self.files.setVisible(shown)
        self._tint()
        if not shown:
            layout.activate()  # at once: whoever hears `folded` asks how high the card is now
            self.folded.emit()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.exact)
        show_copied(self.copy)

    @Slot()
    def _tint(self) -> None:
        colours = self._theme.colours
        self.copy.setIcon(icon("copy", colours.muted))
