"""The field for a join link, hidden like a password: the key in it lets others join."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QLineEdit, QWidget

from mcgui_core.errors import LinkInvalid
from mcgui_core.protocol.join_link import SCHEME, JoinLink


class LinkField(QLineEdit):
    """A line for one link. What is dropped is left to the card around it, which takes it whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(f"Paste or drop {SCHEME}://…")
        self.setAccessibleName("Join link")
        self.setAccessibleDescription("Paste the link that the console shows under Add workers, then press Enter.")
        self.setAcceptDrops(False)
        self.show_plainly(False)

    @property
    def link(self) -> str:
        """What stands in the field, without the blanks that pasting brings along. A whole link that was pasted where
        only its key was asked for counts alone."""
        text = self.text().strip()
        return text[text.rfind(f"{SCHEME}://") :] if text.count(f"{SCHEME}://") > 1 else text

    def show_plainly(self, plain: bool) -> None:
        """Show the link, or dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if plain else QLineEdit.EchoMode.Password)
        self.setCursorPosition(0 if plain else len(self.text()))


def dropped_link(data: QMimeData) -> str:
    """The link in what is dragged, as text or as the URL that a browser makes of it; "" where there is none."""
    words = data.text().split() if data.hasText() else []
    if words:
        return next((link for link in (words[0], data.text()) if _is_link(link)), words[0])
    return data.urls()[0].toString() if data.urls() else ""


def _is_link(text: str) -> bool:
    try:
        JoinLink.parse(text)
    except LinkInvalid:
        return False
    return True
