"""Who may work for this master: this computer, other computers, and the links for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.drawer import Drawer
from mcgui.console.master.master_startup import EVERYWHERE, HERE, OWN_NAME
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.drawer_focus import DrawerFocus
from mcgui.console.workers.dask_clusters import DaskClusters
from mcgui_core.protocol.messages import NodeStatus, Snapshot

if TYPE_CHECKING:
    from mcgui.console.workers.add_workers_panel import AddWorkers


class Sharing(QObject):
    """Keeps the actions about links and workers, and the panel that adds workers, in step with the session.

    `chosen(str, object)`: a person switched something of the window's own master that is to stay so at the next start:
    `host`, `worker`, `nprocs` or `dask`, with its value. `copied(str)`: a link is on the clipboard, in a sentence.
    `trouble(str)`: a Dask cluster could not be added again, or has ended, and the panel that says so is not there yet.
    """

    chosen = Signal(str, object)
    copied = Signal(str)
    trouble = Signal(str)

    def __init__(
        self,
        session: Session,
        background: Background,
        actions: ActionRegistry,
        drawer: Drawer[AddWorkers],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.dask = DaskClusters(session, background, self)
        self.dask.wanted_changed.connect(self._on_dask_wanted)
        self.dask.refused.connect(self._on_dask_refused)
        self.dask.changed.connect(self._on_dask_changed)
        self._session, self._actions, self._drawer = session, actions, drawer
        self._own: NodeStatus | None = None  # the worker of this window, as the master told of it last
        drawer.made.connect(self._on_made)
        session.changed.connect(self._on_session_changed)
        session.snapshot_arrived.connect(self._on_snapshot)
        actions["worker"].triggered.connect(self.set_worker)
        actions["share"].triggered.connect(self.set_shared)
        actions["copy_worker_link"].triggered.connect(self._copy_worker_link)
        actions["copy_console_link"].triggered.connect(self._copy_console_link)
        self._on_session_changed(session.state)

    @Slot()
    def _on_made(self) -> None:
        """The panel is there: it asks for things, and shows how they stand."""
        panel = self._drawer.panel
        panel.sharing_wanted.connect(self.set_shared)
        panel.own.switched.connect(self.set_worker)
        panel.own.resized.connect(self.set_worker_nprocs)
        panel.dask.add_wanted.connect(self.dask.add)
        panel.dask.remove_wanted.connect(self.dask.remove)
        panel.closed.connect(self._on_closed)
        DrawerFocus(panel, panel.share, panel.closed.emit)
        self._on_dask_changed()
        self._on_session_changed(self._session.state)
        panel.own.show_node(self._own)

    @Slot()
    def _on_closed(self) -> None:
        self._actions["add_workers"].setChecked(False)

    @Slot(bool)
    def set_shared(self, shared: bool) -> None:
        """Let other computers reach the master, or only this one: it is started again at another address."""
        wish = self._session.state.wish
        if wish.own and wish.shared != shared:
            host = EVERYWHERE if shared else HERE
            self._session.open(wish.with_host(host))
            self.chosen.emit("host", host)

    @Slot(bool)
    def set_worker(self, wanted: bool) -> None:
        """Let this computer work too, or not any more."""
        self._session.set_worker(wanted)
        self._tell("worker", wanted)

    @Slot(int)
    def set_worker_nprocs(self, nprocs: int) -> None:
        """How many processors this computer gives."""
        self._session.set_worker_nprocs(nprocs)
        self._tell("nprocs", nprocs)

    def _tell(self, name: str, value: object) -> None:
        if self._session.is_open and self._session.state.wish.own:
            self.chosen.emit(name, value)

    @Slot()
    def restart_worker(self) -> None:
        """Start this computer's worker anew."""
        self._session.restart_worker()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._own = own = next((node for node in snapshot.nodes if self.is_own(node)), None)
        if self._drawer.is_made:
            self._drawer.panel.own.show_node(own)
        if own is not None and own.state == "left":  # it was retired like any other: it is switched off here too
            self._session.set_worker(False)

    @Slot()
    def _on_dask_changed(self) -> None:
        if self._drawer.is_made:
            self._drawer.panel.dask.show_joins(self.dask.joins)

    @Slot(str)
    def _on_dask_refused(self, why: str) -> None:
        if self._drawer.is_made:
            self._drawer.panel.dask.say_refused(why)
        if not self._drawer.isVisible():
            self.trouble.emit(why)

    @Slot(object)
    def _on_dask_wanted(self, addresses: tuple[str, ...]) -> None:
        self.chosen.emit("dask", addresses)

    def is_own(self, node: NodeStatus) -> bool:
        """Whether a node is the worker that this window started."""
        return node.name == OWN_NAME and node.pid == self._session.worker_pid

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        there = self._session.is_open
        links = {"copy_worker_link": "", "copy_console_link": ""}
        if there:
            cluster = self._session.cluster
            links = {"copy_worker_link": cluster.worker_link, "copy_console_link": cluster.console_link}
        for name in ("worker", "share"):
            self._actions.set_obstacle(name, "" if there else "There is no master yet.")
        for name, link in links.items():
            revoked = "" if link else "It is revoked. Renew it under Links."
            self._actions.set_obstacle(name, revoked if there else "There is no master yet.")
        self._actions["worker"].setChecked(state.wish.worker)
        self._actions["share"].setVisible(state.wish.own)
        self._actions["share"].setChecked(state.wish.shared)
        if self._drawer.is_made:
            self._drawer.panel.show_session(state, self._session.cluster.worker_link if there else "")

    @Slot()
    def _copy_worker_link(self) -> None:
        QApplication.clipboard().setText(self._session.cluster.worker_link)
        self.copied.emit("The worker link is on the clipboard. Whoever has it can work here.")

    @Slot()
    def _copy_console_link(self) -> None:
        QApplication.clipboard().setText(self._session.cluster.console_link)
        self.copied.emit("The console link is on the clipboard. Whoever has it can do everything here.")
