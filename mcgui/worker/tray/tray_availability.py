"""Is there a system tray? At login it often comes up after us, and a desktop may take it away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSystemTrayIcon

#: Milliseconds between two looks while the desktop may still be starting, and for how many looks.
SOON: Final = 250
_LOOKS: Final = 20
#: Milliseconds between two looks after that.
_LATER: Final = 5000


class TrayAvailability(QObject):
    """Looks for the tray, for as long as the program runs.

    Signals:
        came(): there is a tray now.
        missing(): none came within five seconds of the start, or the one there was is gone.
    """

    came = Signal()
    missing = Signal()

    def __init__(
        self, available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._available = available
        self._looks = 0
        self._there: bool | None = None  # None: not known yet
        self._timer = QTimer(self)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self._look)

    @property
    def there(self) -> bool:
        """Whether there is a tray right now."""
        return self._available()

    def start(self) -> None:
        """Look now, and go on looking."""
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        self._looks += 1
        if self._looks == _LOOKS:
            self._timer.setInterval(_LATER)
        there = self._available()
        if there == self._there or (not there and self._looks < _LOOKS and self._there is None):
            return
        self._there = there
        if there:
            self.came.emit()
        else:
            self.missing.emit()
