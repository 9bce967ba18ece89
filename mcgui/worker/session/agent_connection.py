"""One agent process as the GUI sees it: its events arrive on the GUI thread, and nothing it does blocks there."""

from __future__ import annotations

import threading
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mcgui.background import Background
from mcgui_core.client.agent_process import AgentEvent, AgentProcess
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.protocol.join_link import JoinLink

#: Seconds that an agent has for handing back what it holds, before it is ended.
LEAVE_TIMEOUT: Final = 5.0


class AgentConnection(QObject):
    """Owns one AgentProcess from its start to its end.

    Signals:
        heard(AgentLine, AgentEvent): something changed. Events of the same state that pile up while the GUI is busy
            are told as one, the last: they are snapshots, and only changes of state are worth telling apart.
        gone(AgentLine, str): it is over after `leave`; the text says what went wrong with that, if anything.
    """

    heard = Signal(object, object)
    gone = Signal(object, str)
    _rung = Signal()

    def __init__(self, link: JoinLink, nprocs: int, background: Background, parent: QObject) -> None:
        """Start the process, which joins at the first call of `limit`. Raises OSError where the system does not let it
        start."""
        super().__init__(parent)
        self._background = background
        self._lock = threading.Lock()
        self._box: list[AgentEvent] = []
        self._rung.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._agent = AgentProcess(str(link), nprocs, on_event=self._post, limited=True)

    @property
    def pid(self) -> int:
        return self._agent.pid

    def limit(self, limits: Limits, overrides: Overrides, wanted: int, turn: int, now: float) -> None:
        """What its owner wants from now on, `now` by the clock of the overrides."""
        self._agent.limit(limits, overrides, wanted, turn, now)

    def hand_back(self) -> None:
        """While paused: stop what runs, too."""
        self._agent.hand_back()

    def drain(self) -> None:
        """Finish what runs, then leave: its last event says that it has."""
        self._agent.drain()

    def leave(self) -> None:
        """Begin to leave; `gone` tells when it is done. What has not finished goes back to the master."""
        self._background.run(self._leave, self._left, self._left_badly)

    def _leave(self) -> None:
        self._agent.leave(LEAVE_TIMEOUT)

    def _left(self, _: None) -> None:
        self.gone.emit(self, "")

    def _left_badly(self, error: Exception) -> None:
        self.gone.emit(self, f"The worker process did not leave as it should: {error}")

    def _post(self, event: AgentEvent) -> None:
        """In the agent's reader thread: lay the event into the box, and ring where it was empty."""
        with self._lock:
            empty = not self._box
            if self._box and self._box[-1].state == event.state:
                self._box[-1] = event
            else:
                self._box.append(event)
        if empty:
            self._rung.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            events, self._box = self._box, []
        for event in events:
            self.heard.emit(self, event)
