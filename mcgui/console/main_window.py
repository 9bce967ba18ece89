"""The main window: lays the parts out, and passes on what one of them says to those that it concerns."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.dock_area import AIR, DockArea
from mcgui.console.editor.editor import default_points
from mcgui.console.files.document_menus import DocumentMenus
from mcgui.console.files.examples import Example
from mcgui.console.files.file_drop_handler import FileDropHandler
from mcgui.console.help.help_controller import HelpController
from mcgui.console.jobs.job_announcer import JobAnnouncer
from mcgui.console.jobs.job_notifications import JobNotifications
from mcgui.console.jobs.loss_warning import QUIT, LossWarning
from mcgui.console.main_menu import MainMenu
from mcgui.console.master.links_controller import LinksController
from mcgui.console.master.master_switch import MasterSwitch
from mcgui.console.master.session import Session
from mcgui.console.master.startup_failures import StartupFailures
from mcgui.console.parts.lower_right import LowerRight
from mcgui.console.parts.scroll_when_small import ScrollBetween, ScrollWhenSmall
from mcgui.console.parts.window_message_bar import Message
from mcgui.console.preferences.preference_applier import PreferenceApplier
from mcgui.console.preferences.preferences import Preferences
from mcgui.console.session_display import SessionDisplay
from mcgui.console.trial.trial_controller import TrialController
from mcgui.console.window_layout import WindowLayout
from mcgui.console.window_parts import make_parts, make_tool_bar
from mcgui.console.workers.sharing import Sharing
from mcgui.console.workers.worker_steering import WorkerSteering
from mcgui.plain_text import unturned
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobStatus, Reduced

if TYPE_CHECKING:
    from mcgui.console.palette.command_palette import CommandPalette
    from mcgui_core.client.agent_process import AgentEvent
    from mcgui_core.workbench.workbench import Workbench

NAME: Final = "mcgui"


class MainWindow(QMainWindow):
    """The console. Give it a session; open that when the window is shown. `closed` when it is to end."""

    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        background: Background,
        preview: Workbench,
        session: Session,
        examples: tuple[Example, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._settings, self._session = theme, settings, session
        self._may_close = False
        self.setWindowTitle(f"[*]{NAME}")
        self.setAccessibleName("mcgui console")
        self.parts = make_parts(theme, settings, background, preview, session, examples, self)
        drawers = self.parts.drawers
        self.sharing = Sharing(session, background, self.parts.actions, drawers.add_workers, self)
        self.links = LinksController(session, background, self.parts.actions, drawers.links, self.parts.messages, self)
        self.steering = WorkerSteering(session, background, self.parts.workers, self.parts.actions, self)
        self.startup_failures = StartupFailures(session, self.parts.messages, self)
        self.menu = MainMenu(self.parts.actions, self)
        self._open_menu = QMenu(self)
        self._tool_bar, self.serving = make_tool_bar(theme, self.parts.actions, self._open_menu, self.menu, self)
        self._palette: CommandPalette | None = None
        self._lay_out()
        self.loss_warning = LossWarning(session, self.parts.tabs.results.exporter, settings, self)
        self.trials = TrialController(session, self.parts.environment, self.parts.form, self.parts.tabs, self)
        self.drops = FileDropHandler(self.parts.documents, self.parts.form, theme, self)
        preferences = Preferences.load(settings)
        self.sharing.dask.want(preferences.dask)
        actions = self.parts.actions
        self.master_switch = MasterSwitch(
            session, actions, drawers.connect, self.startup_failures, self.loss_warning, preferences.wish, self
        )
        self.preference_applier = PreferenceApplier(
            settings, theme, session, actions, self.master_switch, self.loss_warning, self
        )
        self.notices = JobNotifications(preferences, self)
        self.announcer = JobAnnouncer(self)
        self.display = SessionDisplay(
            session, self.parts, self.serving, self.notices, self.announcer, self.loss_warning, self
        )
        menus = (self._open_menu, self.menu.menu("File/Examples"), self.menu.menu("File/Recent"))
        places: dict[QWidget, str] = {
            self.parts.environment: "environment",
            self.parts.form.arguments: "arguments",
            self.parts.form: "first-steps",
            self.parts.workers: "workers",
            drawers.add_workers: "workers",
            drawers.links: "workers",
            self.parts.tabs.jobs: "jobs",
            self.parts.tabs: "results",
        }
        self.help = HelpController(actions, self.menu.leaves, places, session, theme, self)
        self.document_menus = DocumentMenus(self.parts.documents, self.parts.actions, examples, menus, self)
        self.menu.menu("View/Panels").addActions(list(self.docks.toggles()))
        self._connect(background)
        self.panels.restore()

    # Making it

    def _lay_out(self) -> None:
        parts = self.parts
        content = QWidget(self)
        self.setCentralWidget(ScrollWhenSmall(content, self))
        # Here, where it stays: moving it with all that is in it takes long.
        self.docks = DockArea(self._theme, content)
        self.panels_room = ScrollBetween(self.docks, self.docks.least_height, content)
        self.docks.keep_within(self.panels_room.viewport())
        self.panels = WindowLayout(self, self.docks, parts, self._settings)
        drawers = parts.drawers
        for name, drawer in (
            ("add_workers", drawers.add_workers),
            ("connect", drawers.connect),
            ("links", drawers.links),
        ):
            parts.actions[name].toggled.connect(drawer.setVisible)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._tool_bar)
        for drawer in (drawers.add_workers, drawers.connect, drawers.links):
            layout.addWidget(drawer)
        layout.addWidget(self.panels_room, 1)
        layout.addWidget(parts.strip)
        LowerRight(parts.messages, parts.strip, parts.tabs, self)
        self.docks.setContentsMargins(12 - AIR, 0, 12 - AIR, 0)
        self.addActions(list(parts.actions.of_window()))

    def _connect(self, background: Background) -> None:
        parts, session = self.parts, self._session
        actions, controller, documents = parts.actions, parts.controller, parts.documents
        actions["new"].triggered.connect(documents.new)
        actions["open"].triggered.connect(documents.open)
        actions["save"].triggered.connect(documents.save)
        actions["save_as"].triggered.connect(documents.save_as)
        actions["save_job"].triggered.connect(documents.save_job)
        actions["save_script"].triggered.connect(documents.save_script)
        # What was typed a moment ago is run too: the editor looks at it only after a pause.
        actions["run"].triggered.connect(parts.environment.look_through)
        actions["run"].triggered.connect(controller.run)
        actions["try_one"].triggered.connect(parts.form.try_one.wanted)
        actions["pause"].triggered.connect(controller.pause_or_resume)
        actions["cancel"].triggered.connect(controller.cancel)
        self.panels.connect_actions(actions)
        actions["quit"].triggered.connect(self.close)
        actions["palette"].triggered.connect(self._on_palette)
        self.sharing.chosen.connect(self.preference_applier.keep)
        self.startup_failures.moved.connect(self.preference_applier.keep_port)
        self.sharing.copied.connect(self._on_copied)
        self.sharing.trouble.connect(self._on_trouble)
        self.preference_applier.changed.connect(self.notices.set_preferences)
        self.preference_applier.changed.connect(self._on_preferences_changed)
        parts.workers.add_wanted.connect(self.show_add_workers)
        self.steering.log_wanted.connect(self._on_log_wanted)
        parts.first_run.chosen.connect(documents.open_path)
        parts.environment.job_dropped.connect(documents.open_path)
        parts.tabs.jobs.selected.connect(controller.show_job)
        parts.tabs.jobs.opened.connect(self._on_job_opened)
        parts.work.trouble.connect(self._on_trouble)
        parts.work.show_wanted.connect(controller.show_when_there)
        parts.tabs.results.exporter.started.connect(self._on_export_started)
        parts.reruns.submitted.connect(controller.show_when_there)
        parts.reopener.reopened.connect(self._on_reopened)
        parts.strip.failures_wanted.connect(self._on_failures_wanted)
        parts.strip.job_wanted.connect(controller.show_job)
        # The name that was pressed may go out of sight, and the focus to the first button of the window.
        parts.strip.job_wanted.connect(self.panels.go_to_work)
        parts.strip.jobs_wanted.connect(actions["go_jobs"].trigger)
        controller.shown.connect(self._on_job_shown)
        controller.submitted.connect(self._on_submitted)
        controller.reduced.connect(self._on_reduced)
        controller.busy_changed.connect(self._on_busy_changed)
        documents.named.connect(self._on_named)
        parts.environment.modified_changed.connect(self.setWindowModified)
        session.worker_told.connect(self._on_worker_told, Qt.ConnectionType.QueuedConnection)
        background.trouble.connect(self._on_error)

        if self.preference_applier.preferences.points:  # or else as it was zoomed last
            self._on_preferences_changed(self.preference_applier.preferences)

    @property
    def command_palette(self) -> CommandPalette:
        """Made when it is opened first."""
        if self._palette is None:
            from mcgui.console.palette.command_palette import CommandPalette

            self._palette = CommandPalette(self.menu.leaves, self._theme, self)
        return self._palette

    @Slot()
    def _on_palette(self) -> None:
        self.command_palette.open()

    # Its end

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close and not (self.parts.environment.may_lose_changes() and self.loss_warning.accepted(QUIT)):
            event.ignore()
            return
        self.panels.remember()
        self.parts.environment.end()
        event.accept()
        self.closed.emit()

    @Slot()
    def end(self) -> None:
        """Close without a question: what Ctrl+C does."""
        self._may_close = True
        self.close()

    # What the worker of this computer says

    @Slot(object)
    def _on_worker_told(self, event: AgentEvent) -> None:
        if event.state in ("refused", "ended") and event.message and self._session.state.wish.worker:
            self.parts.messages.say(
                Message("worker", event.message, "warning", actions=(("Start it again", self.sharing.restart_worker),))
            )
        elif event.state in ("idle", "working"):
            self.parts.messages.clear("worker")

    # What the jobs say

    @Slot(object)
    def _on_job_shown(self, job: JobStatus | None) -> None:
        parts = self.parts
        parts.strip.show_job(job)
        parts.tabs.show_job(job)
        parts.work.show_job(job)
        parts.remembered.show_job(job)
        parts.actions.set_job(job.state if job is not None else None, job.failed if job is not None else 0)
        if job is not None and job.state != "finished":
            parts.tabs.results.show_reduced(None)
        if job is not None:
            parts.tabs.jobs.select(job.id)

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:
        self.parts.actions.set_obstacle("run", "A job is being submitted." if busy else "")

    @Slot(int)
    def _on_submitted(self, _id: int) -> None:
        if self.parts.tabs.current is not self.parts.tabs.log:
            self.parts.tabs.bring(self.parts.tabs.results)

    @Slot(int, object)
    def _on_reduced(self, id: int, reduced: Reduced) -> None:
        job = self.parts.controller.job
        if job is not None and job.id == id:
            self.parts.tabs.results.show_reduced(reduced)

    @Slot(int)
    def _on_job_opened(self, id: int) -> None:
        self.parts.controller.show_job(id)
        self.parts.tabs.bring(self.parts.tabs.results)

    @Slot()
    def _on_reopened(self) -> None:
        self.docks.show_panel("environment")
        self.docks.show_panel("job")

    @Slot()
    def _on_export_started(self) -> None:
        self.parts.tabs.bring(self.parts.tabs.results)  # where its progress is

    @Slot()
    def _on_failures_wanted(self) -> None:
        self.panels.go_to("go_failures")

    # The rest

    @Slot(object)
    def come_forward(self, files: tuple[str, ...]) -> None:
        """The program was started once more, with these files."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        self.parts.documents.open_paths(tuple(map(Path, files)))

    def write(self, text: str, level: int = logging.INFO) -> None:
        """Write a line to the log."""
        self.parts.tabs.log.write(level, time.time(), text)

    @Slot(str)
    def _on_trouble(self, text: str) -> None:
        self.parts.messages.say(Message("trouble", text))
        self.write(text, logging.ERROR)

    @Slot(str)
    def _on_copied(self, text: str) -> None:
        self.parts.messages.say(Message("copied", text, "info", passes=True))

    @Slot(object)
    def _on_error(self, error: Exception) -> None:
        self._on_trouble(str(error) or type(error).__name__)

    @Slot(str, str)
    def on_fault(self, line: str, text: str) -> None:
        """An error in the program itself."""
        self.parts.messages.say(
            Message(
                "fault",
                f"Something in mcgui went wrong: {line}\nThe window goes on; jobs are not touched.",
                details=text,
            )
        )
        self.write(text, logging.ERROR)

    @Slot(object)
    def _on_preferences_changed(self, preferences: Preferences) -> None:
        self.parts.environment.tabs.set_points(preferences.points or default_points())

    @Slot()
    def show_add_workers(self) -> None:
        self.parts.actions["add_workers"].setChecked(True)

    @Slot(str)
    def _on_log_wanted(self, node: str) -> None:
        self.panels.go_to("go_log")
        self.parts.tabs.log.show_only(node)

    @Slot(str, object)
    def _on_named(self, name: str, _path: Path | None) -> None:
        self.setWindowTitle(f"{unturned(name)}[*] - {NAME}" if name else f"[*]{NAME}")
