"""The Dask clusters that this window brought along: each is a node, by a bridge that is a child of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mcgui.background import Background
from mcgui.console.master.session import Session, SessionState
from mcgui_core.errors import McguiError
from mcgui_core.protocol.agent_events import AgentEvent

if TYPE_CHECKING:
    from mcgui_core.client.agent_process import AgentProcess


@dataclass(eq=False)
class DaskCluster:
    """One of them. `event` is what its bridge told last."""

    address: str
    event: AgentEvent = field(default_factory=lambda: AgentEvent("connecting"))
    agent: AgentProcess | None = None  # None while it is being started


class DaskClusters(QObject):
    """Adds and removes Dask clusters.

    Signals: `changed` when one came, went, or stands differently; `refused(str)` when one could not be added, or
    ended by itself, with the reason.
    """

    changed = Signal()
    refused = Signal(str)
    _told = Signal(object, object)

    def __init__(self, session: Session, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._joins: list[DaskCluster] = []
        session.changed.connect(self._on_session_changed)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def joins(self) -> tuple[DaskCluster, ...]:
        return tuple(self._joins)

    def add(self, address: str) -> None:
        """Let the Dask cluster of this scheduler work for the master of the window."""
        if any(join.address == address for join in self._joins):
            self.refused.emit(f"{address} has been added already.")
            return
        try:
            cluster = self._session.cluster
        except McguiError as error:
            self.refused.emit(str(error))
            return
        join = DaskCluster(address)

        def hear(event: AgentEvent) -> None:
            """In a thread of the agent's."""
            self._told.emit(join, event)

        def started(agent: AgentProcess) -> None:
            join.agent = agent
            if join not in self._joins:  # it was taken away meanwhile
                self._background.run(agent.leave)

        def failed(error: Exception) -> None:
            self._take_out(join)
            self.refused.emit(str(error) or type(error).__name__)

        self._joins.append(join)
        self.changed.emit()
        self._background.run(lambda: cluster.add_dask_cluster(address, on_event=hear), started, failed)

    def remove(self, join: DaskCluster) -> None:
        """Let it go: what it runs goes back, and is run elsewhere."""
        self._take_out(join)
        if join.agent is not None:
            self._background.run(join.agent.leave)

    def _take_out(self, join: DaskCluster) -> None:
        if join in self._joins:
            self._joins.remove(join)
            self.changed.emit()

    @Slot(object, object)
    def _on_told(self, join: DaskCluster, event: AgentEvent) -> None:
        if join not in self._joins:
            return
        join.event = event
        if event.state == "ended":
            self._take_out(join)
            if event.message:
                self.refused.emit(event.message)
        else:
            self.changed.emit()

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        if state.kind == "starting" and self._joins:  # they ended with the master that they worked for
            self._joins.clear()
            self.changed.emit()
