"""The table of workers as data: one row a node, and one row for all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject

from mcgui.console.tables.sort_filter_model import SortFilterModel
from mcgui.console.tables.table_model import TableModel
from mcgui.console.throughput.throughput_history import ThroughputHistory
from mcgui.console.workers.worker_columns import STATES, TOTAL, Total, departed, total_columns, words, worker_columns
from mcgui.theme import Theme
from mcgui_core.protocol.messages import NodeStatus

#: Seconds that a departed node stays in the table, greyed, so that one sees what became of it.
DEPARTED_SHOWN: Final = 3600.0
#: Workers at most, where there is room in a narrow column to say of how many some are.
FEW: Final = 99


def worth_showing(node: NodeStatus, now: float) -> bool:
    """Whether a node still belongs in the table."""
    return not departed(node) or now - node.contact < DEPARTED_SHOWN


class WorkerModel(SortFilterModel[NodeStatus]):
    """One row a node. `history` gives the small lines."""

    def __init__(self, history: ThroughputHistory, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(worker_columns(history), lambda node: node.id, words, theme, parent)

    def show(self, nodes: Iterable[NodeStatus], now: float) -> None:
        """Show these nodes, but for those that departed long ago."""
        self.apply((node for node in nodes if worth_showing(node, now)), now)


class TotalModel(TableModel[NodeStatus]):
    """The one row that sums up, with the columns of a WorkerModel."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(total_columns(), lambda node: node.id, theme, parent)

    def show(self, nodes: Iterable[NodeStatus], now: float) -> None:
        self.apply([total(nodes, now)], now)


def total(nodes: Iterable[NodeStatus], now: float) -> Total:
    """All nodes together, as one that has the state of the busiest: what the last row shows."""
    shown = [node for node in nodes if worth_showing(node, now)]
    here = [node for node in shown if not departed(node)]
    counts = Counter(node.state for node in shown)
    there = [state for state in STATES if counts[state]]
    said = [f"{counts[state]} {STATES[state][0].lower()}" for state in there]
    of_all = f" of {len(shown)}" if len(shown) <= FEW else ""
    short = f"{counts[there[0]]}{of_all} {STATES[there[0]][0].lower()}" if len(there) > 1 else ""
    cpus = sum(node.cpus for node in here)
    timed = [(node.task_seconds, node.rate) for node in here if node.task_seconds is not None and node.rate > 0]
    rate = sum(each for _, each in timed)
    return Total(
        id=TOTAL,
        name="Total",
        state=there[0] if there else "idle",
        nprocs=sum(node.nprocs for node in here),
        busy=sum(node.busy for node in here),
        cpus=cpus,
        # Weighted by size: per cent of all these machines together.
        cpu=sum(node.cpu * node.cpus for node in here) / max(cpus, 1),
        memory=sum(node.memory for node in here),
        done=sum(node.done for node in shown),
        failed=sum(node.failed for node in shown),
        rate=sum(node.rate for node in here),
        # Weighted by how many tasks each does: the mean over tasks, not over machines.
        task_seconds=sum(seconds * each for seconds, each in timed) / rate if rate else None,
        contact=now,
        joined=min((node.joined for node in shown), default=now),
        address="",
        python="",
        platform="",
        pid=0,
        reason=", ".join(said) or "none yet",
        short=short,
    )


def counts(nodes: Iterable[NodeStatus]) -> tuple[int, int]:
    """How many nodes are there, and how many processors they give."""
    here = [node for node in nodes if not departed(node)]
    return len(here), sum(node.nprocs for node in here)
