"""What a person may want of workers: which of them it makes sense for, and why not for the others. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mcgui import format
from mcgui.console.workers.worker_columns import departed, moment, state_words
from mcgui_core.protocol.messages import NodeStatus

Order = Literal["processors", "pause", "resume", "retire", "retire_now", "send_away", "allow", "forget", "copy", "log"]


@dataclass(frozen=True)
class _Rule:
    fits: Callable[[NodeStatus], bool]
    why_not: Callable[[NodeStatus], str]  # a sentence about one that it does not fit
    asked: str  # "Asked lab-3 ..."


def _stays(node: NodeStatus) -> bool:
    return not departed(node) and node.state != "draining"


def _gone_or(otherwise: str) -> Callable[[NodeStatus], str]:
    def why_not(node: NodeStatus) -> str:
        return f"{node.name} is not there any more." if departed(node) else f"{node.name} {otherwise}."

    return why_not


_RULES: Final[dict[Order, _Rule]] = {
    "processors": _Rule(_stays, _gone_or("is finishing, and takes no more tasks"), "to give {nprocs}"),
    "pause": _Rule(
        lambda node: _stays(node) and node.state != "paused",
        lambda node: _gone_or("is paused already" if node.state == "paused" else "is finishing already")(node),
        "to pause",
    ),
    "resume": _Rule(lambda node: node.state == "paused", _gone_or("is not paused"), "to go on"),
    "retire": _Rule(_stays, _gone_or("is finishing already"), "to finish what it runs, and leave"),
    "retire_now": _Rule(lambda node: not departed(node), _gone_or(""), "to leave now"),
    "send_away": _Rule(lambda node: not departed(node), _gone_or(""), "to go"),
    "allow": _Rule(
        lambda node: node.reason_code == "sent away", lambda node: f"{node.name} was not sent away.", "to come back"
    ),
    "forget": _Rule(departed, lambda node: f"{node.name} is still there. Retire it first.", "to be forgotten"),
    "copy": _Rule(lambda _node: True, lambda _node: "", ""),
    "log": _Rule(lambda _node: True, lambda _node: "", ""),
}
ORDERS: Final[tuple[Order, ...]] = tuple(_RULES)


def fitting(order: Order, nodes: Sequence[NodeStatus]) -> tuple[NodeStatus, ...]:
    """Those of the nodes that it makes sense for."""
    return tuple(node for node in nodes if _RULES[order].fits(node))


def obstacle(order: Order, nodes: Sequence[NodeStatus]) -> str:
    """Why this cannot be wanted of the nodes that are selected, in a sentence; "" where it can, of one at least."""
    if not nodes:
        return "No worker is selected."
    if order == "log" and len(nodes) > 1:
        return "Several workers are selected, and the log shows one."
    if fitting(order, nodes):
        return ""
    if len(nodes) == 1:
        return _RULES[order].why_not(nodes[0])
    return f"None of the {len(nodes)} selected workers: {_RULES[order].why_not(nodes[0])}"


def in_words(order: Order, nprocs: int) -> str:
    """What a node is asked: "to pause", "to give 3 processors"."""
    return _RULES[order].asked.format(nprocs=format.plural(nprocs, "processor"))


def several(names: Sequence[str]) -> str:
    """Workers, as a sentence names them: "lab-3", "lab-3 and lab-4", "5 workers"."""
    return " and ".join(names) if len(names) <= 2 else format.plural(len(names), "worker")


def details(node: NodeStatus, now: float) -> str:
    """All that is known of a node, a line each."""
    gone = departed(node)
    rows = (
        ("Worker", node.name),
        ("State", state_words(node)),
        ("Address", node.address),
        ("Python", f"{node.python} on {node.platform}"),
        ("Processors", f"{node.busy} of {node.nprocs} at work; the machine has {node.cpus}"),
        ("CPU", "" if gone else format.percent(node.cpu)),
        ("Memory", "" if gone else format.bytes(node.memory)),
        ("Tasks done", format.count(node.done)),
        ("Tasks failed", format.count(node.failed)),
        ("Tasks a second", "" if gone else format.rate(node.rate)),
        ("Mean task time", "" if node.task_seconds is None else format.duration(node.task_seconds)),
        ("Joined", moment(node.joined, now)),
        ("Last contact", f"{moment(node.contact, now)}, {format.age(max(now - node.contact, 0.0))} ago"),
        ("Process", str(node.pid)),
        ("Id", node.id),
    )
    return "\n".join(f"{name}: {value}" for name, value in rows if value)
