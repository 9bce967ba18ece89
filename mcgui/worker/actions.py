"""What the owner can do, each declared once for menu and panel alike."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup

from mcgui.worker.shares import shares
from mcgui.worker.state import WorkerState
from mcgui.worker.words import menu_line


class WorkerActions(QObject):
    """The actions of the worker, enabled and named as the state demands.

    Signals:
        nprocs_chosen(int): one of `shares` was picked.

    Attributes:
        state: a line that tells, and does nothing.
        shares: one action for each step of processors.
        pause: pauses, or goes on.
        open: shows the panel.
        quit: leaves the master and ends the program.
    """

    nprocs_chosen = Signal(int)

    def __init__(self, cpus: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = QAction(self)
        self.state.setEnabled(False)
        self.pause = QAction("Pause", self)
        self.open = QAction("Open panel", self)
        self.quit = QAction("Quit", self)
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.shares = [self._share(share.percent, share.nprocs, cpus) for share in shares(cpus)]
        self._group.triggered.connect(self._on_share)

    def _share(self, percent: int, nprocs: int, cpus: int) -> QAction:
        action = QAction(f"{percent} % ({nprocs} of {cpus})", self._group)
        action.setCheckable(True)
        action.setData(nprocs)
        return action

    def show_state(self, state: WorkerState) -> None:
        self.state.setText(menu_line(state))
        self.pause.setText("Resume" if state.kind == "paused" else "Pause")
        self.pause.setEnabled(state.can_pause)
        for action in self.shares:
            action.setChecked(action.data() == state.nprocs)

    @Slot(QAction)
    def _on_share(self, action: QAction) -> None:
        action.setChecked(True)  # picking the one that is set already must not take its mark away
        self.nprocs_chosen.emit(int(action.data()))
