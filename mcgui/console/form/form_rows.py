"""Rows of a form: each label beside its field, or above it where that would have too little room beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui.scale import scaled

#: Pixels of a field with which it stands beside its label.
_ROOMY: Final = 240
#: Pixels between a label and its field, beside it and below it, and between two fields; and those where there is little
#: room.
_BESIDE, _ABOVE, _BETWEEN, _TIGHT = 12, 2, 10, 3


class FormRows(QGridLayout):
    """Lays out `owner`, or a part of it that is as wide."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__()
        self._owner = owner
        self._rows: list[tuple[QLabel | None, QWidget, Callable[[], int]]] = []
        self._above: list[bool] = []  # for each row
        self._is_tight = False
        self.setHorizontalSpacing(_BESIDE)
        self.setVerticalSpacing(0)
        self.setColumnStretch(1, 1)
        owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self.fit()
        return super().eventFilter(watched, event)

    def add(self, label: QLabel | None, field: QWidget, needed: Callable[[], int] | None = None) -> None:
        """One more row. A label is as high as its buddy, and stands beside its field where that has so many pixels as
        are `needed`; without one, the field stands where most others do."""
        self._rows.append((label, field, needed or (lambda: scaled(_ROOMY))))
        self._above.append(False)
        self._place(len(self._rows) - 1)
        self._part()

    @property
    def air(self) -> int:
        """Pixels that all gaps have more where they are not tight."""
        return (_BETWEEN - _TIGHT) * (len(self._rows) - 1)

    def set_tight(self, is_tight: bool) -> None:
        """Have small gaps between two rows, or usual ones."""
        self._is_tight = is_tight
        self._part()

    def _part(self) -> None:
        for number in range(1, len(self._rows)):
            self.setRowMinimumHeight(3 * number, _TIGHT if self._is_tight else _BETWEEN)

    @Slot()
    def fit(self) -> None:
        """Put the labels where they leave their fields room."""
        labels = (label.sizeHint().width() for label, _, _ in self._rows if label is not None)
        room = self._owner.contentsRect().width() - max(labels, default=0) - _BESIDE
        for number, (_, _, needed) in enumerate(self._rows):
            above = room < needed()
            if above != self._above[number]:
                self._above[number] = above
                self._place(number)

    def _place(self, number: int) -> None:
        """Three lines of the grid for each row: the gap before it, the label where it is above, and the field."""
        label, field, _ = self._rows[number]
        above, line = self._above[number], 3 * number + 1
        self.addWidget(field, line + 1, 0 if above else 1, 1, 2 if above else 1)
        if label is not None:
            buddy = label.buddy()
            label.setMinimumHeight(0 if above or buddy is None else buddy.sizeHint().height())
            label.setContentsMargins(0, 0, 0, _ABOVE if above else 0)
            self.addWidget(label, line if above else line + 1, 0, 1, 2 if above else 1, Qt.AlignmentFlag.AlignTop)
