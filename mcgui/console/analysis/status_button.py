"""What is wrong with the text, as a line that can be pressed: as much of it as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from mcgui.plain_text import plain_button
from mcgui.scale import scaled
from mcgui.theme import Tone, set_tone

#: Pixels that it wants to have at any rate.
_LEAST = 90


class StatusButton(QPushButton):
    """Ends in "…" where it is too long, and never widens the panel: what it says changes with every key press, and the
    panels beside it would give way to it. The whole is in its tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._end = ""  # of its text, which is never cut
        self.setProperty("link", True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # nor does the panel get wider when there is something to say again
        self.setSizePolicy(policy)

    def say(self, text: str, tone: Tone, tip: str = "", end: str = "") -> None:
        """Show this text with `end` behind it, in this tone; `tip` says what comes of pressing it."""
        self._end = plain_button(end)
        self.setText(plain_button(text) + self._end)
        self.setToolTip("\n".join(part for part in (text + end, tip) if part))
        self.setAccessibleName(text + end or "Problems")
        self.setVisible(bool(text))
        set_tone(self, tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(_LEAST), super().minimumSizeHint().height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        metrics, whole, shown = self.fontMetrics(), self.text(), Qt.TextFlag.TextShowMnemonic
        if metrics.size(shown, whole).width() > room:
            begin = whole.removesuffix(self._end)
            left = room - metrics.size(shown, self._end).width()
            option.text = metrics.elidedText(begin, Qt.TextElideMode.ElideRight, left, shown) + self._end
