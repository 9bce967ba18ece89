"""What travels between client, server and nodes: frozen dataclasses, and nothing that runs.

Every class here may cross the wire, so fields hold only builtins, bytes, or other classes of this package; and states
are plain strings, which need no class that both sides look up. Their annotations are what the codec reads them by.

The classes are made when they are first used: to make one takes half a millisecond, and a slot, of which many are
started, needs few of the thirty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcgui_core.protocol.messages.access_messages import AccessReport, FailedProof
    from mcgui_core.protocol.messages.job_messages import FINAL_STATES, Block, JobSpec, JobState, JobStatus, ProjectFile
    from mcgui_core.protocol.messages.lease_messages import Chunk, Lease, Report, SlotDeath, Unfit
    from mcgui_core.protocol.messages.node_messages import (
        DEPARTED_STATES,
        NodeInfo,
        NodeReport,
        NodeState,
        NodeStatus,
        Orders,
        Welcome,
    )
    from mcgui_core.protocol.messages.snapshot_messages import SAMPLE_SECONDS, Sample, Snapshot
    from mcgui_core.protocol.messages.stored_bytes import Content, Stored
    from mcgui_core.protocol.messages.task_messages import FailureKind, Outcome, TaskFailure, TaskOutput, TaskStatus
    from mcgui_core.protocol.messages.workbench_messages import ArgumentsPreview, Picture, Reduced, ResultRow

#: The modules in which they are: what a pickle may name that holds them.
MESSAGE_MODULES = tuple(
    f"{__name__}.{name}"
    for name in (
        "access_messages",
        "job_messages",
        "lease_messages",
        "node_messages",
        "snapshot_messages",
        "stored_bytes",
        "task_messages",
        "workbench_messages",
    )
)

__all__ = [
    "DEPARTED_STATES",
    "FINAL_STATES",
    "MESSAGE_MODULES",
    "SAMPLE_SECONDS",
    "AccessReport",
    "ArgumentsPreview",
    "Block",
    "Chunk",
    "Content",
    "FailedProof",
    "FailureKind",
    "JobSpec",
    "JobState",
    "JobStatus",
    "Lease",
    "NodeInfo",
    "NodeReport",
    "NodeState",
    "NodeStatus",
    "Orders",
    "Outcome",
    "Picture",
    "ProjectFile",
    "Reduced",
    "Report",
    "ResultRow",
    "Sample",
    "SlotDeath",
    "Snapshot",
    "Stored",
    "TaskFailure",
    "TaskOutput",
    "TaskStatus",
    "Unfit",
    "Welcome",
]

_HOMES = {
    "DEPARTED_STATES": "node_messages",
    "FINAL_STATES": "job_messages",
    "SAMPLE_SECONDS": "snapshot_messages",
    "AccessReport": "access_messages",
    "ArgumentsPreview": "workbench_messages",
    "Block": "job_messages",
    "Chunk": "lease_messages",
    "Content": "stored_bytes",
    "FailedProof": "access_messages",
    "FailureKind": "task_messages",
    "JobSpec": "job_messages",
    "JobState": "job_messages",
    "JobStatus": "job_messages",
    "Lease": "lease_messages",
    "NodeInfo": "node_messages",
    "NodeReport": "node_messages",
    "NodeState": "node_messages",
    "NodeStatus": "node_messages",
    "Orders": "node_messages",
    "Outcome": "task_messages",
    "Picture": "workbench_messages",
    "ProjectFile": "job_messages",
    "Reduced": "workbench_messages",
    "Report": "lease_messages",
    "ResultRow": "workbench_messages",
    "Sample": "snapshot_messages",
    "SlotDeath": "lease_messages",
    "Snapshot": "snapshot_messages",
    "Stored": "stored_bytes",
    "TaskFailure": "task_messages",
    "TaskOutput": "task_messages",
    "TaskStatus": "task_messages",
    "Unfit": "lease_messages",
    "Welcome": "node_messages",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
