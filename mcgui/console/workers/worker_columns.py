"""The columns of the table of workers, as data: what each shows, sorts by, and tells when the mouse rests on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mcgui import format
from mcgui.console.tables.table_model import Cell, Column
from mcgui.console.throughput.throughput_history import TOLD, ThroughputHistory
from mcgui.theme import Tone
from mcgui_core.protocol.messages import DEPARTED_STATES, NodeState, NodeStatus

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
#: Seconds of silence after which the time of the last contact is a warning. Nodes speak once a second or more.
SILENT: Final = 5.0
#: Seconds in a node's small line.
SPARK_SECONDS: Final = 60
#: Codes of reasons whose sentence says that the node is paused.
_SAY_THAT_IT_IS_PAUSED: Final[frozenset[str]] = frozenset({"console", "pause"})
#: The id of the row that sums up.
TOTAL: Final = ""


@dataclass(frozen=True, slots=True)
class Total(NodeStatus):
    """All nodes together, as one; its `reason` says how many are in which state."""

    short: str = ""  # ... of how many in all the first of them are, where there is too little room for that


def departed(node: NodeStatus) -> bool:
    return node.state in DEPARTED_STATES


def words(node: NodeStatus) -> str:
    """What a filter looks into."""
    return "\n".join((node.name, state_words(node), node.address, f"Python {node.python}", node.platform))


def short_state(node: NodeStatus) -> str:
    """Its state, of a departed one with the time, without the reason: "Lost 14:02"."""
    word = STATES[node.state][0]
    return f"{word} {clock(node.contact)[:5]}" if departed(node) else word


def state_words(node: NodeStatus) -> str:
    """Its state with the reason; of a departed one, with the time: "Lost 14:02: its connection broke"."""
    word = short_state(node)
    if node.state == "paused" and node.reason_code in _SAY_THAT_IT_IS_PAUSED:
        return node.reason[:1].upper() + node.reason[1:]  # not "Paused: paused from the console"
    return f"{word}: {node.reason}" if node.reason else word


def clock(time: float) -> str:
    """A time of day here: "14:02:31"."""
    return f"{datetime.fromtimestamp(time).astimezone():%H:%M:%S}"


def moment(time: float, now: float) -> str:
    """A moment in the past: the time of day, with the date where it was not today."""
    when = datetime.fromtimestamp(time).astimezone()
    return (
        f"{when:%H:%M:%S}" if when.date() == datetime.fromtimestamp(now).astimezone().date() else f"{when:%d %b %H:%M}"
    )


def worker_columns(history: ThroughputHistory) -> tuple[Column[NodeStatus], ...]:
    """All of them, in their first order. `history` gives the small lines."""
    return (*_BEFORE, _spark(history), *_AFTER)


def total_columns() -> tuple[Column[NodeStatus], ...]:
    """The same columns for the row that sums up: where a sum says nothing, they are blank."""
    blank: Callable[[NodeStatus, float], Cell] = lambda _node, _now: Cell()  # noqa: E731
    made = []
    for column in worker_columns(ThroughputHistory()):
        cell = {"State": _states}.get(column.title, column.cell if column.title in _SUMMED else blank)
        made.append(Column(column.title, cell, "", column.usual_width, column.right))
    return tuple(made)


_SUMMED: Final = frozenset({"Name", "Processors", "CPU", "Memory", "Done", "Failed", "Tasks/s", "Task time"})


def _states(node: NodeStatus, _now: float) -> Cell:
    return Cell(node.reason, short=node.short if isinstance(node, Total) else "", tip=node.reason)


def _greyed(cell: Cell, node: NodeStatus) -> Cell:
    return cell._replace(tone="muted") if departed(node) else cell


def _name(node: NodeStatus, _now: float) -> Cell:
    tip = f"{node.name} at {node.address}: Python {node.python} on {node.platform}" if node.address else ""
    return _greyed(Cell(node.name, node.name.casefold(), tip=tip), node)


def _state(node: NodeStatus, _now: float) -> Cell:
    _, sign, tone = STATES[node.state]
    text = state_words(node)
    order = list(STATES).index(node.state)
    return _greyed(Cell(text, (order, node.reason), sign=sign, sign_tone=tone, short=short_state(node), tip=text), node)


def _processors(node: NodeStatus, _now: float) -> Cell:
    share = min(node.busy / node.nprocs, 1.0) if node.nprocs else 0.0
    tip = f"{node.busy} of {format.plural(node.nprocs, 'processor')} at work; the machine has {node.cpus}"
    text = f"{format.count(node.busy)} / {format.count(node.nprocs)}"
    return _greyed(Cell(text, node.nprocs, bar=((share, "accent"),), tip=tip), node)


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
    rate = format.rate(node.rate, short=node.rate >= 999_999.5) if node.rate > 0 else format.UNKNOWN
    return _number(rate, node.rate, node)


def _task_time(node: NodeStatus, _now: float) -> Cell:
    seconds = node.task_seconds
    return _number(format.duration(seconds), -1.0 if seconds is None else seconds, node)


def _contact(node: NodeStatus, now: float) -> Cell:
    age = max(now - node.contact, 0.0)
    tone: Tone = "warn" if age > SILENT else ""
    tip = f"The last word from {node.name} came {format.age(age)} ago, at {clock(node.contact)}"
    # Whole seconds: tenths would flicker, and make the rows dance where one sorts by them.
    whole = 0 if age < 1.5 else int(age)
    return _greyed(Cell(format.duration(float(whole)) if whole else "now", whole, tone, tip=tip), node)


def _version(node: NodeStatus, _now: float) -> Cell:
    parts = tuple(int(part) for part in node.python.split(".") if part.isdecimal())  # 3.9 comes before 3.10
    return _greyed(Cell(node.python, parts, tip=f"Python {node.python} on {node.platform}"), node)


def _address(node: NodeStatus, _now: float) -> Cell:
    return _greyed(Cell(node.address, _as_numbers(node.address)), node)


def _as_numbers(address: str) -> tuple[int, tuple[int, ...], str]:
    """10.0.0.9 comes before 10.0.0.10, and names come after."""
    parts = address.split(".")
    numbers = tuple(int(part) for part in parts if part.isdecimal())
    return (0, numbers, "") if len(numbers) == len(parts) == 4 else (1, (), address)


def _system(node: NodeStatus, _now: float) -> Cell:
    return _greyed(Cell(node.platform, tip=node.platform), node)


def _joined(node: NodeStatus, now: float) -> Cell:
    tip = f"Joined {format.age(max(now - node.joined, 0.0))} ago"
    return _greyed(Cell(moment(node.joined, now), node.joined, tip=tip), node)


def _spark(history: ThroughputHistory) -> Column[NodeStatus]:
    def cell(node: NodeStatus, now: float) -> Cell:
        if departed(node):
            return Cell(sort=0.0)
        points = history.line(node.id, int(now) - TOLD, SPARK_SECONDS)
        tip = f"At most {format.rate(max(points))} tasks a second within the last minute" if any(points) else ""
        return Cell(spark=points, sort=sum(points), tip=tip)

    def order(node: NodeStatus, now: float) -> float:
        return 0.0 if departed(node) else history.completed(node.id, int(now) - TOLD, SPARK_SECONDS)

    tip = "Tasks a second over the last minute, each line to its own scale"
    return Column("Last minute", cell, tip, 88, ages=True, order=order)


_BEFORE: Final[tuple[Column[NodeStatus], ...]] = (
    Column("Name", _name, "What the worker calls itself", 108),
    Column("State", _state, "What it is doing, and why. Of one that is gone: since when", 200),
    Column("Processors", _processors, "Processors at work, of those that its owner gives", 112),
    Column("CPU", _cpu, "Per cent of the whole machine that our processes use", 54, right=True),
    Column("Memory", _memory, "Memory of our processes: the agent and its slots together", 72, right=True),
    Column("Done", _done, "Tasks that it completed since it joined", 90, right=True),
    Column("Failed", _failed, "Tasks that failed on it", 52, right=True),
    Column("Tasks/s", _rate, "Tasks a second over the last seconds", 70, right=True),
)
_AFTER: Final[tuple[Column[NodeStatus], ...]] = (
    Column(
        "Task time", _task_time, "Mean time that one task takes here, in the function itself", 76, True, shown=False
    ),
    Column("Contact", _contact, "How long ago we last heard from it", 62, right=True, ages=True),
    Column("Python", _version, "The version of Python that runs the tasks there", 66, shown=False),
    Column("Address", _address, "Where it connects from", 112, shown=False),
    Column("System", _system, "Its operating system", 90, shown=False),
    Column("Joined", _joined, "When it joined this master", 84, right=True, shown=False),
)
