"""When to work: a line for each of the owner's limits, with how it stands, and which of them is in force."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from mcgui.card import Card
from mcgui.fold_button import FoldButton
from mcgui.theme import Theme
from mcgui.worker.limits.limit_row import LimitRow
from mcgui.worker.limits.limit_words import MORE_ROWS, ROWS
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

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("When to work", parent)
        self._limits, self._state = Limits(), WorkerState()
        self._overrides: Callable[[], Overrides] = Overrides
        # In the order in which they stand: the Tab key goes by it.
        self.rows = {name: LimitRow(name, self) for name in ROWS}
        self.more = FoldButton("More reasons not to work", "More reasons not to work", theme, self)
        self.rows |= {name: LimitRow(name, self) for name in MORE_ROWS}
        self.more.turned.connect(self.refresh)
        self.body.setSpacing(3)
        for name, row in self.rows.items():
            if name == MORE_ROWS[0]:
                self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
            self.body.addWidget(row)
            row.toggled.connect(self._on_toggled)
            row.edit_asked.connect(self.edit_asked)
            row.ignore_asked.connect(self.ignore_asked)
            row.heed_asked.connect(self.heed_asked)
        self.refresh()

    def show_limits(self, limits: Limits, overrides: Callable[[], Overrides]) -> None:
        """What the owner set; `overrides` tells what they said for a while, by the clock on the wall as it is then."""
        self._limits, self._overrides = limits, overrides
        self.refresh()

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say it anew: time has passed."""
        now, overrides = time.time(), self._overrides()
        for row in self.rows.values():
            row.show_limit(self._limits, overrides, self._state, now)
        for name in MORE_ROWS:  # one that counts is never out of sight
            self.rows[name].setVisible(self.more.is_open or name in self._limits.on)
        self.more.setVisible(self.more.is_open or not self._limits.on.issuperset(MORE_ROWS))  # else it unfolds nothing

    @Slot()
    def _on_toggled(self) -> None:
        limits = self._limits
        for name, row in self.rows.items():
            limits = limits.switched(name, row.box.isChecked())
        switched_on = limits.on - self._limits.on
        self._limits = limits
        self.chosen.emit(limits)
        for name in switched_on & without_value(limits):
            self.edit_asked.emit(name)


def without_value(limits: Limits) -> set[LimitName]:
    """Limits that hold nothing back before something is chosen."""
    empty: set[LimitName] = set()
    if not limits.programs:
        empty.add("programs")
    if not limits.schedule.periods and limits.schedule.otherwise is None:
        empty.add("schedule")
    return empty
