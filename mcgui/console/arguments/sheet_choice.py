"""Which sheet of a workbook is read."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mcgui.console.parts.elided_label import ElidedChoice, elide_choice
from mcgui.theme import set_tone
from mcgui.wheel_guard import guard_from_wheel


class SheetChoice(QWidget):
    """A list of the sheets of a workbook; hidden where there is nothing to choose.

    Signals:
        changed(): the user chose another one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel("Sheet", self)
        set_tone(label, "muted")
        self.combo = guard_from_wheel(ElidedChoice(self))
        self.combo.setAccessibleName("Sheet of the workbook")
        elide_choice(self.combo)
        label.setBuddy(self.combo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.combo, 1)
        self._shown: tuple[str, ...] = ()
        self._chosen = ""
        self.combo.activated.connect(self._on_activated)
        self.hide()

    @property
    def chosen(self) -> str:
        """The name of the sheet; "" for the first."""
        return self._chosen

    @property
    def matters(self) -> bool:
        """Whether there is something to choose, or something was chosen."""
        return len(self._shown) > 1 or bool(self._chosen)

    def choose(self, name: str) -> None:
        """Choose as the user would, of sheets that are not known yet; "" is the first."""
        self._chosen = name
        self._fill(())

    def show_sheets(self, names: tuple[str, ...]) -> None:
        """Say which there are. What was chosen stays, also where it is gone."""
        if names != self._shown:
            self._fill(names)

    def _fill(self, names: tuple[str, ...]) -> None:
        self._shown = names
        self.combo.clear()
        self.combo.addItem("The first", "")
        for name in names if self._chosen in ("", *names) else (*names, self._chosen):
            self.combo.addItem(name, name)
        self.combo.setCurrentIndex(self.combo.findData(self._chosen))

    @Slot()
    def _on_activated(self) -> None:
        self._chosen = self.combo.currentData()
        self.changed.emit()
