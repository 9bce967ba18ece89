"""A link that was opened, in a browser or a mail: who joins a master runs its programs, so the owner is asked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mcgui.card import Card
from mcgui.theme import set_tone
from mcgui.worker.panel.wrapped_label import wrapped_label
from mcgui_core.protocol.join_link import JoinLink


class JoinOfferCard(Card):
    """To be seen only while there is a question.

    Signals:
        accepted(str): the owner wants to join with this link.
    """

    accepted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("A link was opened")
        self._link = ""
        self._question = QLabel(self)
        self._question.setObjectName("offer")
        self._question.setWordWrap(True)
        self._question.setTextFormat(Qt.TextFormat.PlainText)  # whoever made the link chose the host's name
        font = self._question.font()
        font.setBold(True)
        self._question.setFont(font)
        self._why = wrapped_label(self, "why")
        set_tone(self._why, "muted")
        self.accept = QPushButton("Join", self)
        self.accept.setProperty("primary", True)
        self.decline = QPushButton("Not now", self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.decline)
        row.addWidget(self.accept)
        for part in (self._question, self._why):
            self.body.addWidget(part)
        self.body.addLayout(row)
        self.accept.clicked.connect(self._on_accept)
        self.decline.clicked.connect(self.take_back)
        self.setVisible(False)

    def show_link(self, link: str) -> None:
        """Ask whether to join with this link. Raises LinkInvalid."""
        parsed = JoinLink.parse(link)
        self._link = link
        self._question.setText(f"Work for {parsed.address}?")
        self._why.setText(
            "A link to this master was opened on this computer. Join it only if you know who gave it to you: "
            "a master runs its programs here."
        )
        self.setVisible(True)
        # Not Join: whoever is typing as the question comes up must not say yes by that.
        self.decline.setFocus()

    @Slot()
    def take_back(self) -> None:
        """Ask no more."""
        self._link = ""
        self.setVisible(False)

    @Slot()
    def _on_accept(self) -> None:
        link = self._link
        self.take_back()
        self.accepted.emit(link)
