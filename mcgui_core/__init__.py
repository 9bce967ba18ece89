"""Run one function on many arguments, on all the computers of a room.

The names below are loaded when they are first used, so that a slot, which needs none of them, starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcgui_core.base.version import __version__

if TYPE_CHECKING:
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.client.executors.cluster_executor import ClusterExecutor
    from mcgui_core.client.job import Job
    from mcgui_core.client.master import Master
    from mcgui_core.minimalcluster import MasterNode, WorkerNode
    from mcgui_core.node.executor_node import ExecutorNode
    from mcgui_core.slots.progress_report import report

__all__ = [
    "Cluster",
    "ClusterExecutor",
    "ExecutorNode",
    "Job",
    "Master",
    "MasterNode",
    "WorkerNode",
    "__version__",
    "report",
]

_HOMES = {
    "Cluster": "mcgui_core.client.cluster",
    "ClusterExecutor": "mcgui_core.client.executors.cluster_executor",
    "ExecutorNode": "mcgui_core.node.executor_node",
    "Job": "mcgui_core.client.job",
    "Master": "mcgui_core.client.master",
    "MasterNode": "mcgui_core.minimalcluster",
    "WorkerNode": "mcgui_core.minimalcluster",
    "report": "mcgui_core.slots.progress_report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
