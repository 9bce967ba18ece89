"""The log as text: lines with their time and origin, that can be selected and copied."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from mcgui.console.log.log_lines import Event, moment, origin, readable
from mcgui.exact_text import ExactTextEdit
from mcgui.theme import Theme, monospace
from mcgui_core.protocol.messages import TaskOutput

_INDENT: Final = " " * 10  # as wide as a time
#: Lines that are shown at most.
LINES: Final = 10_000
_AT_FIRST: Final = "What happens is written here: workers that come and go, jobs, what tasks print, errors."
_SEARCHING: Final = "The log is being searched."
_NONE_FITS: Final = "No line fits. Empty the search, and choose Everything, All workers and All jobs, to see all lines."


class LogView(ExactTextEdit):
    """Follows its end, unless somebody reads further up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(LINES)
        self.setFont(monospace())
        self.setAccessibleName("Log")
        self.setPlaceholderText(_AT_FIRST)

    def say_nothing_is_here(self, searched: bool, over: bool) -> None:
        """What stands here while no line does: `searched`: only some lines are wanted; `over`: all were looked at."""
        words = _AT_FIRST if not searched else _NONE_FITS if over else _SEARCHING
        if words != self.placeholderText():
            self.setPlaceholderText(words)

    def show_entries(self, entries: Iterable[Event | TaskOutput]) -> None:
        """Show these, and nothing else."""
        bar = self.verticalScrollBar()
        at_end, before = bar.value() == bar.maximum(), bar.value()
        self.setUpdatesEnabled(False)
        self.clear()
        self._write(entries)
        self.setUpdatesEnabled(True)
        bar.setValue(bar.maximum() if at_end else before)

    def add(self, entries: Iterable[Event | TaskOutput]) -> None:
        """Show these too, at the end."""
        bar = self.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        self._write(entries)
        if at_end:
            bar.setValue(bar.maximum())

    def _write(self, entries: Iterable[Event | TaskOutput]) -> None:
        formats = _Formats(self._theme)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        first = self.document().isEmpty()
        for entry in entries:
            if not first:
                cursor.insertBlock()
            first = False
            cursor.insertText(f"{moment(entry.time)}  ", formats.muted)
            if isinstance(entry, Event):
                cursor.insertText(_word(entry.level) + readable(entry.text), formats.of_level(entry.level))
            else:
                cursor.insertText(f"{origin(entry)}  ", formats.muted)
                text = readable(entry.text)
                # Several lines stand below their origin, so that they stay under each other.
                if "\n" in text:
                    text = "".join(f"\n{_INDENT}{line}" for line in text.split("\n"))
                cursor.insertText(text, formats.warn if entry.stream == "err" else formats.plain)
        cursor.endEditBlock()


class _Formats:
    def __init__(self, theme: Theme) -> None:
        colours = theme.colours
        self.muted, self.plain, self.warn, self.bad = (QTextCharFormat() for _ in range(4))
        self.muted.setForeground(colours.muted)
        self.plain.setForeground(colours.text)
        self.warn.setForeground(colours.warn)
        self.bad.setForeground(colours.bad)
        self.bad.setFontWeight(QFont.Weight.DemiBold)

    def of_level(self, level: int) -> QTextCharFormat:
        return self.bad if level >= logging.ERROR else self.warn if level >= logging.WARNING else self.plain


def _word(level: int) -> str:
    return "Error: " if level >= logging.ERROR else "Warning: " if level >= logging.WARNING else ""
