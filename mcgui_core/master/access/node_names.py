"""What nodes are called: two on computers of one name, or two on one computer, are told apart by a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mcgui_core.protocol.messages import NodeInfo, Report
from mcgui_core.scheduler.node_state import NodeRecord


def name_of(info: NodeInfo, nodes: Mapping[str, NodeRecord]) -> str:
    """What a node that joins is called: as it says, "lab-3", or "lab-3 (2)" while another one that is here has that
    name. One that comes back keeps its name."""
    taken = {node.info.name for id, node in nodes.items() if id != info.id and node.present}
    before = nodes.get(info.id)
    if before is not None and before.info.name.startswith(f"{info.name} (") and before.info.name not in taken:
        return before.info.name
    name, number = info.name, 1
    while name in taken:
        number += 1
        name = f"{info.name} ({number})"
    return name


def under_name(report: Report, name: str) -> Report:
    """The report of a node as that of the one with this name, which it does not know."""
    return replace(
        report,
        outcomes=tuple(
            replace(one, node=name, failures=tuple(replace(failure, node=name) for failure in one.failures))
            for one in report.outcomes
        ),
        output=tuple(replace(piece, node=name) for piece in report.output),
        statuses=tuple(replace(status, node=name) for status in report.statuses),
    )
