"""A field for the text of the values that all calls share."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.exact_text import ExactTextEdit
from mcgui.theme import monospace

#: Lines of text that are seen at once, at least and at most.
_LEAST, _MOST = 2, 6
_HINT: Final = "Names and expressions, a line each, over what the environment defines: table = load_table()"


class SharedValuesField(ExactTextEdit):
    """As high as its text, within limits. Tab leaves it, as it leaves any other field.

    Signals:
        edited(): the text is another.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("table = load_table()")
        self.setAccessibleName("Shared values")
        self.setToolTip(f"{_HINT}. Each is made once, and given to every call by its name")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(ExactTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(monospace())
        self.textChanged.connect(self.updateGeometry)
        self.textChanged.connect(self.edited)

    @property
    def chosen(self) -> str:
        """The text as it stands, right or wrong."""
        return self.exact

    def choose(self, text: str) -> None:
        """Show this text."""
        if text != self.chosen:
            self.setPlainText(text)

    def sizeHint(self) -> QSize:
        lines = max(_LEAST, min(self.blockCount(), _MOST))
        margins = self.contentsMargins()
        air = 2 * round(self.document().documentMargin()) + margins.top() + margins.bottom() + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + air)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())
