"""When to work: a line for each of the owner's limits, with how it stands, and which of them is in force."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from mcgui.card import Card
from mcgui.worker.limits.limit_row import LimitRow
from mcgui.worker.limits.limit_words import ROWS
from mcgui.worker.state import WorkerState
from mcgui_core.owner.limits import LimitName, Limits, Overrides


class LimitsCard(Card):
    """All limits, one below the other.

    Signals:
        chosen(Limits): one was switched.
        ignore_asked(str): this limit is not to count for an hour.
        heed_asked(str): this limit is to count again.
        edit_asked(str): the owner wants to change a value, or has to: what they switched on has none yet.
    """

    chosen = Signal(object)
    ignore_asked = Signal(str)
    heed_asked = Signal(str)
    edit_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("When to work", parent)
        self._limits, self._overrides, self._state = Limits(), Overrides(), WorkerState()
        self.rows = {name: LimitRow(name, self) for name in ROWS}
        self.body.setSpacing(3)
        for row in self.rows.values():
            self.body.addWidget(row)
            row.toggled.connect(self._on_toggled)
            row.edit_asked.connect(self.edit_asked)
            row.ignore_asked.connect(self.ignore_asked)
            row.heed_asked.connect(self.heed_asked)
        self.refresh()

    def show_limits(self, limits: Limits, overrides: Overrides) -> None:
        """What the owner set, and what they said for a while."""
        self._limits, self._overrides = limits, overrides
        self.refresh()

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self.refresh()

    def refresh(self) -> None:
        """Say it anew: time has passed."""
        now = time.time()
        for row in self.rows.values():
            row.show_limit(self._limits, self._overrides, self._state, now)

    @Slot()
    def _on_toggled(self) -> None:
        limits = self._limits
        for name, row in self.rows.items():
            limits = limits.switched(name, row.box.isChecked())
        switched_on = limits.on - self._limits.on
        self._limits = limits
        self.chosen.emit(limits)
        for name in switched_on & _without_value(limits):
            self.edit_asked.emit(name)


def _without_value(limits: Limits) -> set[LimitName]:
    """Limits that hold nothing back before something is chosen."""
    empty: set[LimitName] = set()
    if not limits.programs:
        empty.add("programs")
    if not limits.schedule.periods and limits.schedule.otherwise is None:
        empty.add("schedule")
    return empty
