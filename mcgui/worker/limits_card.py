"""When to work: a line for each of the owner's limits, with how it stands, and which of them is in force."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from mcgui.card import Card
from mcgui.theme import Theme, set_tone
from mcgui.worker.limit_words import ROWS, limit_title, standing
from mcgui.worker.state import WorkerState
from mcgui.worker.words import clock
from mcgui_core.limits import LimitName, Limits, Overrides


class LimitRow:
    """A box to switch the limit, a flat button with how it stands that leads to its value, and, where it is in force,
    one that lets it not count for an hour."""

    def __init__(self, name: LimitName, card: LimitsCard) -> None:
        self.name = name
        self.box = QCheckBox(card)
        self.value = QToolButton(card)
        self.value.setProperty("flat", True)
        self.value.setToolTip("Change this limit")
        self.ignore = QToolButton(card)
        self.ignore.setText("Ignore for an hour")
        self.ignore.setVisible(False)
        self.layout = QHBoxLayout()
        self.layout.setSpacing(8)
        self.layout.addWidget(self.box)
        self.layout.addStretch(1)
        self.layout.addWidget(self.value)
        self.layout.addWidget(self.ignore)

    def show(self, limits: Limits, overrides: Overrides, state: WorkerState, now: float) -> None:
        """The limit, what is said of it, and whether it is in force."""
        title = limit_title(self.name, limits)
        in_force = state.limited and state.limit == self.name
        until = next((end for name, end in overrides.ignored if name == self.name and end > now), 0.0)
        self.box.blockSignals(True)
        self.box.setChecked(self.name in limits.on)
        self.box.blockSignals(False)
        self.box.setText(title)
        self.box.setAccessibleDescription(state.reason if in_force else "")
        text = f"ignored until {clock(until, now)}" if until else standing(self.name, limits, state, now)
        self.value.setText(text)
        self.value.setVisible(bool(text))
        self.value.setAccessibleName(f"{title}: {text}")
        self.ignore.setAccessibleName(f"Ignore for an hour: {title}")
        self.ignore.setVisible(in_force)
        for widget in (self.box, self.value):
            set_tone(widget, "warn" if in_force else ("" if widget is self.box else "muted"))


class LimitsCard(Card):
    """All limits, one below the other.

    Signals:
        chosen(Limits): one was switched.
        ignore_asked(str): this limit is not to count for an hour.
        edit_asked(): the owner wants to change a value.
    """

    chosen = Signal(object)
    ignore_asked = Signal(str)
    edit_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("When to work", parent)
        self._limits, self._overrides, self._state = Limits(), Overrides(), WorkerState()
        self.rows = {name: LimitRow(name, self) for name in ROWS}
        self.body.setSpacing(2)
        for row in self.rows.values():
            self.body.addLayout(row.layout)
            row.box.toggled.connect(self._on_toggled)
            row.value.clicked.connect(self.edit_asked)
            row.ignore.clicked.connect(self._on_ignore)
        theme.changed.connect(self._refresh)
        self._refresh()

    def show_limits(self, limits: Limits, overrides: Overrides) -> None:
        """What the owner set, and what they said for a while."""
        self._limits, self._overrides = limits, overrides
        self._refresh()

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        now = time.time()
        for row in self.rows.values():
            row.show(self._limits, self._overrides, self._state, now)

    @Slot()
    def _on_toggled(self) -> None:
        limits = self._limits
        for name, row in self.rows.items():
            limits = limits.switched(name, row.box.isChecked())
        needs_value = (limits.on - self._limits.on) & self._empty()
        self._limits = limits
        self.chosen.emit(limits)
        if needs_value:
            self.edit_asked.emit()

    def _empty(self) -> set[LimitName]:
        """Limits that hold nothing back before something is chosen."""
        empty: set[LimitName] = set()
        if not self._limits.programs:
            empty.add("programs")
        if not self._limits.schedule.periods:
            empty.add("schedule")
        return empty

    @Slot()
    def _on_ignore(self) -> None:
        for name, row in self.rows.items():
            if row.ignore is self.sender():
                self.ignore_asked.emit(name)
