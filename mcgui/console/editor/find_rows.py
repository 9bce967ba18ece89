"""How the bar that finds and replaces is laid out: what is typed has room in it, however little there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from mcgui.scale import scaled

#: Pixels of a field that its text has not, and of a field at least.
_AIR: Final = 24
_FIELD: Final = 80
_COLUMNS: Final = 8


class FindRows(QGridLayout):
    """A row of `field`, `toggles`, `count` and `steps`, and below it one of `replacement` and its `buttons`.

    Whoever it lays out calls `fit` whenever it is resized, and asks it for its least width.
    """

    def __init__(
        self,
        owner: QWidget,
        field: QLineEdit,
        toggles: Sequence[QWidget],
        count: QLabel,
        steps: Sequence[QWidget],
        replacement: QLineEdit,
        buttons: Sequence[QWidget],
    ) -> None:
        super().__init__(owner)
        self._field, self._toggles, self._count, self._steps = field, toggles, count, steps
        self._replacement, self._buttons = replacement, buttons
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(4)
        self.setVerticalSpacing(6)
        self.setColumnStretch(0, 1)
        self._under, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._under, self._second):
            row.setSpacing(4)
        for one in (field, replacement):
            one.setMinimumWidth(scaled(_FIELD))
        for column, step in enumerate(steps, _COLUMNS - len(steps)):
            self.addWidget(step, 0, column)
        self._is_below = self._is_apart = False
        self._place_toggles()
        self._place_replacing()

    @property
    def least_width(self) -> int:
        """Pixels with which every row is whole."""
        second = (one for one in (self._replacement, *self._buttons) if not one.isHidden())
        return max(self._least(self._field, *self._steps), self._least(*self._toggles), self._least(*second))

    def fit(self, width: int) -> None:
        """Use these pixels as they are best used."""
        room = width - self._least(*self._toggles, *self._steps) - self._count.minimumWidth()  # of the field
        below = room < scaled(_FIELD)
        if below != self._is_below:
            self._is_below = below
            self._place_toggles()
        metrics = self._replacement.fontMetrics()
        apart = room < metrics.horizontalAdvance(self._replacement.placeholderText()) + scaled(_AIR)
        if apart != self._is_apart:
            self._is_apart = apart
            self._place_replacing()

    def _least(self, *row: QWidget) -> int:
        return sum(one.minimumSizeHint().width() + self.horizontalSpacing() for one in row)

    def _place_toggles(self) -> None:
        """Beside the field; below it where they would leave it no room, with the count of the matches."""
        moved = (*self._toggles, self._count)
        for one in moved:
            (self if self._is_below else self._under).removeWidget(one)
        if self._is_below:
            self.addWidget(self._field, 0, 0, 1, 1 + len(moved))
            for one in moved:
                self._under.addWidget(one, int(one is self._count))
            self.addLayout(self._under, 1, 0, 1, _COLUMNS)
            return
        self.removeItem(self._under)
        self.addWidget(self._field, 0, 0)
        for column, one in enumerate(moved, 1):
            self.addWidget(one, 0, column)

    def _place_replacing(self) -> None:
        """In the columns of the first row; where there is little room, in a row that is divided otherwise: the width of
        those buttons would be taken from what is typed."""
        moved = (self._replacement, *self._buttons)
        for one in moved:
            (self if self._is_apart else self._second).removeWidget(one)
        if self._is_apart:
            for one in moved:
                self._second.addWidget(one)
            self.addLayout(self._second, 2, 0, 1, _COLUMNS)
            return
        self.removeItem(self._second)
        replace_one, replace_all = self._buttons
        self.addWidget(self._replacement, 2, 0)
        self.addWidget(replace_one, 2, 1, 1, 3)
        self.addWidget(replace_all, 2, 4, 1, 4, Qt.AlignmentFlag.AlignLeft)
