"""Rows of a head that become two where one would cut words: what something is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QWidget

from mcgui.console.parts.elided_label import ElidedLabel

#: Pixels between two of its parts.
_GAP = 8


class BesideOrBelow(QObject):
    """Has a widget stand at its place in a row, and below it, first or `last` in another layout, where the row would
    cut words.

    `owner` is what the row lies in, over its whole width. `needed` gives the pixels with which the widget says what one
    needs, by default all that it has to say. As with a `HeadRow`, in one width it goes below and not back, until it is
    told to `begin` anew.
    """

    def __init__(
        self,
        widget: QWidget,
        row: QBoxLayout,
        below: QBoxLayout,
        owner: QWidget,
        needed: Callable[[], int] | None = None,
        *,
        last: bool = False,
    ) -> None:
        super().__init__(owner)
        self._widget, self._row, self._owner = widget, row, owner
        self._at, self._below, self._last = row.indexOf(widget), below, last
        self._needed = needed or (lambda: widget.sizeHint().width())
        self._is_below = False
        owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and event.size().width() != event.oldSize().width():
            self._arrange(anew=True)
        elif event.type() == QEvent.Type.LayoutRequest:  # something else is said
            self._arrange()
        return super().eventFilter(watched, event)

    def begin(self) -> None:
        """What it says now is about something else."""
        self._arrange(anew=True)

    def _arrange(self, anew: bool = False) -> None:
        nothing = self._widget.isHidden()
        if nothing and not anew:
            return
        items = (self._row.itemAt(at) for at in range(self._row.count()))
        others = [one for item in items if item and (one := item.widget()) and one is not self._widget]
        wanted = [one.sizeHint().expandedTo(one.minimumSizeHint()).width() for one in others if not one.isHidden()]
        margins = [one.contentsMargins() for one in (self._row, self._owner.layout()) if one is not None]
        room = self._owner.contentsRect().width() - sum(one.left() + one.right() for one in margins)
        cut = sum(wanted) + len(wanted) * self._row.spacing() + self._needed() > room
        is_below = (cut or (self._is_below and not anew)) and not nothing
        if is_below != self._is_below:
            self._is_below = is_below
            if is_below:
                self._below.insertWidget(-1 if self._last else 0, self._widget)
            else:
                self._row.insertWidget(self._at, self._widget)


class HeadRow(QWidget):
    """The words, and beside them what `add` is given; below them where what one needs of them would be cut. `last`
    stays beside them.

    In one width it becomes two rows and not one again, or what is below it would jump with what is said; until it is
    told to `begin` anew.
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

    def begin(self) -> None:
        """There are other things to do now."""
        self._arrange(anew=True)

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
        cut = room - sum(map(self._beside, self._widgets)) < self._words.needed
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
