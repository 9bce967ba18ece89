"""What nodes were asked to do, and what became of it. No Qt in here.

The console asks; whether a node does it, its own state tells: the owner of a machine has the last word on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mcgui import format
from mcgui.console.workers.worker_columns import departed
from mcgui.console.workers.worker_orders import Order
from mcgui_core.protocol.messages import NodeStatus

#: Seconds after which a node that has not done what it was asked has decided otherwise. It hears within one or two.
PATIENCE: Final = 6.0
#: Seconds before a number of processors counts as taken on: an owner's limits may put it back a moment later.
SETTLED: Final = 2.0


@dataclass(frozen=True)
class PendingOrder:
    """One thing that one node was asked, at `time` on the master's clock."""

    node: str  # id
    name: str
    order: Order
    time: float
    nprocs: int = 0


class PendingOrders:
    """Keeps what is not settled yet."""

    def __init__(self) -> None:
        self._asks: list[PendingOrder] = []

    @property
    def pending(self) -> tuple[PendingOrder, ...]:
        return tuple(self._asks)

    def add(self, asks: Iterable[PendingOrder]) -> None:
        """A later wish takes the place of an earlier one of the same node."""
        new = tuple(asks)
        again = {ask.node for ask in new}
        self._asks = [ask for ask in self._asks if ask.node not in again] + list(new)

    def clear(self) -> None:
        self._asks.clear()

    def look(self, nodes: Iterable[NodeStatus], now: float) -> tuple[str, ...]:
        """Compare with how the nodes are. Returns sentences about those that did otherwise; what is settled is gone."""
        if not self._asks:
            return ()
        there = {node.id: node for node in nodes}
        told, kept = [], []
        for ask in self._asks:
            node = there.get(ask.node)
            if node is not None and not _done(ask, node, now):
                sentence = _otherwise(ask, node, now)
                if sentence:
                    told.append(sentence)
                else:
                    kept.append(ask)
        self._asks = kept
        return tuple(told)


def _done(ask: PendingOrder, node: NodeStatus, now: float) -> bool:
    match ask.order:
        case "processors":
            return node.nprocs == ask.nprocs and now - ask.time >= SETTLED
        case "pause":
            return node.state == "paused"
        case "resume":
            return node.state in ("idle", "working")
        case "retire":
            return node.state in ("draining", "left")
        case _:
            return node.state == "left"


def _otherwise(ask: PendingOrder, node: NodeStatus, now: float) -> str:
    """What the node did instead; "" while it may still do as it was asked."""
    reason = f": {node.reason}" if node.reason else ""
    if departed(node):
        return f"{node.name} is {node.state if node.state == 'lost' else 'gone'}{reason}."
    if now - ask.time < PATIENCE:
        return ""
    if node.state == "silent":
        return f"{node.name} was asked, and does not answer{reason}."
    match ask.order:
        case "processors":
            wanted = format.plural(ask.nprocs, "processor")
            return f"{node.name} was asked to give {wanted} and gives {node.nprocs}{reason}. Its owner decides."
        case "pause":
            return f"{node.name} was asked to pause, and goes on{reason}. Its owner decides."
        case "resume":
            return f"{node.name} was asked to go on, and is still paused{reason}. Its owner decides."
        case _:
            return f"{node.name} was asked to leave, and is still there{reason}."
