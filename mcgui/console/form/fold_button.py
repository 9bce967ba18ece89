"""A button that reads as a line of text and unfolds what lies below it; its arrow says which way it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone


class FoldButton(QPushButton):
    """Checked where it is unfolded. `tip` says what it unfolds, in words."""

    def __init__(self, text: str, tip: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setProperty("link", True)
        self.setCheckable(True)
        self.setIconSize(QSize(scaled(12), scaled(12)))
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        set_tone(self, "muted")
        self.toggled.connect(self._dress)
        theme.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        sign = "chevron-down" if self.isChecked() else "chevron-right"
        self.setIcon(icon(sign, self._theme.colours.muted))
