"""The window in a made-up moment that is the same every time: a scripted master, a stopped clock, one font, one size."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from mcgui.background import Background
from mcgui.console.files.examples import examples
from mcgui.console.main_window import MainWindow
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session, SessionState
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.workbench.workbench import Workbench
from tests.gui.snapshots import NOW
from tests.pictures.scripted import ScriptedBench, ScriptedCluster
from tests.waiting import until

#: The size of the window, in pixels.
SIZE: Final = QSize(1440, 900)
FONT: Final = "DejaVu Sans"
MONOSPACE: Final = "DejaVu Sans Mono"
POINTS: Final = 9.0
ADDRESS: Final = "192.168.1.20:8888"
#: Seconds that one of the window's own processes may take for something on a machine that does much else.
_PATIENCE: Final = 60.0


class ScriptedSession(Session):
    """A session with a master that answers what the script says."""

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self.script = ScriptedBench()

    @property
    def is_open(self) -> bool:
        return True

    @property
    def cluster(self) -> ScriptedCluster:  # type: ignore[override]
        return ScriptedCluster(self.script)

    @property
    def bench(self) -> ScriptedBench:  # type: ignore[override]
        return self.script

    def tell(self, kind: str, problem: str = "") -> None:
        """Stand like this from now on."""
        wish = Wish(host="192.168.1.20", journal=Path("console.journal"))
        self._set(SessionState(kind, wish, ADDRESS, problem))  # type: ignore[arg-type]


class Stage:
    """A window, and the script of its master."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self._background, self._preview = Background(), Workbench()
        self.session = ScriptedSession(self._background)
        self.window = MainWindow(
            theme, Settings(folder / "mcgui.ini"), self._background, self._preview, self.session, examples()
        )
        self.clock = 0.0  # seconds, by which the time left is told
        self.window.parts.strip._clock = lambda: self.clock
        self.window.setFixedSize(SIZE)
        self.window.show()
        self.wait(lambda: self.window.parts.plot._picture.is_made)  # after the window's first picture

    @property
    def script(self) -> ScriptedBench:
        return self.session.script

    def wait(self, condition: Callable[[], object]) -> None:
        """Let things happen until this is so. Raises TimeoutError."""

        def is_so() -> object:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            return condition()

        # With a rest in between: what is waited for is made by threads and processes, which need the processor.
        until(is_so, _PATIENCE, "what the picture is to show", pause=0.001)

    def settle(self) -> None:
        """Let everything happen that has been asked for."""
        results = self.window.parts.tabs.results
        for _ in range(3):  # rows are asked for when they are painted, and painted again when they have come
            for _ in range(5):
                QCoreApplication.sendPostedEvents()
                QCoreApplication.processEvents()
            self.wait(lambda: results.model.at_rest and self.window.parts.time_slices.at_rest)
        QCoreApplication.processEvents()

    def draw_plot(self) -> None:
        """Have the throughput drawn as of this moment, in the place that the window gives it by now."""
        plot = self.window.parts.plot
        self.settle()
        plot.draw()
        self.settle()

    def close(self) -> None:
        self.window.end()
        self.session.begin_close()
        self._preview.close()
        self._background.close()
        self.session.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def stopped_clock() -> Iterator[None]:
    """It is always the same moment, in the same zone, as far as Python's clock goes."""
    with patch("time.time", lambda: NOW + 0.5), patch.dict("os.environ", {"TZ": "UTC"}):
        if hasattr(time, "tzset"):
            time.tzset()
        yield
    if hasattr(time, "tzset"):
        time.tzset()


@contextmanager
def one_font(app: QApplication, points: float = POINTS) -> Iterator[None]:
    """All text in the same font and of this size, whatever the desktop prefers; no cursor that blinks."""
    before, flash = app.font(), app.cursorFlashTime()
    app.setFont(QFont(FONT, int(points)))
    app.setCursorFlashTime(0)
    try:
        with patch("mcgui.theme.QFontDatabase.systemFont", lambda _: QFont(MONOSPACE, int(points))):
            yield
    finally:
        app.setFont(before)
        app.setCursorFlashTime(flash)


def missing_font() -> str:
    """Which font the pictures need and this computer does not have; "" where it has both."""
    there = set(QFontDatabase.families())
    return next((name for name in (FONT, MONOSPACE) if name not in there), "")


def lacks_font() -> bool:
    """Whether that is so, which is then told to whoever wants pictures."""
    missing = missing_font()
    if missing:
        told = f"The pictures need the font {missing}, which is not installed. On Debian, fonts-dejavu-core has it."
        print(told, file=sys.stderr)
    return bool(missing)
