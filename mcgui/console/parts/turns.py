"""Does several things one after the other, and lets the window paint and hear between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

#: Milliseconds between two turns. Without any, Qt begins the next one before it has heard other timers.
_INTERVAL: Final = 10


class Turns(QObject):
    """Each thing has a turn of the event loop of its own.

    Done in one go, they would hold the window for as long as all of them take together, and what they change would be
    painted on top of that.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._things: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._next)

    @property
    def at_rest(self) -> bool:
        """All is done."""
        return not self._things

    def take(self, *things: Callable[[], object]) -> None:
        """Do these; what is left of the ones before is out of date, and dropped."""
        self._things = deque(things)
        self._timer.start()

    def stop(self) -> None:
        """Drop what is left."""
        self._things.clear()
        self._timer.stop()

    @Slot()
    def _next(self) -> None:
        if self._things:
            self._things.popleft()()
        if not self._things:
            self._timer.stop()
