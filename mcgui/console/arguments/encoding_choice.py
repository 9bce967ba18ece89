"""How a file's text is encoded: as it was found, or as the user says."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from mcgui.console.arguments.labelled_choice import LabelledChoice
from mcgui.console.parts.elided_label import ElidedChoice, elide_choice
from mcgui.wheel_guard import guard_from_wheel

#: Encodings that are offered, with what people call them. A job document may name any other that Python knows.
_OFFERED: Final[tuple[tuple[str, str], ...]] = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252 (western Europe)"),
    ("iso8859-15", "Latin-9 (ISO 8859-15)"),
    ("cp1250", "Windows-1250 (central Europe)"),
    ("cp1251", "Windows-1251 (Cyrillic)"),
    ("cp850", "DOS 850 (western Europe)"),
    ("mac_roman", "Mac Roman"),
    ("shift_jis", "Shift JIS (Japanese)"),
    ("gb18030", "GB 18030 (Chinese)"),
)


class EncodingChoice(QWidget):
    """A list of encodings, whose first entry is what was found.

    Signals:
        changed(): the user chose another one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = guard_from_wheel(ElidedChoice(self))
        self.combo.setAccessibleName("Encoding of the file")
        self.combo.setToolTip("How the file's letters are stored. Choose another where they look wrong.")
        elide_choice(self.combo)
        self.combo.addItem("Found", "")
        for name, words in _OFFERED:
            self.combo.addItem(words, name)
        LabelledChoice(self, QLabel("Encoding", self), self.combo)
        self.combo.activated.connect(self._on_chosen)
        self.hide()

    @property
    def chosen(self) -> str:
        """The name of the encoding; "" where it is to be found."""
        name: str = self.combo.currentData()
        return name

    def choose(self, name: str) -> None:
        """Choose as the user would; "" leaves it to what is found."""
        if self.combo.findData(name) < 0:
            self.combo.addItem(name, name)
        self.combo.setCurrentIndex(self.combo.findData(name))

    def show_found(self, name: str) -> None:
        """Say what the file was found to be; "" where that is not known."""
        known = dict(_OFFERED).get(name, name.upper()).partition(" (")[0]  # where it is usual helps only who chooses
        if not self.chosen:
            self.combo.setItemText(0, f"Found: {known}" if name else "Found")
        else:
            self.combo.setItemText(0, "As found")

    @Slot()
    def _on_chosen(self) -> None:
        self.changed.emit()
