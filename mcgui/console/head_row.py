"""The head of a list or of details: what they are of, in words, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from mcgui.console.parts.elided_label import ElidedLabel

#: Pixels between two of its parts.
_GAP = 8


class HeadRow(QWidget):
    """The words, and beside them what `add` is given; below them where they would be cut. `last` stays beside them.

    In one width it becomes two rows and never one again, or what is below it would jump with what is said.
    """

    def __init__(self, words: ElidedLabel, parent: QWidget, last: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._last = words, last
        self._controls = QHBoxLayout()
        self._controls.setSpacing(_GAP)
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(8, 4, 4, 2)
        self._rows.setHorizontalSpacing(_GAP)
        self._rows.setVerticalSpacing(2)
        self._rows.setColumnStretch(0, 1)
        self._rows.addWidget(words, 0, 0)
        self._rows.addLayout(self._controls, 0, 1)
        if last is not None:
            self._rows.addWidget(last, 0, 2)
        self._is_divided = False

    def add(self, widget: QWidget, first: bool = False) -> None:
        """One more thing to do, as the last or as the first."""
        self._controls.insertWidget(0 if first else len(self._widgets), widget)

    @property
    def _widgets(self) -> list[QWidget]:
        found = (self._controls.itemAt(at) for at in range(self._controls.count()))
        return [widget for item in found if item is not None and (widget := item.widget()) is not None]

    def minimumSizeHint(self) -> QSize:
        """As wide as two rows are at least."""
        margins = self._rows.contentsMargins()
        words = self._words.minimumSizeHint().width() + self._beside(self._last)
        wide = max(words, self._controls.minimumSize().width()) + margins.left() + margins.right()
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange(anew=True)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something else is said, or can be done
            self._arrange()
        return handled

    def _beside(self, widget: QWidget | None) -> int:
        return 0 if widget is None or widget.isHidden() else widget.sizeHint().width() + _GAP

    def _arrange(self, anew: bool = False) -> None:
        margins = self._rows.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._beside(self._last)
        cut = room - sum(map(self._beside, self._widgets)) < self._words.sizeHint().width()
        divided = cut or (self._is_divided and not anew)
        if divided == self._is_divided:
            return
        self._is_divided = divided
        self._rows.removeItem(self._controls)
        if divided:
            self._controls.addStretch(1)
            self._rows.addLayout(self._controls, 1, 0, 1, 3)
        else:
            self._controls.takeAt(self._controls.count() - 1)
            self._rows.addLayout(self._controls, 0, 1)
