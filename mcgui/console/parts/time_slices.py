"""Does several things one after the other, and lets the window paint and hear between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

#: Milliseconds after one turn before the next one begins. Qt paints what a turn has changed about 5 ms after it;
#: without this, it would begin the next one first, and paint what both have changed in one go.
_INTERVAL: Final = 10


class TimeSlices(QObject):
    """Each thing has a turn of the event loop of its own.

    Done in one go, they would hold the window for as long as all of them take together, and what they change would be
    painted on top of that.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._things: dict[str, Callable[[], object]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._next)

    @property
    def at_rest(self) -> bool:
        """All is done."""
        return not self._things

    def put(self, name: str, thing: Callable[[], object]) -> None:
        """Do this when it is its turn. What waits under the same name is out of date: this takes its place."""
        self._things[name] = thing
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Drop what is left."""
        self._things.clear()
        self._timer.stop()

    @Slot()
    def _next(self) -> None:
        if not self._things:
            return
        try:
            self._things.pop(next(iter(self._things)))()
        finally:
            if self._things:
                self._timer.start()
