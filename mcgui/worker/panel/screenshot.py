"""A picture of the panel, taken by itself: for the README, and for looking at it without a screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from mcgui.worker.app import WorkerApp

#: Points of the plot that have to show work, and milliseconds that this may take.
_POINTS: Final = 25
_LIMIT: Final = 180_000
_LOOK: Final = 500


class Screenshot(QObject):
    """Waits until the worker has worked for a while, saves the picture, and has the program end.

    Attributes:
        status: the program's exit status.
    """

    def __init__(self, worker: WorkerApp, path: Path) -> None:
        super().__init__(worker)
        self._worker, self._path = worker, path
        self.status = 1
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._on_limit)
        self._limit.start(_LIMIT)

    @Slot()
    def _look(self) -> None:
        panel, state = self._worker.panel, self._worker.session.state
        points = sum(one.done > 0 for one in panel.tasks.plot.rates)
        if state.kind != "working" or not state.tasks or points < _POINTS:
            return
        if panel.grab().save(str(self._path)):
            print(f"A picture of the panel: {self._path.resolve()}", flush=True)
            self._end(0)
        else:
            print(f"mcgui-worker: the picture could not be written to {self._path}.", file=sys.stderr)
            self._end(1)

    @Slot()
    def _on_limit(self) -> None:
        print(f"mcgui-worker: no picture: there was too little work within {_LIMIT // 1000} s.", file=sys.stderr)
        self._end(1)

    def _end(self, status: int) -> None:
        self.status = status
        self._timer.stop()
        self._limit.stop()
        self._worker.quit()
