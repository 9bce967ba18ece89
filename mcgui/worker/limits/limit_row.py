"""One of the owner's limits in the panel: its switch, how it stands, and, while it is in force, why and a way round."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QWidget

from mcgui.theme import set_tone
from mcgui.worker.limits.limit_words import limit_title, standing
from mcgui.worker.panel.wrapped_label import wrapped_label
from mcgui.worker.state import WorkerState
from mcgui.worker.words import clock
from mcgui_core.owner.limits import LimitName, Limits, Overrides


class LimitRow(QWidget):
    """A box to switch the limit, how it stands as a button that leads to its value, and below them, while the limit is
    in force, the reason with a button that lets it not count for an hour; while it does not count, one that ends that.

    Signals:
        toggled(): the box was ticked or cleared, by hand.
        ignore_asked(str): this limit is not to count for an hour.
        heed_asked(str): it is to count again.
        edit_asked(str): its value is to be changed.
    """

    toggled = Signal()
    ignore_asked = Signal(str)
    heed_asked = Signal(str)
    edit_asked = Signal(str)

    def __init__(self, name: LimitName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.box = QCheckBox(self)
        self.value = QPushButton(self)
        self.value.setProperty("link", True)
        self.value.setToolTip("Change this limit")
        self._reason = wrapped_label(self, f"reason {name}")
        set_tone(self._reason, "warn")
        self.ignore = QPushButton("Ignore for an hour", self)
        self.heed = QPushButton("Count again", self)
        self._lay_out()
        self.box.toggled.connect(self.toggled)  # not `clicked`: a screen reader toggles without a click
        self.value.clicked.connect(self._on_edit)
        self.ignore.clicked.connect(self._on_ignore)
        self.heed.clicked.connect(self._on_heed)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.box, 0, 0)
        grid.addWidget(self.value, 0, 1, Qt.AlignmentFlag.AlignRight)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._reason, 1)
        below.addStretch(0)
        for button in (self.ignore, self.heed):
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(below, 1, 0, 1, 2)
        # As high with a value as without: a column of boxes at even distances.
        grid.setRowMinimumHeight(0, self.value.sizeHint().height())

    def show_limit(self, limits: Limits, overrides: Overrides, state: WorkerState, now: float) -> None:
        """The limit, what is said of it, and whether it is in force."""
        title = limit_title(self.name, limits)
        in_force = state.joined and state.limited and state.limit == self.name
        until = next((end for name, end in overrides.ignored if name == self.name and end > now), 0.0)
        ignored = bool(until) and self.name in limits.on
        self.box.blockSignals(True)
        self.box.setChecked(self.name in limits.on)
        self.box.blockSignals(False)
        self.box.setText(title)
        self.box.setAccessibleDescription(state.reason if in_force else "")
        text = f"ignored until {clock(until, now)}" if ignored else standing(self.name, limits, state, now)
        self.value.setText(text)
        self.value.setVisible(bool(text))
        self.value.setAccessibleName(f"{title}: {text}" if text else f"Change: {title}")
        self._reason.setText(state.reason)
        self._reason.setVisible(in_force)
        self.ignore.setAccessibleName(f"Ignore for an hour: {title}")
        self.ignore.setVisible(in_force)
        self.heed.setAccessibleName(f"Count again: {title}")
        self.heed.setVisible(ignored)
        set_tone(self.box, "warn" if in_force else "")
        set_tone(self.value, "warn" if in_force else "muted")

    @Slot()
    def _on_edit(self) -> None:
        self.edit_asked.emit(self.name)

    @Slot()
    def _on_ignore(self) -> None:
        self.ignore_asked.emit(self.name)

    @Slot()
    def _on_heed(self) -> None:
        self.heed_asked.emit(self.name)
