"""A text with a sign before it and buttons behind it; below it where there is too little room beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

#: Part of the width that the buttons may take beside the text.
_MOST: Final = 0.5


class MessageRow(QGridLayout):
    """Lays out `owner`, which calls `fit` whenever it is resized."""

    def __init__(self, owner: QWidget, sign: QLabel, text: QLabel, tools: Sequence[QWidget]) -> None:
        super().__init__(owner)
        self._owner, self._sign, self._text, self._others = owner, sign, text, tuple(tools)
        self._holder = QWidget(owner)
        self._buttons = QHBoxLayout(self._holder)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.addStretch(1)
        self._shown: tuple[QPushButton, ...] = ()
        self._below = False
        top = Qt.AlignmentFlag.AlignVCenter
        self.addWidget(sign, 0, 0, top)
        self.addWidget(text, 0, 1)
        self.addWidget(self._holder, 0, 2, top)
        for column, tool in enumerate(tools, 3):
            self.addWidget(tool, 0, column, top)
        self.setColumnStretch(1, 1)
        self._tools = len(tools)
        self._holder.hide()
        self._holder.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # such as when the text of its buttons grows
            self.fit()
        return super().eventFilter(watched, event)

    def set_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Have these, in place of those of before."""
        while self._buttons.count() > 1:
            self._buttons.takeAt(1)
        self._shown = tuple(buttons)
        for button in buttons:
            self._buttons.addWidget(button)
        self._holder.setVisible(bool(buttons))
        self.fit()

    def fit(self) -> None:
        """Put the buttons where there is room for them."""
        wide = self._wide()
        margins = self.contentsMargins()
        room = self._owner.width() - margins.left() - margins.right()
        way = QBoxLayout.Direction.TopToBottom if wide > room > 0 else QBoxLayout.Direction.LeftToRight
        self._buttons.setDirection(way)
        below = wide > self._owner.width() * _MOST > 0 or self._is_lower_below(room, wide)
        if below == self._below:
            return
        self._below = below
        self.removeWidget(self._holder)
        if below:
            self.addWidget(self._holder, 1, 0, 1, 3 + self._tools)
        else:
            self.addWidget(self._holder, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    def _is_lower_below(self, room: int, wide: int) -> bool:
        """Whether all of it is lower with the buttons below the text, which then needs fewer lines."""
        if not self._shown or not self._text.text():
            return False
        gaps = self.horizontalSpacing() * (1 + self._tools)
        whole = room - gaps - sum(one.sizeHint().width() for one in (self._sign, *self._others))
        beside = whole - wide - self.horizontalSpacing()
        if beside <= 0:
            return whole > 0
        high = max(button.sizeHint().height() for button in self._shown) + max(self.verticalSpacing(), 0)
        return self._text.heightForWidth(whole) + high < self._text.heightForWidth(beside)

    def _wide(self) -> int:
        """Pixels that the buttons need beside each other, with text of the size that it has now."""
        shown = self._shown
        return sum(button.sizeHint().width() for button in shown) + max(len(shown) - 1, 0) * self._buttons.spacing()
