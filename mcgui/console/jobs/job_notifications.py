"""Tells by the desktop when a long job has ended, while nobody looks at the window."""

from __future__ import annotations

import shutil
import sys
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from mcgui import format
from mcgui.console.preferences.preferences import Preferences
from mcgui.console.progress.progress_line import took
from mcgui.icons import app_icon
from mcgui.plain_text import plain_notice
from mcgui_core.protocol.messages import JobStatus, Snapshot

#: Milliseconds that the tray icon stays, which a message needs to come from.
_STAYS: Final = 20_000
#: Milliseconds that a tray may take for a new icon.
_TAKES: Final = 500
#: Jobs that are named where many end at once: a notice has room for few lines.
NAMED: Final = 5
_ENDS: Final = {
    "finished": "finished",
    "stopped": "was stopped at its first failure",
    "cancelled": "was cancelled",
}


def sentence(job: JobStatus) -> str:
    """What became of a job that is over."""
    failed = f", {format.count(job.failed)} failed" if job.failed else ""
    tasks = f"{format.count(job.done)} of {format.plural(job.total, 'task')} done{failed}"
    return f"{job.name} {_ENDS.get(job.state, job.state)} after {format.duration(took(job))}: {tasks}."


class EndedJobs:
    """Compares snapshots. No Qt in here."""

    def __init__(self) -> None:
        self._running: set[int] = set()
        self._before: dict[int, float] = {}  # of jobs that were over: seconds that they had taken until then

    def after(self, snapshot: Snapshot) -> tuple[tuple[JobStatus, float], ...]:
        """The jobs that have ended since the snapshot before, with the seconds that each took since it was over last:
        a retry may be of one task of many. Those that a person cancelled are no news to anybody."""
        over = tuple(
            (job, (took(job) or 0.0) - self._before.get(job.id, 0.0))
            for job in snapshot.jobs
            if job.final and job.id in self._running and job.state != "cancelled"
        )
        self._running = {job.id for job in snapshot.jobs if not job.final}
        self._before |= {job.id: took(job) or 0.0 for job in snapshot.jobs if job.final}
        return over

    def forget(self) -> None:
        """Another master is shown."""
        self._running.clear()
        self._before.clear()


class DesktopNotifier(QObject):
    """The ways in which a desktop is told: its tray, or its notification command; and the task bar, always.

    `clicked`: the person pressed the message.
    """

    clicked = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS)
        self._timer.timeout.connect(self._on_late)

    def tell(self, title: str, text: str) -> None:
        """Show a message, and mark the window in the task bar."""
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._icon is None:
                self._icon = QSystemTrayIcon(app_icon(), self)
                self._icon.setToolTip("mcgui")
                self._icon.messageClicked.connect(self.clicked)
                self._icon.activated.connect(self.clicked)
            self._icon.show()
            # The tray has to have taken the icon in, or the message appears in a corner.
            QTimer.singleShot(_TAKES, self, lambda: self._show(title, text))
            self._timer.start()
        elif sys.platform.startswith("linux") and shutil.which("notify-send"):
            # GNOME has no tray, and shows notifications all the same.
            QProcess.startDetached("notify-send", ["--app-name=mcgui", "--", title, plain_notice(text)])

    def _show(self, title: str, text: str) -> None:
        if self._icon is not None:
            self._icon.showMessage(title, plain_notice(text), app_icon())

    @Slot()
    def _on_late(self) -> None:
        if self._icon is not None:
            self._icon.hide()


class JobNotifications(QObject):
    """Watches the jobs of the master that is shown."""

    def __init__(self, preferences: Preferences, window: QWidget, desktop: DesktopNotifier | None = None) -> None:
        super().__init__(window)
        self._preferences, self._window = preferences, window
        self._desktop = desktop or DesktopNotifier(window)
        self._ended = EndedJobs()
        self._desktop.clicked.connect(self._on_clicked)

    @Slot(object)
    def set_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def forget(self) -> None:
        """Another master is shown: its jobs have nothing to do with those of before."""
        self._ended.forget()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        ended = [job for job, seconds in self._ended.after(snapshot) if seconds >= self._preferences.long]
        if ended and self._preferences.notify and not self._window.isActiveWindow():
            title = "A job has ended" if len(ended) == 1 else f"{format.count(len(ended))} jobs have ended"
            more = [f"And {format.count(len(ended) - NAMED)} more."] if len(ended) > NAMED else []
            self._desktop.tell(title, "\n".join([*map(sentence, ended[:NAMED]), *more]))

    @Slot()
    def _on_clicked(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
