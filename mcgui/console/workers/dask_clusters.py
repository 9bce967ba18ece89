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

    Those that work for the window's own master do so again when that is started anew, and at the next start.

    Signals: `changed` when one came, went, or stands differently; `refused(str)` when one could not be added, or
    ended by itself, with the reason. `wanted_changed(tuple)`: the addresses of those that are to come again.
    """

    changed = Signal()
    refused = Signal(str)
    wanted_changed = Signal(object)
    _told = Signal(object, object)

    def __init__(self, session: Session, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._joins: list[DaskCluster] = []
        self._wanted: tuple[str, ...] = ()  # addresses of those that come again
        session.changed.connect(self._on_session_changed)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def joins(self) -> tuple[DaskCluster, ...]:
        return tuple(self._joins)

    def want(self, addresses: tuple[str, ...]) -> None:
        """Add these once the window's own master is there."""
        self._wanted = addresses
        self._on_session_changed(self._session.state)

    def _keep(self) -> None:
        wanted = tuple(join.address for join in self._joins)
        # One that ends with the window, or with its master, was not taken away.
        if self._session.state.wish.own and not self._session.is_closing and wanted != self._wanted:
            self._wanted = wanted
            self.wanted_changed.emit(wanted)

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
        if address not in self._wanted:  # or it is one of several that come again
            self._keep()
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
            self._keep()
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
        elif state.kind == "serving" and state.wish.own:
            there = {join.address for join in self._joins}
            for address in [one for one in self._wanted if one not in there]:
                self.add(address)
