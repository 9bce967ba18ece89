"""What is wrong with the text, as a line that can be pressed, or as more of them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.fold_button import LEAST, TextButton
from mcgui.plain_text import plain_button
from mcgui.scale import scaled
from mcgui.theme import Tone, set_tone


class StatusButton(TextButton):
    """Never widens the panel: what it says changes with every key press, and the panels beside it would give way to it.
    Of what needs too many lines, the whole is in its tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, wraps=True)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setRetainSizeWhenHidden(True)  # nor does the panel get wider when there is something to say again
        self.setSizePolicy(policy)

    def say(self, text: str, tone: Tone, tip: str = "", end: str = "") -> None:
        """Show this text with `end` behind it, in this tone; `tip` says what comes of pressing it."""
        self.end = plain_button(end)
        self.setText(plain_button(text) + self.end)
        self.setToolTip("\n".join(part for part in (text + end, tip) if part))
        self.setAccessibleName(text + end or "Problems")
        self.setVisible(bool(text))
        set_tone(self, tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(LEAST), super().minimumSizeHint().height())
