"""Rows of a form: each label beside its field, or above it where that would have too little room beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui.scale import scaled

#: Pixels of a field with which it stands beside its label.
_ROOMY: Final = 240
#: Pixels between a label and its field, beside it and below it, and between two fields.
_BESIDE, _ABOVE, _BETWEEN = 12, 2, 10


class FormRows(QGridLayout):
    """Lays out `owner`, or a part of it that is as wide."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__()
        self._owner = owner
        self._rows: list[tuple[QLabel | None, QWidget]] = []
        self._is_above = False
        self.setHorizontalSpacing(_BESIDE)
        self.setVerticalSpacing(0)
        self.setColumnStretch(1, 1)
        owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._fit()
        return super().eventFilter(watched, event)

    def add(self, label: QLabel | None, field: QWidget) -> None:
        """One more row. A label is as high as its buddy; without one, the field stands where the others do."""
        if self._rows:
            self.setRowMinimumHeight(3 * len(self._rows), _BETWEEN)
        self._rows.append((label, field))
        self._place(len(self._rows) - 1)

    def _fit(self) -> None:
        """Put the labels where they leave their fields room."""
        labels = (label.sizeHint().width() for label, _ in self._rows if label is not None)
        above = self._owner.contentsRect().width() - max(labels, default=0) - _BESIDE < scaled(_ROOMY)
        if above != self._is_above:
            self._is_above = above
            for number in range(len(self._rows)):
                self._place(number)

    def _place(self, number: int) -> None:
        """Three lines of the grid for each row: the gap before it, the label where it is above, and the field."""
        label, field = self._rows[number]
        above, line = self._is_above, 3 * number + 1
        self.addWidget(field, line + 1, 0 if above else 1, 1, 2 if above else 1)
        if label is not None:
            buddy = label.buddy()
            label.setMinimumHeight(0 if above or buddy is None else buddy.sizeHint().height())
            label.setContentsMargins(0, 0, 0, _ABOVE if above else 0)
            self.addWidget(label, line if above else line + 1, 0, 1, 1, Qt.AlignmentFlag.AlignTop)
