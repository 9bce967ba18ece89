"""This computer as a worker: whether it works too, and with how many processors."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from mcgui import format
from mcgui.console.workers.processors_bar import MOST
from mcgui.console.workers.worker_columns import STATES, departed
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import NodeStatus


class LocalWorkerRow(QWidget):
    """Signals: `switched(bool)`, `resized(int)` by the person."""

    switched = Signal(bool)
    resized = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch = QCheckBox("This computer", self)
        self.switch.setAccessibleName("This computer works too")
        self.switch.setToolTip("Run tasks here too")
        self.switch.clicked.connect(self.switched)
        self.spin = guard_from_wheel(QSpinBox(self))
        self.spin.setRange(1, MOST)
        self.spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spin.setKeyboardTracking(False)
        self.spin.setAccessibleName("Processors of this computer")
        self.spin.setToolTip("How many tasks run here at once")
        self.spin.setMinimumWidth(scaled(70))
        self.spin.setValue(cpu_count())
        self.spin.valueChanged.connect(self._on_value)
        self._words = QLabel(f"of {format.plural(cpu_count(), 'processor')}", self)
        set_tone(self._words, "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.switch, self.spin, self._words):
            layout.addWidget(widget)
        layout.addStretch(1)

    def show_wish(self, wanted: bool, nprocs: int | None, *, possible: bool) -> None:
        """How it is switched; `possible`: there is a master that it can work for."""
        self.switch.setEnabled(possible)
        self.switch.setChecked(wanted)
        self.spin.setEnabled(possible and wanted)
        if nprocs is not None:
            self._set(nprocs)

    def show_node(self, node: NodeStatus | None) -> None:
        """How it is as a node: what was set elsewhere is shown here too."""
        words = f"of {format.plural(cpu_count(), 'processor')}"
        if node is not None and not departed(node):
            if not self.spin.hasFocus():  # nobody is about to change it
                self._set(node.nprocs)
            words += f" · {STATES[node.state][0].lower()}"
        self._words.setText(words)

    def _set(self, nprocs: int) -> None:
        self.spin.blockSignals(True)
        self.spin.setValue(nprocs)
        self.spin.blockSignals(False)

    @Slot(int)
    def _on_value(self, nprocs: int) -> None:
        self.resized.emit(nprocs)
