"""The log: what happened in this window and in the cluster, a line each, the newest at the end."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from mcgui.scale import scaled
from mcgui.theme import Theme, monospace

#: Lines that are kept.
KEPT: Final = 5000


class LogRelay(QObject):
    """Brings log records of any thread to the GUI thread as `line(level, time, text)`."""

    line = Signal(int, float, str)


class _Handler(logging.Handler):
    def __init__(self, relay: LogRelay) -> None:
        super().__init__(logging.INFO)
        self._relay = relay

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self._relay.line.emit(record.levelno, record.created, text)


class LogPanel(QWidget):
    """Shows what is written to it, and what the loggers `mcgui` and `mcgui_core` say while it is attached."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[tuple[int, float, str]] = []
        self._relay = LogRelay(self)
        self._relay.line.connect(self.write, Qt.ConnectionType.QueuedConnection)
        self._handler = _Handler(self._relay)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(KEPT)
        self.text.setFont(monospace())
        self.text.setAccessibleName("Log")
        self.text.setPlaceholderText("What happens is written here: workers that come and go, jobs, errors.")
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText("Filter the log")
        self._filter.setAccessibleName("Filter the log")
        self._filter.setClearButtonEnabled(True)
        self._filter.setFixedWidth(scaled(180))
        self._filter.textChanged.connect(self._write_all)
        copy = QPushButton("Copy all", self)
        copy.setAccessibleName("Copy the whole log")
        copy.clicked.connect(self._on_copy)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 4, 2)
        head.setSpacing(8)
        head.addStretch(1)
        head.addWidget(self._filter)
        head.addWidget(copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)
        theme.changed.connect(self._write_all)

    def attach(self) -> None:
        """Show also what our loggers say."""
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(self._handler)

    def detach(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self._handler)

    def show_only(self, text: str) -> None:
        """Show the lines that have this text, such as a node's name."""
        self._filter.setText(text)

    @Slot(int, float, str)
    def write(self, level: int, time: float, text: str) -> None:
        """Add a line. `level` is one of logging's; `time` is seconds since the epoch."""
        line = (level, time, text)
        self._lines.append(line)
        del self._lines[:-KEPT]
        if self._fits(line):
            self._append(line)

    def _fits(self, line: tuple[int, float, str]) -> bool:
        return self._filter.text().strip().casefold() in line[2].casefold()

    @Slot()
    def _write_all(self) -> None:
        self.text.clear()
        for line in self._lines:
            if self._fits(line):
                self._append(line)

    def _append(self, line: tuple[int, float, str]) -> None:
        level, time, text = line
        colours = self._theme.colours
        moment = QTextCharFormat()
        moment.setForeground(colours.muted)
        words = QTextCharFormat()
        colour = colours.bad if level >= logging.ERROR else colours.warn if level >= logging.WARNING else colours.text
        words.setForeground(colour)
        if level >= logging.ERROR:
            words.setFontWeight(QFont.Weight.DemiBold)
        bar = self.text.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.text.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(f"{datetime.fromtimestamp(time).astimezone():%H:%M:%S}  ", moment)
        word = "Error: " if level >= logging.ERROR else "Warning: " if level >= logging.WARNING else ""
        cursor.insertText(word + text.rstrip(), words)
        if at_end:  # follow only who is not reading further up
            bar.setValue(bar.maximum())

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())


_LOGGERS: Final = ("mcgui", "mcgui_core")
