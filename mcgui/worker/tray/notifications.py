"""What the owner is told of by the desktop; each kind can be switched off."""

from __future__ import annotations

import time
from typing import Final, Literal, get_args

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QSystemTrayIcon

from mcgui.format import plural
from mcgui.plain_text import plain_notice
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.work_spells import WorkSpells
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
#: Seconds for which a master has to be away for its loss to be worth one.
LOST: Final = 10.0


class NotificationRules:
    """Reads from states what is worth telling; holds what it has to remember for that. No Qt in here.

    Time is in seconds, from any moment on.
    """

    def __init__(self) -> None:
        self._state = WorkerState()
        self._spells = WorkSpells()
        self._told_joined = ""  # the master of which that was told, and nothing else since
        self._away: float | None = None  # since when it does not answer, while that is not told

    def after(self, state: WorkerState, now: float) -> list[tuple[NoticeKind, str]]:
        """What is to be told now that the state is this one: kinds and sentences."""
        before, self._state = self._state, state
        found: list[tuple[NoticeKind, str]] = []
        if state.joined:
            self._away = None
            if state.master != self._told_joined:
                text = f"This computer works for {state.host} with {plural(state.nprocs, 'processor')}."
                found.append(("joined", text))
                self._told_joined = state.master
        elif not state.running or state.leaving:
            self._told_joined, self._away = "", None
        found += self._loss(before, state, now) + self._end_of_work(state, now)
        if state.aside and state.aside != before.aside:
            found.append(("failing", f"{state.aside} Something that they need may be missing on this computer."))
        return found

    def seconds_to_wait(self, now: float) -> float | None:
        """After how long `after` has something to say although the state stays as it is; None: not at all."""
        away = None if self._away is None else max(0.0, self._away + LOST - now)
        waits = [wait for wait in (self._spells.seconds_to_wait(now), away) if wait is not None]
        return min(waits, default=None)

    def _loss(self, before: WorkerState, state: WorkerState, now: float) -> list[tuple[NoticeKind, str]]:
        """Told at once where somebody has to do something, and else when it has lasted."""
        if state.leaving or state.kind not in ("connecting", "trouble"):
            return []
        if before.joined:
            self._away = now
        if self._away is None or (state.kind == "connecting" and now - self._away < LOST):
            return []
        self._told_joined, self._away = "", None
        return [("lost", state.message or f"{state.host} does not answer. It is looked for until it does.")]

    def _end_of_work(self, state: WorkerState, now: float) -> list[tuple[NoticeKind, str]]:
        spell = self._spells.after(state, now)
        if spell is None or state.kind != "idle" or spell.seconds < LONG or not spell.done:
            return []
        return [("finished", f"{plural(spell.done, 'task')} done for {state.host}.")]


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
                self._icon.showMessage("mcgui worker", plain_notice(text), picture)
        wait = self._rules.seconds_to_wait(now)
        if wait is None:
            self._again.stop()
        else:
            self._again.start(int(1000 * wait) + 1)
