"""What the owner is told of by the desktop; each kind can be switched off."""

from __future__ import annotations

import time
from typing import Final, Literal, get_args

from PySide6.QtCore import QObject, QTimer, Slot
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


#: Seconds of work whose end is worth a notification: nobody waits for less.
LONG: Final = 30.0
#: Seconds without work after which it is at its end. Between two leases there are moments without any.
REST: Final = 10.0


class NotificationRules:
    """Reads from states what is worth telling; holds what it has to remember for that. No Qt in here.

    Time is in seconds, from any moment on.
    """

    def __init__(self) -> None:
        self._state = WorkerState()
        self._done_before = 0  # tasks that were done when it began to work
        self._began: float | None = None  # when that was; None: there was no work since the last end of it
        self._rested: float | None = None  # since when there has been no work

    def after(self, state: WorkerState, now: float) -> list[tuple[NoticeKind, str]]:
        """What is to be told now that the state is this one: kinds and sentences."""
        before, self._state = self._state, state
        found: list[tuple[NoticeKind, str]] = []
        if state.joined and not before.joined:
            self._done_before, self._began = state.done, None
            found.append(("joined", f"This computer works for {state.host} with {plural(state.nprocs, 'processor')}."))
        if before.joined and state.kind in ("connecting", "trouble") and not state.leaving:
            found.append(("lost", state.message or f"{state.host} does not answer. It is looked for until it does."))
        found += self._end_of_work(state, now)
        if state.aside and state.aside != before.aside:
            found.append(("failing", f"{state.aside} Something that they need may be missing on this computer."))
        return found

    def seconds_to_wait(self, now: float) -> float | None:
        """After how long `after` has something to say although the state stays as it is; None: not at all."""
        return None if self._rested is None else max(0.0, self._rested + REST - now)

    def _end_of_work(self, state: WorkerState, now: float) -> list[tuple[NoticeKind, str]]:
        if state.kind == "working":
            self._began = now if self._began is None else self._began
        if state.kind != "idle" or self._began is None:
            self._rested = None
            return []
        self._rested = now if self._rested is None else self._rested
        if now - self._rested < REST:
            return []
        worked, tasks = self._rested - self._began, state.done - self._done_before
        self._began = self._rested = None
        self._done_before = state.done
        return [("finished", f"{plural(tasks, 'task')} done for {state.host}.")] if worked >= LONG and tasks else []


class Notifications(QObject):
    """Tells by the tray icon's messages."""

    def __init__(self, icon: QSystemTrayIcon, remembered: SavedState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon, self._remembered = icon, remembered
        self._rules = NotificationRules()
        self._state = WorkerState()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look)

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        self._look()

    @Slot()
    def _look(self) -> None:
        now = time.monotonic()
        for kind, text in self._rules.after(self._state, now):
            if kind not in self._remembered.quiet and self._icon.isVisible():
                bad = kind in ("lost", "failing")
                picture = QSystemTrayIcon.MessageIcon.Warning if bad else QSystemTrayIcon.MessageIcon.Information
                self._icon.showMessage("mcgui worker", text, picture)
        wait = self._rules.seconds_to_wait(now)
        if wait is None:
            self._again.stop()
        else:
            self._again.start(int(1000 * wait) + 1)
