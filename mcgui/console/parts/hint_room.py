"""Room for words that come and go while one types: what is below them stays where it is, and is hit by a click."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.plain_text import plain_tip

#: Lines of a text that have their room at any rate.
_SEEN: Final = 3
#: Lines of a summary that is folded.
_FOLDED: Final = 2
#: Pixels of a height that is not bounded.
_HIGHEST: Final = (1 << 24) - 1


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
    """Keeps `widget` at least as high as so many lines of its text, whatever the size of the text is.

    What its words do not need of that is `spare`, and can be given up. Where it stands in a row `beside` another
    widget, that one has its height at any rate. The `summary` among its words can be folded to its first lines, while
    it is one that `may_fold`.
    """

    def __init__(
        self, widget: QWidget, lines: int, beside: QWidget | None = None, summary: WrappedLabel | None = None
    ) -> None:
        super().__init__(widget)
        self._widget, self._lines, self._beside, self._summary = widget, lines, beside, summary
        self._about: object = None
        self._held = 0  # pixels that words about that have needed
        self._is_given, self._is_folded, self._may_fold = True, False, False
        widget.installEventFilter(self)
        self._keep()

    # What it could do without, which is the same whether it has it or not

    @property
    def spare(self) -> int:
        """Pixels by which the words of now make less of the room."""
        whole, _ = self._heights()
        return max(self._room - whole, 0)

    @property
    def foldable(self) -> int:
        """Pixels of the words that are the summary's beyond its first lines."""
        whole, folded = self._heights()
        return whole - folded

    def _heights(self) -> tuple[int, int]:
        """Pixels of its row without any room, with the summary whole and folded."""
        if not self._widget.isVisible():
            return self._room, self._room
        whole = folded = self._needed()
        summary = self._summary
        if summary is not None and self._may_fold and summary.isVisible():
            lines = len(summary.lines(summary.width())) - _FOLDED
            more = max(lines, 0) * summary.fontMetrics().lineSpacing()
            whole, folded = (whole + more, folded) if self._is_folded else (whole, folded - more)
        beside = self._beside.sizeHint().height() if self._beside is not None else 0
        least = max(self._held, beside)
        return max(whole, least), max(folded, least)

    # What it has

    def give(self, is_given: bool) -> None:
        """Keep the room, or let the widget be as low as its words."""
        if is_given != self._is_given:
            self._is_given = is_given
            self._keep()

    def fold(self, is_folded: bool) -> None:
        """Have no more of the summary in sight than its first lines, or all of it."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self._fold()

    def may_fold(self, may_fold: bool) -> None:
        """Tell whether the summary is one, or something of which each word counts."""
        if may_fold != self._may_fold:
            self._may_fold = may_fold
            self._fold()

    def _fold(self) -> None:
        summary = self._summary
        if summary is not None:
            folded = self._is_folded and self._may_fold
            summary.setMaximumHeight(_FOLDED * summary.fontMetrics().lineSpacing() if folded else _HIGHEST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish):
            self._keep()
            self._fold()
        return super().eventFilter(watched, event)

    def hold(self, about: object) -> None:
        """Have the room that the words need now, and give none of it back while they are `about` the same: who mends
        what they say step by step clicks on what stands below. About nothing (None), it is the room of the lines."""
        before = self._held if about == self._about else 0
        self._about, self._held = about, 0
        self._held = max(before, self._heights()[1]) if about is not None else 0
        self._keep()

    @property
    def _room(self) -> int:
        return self._lines * self._widget.fontMetrics().lineSpacing()

    def _needed(self) -> int:
        """Pixels of the height of its words, in the width that they have."""
        widget, layout = self._widget, self._widget.layout()
        if layout is not None:
            high = layout.hasHeightForWidth()
            return layout.totalHeightForWidth(widget.width()) if high else layout.totalSizeHint().height()
        if isinstance(widget, WrappedLabel) and widget.text():
            return len(widget.lines(widget.width())) * widget.fontMetrics().lineSpacing()
        return 0

    def _keep(self) -> None:
        self._widget.setMinimumHeight(max(self._held, self._room if self._is_given else 0))


class Spare(Protocol):
    """What a panel can do without, all of it or nothing. What it tells is the same whether the panel has it or not."""

    def spare(self) -> int:
        """Pixels of the panel's height."""

    def given(self) -> int:
        """Those of them that it has."""

    def give(self, is_given: bool) -> None:
        """Have it, or not."""


class HintRooms:
    """All room that a panel keeps for words that come and go: where there is little, it is not kept (`Spare`)."""

    def __init__(self, panel: QWidget) -> None:
        self._panel = panel
        self._is_given = True

    @property
    def _all(self) -> list[HintRoom]:
        return self._panel.findChildren(HintRoom)

    def spare(self) -> int:
        return sum(room.spare for room in self._all)

    def given(self) -> int:
        return self.spare() if self._is_given else 0

    def give(self, is_given: bool) -> None:
        self._is_given = is_given
        for room in self._all:
            room.give(is_given)
