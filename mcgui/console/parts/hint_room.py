"""Room for words that come and go while one types: what is below them stays where it is, and is hit by a click."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.plain_text import plain_tip

#: Lines of a text that have their room at any rate.
_SEEN: Final = 3


class WholeLabel(WrappedLabel):
    """Text of which the first lines are seen, however little room there is, and which makes nothing wider.

    A layout that has too little room squeezes a wrapped text to the height of one line, and the others are cut. Not all
    of them claim their room: on its way to its place a text may be very narrow for a moment, and a dock that has become
    higher stays so. A text that is cut is whole in its tip.
    """

    def say(self, text: str) -> None:
        self.setText(text)
        if self.isVisible():  # before that, its width says nothing
            self._hold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._hold()  # what was said while it was hidden; where its size is the one of before, no resizing follows

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold()

    def _hold(self) -> None:
        self.setMinimumHeight(0)  # or the text needs at least what the one before it claimed
        needed = max(self.heightForWidth(self.width()), 0)  # -1: it has no text
        self.setMinimumHeight(min(needed, _SEEN * self.fontMetrics().lineSpacing()))
        cut = self.cut
        self.setToolTip(plain_tip(self.text()) if cut else "")
        side = Qt.AlignmentFlag.AlignTop if cut else Qt.AlignmentFlag.AlignVCenter  # in the middle, both ends are cut
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | side)


class HintRoom(QObject):
    """Keeps `widget` at least as high as so many lines of its text, whatever the size of the text is."""

    def __init__(self, widget: QWidget, lines: int) -> None:
        super().__init__(widget)
        self._widget, self._lines = widget, lines
        self._about: object = None
        widget.installEventFilter(self)
        self._keep()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish):
            self._keep()
        return super().eventFilter(watched, event)

    def hold(self, about: object) -> None:
        """Have the room that the words need now, and give none of it back while they are `about` the same: who mends
        what they say step by step clicks on what stands below. About nothing (None), it is the room of the lines."""
        layout = self._widget.layout()
        if about != self._about:
            self._about = about
            self._keep()
        if about is not None and layout is not None and layout.hasHeightForWidth():
            needed = layout.totalHeightForWidth(self._widget.width())
            self._widget.setMinimumHeight(max(self._widget.minimumHeight(), needed))

    def _keep(self) -> None:
        self._widget.setMinimumHeight(self._lines * self._widget.fontMetrics().lineSpacing())
