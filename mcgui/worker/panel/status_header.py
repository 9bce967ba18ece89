"""The top of the panel: what this computer does, for whom, since when, and why."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mcgui.plain_text import plain_tip
from mcgui.theme import Theme, set_tone
from mcgui.worker.actions import WorkerActions
from mcgui.worker.panel.action_button import ActionButton
from mcgui.worker.panel.wrapped_label import wrapped_label
from mcgui.worker.state import WorkerState
from mcgui.worker.tray.state_icon import state_pixmap
from mcgui.worker.words import details, headline, message

_ICON_SIZE: Final = 22


class StatusHeader(QWidget):
    """State icon and headline with a way out, a line of details, the reason where there is one, and, if a pause waits
    for tasks, a way to wait no longer."""

    def __init__(self, theme: Theme, actions: WorkerActions, parent: QWidget | None = None) -> None:
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
        self.leave = ActionButton(actions.leave, self)
        self.hand_back = ActionButton(actions.hand_back, self)
        self._lay_out()
        theme.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(2, 0, 2, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._headline, 0, 1)
        grid.addWidget(self.leave, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._details, 1, 0, 1, 3)
        grid.addWidget(self._message, 2, 0, 1, 3)
        grid.addWidget(self.hand_back, 3, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self.refresh()

    def _picture(self) -> QPixmap:
        state, ratio = self._state, self.devicePixelRatioF()
        return state_pixmap(state.kind, self._theme.colours, _ICON_SIZE, ratio, state.limit)

    @Slot()
    def refresh(self) -> None:
        """Say it anew: time has passed, or the colours are others."""
        state = self._state
        self._icon.setPixmap(self._picture())
        self._icon.setAccessibleName(f"State: {state.kind}")
        self._headline.setText(headline(state))
        self._headline.setToolTip(plain_tip(state.master))
        self._details.setText(details(state, time.time()))
        text = message(state)
        self._message.setText(text)
        self._message.setVisible(bool(text))
        set_tone(self._message, "bad" if state.kind == "trouble" else "warn")
