"""A card: the titled, rounded panel that every part of a window sits in."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


class Card(QFrame):
    """A panel with a title on the left of its head, and room for more on the right.

    Attributes:
        header: layout of the head; what is added stands on the right, after the title.
        body: layout below the head.
    A card without a title has no head until something is added to `header`.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)  # the border is the style sheet's
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self.header)
        layout.addLayout(self.body, 1)
        self._title = QLabel(title, self)
        self._title.setObjectName("cardTitle")
        self._title.setVisible(bool(title))
        self.header.addWidget(self._title)
        self.header.addStretch(1)
        self.setAccessibleName(title)

    @property
    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)
