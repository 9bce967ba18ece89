"""Does with the selected workers what a person wants, and says in place what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.master.session import Session, SessionState
from mcgui.console.workers.pending_orders import PendingOrder, PendingOrders
from mcgui.console.workers.worker_orders import ORDERS, Order, details, fitting, in_words, obstacle, several
from mcgui.console.workers.worker_table import WorkerTable
from mcgui_core.errors import McguiError, NodeUnknown
from mcgui_core.protocol.messages import NodeStatus, Snapshot

if TYPE_CHECKING:
    from mcgui_core.client.cluster import Cluster

_PREFIX: Final = "worker_"
_MENU: Final = (
    "processors", "pause", "resume", None, "retire", "retire_now", "send_away", "allow", "forget", None, "copy", "log",
)  # fmt: skip
#: Sentences that one line shows.
_SAID: Final = 3


class WorkerSteering(QObject):
    """Connects the actions of the menu Workers with the nodes that are selected in the table.

    `log_wanted(name)`: show what the log says of this node.
    """

    log_wanted = Signal(str)

    def __init__(
        self, session: Session, background: Background, table: WorkerTable, actions: ActionRegistry, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._table, self._actions = session, background, table, actions
        self._pending_orders = PendingOrders()
        self._now = 0.0
        self._informed = False  # the line in the panel says only what was asked, and may go
        table.set_actions(tuple(None if name is None else self._action(name) for name in _MENU))
        for order in ORDERS:
            self._action(order).triggered.connect(self._on_triggered)
        actions["worker_columns"].triggered.connect(table.choose_columns)
        table.selection_changed.connect(self._offer)
        table.processors.answered.connect(self._on_processors)
        session.snapshot_arrived.connect(self._on_snapshot)
        session.changed.connect(self._on_session_changed)
        self._offer()

    def _action(self, order: str) -> QAction:
        return self._actions[_PREFIX + order]

    @Slot()
    def _offer(self) -> None:
        """Offer what makes sense for the nodes that are selected now."""
        nodes = self._table.selected()
        for order in ORDERS:
            self._actions.set_obstacle(_PREFIX + order, obstacle(order, nodes))

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        order: Order = next(one for one in ORDERS if self._action(one) is action)
        nodes = fitting(order, self._table.selected())
        if not nodes:
            return
        match order:
            case "processors":
                self._table.processors.ask(nodes)
            case "copy":
                QApplication.clipboard().setText("\n\n".join(details(node, self._now) for node in nodes))
                self._say(f"Copied the details of {several([node.name for node in nodes])}.")
            case "log":
                self.log_wanted.emit(nodes[0].name)
            case _:
                self._ask(order, nodes)

    @Slot(tuple, int)
    def _on_processors(self, ids: tuple[str, ...], nprocs: int) -> None:
        self._ask("processors", [node for node in self._table.model.all if node.id in ids], nprocs)
        self._table.view.setFocus()

    def _ask(self, order: Order, nodes: Sequence[NodeStatus], nprocs: int = 0) -> None:
        asks = tuple(PendingOrder(node.id, node.name, order, self._now, nprocs) for node in nodes)
        try:
            cluster = self._session.cluster
        except McguiError as error:
            self._table.notice.say(str(error))
            return
        self._background.run(lambda: _ask_all(cluster, asks), self._answer(asks), self._on_failed)

    def _answer(self, asks: tuple[PendingOrder, ...]) -> Callable[[tuple[PendingOrder, ...]], None]:
        def on_asked(gone: tuple[PendingOrder, ...]) -> None:
            heard = [ask for ask in asks if ask not in gone]
            if gone:
                names, verb = several([ask.name for ask in gone]), "was" if len(gone) == 1 else "were"
                self._table.notice.say(f"{names} {verb} gone before anything could be asked.", "warning")
                self._informed = False
            if heard and heard[0].order == "allow":
                self._say(f"{several([ask.name for ask in heard])} may come back, and will within a minute.")
            elif heard and heard[0].order != "forget":
                self._pending_orders.add(heard)
                if not gone:
                    words = in_words(heard[0].order, heard[0].nprocs)
                    self._say(f"Asked {several([ask.name for ask in heard])} {words}.")

        return on_asked

    def _on_failed(self, error: Exception) -> None:
        self._informed = False
        self._table.notice.say(str(error) or type(error).__name__)

    def _say(self, text: str) -> None:
        self._table.notice.say(text, "info")
        self._informed = True

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._now = snapshot.time
        waited = bool(self._pending_orders.pending)
        told = self._pending_orders.look(snapshot.nodes, snapshot.time)
        if told:
            more = f"\nAnd {len(told) - _SAID} more." if len(told) > _SAID else ""
            self._table.notice.say("\n".join(told[:_SAID]) + more, "warning")
            self._informed = False
        elif waited and not self._pending_orders.pending and self._informed:
            self._table.notice.clear()  # the table shows it by now

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        if state.kind == "starting":
            self._pending_orders.clear()
            self._table.notice.clear()
            self._table.processors.hide()


def _ask_all(cluster: Cluster, asks: tuple[PendingOrder, ...]) -> tuple[PendingOrder, ...]:
    """Blocks. Returns those whose node the master does not know any more."""
    gone = []
    for ask in asks:
        try:
            _ask_one(cluster, ask)
        except NodeUnknown:
            if ask.order != "forget":  # what is forgotten already is as wanted
                gone.append(ask)
    return tuple(gone)


def _ask_one(cluster: Cluster, ask: PendingOrder) -> None:
    match ask.order:
        case "processors":
            cluster.steer(ask.node, nprocs=ask.nprocs)
        case "pause":
            cluster.steer(ask.node, pause=True)
        case "resume":
            cluster.steer(ask.node, pause=False)
        case "retire":
            cluster.steer(ask.node, retire="finish")
        case "retire_now":
            cluster.steer(ask.node, retire="now")
        case "send_away":
            cluster.send_away(ask.node)
        case "allow":
            cluster.allow_again(ask.node)
        case "forget":
            cluster.forget_node(ask.node)
