"""A choice with its label beside it, or above it where what is chosen would be cut there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from mcgui.console.parts.elided_label import ElidedChoice
from mcgui.theme import set_tone

#: Pixels between the two, beside each other and above each other.
_BESIDE, _ABOVE = 8, 2


class LabelledChoice(QBoxLayout):
    """Lays out `owner`, which has nothing else."""

    def __init__(self, owner: QWidget, label: QLabel, choice: ElidedChoice) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight, owner)
        self._owner, self._label, self._choice = owner, label, choice
        label.setBuddy(choice)
        set_tone(label, "muted")
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(_BESIDE)
        self.addWidget(label)
        self.addWidget(choice, 1)
        choice.currentTextChanged.connect(self._fit)
        owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._fit()
        return super().eventFilter(watched, event)

    @Slot()
    def _fit(self) -> None:
        needed = self._label.sizeHint().width() + _BESIDE + self._choice.width_with(self._choice.currentText())
        above = needed > self._owner.width()
        way = QBoxLayout.Direction.TopToBottom if above else QBoxLayout.Direction.LeftToRight
        if way != self.direction():
            self.setDirection(way)
            self.setSpacing(_ABOVE if above else _BESIDE)
