"""`mcgui-worker`: the program around tray and panel.

1. The command line is read; what is wrong with it is told in one line.
2. The session, the panel and the tray icon are made and wired to one another.
3. The link that was given, or the one of last time, is joined.
4. The tray is looked for. With one, closing the panel hides it; without, the panel is an ordinary window and closing
   it ends the program. It never runs unseen: where no tray comes, the panel is shown whatever was asked for.
5. Quit, Ctrl+C and SIGTERM alike let the agent leave first, which hands back what it holds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtWidgets import QApplication

from mcgui.interrupt import Interrupt
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.at_login import start_at_login, starts_at_login
from mcgui.worker.keep_awake import KeepAwake
from mcgui.worker.notices import Notices
from mcgui.worker.options import Options, read_options
from mcgui.worker.panel import WorkerPanel
from mcgui.worker.preferences import Preferences
from mcgui.worker.remembered import Remembered
from mcgui.worker.session import WorkerSession
from mcgui.worker.state import WorkerState
from mcgui.worker.tray import WorkerTray
from mcgui.worker.tray_watch import TrayWatch
from mcgui_core.errors import NprocsInvalid
from mcgui_core.link_sources import VARIABLE


class WorkerApp(QObject):
    """Wires session, panel and tray, and knows what closing and quitting mean.

    Signals:
        finished(): the worker has left, and the program may end.
    """

    finished = Signal()

    def __init__(self, options: Options, settings: Settings, theme: Theme, watch: TrayWatch | None = None) -> None:
        super().__init__()
        self._options = options
        remembered = Remembered(settings)
        self._rejoins = remembered.joined
        self.session = WorkerSession(remembered, options.nprocs, self)
        self.actions = WorkerActions(self.session.state.cpus, self)
        self.panel = WorkerPanel(theme, self.actions, self.session.link)
        self.tray = WorkerTray(theme, self.actions, self)
        self._remembered = remembered
        self._preferences: Preferences | None = None
        self.notices = Notices(self.tray.icon, remembered, self)
        self.awake = KeepAwake()
        self.watch = watch or TrayWatch(parent=self)
        self._wire()
        self._on_limits_changed()
        self._on_changed(self.session.state)

    def _wire(self) -> None:
        session, panel, actions = self.session, self.panel, self.actions
        session.changed.connect(self._on_changed)
        session.logged.connect(panel.log.add)
        session.closed.connect(self._on_closed)
        panel.link.join_asked.connect(session.join)
        panel.link.leave_asked.connect(session.leave)
        panel.processors.chosen.connect(session.set_nprocs)
        panel.close_asked.connect(self._on_close_asked)
        actions.nprocs_chosen.connect(session.set_nprocs)
        actions.pause.triggered.connect(session.toggle_pause)
        actions.pause_now.triggered.connect(session.pause_now)
        actions.finish.triggered.connect(session.finish)
        actions.snoozed.connect(session.snooze)
        actions.ignored.connect(session.ignore)
        actions.preferences.triggered.connect(self._on_preferences)
        panel.limits.chosen.connect(session.set_limits)
        panel.limits.ignore_asked.connect(session.ignore)
        panel.limits.edit_asked.connect(self._on_preferences)
        session.limits_changed.connect(self._on_limits_changed)
        actions.open.triggered.connect(self._open)
        actions.quit.triggered.connect(self.quit)
        self.tray.clicked.connect(self._on_tray_clicked)
        self.watch.came.connect(self.tray.show)
        self.watch.missing.connect(self._on_tray_missing)

    def start(self) -> None:
        """Join, show the panel unless asked not to, and look for a tray."""
        if self._options.link is not None:
            self.panel.link.show_link(self._options.link)
            self.session.join(self._options.link)
        elif self._rejoins:
            self.session.join(self.session.link)
        if not self._options.minimised:
            self._open()
        self.watch.start()

    @Slot()
    def quit(self) -> None:
        """Leave the master, then end. A second call changes nothing."""
        self.panel.setEnabled(False)
        self.session.close()

    @Slot(object)
    def _on_changed(self, state: WorkerState) -> None:
        self.actions.show_state(state)
        self.panel.show_state(state)
        self.tray.show_state(state)
        self.notices.show_state(state)
        self.awake.set(self.session.limits.keep_awake and state.kind == "working")

    @Slot()
    def _on_limits_changed(self) -> None:
        self.panel.limits.show_limits(self.session.limits, self.session.overrides)

    @Slot()
    def _on_preferences(self) -> None:
        """One window at a time; it changes nothing before OK."""
        if self._preferences is None:
            self._preferences = Preferences(
                self.session.limits, self.session.state.cpus, self._remembered.quiet, starts_at_login(), self.panel
            )
            self._preferences.accepted.connect(self._on_preferences_accepted)
            self._preferences.finished.connect(self._on_preferences_closed)
        self._preferences.show()
        self._preferences.raise_()
        self._preferences.activateWindow()

    @Slot()
    def _on_preferences_accepted(self) -> None:
        assert self._preferences is not None
        chosen = self._preferences.choice
        self.session.set_limits(chosen.limits)
        self._remembered.quiet = chosen.quiet
        if chosen.at_login != starts_at_login():
            try:
                start_at_login(chosen.at_login)
            except OSError as error:
                self.panel.log.add(f"Starting at login could not be changed: {error.strerror or error}.")

    @Slot()
    def _on_preferences_closed(self) -> None:
        if self._preferences is not None:
            self._preferences.deleteLater()
            self._preferences = None

    @Slot()
    def _open(self) -> None:
        self.panel.bring_up(self.tray.geometry if self.tray.shown else QRect())

    @Slot()
    def _on_tray_clicked(self) -> None:
        if self.panel.isVisible() and self.panel.isActiveWindow():
            self.panel.hide()
        else:
            self._open()

    @Slot()
    def _on_tray_missing(self) -> None:
        self.tray.hide()
        if not self.panel.isVisible():
            self._open()

    @Slot()
    def _on_close_asked(self) -> None:
        if self.tray.shown and self.watch.there:
            self.panel.hide()
        else:
            self.quit()

    @Slot()
    def _on_closed(self) -> None:
        self.watch.stop()
        self.awake.set(False)
        if self._preferences is not None:
            self._preferences.reject()
        self.tray.hide()
        self.panel.hide()
        self.finished.emit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tray worker until it is quit. Returns the exit status."""
    try:
        options = read_options(sys.argv[1:] if argv is None else argv, os.environ, sys.stdin, sys.stderr)
    except NprocsInvalid as error:
        print(f"mcgui-worker: {error}", file=sys.stderr)
        return 2
    # Whatever runs in a slot sees the environment of its process, and has no use for the key.
    os.environ.pop(VARIABLE, None)
    app = make_app()
    worker = WorkerApp(options, Settings(name="worker"), Theme(app))
    worker.finished.connect(app.quit)
    interrupt = Interrupt(worker)
    interrupt.asked.connect(worker.quit)
    worker.start()
    status = app.exec()
    interrupt.close()
    return status


def make_app() -> QApplication:
    """The QApplication, named so that desktops group and remember its windows."""
    app = QApplication([sys.argv[0]])  # without our arguments: Qt would read them as its own
    app.setApplicationName("mcgui-worker")
    app.setApplicationDisplayName("mcgui worker")
    app.setDesktopFileName("org.mcgui.Worker")
    app.setQuitOnLastWindowClosed(False)  # the tray stays when the panel is hidden
    return app
