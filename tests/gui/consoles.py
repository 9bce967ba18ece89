"""A whole console for a test: the window, and a real master with this computer as its worker.

Starting and ending master, agent, slots and workbench takes more than half of the time of such a test. Where a test is about
the window and its jobs, a `Service` is shared by the tests of a module, and each has a window of its own before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.app import Console
from mcgui.console.command_line import Options
from mcgui.console.files.examples import examples
from mcgui.console.main_window import MainWindow
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobStatus, Snapshot
from mcgui_core.workbench.workbench import Workbench
from tests.gui.quiet import settle
from tests.leaks import destroy_closed_windows
from tests.waiting import until

#: Milliseconds that a step of a real cluster may take on a machine that does much else.
PATIENCE = 30_000


@dataclass(frozen=True)
class Opened:
    """A console that is open, and what tests do with it."""

    window: MainWindow
    session: Session
    background: Background
    qtbot: QtBot

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def settle(self) -> None:
        """Wait until nothing is under way in the window; what its master tells comes on."""
        settle(self.window, self.background)

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
        self.wait(lambda: self.window.parts.time_slices.at_rest)  # every panel shows it
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
    """Open a console with settings and journal in `folder`; `serving`: wait until its master and worker are there, else
    no worker is started, unless it is wished for."""
    wish = wish or Wish(port=0, journal=folder / "console.journal", worker=serving)
    options = Options((), wish, demo=False, picture=None, scheme=None)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    fresh = not (folder / "mcgui.ini").exists()
    made = Console(app, theme, Settings(folder / "mcgui.ini"), options, examples())
    opened = Opened(made.window, made.session, made._background, qtbot)
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


class Service(QObject):
    """A session with its own master, and this computer as its worker: what a window is in front of."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.background, self.preview = Background(), Workbench()
        self.session = Session(self.background)
        self.last: Snapshot | None = None
        self.session.snapshot_arrived.connect(self._on_snapshot)
        self.session.open(Wish(port=0, journal=folder / "console.journal"))

    def wait_for_worker(self) -> None:
        self._wait(lambda: self.last is not None and len(self.last.nodes) == 1)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.last = snapshot

    def _wait(self, condition: Callable[[], object]) -> None:
        def true() -> bool:
            QApplication.processEvents()
            return bool(condition())

        until(true, PATIENCE / 1000)

    @contextmanager
    def window(self, qtbot: QtBot, theme: Theme, folder: Path) -> Iterator[Opened]:
        """A window of its own, in front of a master without jobs, with settings in `folder`."""
        settings = Settings(folder / "mcgui.ini")
        window = MainWindow(theme, settings, self.background, self.preview, self.session, examples())
        window.resize(1200, 760)
        window.show()
        window.parts.tabs.log.attach()
        # As a session says it when it has just opened its master.
        self.session.tell_again()
        self.session.snapshot_arrived.emit(self.last)
        opened = Opened(window, self.session, self.background, qtbot)
        try:
            opened.wait(lambda: window.parts.workers.model.rowCount() == 1)
            yield opened
        finally:
            self._end(window)
            self._forget_jobs()

    def _end(self, window: MainWindow) -> None:
        window.parts.tabs.log.detach()
        window.end()
        window.hide()
        window.parts.environment.end()
        window.parts.form.try_one.stop()
        self._wait(lambda: not self.background.busy)  # what it has asked for is answered while it is there
        window.deleteLater()
        destroy_closed_windows()

    def _forget_jobs(self) -> None:
        for job in self.session.cluster.jobs():
            if not job.status.final:
                job.cancel()
                job.wait(PATIENCE / 1000)
            job.forget()
        self._wait(lambda: self.last is not None and not self.last.jobs)

    def close(self) -> None:
        self.session.begin_close()
        self.background.close()
        self.session.close()
        self.preview.close()


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    """A service, ended afterwards."""
    made = Service(folder)
    try:
        made.wait_for_worker()
        yield made
    finally:
        made.close()
