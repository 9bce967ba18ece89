"""A line of text to be copied to another computer: read-only, with a button that copies all of it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from mcgui.console.parts.buttons import icon_button
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, monospace

#: Milliseconds that the button says that it has copied.
_SAID = 1500


class CopyField(QWidget):
    """Shows `shown`, and copies `whole`, which may have more in it: a key that is covered."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._whole = theme, ""
        self.field = QLineEdit(self)
        self.field.setReadOnly(True)
        self.field.setFont(monospace(self.field.font().pointSizeF()))
        self.field.setMinimumHeight(self.field.fontMetrics().height() + scaled(10))
        self.field.setAccessibleName(name)
        self.button = icon_button(f"Copy: {name}", self, tip="Copy", size=16)
        self.button.clicked.connect(self._on_copy)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAID)
        self._timer.timeout.connect(self._dress)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.button)
        theme.changed.connect(self._dress)
        self._dress()

    def set_text(self, shown: str, whole: str) -> None:
        """What it shows, and what it copies."""
        self._whole = whole
        if self.field.text() != shown:
            self.field.setText(shown)
            self.field.setCursorPosition(0)
        self.setEnabled(bool(whole))

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._whole)
        self._timer.start()
        self._dress()

    @Slot()
    def _dress(self) -> None:
        copied = self._timer.isActive()
        colours = self._theme.colours
        self.button.setIcon(icon("check" if copied else "copy", colours.good if copied else colours.muted))
        self.button.setToolTip("Copied" if copied else "Copy")
