"""One line of who takes how much: name, processor, memory, below one another so that they can be compared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui import format as say
from mcgui.theme import set_tone


class LoadRow:
    """Three labels in a row of a grid that several of these share."""

    def __init__(self, name: str, parent: QWidget) -> None:
        self._name = QLabel(name, parent)
        self._cpu = QLabel(parent)
        self._memory = QLabel(parent)
        for label in (self._name, self._cpu, self._memory):
            set_tone(label, "muted")
        self._cpu.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._cpu.setObjectName(f"{name} CPU")
        self._memory.setObjectName(f"{name} memory")

    def add_to(self, grid: QGridLayout, row: int) -> None:
        """Take a row of the grid."""
        grid.addWidget(self._name, row, 0)
        grid.addWidget(self._cpu, row, 1)
        grid.addWidget(self._memory, row, 2, Qt.AlignmentFlag.AlignRight)

    def show_load(self, cpu: float | None, memory: str) -> None:
        """`cpu` is per cent of the whole machine, None where it is not known."""
        name = self._name.text()
        # Room for the most there can be: a layout makes room a moment after the text has grown.
        self._cpu.setMinimumWidth(self._cpu.fontMetrics().horizontalAdvance(_words(100.0)) + 1)
        self._cpu.setText(say.UNKNOWN if cpu is None else _words(cpu))
        self._memory.setText(memory)
        self._cpu.setAccessibleName(f"{name}: {self._cpu.text()}")
        self._memory.setAccessibleName(f"{name}: {memory} of memory")


def _words(cpu: float) -> str:
    return f"{say.percent(cpu)} CPU"
