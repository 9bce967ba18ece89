"""One of the numbered steps of an explanation: a number in a circle, a title, and what belongs to it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone

_SIDE = 20


class StepBox(QWidget):
    """`body` is the layout below the title, `head` that of the title, at whose end there is room for more."""

    def __init__(self, number: int, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"Step {number}: {title}")
        words = QLabel(title, self)
        font = words.font()
        font.setWeight(QFont.Weight.DemiBold)
        words.setFont(font)
        words.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(_Number(number, theme, self), 0, Qt.AlignmentFlag.AlignTop)
        self.head.addWidget(words, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self.head)
        layout.addLayout(self.body)
        layout.addStretch(1)


class _Number(QWidget):
    """A number in a circle of the accent colour."""

    def __init__(self, number: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._number, self._theme = number, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(scaled(_SIDE), scaled(_SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colours.accent)
        circle = QRectF(0, 0, self.width(), self.height())
        painter.drawEllipse(circle)
        font = painter.font()
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(self._theme.colours.on_accent)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


def explanation(text: str, parent: QWidget) -> QLabel:
    """A quiet sentence that takes as many lines as it needs."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    set_tone(label, "muted")
    return label
