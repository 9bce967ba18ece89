"""A console at real work, and a camera that sees what lies over its window too: lists, menus, dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMainWindow, QMenu, QWidget

from mcgui.console.app import Console
from mcgui.console.command_line import Options
from mcgui.console.files.examples import examples
from mcgui.console.master.master_startup import Wish
from mcgui.console.parts.scroll_when_small import ScrollWhenSmall
from mcgui.console.window_parts import Parts
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobStatus
from tests.gui.quiet import settle
from tests.pictures.gallery.cut_words import noted
from tests.waiting import until

Pictures = Iterator[tuple[str, QImage]]

#: Seconds that a step of a real cluster may take on a machine that does much else.
_PATIENCE: Final = 90.0
#: What lies over a window.
_OVER: Final = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class Room:
    """A console with a master and a worker of its own; its settings, journal and files are in `folder`."""

    def __init__(self, app: QApplication, theme: Theme, folder: Path, size: QSize) -> None:
        self.folder, self.theme = folder, theme
        self._seen: QWidget | None = None
        options = Options((), Wish(port=0, journal=folder / "console.journal"), demo=False, picture=None, scheme=None)
        self.console = Console(app, theme, Settings(folder / "mcgui.ini"), options, examples())
        self.window = self.console.window
        self.window.setFixedSize(size)
        self.console.start()
        self.wait(lambda: self.console.session.state.kind == "serving")
        self.wait(lambda: self.parts.workers.model.rowCount() == 1)

    @property
    def parts(self) -> Parts:
        return self.window.parts

    @property
    def job(self) -> JobStatus | None:
        return self.parts.controller.job

    def wait(self, condition: Callable[[], object]) -> None:
        """Let things happen until this is so. Raises TimeoutError."""

        def true() -> bool:
            QApplication.processEvents()
            return bool(condition())

        until(true, _PATIENCE)

    def settle(self) -> None:
        """Let everything happen that has been asked for."""
        settle(self.window, self.console._background, timeout=_PATIENCE)
        self.wait(lambda: self.parts.time_slices.at_rest and self.parts.tabs.results.at_rest)

    def write(self, source: str, function: str, arguments: ArgumentSource | str, reduce: str = "") -> None:
        """Fill in the form, and wait until it can be run."""
        parts = self.parts
        self.look_at(parts.environment)
        if isinstance(arguments, str):
            arguments = ArgumentSource("expression", text=arguments)
        parts.environment.set_source(source)
        parts.environment.look_through()
        parts.form.function.choose(function)
        parts.form.reduce.choose(reduce)
        parts.form.arguments.set_source(arguments)
        self.wait(lambda: parts.form.request is not None)

    def begin(self) -> JobStatus:
        """Press Run; the job that begins."""
        before = self.job.id if self.job is not None else 0
        self.parts.actions["run"].trigger()
        self.wait(lambda: self.job is not None and self.job.id > before)
        self.look_at(self.parts.tabs)
        assert self.job is not None
        return self.job

    def run(self) -> JobStatus:
        """Press Run, and wait until the job is over and every panel shows it."""
        id = self.begin().id
        self.wait(lambda: self.job is not None and self.job.id == id and self.job.final)
        self.settle()
        assert self.job is not None
        return self.job

    def show(self, tab: str) -> None:
        """Bring one of the four tabs in sight."""
        self.parts.tabs.bring(getattr(self.parts.tabs, tab))
        self.look_at(self.parts.tabs)
        self.settle()

    def look_at(self, panel: QWidget) -> None:
        """What is in sight in the next pictures, where the window is too small for all."""
        self._seen = panel

    def picture(self) -> QImage:
        """The window, with what lies over it."""
        look()  # until what grew in it has its room: docks take a few turns
        if self._seen is not None:
            scrolled_to(self.window, self._seen)
        return taken(self.window)

    def asked(self, ask: Callable[[], object]) -> QImage:
        """What a question that waits for its answer looks like; it is answered by Escape."""
        seen: list[QImage] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            if not seen:
                seen.append(taken(dialog))
            dialog.close()

        timer = QTimer(self.window)
        timer.timeout.connect(look)
        timer.start(300)
        try:
            ask()
            self.wait(lambda: seen)
        finally:
            timer.stop()  # also where no question came: it would answer the next one
        return seen[0]

    def close(self) -> None:
        self.window.end()
        self.console.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def scrolled_to(window: QMainWindow, panel: QWidget) -> None:
    """Have a panel in sight, in a window that may be too small for all."""
    for above in window.findChildren(ScrollWhenSmall):
        if above.isAncestorOf(panel):
            above.ensureWidgetVisible(panel, 0, 0)
    QApplication.processEvents()


def taken(window: QWidget) -> QImage:
    """A window, with the lists and menus over it, as far as they reach beyond it too."""
    over = [
        one for one in QApplication.topLevelWidgets() if one.isVisible() and one.windowType() in _OVER and one != window
    ]
    place = window.geometry()
    whole = place
    for one in over:
        whole = whole.united(one.geometry())
    image = QImage(whole.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta if whole != place else Qt.GlobalColor.black)
    painter = QPainter(image)
    for one in (window, *over):
        painter.drawPixmap(QPoint(one.geometry().topLeft() - whole.topLeft()), one.grab())
    painter.end()
    return noted(image, (window, *over))


def popped(menu: Any, at: QWidget) -> QImage:
    """A menu below a widget of a window, and that window."""
    menu.popup(at.mapToGlobal(QPoint(0, at.height())))
    QApplication.processEvents()
    image = taken(at.window())
    menu.close()
    return image


def asked_for(menu: QMenu, table: QAbstractItemView) -> QImage:
    """The menu of a table's current cell, with what is filled in when it is asked for, and its window."""
    table.customContextMenuRequested.emit(table.visualRect(table.currentIndex()).center())
    QApplication.processEvents()
    image = taken(table.window())
    menu.close()
    return image


def look() -> None:
    """Let a window that was shown a moment ago be laid out and painted."""
    for _ in range(8):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
