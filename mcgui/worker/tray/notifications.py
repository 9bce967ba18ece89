"""What the owner is told of by the desktop; each kind can be switched off."""

from __future__ import annotations

from typing import Final, Literal, get_args

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from mcgui.format import plural
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.state import WorkerState

NoticeKind = Literal["joined", "lost", "finished", "failing"]
NOTICE_KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)
NOTICE_TITLES: Final[dict[NoticeKind, str]] = {
    "joined": "A master was joined",
    "lost": "The master was lost",
    "finished": "There is nothing more to do",
    "failing": "Tasks keep failing here that others can do",
}


class NotificationRules:
    """Reads from states what is worth telling; holds what it has to remember for that. No Qt in here."""

    def __init__(self) -> None:
        self._state = WorkerState()
        self._worked_since = 0  # tasks that were done when it began to work

    def after(self, state: WorkerState) -> list[tuple[NoticeKind, str]]:
        """What is to be told now that the state is this one: kinds and sentences."""
        before, self._state = self._state, state
        found: list[tuple[NoticeKind, str]] = []
        if state.joined and not before.joined:
            self._worked_since = state.done
            found.append(("joined", f"This computer works for {state.host} with {plural(state.nprocs, 'processor')}."))
        if before.joined and state.kind in ("connecting", "trouble") and not state.leaving:
            found.append(("lost", state.message or f"{state.host} does not answer. It is looked for until it does."))
        if before.kind == "working" and state.kind == "idle" and state.done > self._worked_since:
            tasks = state.done - self._worked_since
            self._worked_since = state.done
            found.append(("finished", f"{plural(tasks, 'task')} done for {state.host}."))
        if state.aside and state.aside != before.aside:
            found.append(("failing", f"{state.aside} Something that they need may be missing on this computer."))
        return found


class Notifications(QObject):
    """Tells by the tray icon's messages."""

    def __init__(self, icon: QSystemTrayIcon, remembered: SavedState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon, self._remembered = icon, remembered
        self._book = NotificationRules()

    def show_state(self, state: WorkerState) -> None:
        for kind, text in self._book.after(state):
            if kind not in self._remembered.quiet and self._icon.isVisible():
                bad = kind in ("lost", "failing")
                picture = QSystemTrayIcon.MessageIcon.Warning if bad else QSystemTrayIcon.MessageIcon.Information
                self._icon.showMessage("mcgui worker", text, picture)
