"""`mcgui-worker` with its owner's hand on standard input: each line is the name of something in its menu.

"Close" closes all windows.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from PySide6.QtCore import QSocketNotifier, Slot
from PySide6.QtWidgets import QDialog

from mcgui.worker import app


class SteeredWorker(app.WorkerApp):
    """The worker itself."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        os.set_blocking(0, False)
        self._hand = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._hand.activated.connect(self._on_hand)

    @Slot()
    def _on_hand(self) -> None:
        lines = os.read(0, 1 << 16)
        if not lines:
            self._hand.setEnabled(False)
        for line in lines.decode().splitlines():
            self._choose(line)

    def _choose(self, name: str) -> None:
        if name == "Close":
            for window in (*self.panel.findChildren(QDialog), self.panel):
                window.close()
            return
        actions = self.actions
        found = (actions.pause, actions.pause_now, actions.ignore, actions.leave, actions.open, actions.preferences)
        found += (actions.quit, *actions.shares, *actions.snoozes)
        for action in [one for one in found if one.text() == name]:
            action.trigger()


app.WorkerApp = SteeredWorker  # type: ignore[misc]
sys.exit(app.main())
