"""A whole console for a test: the window, and a real master with this computer as its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.app import Console
from mcgui.console.command_line import Options
from mcgui.console.files.examples import examples
from mcgui.console.main_window import MainWindow
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobStatus
from tests.gui.quiet import settle
from tests.leaks import destroy_closed_windows

#: Milliseconds that a step of a real cluster may take on a machine that does much else.
PATIENCE = 30_000


@dataclass(frozen=True)
class Opened:
    """A console that is open, and what tests do with it."""

    console: Console
    qtbot: QtBot

    @property
    def window(self) -> MainWindow:
        return self.console.window

    @property
    def session(self) -> Session:
        return self.console.session

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def settle(self) -> None:
        """Wait until nothing is under way in the window; what its master tells comes on."""
        settle(self.window, self.console._background)

    def write(self, source: str, arguments: str, function: str, reduce: str = "") -> None:
        """Fill in the form, and wait until it can be run."""
        parts = self.window.parts
        parts.environment.set_source(source)
        parts.environment.look_through()
        parts.form.function.choose(function)
        parts.form.reduce.choose(reduce)
        parts.form.arguments.fields.set_source(ArgumentSource("expression", text=arguments))
        self.wait(lambda: parts.form.request is not None)

    def run(self) -> JobStatus:
        """Press Run, and wait until the job is over."""
        before = self.job.id if self.job is not None else 0
        self.window.parts.actions["run"].trigger()
        self.wait(lambda: self.job is not None and self.job.id > before and self.job.final)
        self.wait(lambda: self.window.parts.turns.at_rest)  # every panel shows it
        assert self.job is not None
        return self.job

    @property
    def job(self) -> JobStatus | None:
        return self.window.parts.controller.job

    def messages(self) -> str:
        return "\n".join(message.text for message in self.window.parts.messages.messages)


@contextmanager
def console(
    qtbot: QtBot, theme: Theme, folder: Path, wish: Wish | None = None, serving: bool = True
) -> Iterator[Opened]:
    """Open a console with settings and journal in `folder`; `serving`: wait until its master and worker are there."""
    wish = wish or Wish(port=0, journal=folder / "console.journal")
    options = Options(None, wish, demo=False, picture=None, scheme=None)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    fresh = not (folder / "mcgui.ini").exists()
    made = Console(app, theme, Settings(folder / "mcgui.ini"), options, examples())
    opened = Opened(made, qtbot)
    if fresh:
        made.window.resize(1200, 760)  # the tests' screen is smaller than a window is in the world
    try:
        made.start()
        if serving:
            opened.wait(lambda: made.session.state.kind == "serving")
        if serving and wish.worker:
            opened.wait(lambda: made.window.parts.workers.model.rowCount() == 1)
        yield opened
    finally:
        made.window.end()
        made.close()
        destroy_closed_windows()
