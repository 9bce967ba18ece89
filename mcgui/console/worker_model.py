"""The table of workers as data: one row a node, and one row for all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QObject

from mcgui import format
from mcgui.console.table_model import Cell, Column, TableModel
from mcgui.console.throughput_history import TOLD, ThroughputHistory
from mcgui.theme import Theme, Tone
from mcgui_core.jobs import DEPARTED_STATES, NodeState, NodeStatus

#: State -> the word for it, its icon's name, and the icon's tone.
STATES: Final[dict[NodeState, tuple[str, str, Tone]]] = {
    "working": ("Working", "working", "good"),
    "idle": ("Idle", "idle", "muted"),
    "paused": ("Paused", "paused", "warn"),
    "draining": ("Finishing", "draining", "warn"),
    "silent": ("Silent", "connecting", "warn"),
    "lost": ("Lost", "lost", "bad"),
    "left": ("Left", "left", "muted"),
}
#: Seconds that a departed node stays in the table, greyed, so that one sees what became of it.
DEPARTED_SHOWN: Final = 3600.0
#: Seconds of silence after which the time of the last contact is a warning. Nodes speak once a second or more.
SILENT: Final = 5.0
#: Seconds in a node's small line.
SPARK_SECONDS: Final = 60
#: The key of the row that sums up.
TOTAL: Final = ""


def departed(node: NodeStatus) -> bool:
    return node.state in DEPARTED_STATES


def worth_showing(node: NodeStatus, now: float) -> bool:
    """Whether a node still belongs in the table."""
    return not departed(node) or now - node.contact < DEPARTED_SHOWN


class WorkerModel(TableModel[NodeStatus]):
    """One row a node. `history` gives the small lines."""

    def __init__(self, history: ThroughputHistory, theme: Theme, parent: QObject | None = None) -> None:
        self._history = history
        super().__init__((*_COLUMNS, self._spark_column(), _CONTACT), lambda node: node.id, theme, parent)

    def show(self, nodes: Iterable[NodeStatus], now: float) -> None:
        """Show these nodes, but for those that departed long ago."""
        self.apply((node for node in nodes if worth_showing(node, now)), now)

    def _spark_column(self) -> Column[NodeStatus]:
        def cell(node: NodeStatus, now: float) -> Cell:
            if departed(node):
                return Cell(sort=0.0)
            points = self._history.line(node.id, int(now) - TOLD, SPARK_SECONDS)
            tip = f"At most {format.rate(max(points))} tasks a second within the last minute" if any(points) else ""
            return Cell(spark=points, sort=sum(points), tip=tip)

        return Column("Last minute", cell, "Tasks a second over the last minute, each line to its own scale", 90)


def total(nodes: Iterable[NodeStatus], now: float) -> NodeStatus:
    """All nodes together, as one that has the state of the busiest: what the last row shows."""
    shown = [node for node in nodes if worth_showing(node, now)]
    here = [node for node in shown if not departed(node)]
    counts = Counter(node.state for node in shown)
    words = [f"{counts[state]} {STATES[state][0].lower()}" for state in STATES if counts[state]]
    return NodeStatus(
        id=TOTAL,
        name="Total",
        state=next((state for state in STATES if counts[state]), "idle"),
        nprocs=sum(node.nprocs for node in here),
        busy=sum(node.busy for node in here),
        cpus=sum(node.cpus for node in here),
        # Weighted by size: per cent of all these machines together.
        cpu=sum(node.cpu * node.cpus for node in here) / max(sum(node.cpus for node in here), 1),
        memory=sum(node.memory for node in here),
        done=sum(node.done for node in shown),
        failed=sum(node.failed for node in shown),
        rate=sum(node.rate for node in here),
        task_seconds=None,
        contact=now,
        joined=min((node.joined for node in shown), default=now),
        address="",
        python="",
        platform="",
        pid=0,
        reason=", ".join(words) or "none yet",
    )


class TotalModel(TableModel[NodeStatus]):
    """The one row that sums up, with the columns of a WorkerModel."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        blank: Column[NodeStatus] = Column("", lambda _node, _now: Cell(), "", 0)
        words: Column[NodeStatus] = Column("State", lambda node, _now: Cell(node.reason), "", 0)
        columns: list[Column[NodeStatus]] = [_COLUMNS[0], words, *_COLUMNS[2:], blank, blank]
        super().__init__(columns, lambda node: node.id, theme, parent)

    def show(self, nodes: Iterable[NodeStatus], now: float) -> None:
        self.apply([total(tuple(nodes), now)], now)


