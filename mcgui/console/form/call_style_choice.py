"""How a task passes its argument to the function: f(a), f(*a) or f(**a), as fits best or as the user says."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from mcgui.console.arguments.labelled_choice import LabelledChoice
from mcgui.console.parts.elided_label import ElidedChoice, elide_choice
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.run_options import CALL_STYLES, CallStyle

_CALLS: Final[dict[CallStyle, str]] = {"single": "{name}(value)", "args": "{name}(*value)", "kwargs": "{name}(**value)"}


class CallStyleChoice(QWidget):
    """A list of the ways to call, whose first entry is the best one; hidden where there is nothing to choose.

    Signals:
        changed(): the user chose another one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel("Passed as", self)
        self.combo = guard_from_wheel(ElidedChoice(self))
        self.combo.setAccessibleName("How a task passes its argument")
        elide_choice(self.combo)
        self.combo.addItem("", None)
        for style in CALL_STYLES:
            self.combo.addItem("", style)
        LabelledChoice(self, self.label, self.combo)
        self.combo.activated.connect(self._on_chosen)

    @property
    def chosen(self) -> CallStyle | None:
        """What the user chose; None where it is left to us."""
        chosen: CallStyle | None = self.combo.currentData()
        return chosen

    def choose(self, style: CallStyle | None) -> None:
        """Choose as the user would; None leaves it to us."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(style)))

    def offer(self, function: str, best: CallStyle, could_differ: bool) -> None:
        """Show the ways to call this function; they are in sight where another than the best could be meant, or is."""
        for row, style in enumerate(CALL_STYLES, start=1):
            self.combo.setItemText(row, _CALLS[style].format(name=function))
        automatic = "single" if self.chosen else best
        self.combo.setItemText(0, f"Automatic: {_CALLS[automatic].format(name=function)}")
        self.setVisible(could_differ or self.chosen not in (None, best))

    @Slot()
    def _on_chosen(self) -> None:
        self.changed.emit()
