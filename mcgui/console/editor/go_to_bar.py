"""Going to a line by its number: a bar above the text, in which the number is typed."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from mcgui.console.editor.editor import CodeEditor
from mcgui.scale import scaled
from mcgui.theme import set_tone

_PLACE = re.compile(r"\s*(\d+)\s*(?:[:,]\s*(\d+)\s*)?")


class GoToBar(QWidget):
    """Takes "12" or "12:5", line and column. The text follows while it is typed; Escape goes back.

    Signals:
        closed(): it is hidden again, and the editor has the focus.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: CodeEditor | None = None
        self._came_from = (1, 1)
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Go to line")
        self.field.setMaximumWidth(scaled(140))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_text_changed)
        label = QLabel("Go to line", self)
        label.setBuddy(self.field)
        self.remark = QLabel(self)
        self.remark.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.field)
        row.addWidget(self.remark, 1)
        self.hide()

    def open(self, editor: CodeEditor) -> None:
        """Show the bar for this editor."""
        self._editor = editor
        cursor = editor.textCursor()
        self._came_from = (cursor.blockNumber() + 1, cursor.positionInBlock() + 1)
        self.field.clear()
        self._say("")
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def close_bar(self) -> None:
        """Hide it, and go on in the text where it is now."""
        self.hide()
        if self._editor is not None:
            self._editor.setFocus()
        self.closed.emit()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if self._editor is None or not text.strip():
            self._say("")
            return
        place = _PLACE.fullmatch(text)
        if place is None:
            self._say("A line is a number, such as 12, or 12:5 for its fifth character.")
            return
        line, lines = int(place[1]), self._editor.blockCount()
        self._say(f"There are {lines:,} lines." if line > lines else "")
        self._editor.go_to_place(line, int(place[2]) if place[2] else None)

    def _say(self, problem: str) -> None:
        lines = self._editor.blockCount() if self._editor is not None else 1
        self.remark.setText(problem or f"of {lines:,}")
        self.field.setAccessibleDescription(self.remark.text())
        set_tone(self.remark, "warn" if problem else "muted")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                if self._editor is not None:
                    self._editor.go_to_place(*self._came_from)
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.close_bar()
                return True
        elif event.type() == QEvent.Type.FocusOut and self.isVisible() and self.window().isActiveWindow():
            self.hide()
        return super().eventFilter(watched, event)
