"""A card: the titled, rounded panel that every part of a window sits in."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
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
        self._ordered = False

    def showEvent(self, event: QShowEvent) -> None:
        """The Tab key goes as one reads: through the head first, whatever was made first."""
        super().showEvent(event)
        if not self._ordered:
            self._ordered = True
            stops = self._tab_stops()
            places = (self.header.itemAt(place) for place in range(self.header.count()))
            head = [held for item in places if item is not None and (held := item.widget()) is not None]
            first = [one for one in stops if any(held is one or held.isAncestorOf(one) for held in head)]
            rest = [one for one in stops if one not in first]
            if first and rest:
                for before, after in pairwise((*first, *rest)):
                    self.setTabOrder(before, after)

    def _tab_stops(self) -> list[QWidget]:
        """What is in it and takes the focus by the Tab key, in the order in which it was made; not what pops up."""
        window = self.window()
        inside = [one for one in self.findChildren(QWidget) if one.window() is window]
        return [one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus]

    @property
    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)
