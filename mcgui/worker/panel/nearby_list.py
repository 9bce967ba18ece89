"""The masters that announce themselves on the local network, to be picked instead of typing an address."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mcgui.plain_text import plain_button
from mcgui.theme import set_tone
from mcgui_core.protocol.lan_discovery import FoundMaster

#: Masters that are listed; more are a room in which the name says nothing any more.
_MOST = 5


class NearbyList(QWidget):
    """A line for each master; nothing at all where there is none.

    Signals:
        picked(str, str): the name and the address, "host:port", of the master that was picked.
    """

    picked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Masters on this network")
        self._masters: tuple[FoundMaster, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._title = QLabel("On this network", self)
        set_tone(self._title, "muted")
        self._column.addWidget(self._title)
        self.buttons: list[QPushButton] = []

    @property
    def masters(self) -> tuple[FoundMaster, ...]:
        """Those that are listed."""
        return self._masters

    def show_masters(self, masters: tuple[FoundMaster, ...]) -> None:
        """List these."""
        masters = masters[:_MOST]
        if masters == self._masters:
            return
        self._masters = masters
        for button in self.buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(master) for master in masters]

    def _button(self, master: FoundMaster) -> QPushButton:
        button = QPushButton(plain_button(f"{master.name} · {master.address}"), self)
        button.setProperty("link", True)
        button.setToolTip("Take this address. Its key still has to be given.")
        button.setAccessibleName(f"Master {master.name} at {master.address}")
        button.clicked.connect(self._on_clicked)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return button

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        for button, master in zip(self.buttons, self._masters, strict=True):
            if button is sender:
                self.picked.emit(master.name, master.address)
