"""The top of the panel: what this computer does, for whom, since when, and why."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui.theme import Theme, set_tone
from mcgui.worker.state import WorkerState
from mcgui.worker.state_icon import state_pixmap
from mcgui.worker.words import details, headline
from mcgui.worker.wrapped_label import wrapped_label

_ICON_SIZE: Final = 22


class Head(QWidget):
    """State icon and headline, one line of details, and the reason where there is one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = WorkerState()
        self._icon = QLabel(self)
        self._icon.setFixedSize(_ICON_SIZE, _ICON_SIZE)
        self._headline = wrapped_label(self, "headline")
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._headline.setFont(font)
        self._details = wrapped_label(self, "details")
        set_tone(self._details, "muted")
        self._message = wrapped_label(self, "message")
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self.show_state(self._state)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(2, 0, 2, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._headline, 0, 1)
        grid.addWidget(self._details, 1, 0, 1, 2)
        grid.addWidget(self._message, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self._icon.setPixmap(state_pixmap(state.kind, self._theme.colours, _ICON_SIZE, self.devicePixelRatioF()))
        self._icon.setAccessibleName(f"State: {state.kind}")
        self._headline.setText(headline(state))
        self._details.setText(details(state, time.time()))
        self._message.setText(state.message)
        self._message.setVisible(bool(state.message))
        set_tone(self._message, "bad" if state.kind == "trouble" else "warn")

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_state(self._state)
