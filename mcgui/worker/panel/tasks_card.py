"""What this computer has done today and in all, and what that takes of it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui import format as say
from mcgui.card import Card
from mcgui.theme import Theme, set_tone
from mcgui.worker.panel.load_row import LoadRow
from mcgui.worker.panel.throughput_plot import ThroughputPlot
from mcgui.worker.session.machine_load import MachineLoad, MachineMeter
from mcgui.worker.session.throughput_history import BUCKET, ThroughputHistory
from mcgui.worker.state import WorkerState
from mcgui.worker.words import tasks


class TasksCard(Card):
    """Totals, the plot, and our share of the machine. Redraws only while somebody can see it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Today", parent)
        self._state = WorkerState()
        self._throughput = ThroughputHistory(time.monotonic())
        self._meter = MachineMeter()
        self._totals = QLabel(self)
        self._totals.setObjectName("totals")
        set_tone(self._totals, "muted")
        self.header.addWidget(self._totals)
        self.plot = ThroughputPlot(theme, self)
        self._ours = LoadRow("Ours", self)
        self._machine = LoadRow("This computer", self)
        self.body.addWidget(self.plot, 1)
        loads = QGridLayout()
        loads.setHorizontalSpacing(18)
        loads.setVerticalSpacing(2)
        loads.setColumnStretch(0, 1)
        for place, row in enumerate((self._ours, self._machine)):
            row.add_to(loads, place)
        self.body.addLayout(loads)
        self._timer = QTimer(self)
        self._timer.setInterval(round(BUCKET * 1000))
        self._timer.timeout.connect(self._on_tick)
        self.show_state(self._state)

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self._throughput.record(state.done, state.failed, time.monotonic())
        self._show_totals()
        # A process of ours takes some memory always; none means that it has not been measured yet.
        known = state.running and state.memory > 0
        self._ours.show_load(state.cpu if known else None, say.bytes(state.memory if known else None))

    def _show_totals(self) -> None:
        self._totals.setText(tasks(self._state, time.strftime("%Y-%m-%d")))

    def show_machine(self, load: MachineLoad) -> None:
        self._machine.show_load(load.cpu, memory_of(load))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def _on_tick(self) -> None:
        self._show_totals()  # the day may be over
        self.show_machine(self._meter.read())
        self.plot.show_rates(self._throughput.rates(time.monotonic()))


def memory_of(load: MachineLoad) -> str:
    """Used memory beside all of it: "6.2 of 16 GB", or "900 MB of 16 GB" where the units differ."""
    used, _, unit = say.bytes(load.memory).partition(" ")
    total = say.bytes(load.memory_total).replace(".0 ", " ")
    return f"{used} of {total}" if total.endswith(f" {unit}") else f"{used} {unit} of {total}"
