"""Qt's classes, made in the GUI thread before anything that uses them is imported in another.

PySide makes a class of Qt when it is first asked for (`PyModule_lazyGetAttro`), and enumerations with code of
Python's, within which another thread may get its turn. A GUI thread that paints meanwhile, and asks for a class that is
half made, ends the process by SIGSEGV (seen: pyqtgraph, whose import asks for every class there is, beside a
`paintEvent`). Once they are all made, an import in a thread is an import like any other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

#: Modules of PySide whose classes pyqtgraph asks for.
_MODULES: Final = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtOpenGLWidgets", "QtTest")
#: Seconds at a time; a single enumeration may take as long again.
_SLICE: Final = 0.005
#: Milliseconds between two slices. A thread that works all the time is taken for one that nobody waits for, and has
#: to wait for the processor itself as soon as others want it: for 80 ms beside a busy master.
_REST: Final = 6


class QtClasses(QObject):
    """Has all classes made, a few between two events each. Some 0.4 s of the processor the first time, no time later.

    Signals:
        made: all of them.
    """

    made = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = _make_classes()
        self._timer = QTimer(self)
        self._timer.setInterval(_REST)
        self._timer.timeout.connect(self._work)

    def begin(self) -> None:
        self._timer.start()

    @Slot()
    def _work(self) -> None:
        deadline = time.perf_counter() + _SLICE
        for _ in self._left:
            if time.perf_counter() > deadline:
                return
        self._timer.stop()
        self.made.emit()


def _make_classes() -> Iterator[None]:
    for name in _MODULES:
        try:
            module = import_module(f"PySide6.{name}")
        except ImportError:  # a system's package may leave one out; then nobody asks for its classes
            continue
        for one in dir(module):
            getattr(module, one, None)
            yield
