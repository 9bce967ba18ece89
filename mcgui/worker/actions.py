"""What the owner can do, each declared once for menu and panel alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup

from mcgui.format import plural
from mcgui.worker.limits.limit_words import limit_title
from mcgui.worker.state import WorkerState
from mcgui.worker.tray.processor_steps import processor_steps
from mcgui.worker.words import menu_line
from mcgui_core.owner.weekly_schedule import instant, time_text

#: What can be snoozed for: its name, and minutes.
SNOOZES: Final = (("For 15 minutes", 15), ("For 1 hour", 60), ("For 4 hours", 240), ("For 12 hours", 720))


#: When tomorrow begins, for whoever snoozes until then: minutes after midnight.
MORNING: Final = 8 * 60


def seconds_to_morning(now: datetime) -> int:
    """From now to the morning of the next day, by the clock on the wall; in the small hours that is today's."""
    day = now.date() if now.hour < 4 else now.date() + timedelta(days=1)
    return round(instant(day, MORNING) - now.timestamp())


class WorkerActions(QObject):
    """The actions of the worker, enabled and named as the state demands.

    Signals:
        nprocs_chosen(int): one of `shares` was picked.
        snoozed(int): pause for so many seconds.
        ignored(str): this limit is not to count for an hour.

    Attributes:
        state: a line that tells, and shows the panel, which tells more.
        shares: one action for each step of processors.
        pause: pauses once what runs is done, or goes on.
        pause_now: pauses, and gives back what runs.
        hand_back: gives back what still runs though it is paused; to be seen only where something does.
        snoozes: one action for each length of a snooze; the last one is `snooze_other`, which asks for it.
        ignore: lets the limit in force not count for an hour; to be seen only where there is one.
        finish: finishes what runs, then quits.
        leave: leaves the master; the program stays.
        preferences: shows what can be set.
        open: shows the panel.
        quit: leaves the master and ends the program.
    """

    nprocs_chosen = Signal(int)
    snoozed = Signal(int)
    ignored = Signal(str)

    def __init__(self, cpus: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = QAction(self)  # enabled: what is not can hardly be read
        self.pause = QAction("Pause", self)
        self.pause_now = QAction("Pause at once", self)
        self.pause_now.setToolTip("Stop what runs, too; it goes back to the master.")
        self.hand_back = QAction(self)
        self.hand_back.setToolTip("Do not wait for their end: another computer begins them anew.")
        self.snooze_other = QAction("For another time…", self)
        self.snoozes = [*(self._snooze(text, minutes) for text, minutes in SNOOZES), self._until_tomorrow()]
        self.snoozes.append(self.snooze_other)
        self.ignore = QAction("Ignore for an hour", self)
        self.ignore.triggered.connect(self._on_ignore)
        self.finish = QAction("Finish, then quit", self)
        self.finish.setToolTip("Let the tasks that run come to their end, then leave and quit.")
        self.leave = QAction("Disconnect", self)
        self.preferences = QAction("Preferences…", self)
        self._limit = ""
        self.open = QAction("Open panel", self)
        self.state.triggered.connect(self.open.trigger)
        self.quit = QAction("Quit", self)
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.shares = [self._share(share.percent, share.nprocs, cpus) for share in processor_steps(cpus)]
        self._group.triggered.connect(self._on_share)

    def _share(self, percent: int, nprocs: int, cpus: int) -> QAction:
        action = QAction(f"{percent} % ({nprocs} of {cpus})", self._group)
        action.setCheckable(True)
        action.setData(nprocs)
        return action

    def _snooze(self, text: str, minutes: int) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda: self.snoozed.emit(minutes * 60))
        return action

    def _until_tomorrow(self) -> QAction:
        action = QAction(f"Until tomorrow, {time_text(MORNING)}", self)
        action.triggered.connect(self._on_until_tomorrow)
        return action

    @Slot()
    def _on_until_tomorrow(self) -> None:
        self.snoozed.emit(seconds_to_morning(datetime.now().astimezone()))

    def show_state(self, state: WorkerState) -> None:
        self.state.setText(menu_line(state))
        self._limit = state.limit if state.limited else ""
        self._show_pause(state)
        for action in (self.pause, self.pause_now, self.finish, *self.snoozes):
            action.setEnabled(state.can_pause)
        self.leave.setVisible(state.running)
        self.leave.setEnabled(not state.leaving)
        self.ignore.setVisible(state.limited and state.can_pause)
        self.ignore.setText(f"Ignore “{limit_title(state.limit)}” for an hour")
        for action in self.shares:
            action.setChecked(action.data() == state.nprocs)

    def _show_pause(self, state: WorkerState) -> None:
        self.pause.setText("Resume" if state.held else "Finish, then pause")
        self.pause.setIconText("Resume" if state.held else "Pause")  # what the button is called
        resumes = "Go on working."
        self.pause.setToolTip(resumes if state.held else "Start nothing new. What runs now goes on to its end.")
        self.pause_now.setVisible(not state.held)
        kind = "stopped task" if state.suspended else "running task"
        self.hand_back.setText(f"Give back {plural(state.busy, kind)} now")
        self.hand_back.setVisible(state.kind == "paused" and state.busy > 0 and state.can_pause)

    @Slot()
    def _on_ignore(self) -> None:
        if self._limit:
            self.ignored.emit(self._limit)

    @Slot(QAction)
    def _on_share(self, action: QAction) -> None:
        action.setChecked(True)  # picking the one that is set already must not take its mark away
        self.nprocs_chosen.emit(int(action.data()))
