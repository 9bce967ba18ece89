"""How many processors the owner gives: the number, the slider, and what stays theirs."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mcgui.card import Card
from mcgui.format import count
from mcgui.theme import Theme, set_tone
from mcgui.worker.panel.big_slider import BigSlider
from mcgui.worker.panel.slot_strip import SlotStrip
from mcgui.worker.state import WorkerState
from mcgui.worker.words import processors_left

#: Milliseconds that the slider must rest before its value counts: a drag passes many values that nobody wants.
_REST: Final = 200


class ProcessorsCard(Card):
    """The slider takes effect at once when it is let go or rests, and never jumps back under the hand.

    Signals:
        chosen(int): give this many processors.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Processors")
        self._cpus = 1
        self._number = QLabel(self)
        self._number.setObjectName("nprocs")
        font = self._number.font()
        font.setPointSizeF(font.pointSizeF() * 2.2)
        font.setBold(True)
        self._number.setFont(font)
        self._unit = QLabel(self)
        self._left = QLabel(self)
        set_tone(self._left, "muted")
        self.slider = BigSlider(theme, self)
        self.slider.setAccessibleName("Processors that may work")
        self.slider.setRange(1, 1)
        self.slots = SlotStrip(theme, self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._on_settled)
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderReleased.connect(self._on_settled)
        self._lay_out()

    def _lay_out(self) -> None:
        line = Qt.AlignmentFlag.AlignBaseline
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._number, 0, line)
        row.addWidget(self._unit, 0, line)
        row.addStretch(1)
        row.addWidget(self._left, 0, line)
        self.body.addLayout(row)
        self.body.addWidget(self.slider)
        self.body.addWidget(self.slots)

    def show_state(self, state: WorkerState) -> None:
        self.slots.show_tasks(state.slots if state.joined else 0, state.tasks, state.kind == "paused")
        if self._rest.isActive() or self.slider.isSliderDown():
            return  # the owner's hand is on it: what they choose next counts, not what was
        self._cpus = state.cpus
        self.slider.blockSignals(True)
        # More than there are can be asked for at the start; it stays within reach then.
        self.slider.setMaximum(max(state.cpus, state.nprocs, self.slider.maximum()))
        self.slider.setValue(state.nprocs)
        self.slider.blockSignals(False)
        self._show_value(state.nprocs)

    def _show_value(self, nprocs: int) -> None:
        self._number.setText(count(nprocs))
        self._unit.setText(f"of {count(self._cpus)} processor{'' if self._cpus == 1 else 's'}")
        self._left.setText(processors_left(nprocs, self._cpus))
        self.slider.setAccessibleDescription(f"{nprocs} of {self._cpus} processors, {self._left.text()}")

    @Slot(int)
    def _on_moved(self, nprocs: int) -> None:
        self._show_value(nprocs)
        self._rest.start()

    @Slot()
    def _on_settled(self) -> None:
        self._rest.stop()
        self.chosen.emit(self.slider.value())
