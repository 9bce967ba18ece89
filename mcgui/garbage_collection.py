"""Cyclic garbage is collected in the GUI thread only.

Python collects cycles in whichever thread happens to allocate. Where that is not the GUI thread, a window that has
become garbage is destroyed there, and the program crashes now and then. So the automatic collection is off while the
window is there, and a timer does its work. What was there before the window (modules, mostly) is left out of it, and
so is the window itself, which has been built when it first hears the timer: both last as long as the program, and going
through all of them held the window for 80 ms now and then.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

#: Milliseconds between two looks.
_INTERVAL = 1000
#: How many times as much there has to be as survived the last full collection, before the next one.
_GROWTH = 1.25


class GuiThreadCollector(QObject):
    """Collects as Python would (by the thresholds of `gc`), in the thread that made this. `close()` ends it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._survivors = 0  # objects that the last full collection left
        self._settled = False  # the window is left out too
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        if not self._settled:
            self._settled = True
            gc.freeze()
            return
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0 and self._is_worth_it(generation):
                gc.collect(generation)
                if generation == 2:
                    self._survivors = len(gc.get_objects(2))
                return

    def _is_worth_it(self, generation: int) -> bool:
        """A full collection goes through all that was made since, so it waits until there is a quarter more than
        survived the one before, as Python's own does."""
        return generation < 2 or len(gc.get_objects(1)) + len(gc.get_objects(2)) > _GROWTH * self._survivors

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