def counts(nodes: Iterable[NodeStatus]) -> tuple[int, int]:
    """How many nodes are there, and how many processors they give."""
    here = [node for node in nodes if not departed(node)]
    return len(here), sum(node.nprocs for node in here)


def _greyed(cell: Cell, node: NodeStatus) -> Cell:
    return cell._replace(tone="muted") if departed(node) else cell


def _name(node: NodeStatus, _now: float) -> Cell:
    tip = f"{node.name} at {node.address}: Python {node.python} on {node.platform}" if node.address else ""
    return _greyed(Cell(node.name, node.name.casefold(), tip=tip), node)


def _state(node: NodeStatus, _now: float) -> Cell:
    word, sign, tone = STATES[node.state]
    text = f"{word}: {node.reason}" if node.reason else word
    order = list(STATES).index(node.state)
    return _greyed(Cell(text, (order, node.reason), sign=sign, sign_tone=tone, tip=text), node)


def _processors(node: NodeStatus, _now: float) -> Cell:
    share = min(node.busy / node.nprocs, 1.0) if node.nprocs else 0.0
    tip = f"{node.busy} of {format.plural(node.nprocs, 'processor')} at work; the machine has {node.cpus}"
    return _greyed(Cell(f"{node.busy} / {node.nprocs}", node.nprocs, bar=((share, "accent"),), tip=tip), node)


def _number(text: str, sort: Any, node: NodeStatus, tone: Tone = "") -> Cell:
    return _greyed(Cell(text, sort, tone), node)


def _cpu(node: NodeStatus, _now: float) -> Cell:
    return _number(format.UNKNOWN if departed(node) else format.percent(node.cpu), node.cpu, node)


def _memory(node: NodeStatus, _now: float) -> Cell:
    return _number(format.UNKNOWN if departed(node) else format.bytes(node.memory), node.memory, node)


def _done(node: NodeStatus, _now: float) -> Cell:
    return _number(format.count(node.done), node.done, node)


def _failed(node: NodeStatus, _now: float) -> Cell:
    return _number(format.count(node.failed), node.failed, node, "bad" if node.failed else "")


def _rate(node: NodeStatus, _now: float) -> Cell:
    return _number(
        format.rate(node.rate, short=node.rate >= 999_999.5) if node.rate > 0 else format.UNKNOWN, node.rate, node
    )


def _contact(node: NodeStatus, now: float) -> Cell:
    age = max(now - node.contact, 0.0)
    tone: Tone = "warn" if age > SILENT else ""
    tip = f"The last word from {node.name} came {format.age(age)} ago"
    # Whole seconds: tenths would flicker.
    return _greyed(Cell("now" if age < 1.5 else format.duration(float(int(age))), age, tone, tip=tip), node)


_COLUMNS: Final[tuple[Column[NodeStatus], ...]] = (
    Column("Name", _name, "What the worker calls itself", 106),
    Column("State", _state, "What it is doing, and why", 170),
    Column("Processors", _processors, "Processors at work, of those that its owner gives", 110),
    Column("CPU", _cpu, "Per cent of the whole machine that our processes use", 54, right=True),
    Column("Memory", _memory, "Memory of our processes", 72, right=True),
    Column("Done", _done, "Tasks that it completed", 94, right=True),
    Column("Failed", _failed, "Tasks that failed on it", 54, right=True),
    Column("Tasks/s", _rate, "Tasks a second over the last seconds", 72, right=True),
)
_CONTACT: Final[Column[NodeStatus]] = Column(
    "Contact", _contact, "How long ago we heard from it", 62, right=True, ages=True
)
