"""`mcgui-worker`: the program around tray and panel.

1. The command line is read; what is wrong with it is told in one line.
2. A worker of this user that runs already, for the same master, is raised in its place, and that is all.
3. The session, the panel and the tray icon are made and wired to one another.
4. The link that was given, or the one of last time, is joined. One that was only opened is asked about first.
5. The tray is looked for. With one, closing the panel hides it; without, the panel is an ordinary window and closing
   it ends the program. It never runs unseen: where no tray comes, the panel is shown whatever was asked for.
6. Quit, Ctrl+C and SIGTERM alike let the agent leave first, which hands back what it holds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFileOpenEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from shiboken6 import delete

from mcgui.exit_signals import ExitSignals
from mcgui.garbage_collection import GuiThreadCollector
from mcgui.screen_reader import announce
from mcgui.second_start import meeting_folder
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.command_line import Options, read_options
from mcgui.worker.limits.limits_card import without_value
from mcgui.worker.panel.screenshot import Screenshot
from mcgui.worker.panel.worker_panel import WorkerPanel
from mcgui.worker.preferences.login_item import start_at_login, starts_at_login
from mcgui.worker.preferences.preferences_dialog import Preferences
from mcgui.worker.session.log_file import LogFile
from mcgui.worker.session.master_search import MasterSearch
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.worker_session import WorkerSession
from mcgui.worker.single_instance import Request, SingleInstance, ask, is_taken, one_start_at_a_time
from mcgui.worker.state import WorkerState
from mcgui.worker.tray.notifications import Notifications
from mcgui.worker.tray.tray_availability import TrayAvailability
from mcgui.worker.tray.worker_tray import WorkerTray
from mcgui.worker.words import headline, message
from mcgui_core.client.access.link_files import VARIABLE
from mcgui_core.client.access.misplaced_link import without_keys
from mcgui_core.errors import LimitsInvalid, LinkInvalid, NprocsInvalid
from mcgui_core.owner.keep_awake import KeepAwake
from mcgui_core.protocol.join_link import SCHEME, JoinLink

#: Minutes: a month. Whoever wants more than that wants to disconnect.
_LONGEST_SNOOZE: Final = 31 * 24 * 60


class WorkerApp(QObject):
    """Wires session, panel and tray, and knows what closing and quitting mean.

    Signals:
        finished(): the worker has left, and the program may end.
    """

    finished = Signal()

    def __init__(
        self,
        options: Options,
        settings: Settings,
        theme: Theme,
        watch: TrayAvailability | None = None,
        network: MasterSearch | None = None,
    ) -> None:
        super().__init__()
        self._options = options
        self._theme = theme
        self._collector = GuiThreadCollector(self)
        remembered = SavedState(settings)
        if options.limits is not None:
            remembered.limits = options.limits
        self._rejoins = remembered.joined
        self.session = WorkerSession(remembered, options.nprocs, self)
        self.actions = WorkerActions(self.session.state.cpus, self)
        self.panel = WorkerPanel(theme, self.actions, self.session.link)
        self.tray = WorkerTray(theme, self.actions, self)
        self._remembered = remembered
        self._preferences: Preferences | None = None
        self._announced = ""  # what was said last of the state
        self.notices = Notifications(self.tray.icon, remembered, self)
        self.awake = KeepAwake()
        self.log_file = LogFile(settings.path.with_suffix(".log"), self)
        self.network = network or MasterSearch(parent=self)
        self.instance = SingleInstance(meeting_folder(settings.path.parent), self.answer, self)
        self.watch = watch or TrayAvailability(parent=self)
        self._wire()
        self._on_limits_changed()
        self._on_changed(self.session.state)

    def _wire(self) -> None:
        session, panel, actions = self.session, self.panel, self.actions
        session.changed.connect(self._on_changed)
        session.logged.connect(panel.log.add)
        session.logged.connect(self.log_file.add)
        panel.log.folder_asked.connect(self._on_log_folder)
        session.closed.connect(self._on_closed)
        panel.link.join_asked.connect(session.join)
        panel.offer.accepted.connect(self._on_offer_accepted)
        panel.shown.connect(self._look_around)
        self.network.found.connect(panel.link.show_masters)
        actions.leave.triggered.connect(session.leave)
        panel.processors.chosen.connect(session.set_nprocs)
        panel.close_asked.connect(self._on_close_asked)
        actions.nprocs_chosen.connect(session.set_nprocs)
        actions.pause.triggered.connect(session.toggle_pause)
        actions.pause_now.triggered.connect(session.pause_now)
        actions.hand_back.triggered.connect(session.hand_back)
        actions.finish.triggered.connect(session.finish)
        actions.snoozed.connect(session.snooze)
        actions.snooze_other.triggered.connect(self._on_snooze_other)
        actions.ignored.connect(session.ignore)
        actions.preferences.triggered.connect(self._on_preferences)
        panel.limits.chosen.connect(session.set_limits)
        panel.limits.ignore_asked.connect(session.ignore)
        panel.limits.heed_asked.connect(session.heed)
        panel.limits.edit_asked.connect(self._on_edit)
        session.limits_changed.connect(self._on_limits_changed)
        actions.open.triggered.connect(self._open)
        actions.quit.triggered.connect(self.quit)
        self.tray.clicked.connect(self._on_tray_clicked)
        self.watch.came.connect(self.tray.show)
        self.watch.missing.connect(self._on_tray_missing)

    def start(self) -> None:
        """Join, show the panel unless asked not to, and look for a tray."""
        if starts_at_login():
            self._write_login_item(True)
        if self._options.link is not None and not self._options.offer:
            self.panel.link.show_link(self._options.link)
            self.session.join(self._options.link)
        elif self._rejoins:
            self.session.join(self.session.link)
        if self._options.link is not None and self._options.offer:
            self._offer(self._options.link)
        elif not self._options.minimised:
            self._open()
        self.watch.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """macOS tells a program of a link that was opened by an event, not on its command line."""
        if isinstance(event, QFileOpenEvent) and event.url().scheme() == SCHEME:
            self._offer(event.url().toString())
            return True
        return False

    def answer(self, request: Request) -> bool:
        """Do what a second start asks for. Whether it was done."""
        if request.free_only and self.session.state.running:
            return False
        if request.link and request.offer:
            self._offer(request.link)
            return True
        if request.link:
            self.panel.link.show_link(request.link)
            self.session.join(request.link)
        if not request.minimised:
            self._open()
        return True

    def _offer(self, link: str) -> None:
        """A link was opened: ask, unless that master is served already."""
        self._open()
        try:
            if not (self.session.serves(link)):
                self.panel.offer.show_link(link)
        except LinkInvalid:
            self.session.join(link)  # which tells what is wrong with it

    @Slot(str)
    def _on_offer_accepted(self, link: str) -> None:
        self.panel.link.show_link(link)
        self.session.join(link)

    @Slot()
    def _look_around(self) -> None:
        """For masters on the network, while somebody sees them and could join one."""
        self.network.look(self.panel.isVisible() and not self.session.state.running)

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
        self._announce(state)
        self.awake.set(self.session.limits.keep_awake and state.kind == "working")
        self.instance.serve(state.master if state.running else "")
        self._look_around()

    def _announce(self, state: WorkerState) -> None:
        """Say the state to who hears the panel instead of seeing it."""
        why = state.reason if state.limited else message(state)
        said = ". ".join(part for part in (headline(state), why, state.link_problem) if part)
        # Past midnight "until Thu 06:00" is "until 06:00", which is no news.
        news = f"{headline(state)} {state.limit} {state.until}" if state.limited and state.until else said
        if news != self._announced:
            self._announced = news
            announce(self.panel, said, urgent=state.kind == "trouble")

    @Slot()
    def _on_limits_changed(self) -> None:
        self.panel.limits.show_limits(self.session.limits, self.session.overrides_on_the_wall)

    @Slot()
    def _on_snooze_other(self) -> None:
        self._open()
        dialog = QInputDialog(self.panel)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Snooze")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setLabelText("Minutes until work goes on by itself:")
        dialog.setIntRange(1, _LONGEST_SNOOZE)
        dialog.setIntValue(90)
        dialog.intValueSelected.connect(self._on_minutes_chosen)
        dialog.open()

    @Slot(int)
    def _on_minutes_chosen(self, minutes: int) -> None:
        self.session.snooze(60 * minutes)

    @Slot()
    def _on_preferences(self) -> None:
        """One window at a time; it changes nothing before OK."""
        if self._preferences is None:
            self._preferences = Preferences(
                self._theme,
                self.session.limits,
                self.session.state.cpus,
                self._remembered.quiet,
                starts_at_login(),
                self.panel,
            )
            self._preferences.accepted.connect(self._on_preferences_accepted)
            self._preferences.finished.connect(self._on_preferences_closed)
        self._preferences.show()
        self._preferences.raise_()
        self._preferences.activateWindow()

    @Slot(str)
    def _on_edit(self, name: str) -> None:
        self._on_preferences()
        assert self._preferences is not None
        self._preferences.show_page(name)

    @Slot()
    def _on_preferences_accepted(self) -> None:
        assert self._preferences is not None
        chosen = self._preferences.choice
        self.session.set_limits(chosen.limits)
        self._remembered.quiet = chosen.quiet
        if chosen.at_login or starts_at_login():
            self._write_login_item(chosen.at_login)

    def _write_login_item(self, wanted: bool) -> None:
        """Anew each time: since it was written last, an update may have moved the program."""
        try:
            start_at_login(wanted)
        except OSError as error:
            self.panel.log.add(f"Starting at login could not be changed: {error.strerror or error}.")

    @Slot()
    def _on_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.log_file.path.parent)))

    @Slot()
    def _on_preferences_closed(self) -> None:
        if self._preferences is not None:
            self._preferences.deleteLater()
            self._preferences = None
        # A tick led here, and nothing was chosen for it.
        limits = self.session.limits
        for name in limits.on & without_value(limits):
            limits = limits.switched(name, False)
        self.session.set_limits(limits)

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
        self.instance.close()
        self.network.close()
        self.log_file.close()
        if self._preferences is not None:
            self._preferences.reject()
        self.tray.hide()
        self.panel.hide()
        self._collector.close()
        self.finished.emit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tray worker until it is quit. Returns the exit status."""
    try:
        options = read_options(sys.argv[1:] if argv is None else argv, os.environ, sys.stdin, sys.stderr)
    except (NprocsInvalid, LimitsInvalid) as error:
        print(f"mcgui-worker: {without_keys(str(error))}", file=sys.stderr)
        return 2
    # Whatever runs in a slot sees the environment of its process, and has no use for the key.
    os.environ.pop(VARIABLE, None)
    app = make_app()
    settings = Settings(name="worker")
    folder = meeting_folder(settings.path.parent)
    with one_start_at_a_time(folder):
        if hand_over(folder, options):
            return 0
        if is_taken(folder, ""):  # by a worker for another master, whose settings are not ours
            settings = Settings(name=f"worker-{_address(options.link).replace(':', '-')}")
        worker = WorkerApp(options, settings, Theme(app, options.scheme))
        worker.instance.take()
    app.installEventFilter(worker)
    worker.finished.connect(app.quit)
    interrupt = ExitSignals(worker)
    interrupt.asked.connect(worker.quit)
    picture = None if options.picture is None else Screenshot(worker, options.picture)
    worker.start()
    status = app.exec()
    interrupt.close()
    delete(worker.panel)  # before the application, which its labels tell of their shortcuts
    return status if picture is None else picture.status


def hand_over(folder: Path, options: Options) -> bool:
    """Let a worker that runs already do what was asked for. Whether there was one that did."""
    if options.picture is not None:
        return False
    link = options.link or ""
    if not link:
        return ask(folder, "", Request(minimised=options.minimised))
    request = Request(link, options.offer, minimised=options.minimised)
    # The one that serves this master; or else the first one, if it serves none, or its owner is to be asked anyway.
    return ask(folder, _address(link), request) or ask(folder, "", replace(request, free_only=not options.offer))


def _address(link: str | None) -> str:
    """Whom a link leads to; "none" for one that is none."""
    try:
        return JoinLink.parse(link or "").address
    except LinkInvalid:
        return "none"


def make_app() -> QApplication:
    """The QApplication, named so that desktops group and remember its windows."""
    app = QApplication([sys.argv[0]])  # without our arguments: Qt would read them as its own
    app.setApplicationName("mcgui-worker")
    app.setApplicationDisplayName("mcgui worker")
    app.setDesktopFileName("org.mcgui.Worker")
    app.setQuitOnLastWindowClosed(False)  # the tray stays when the panel is hidden
    return app
