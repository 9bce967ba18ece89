"""What the master answers to each call, by its name: what its caller reads it as. A test holds it to the methods."""

from __future__ import annotations

from typing import Any, Final

from mcgui_core.protocol.messages import (
    AccessReport,
    Block,
    JobSpec,
    JobStatus,
    Lease,
    Orders,
    Outcome,
    Snapshot,
    TaskFailure,
    TaskOutput,
    Welcome,
)
from mcgui_core.protocol.queries import FailureGroup

ANSWERS: Final[dict[str, Any]] = {
    # of a node's side
    "argument_pieces": tuple[bytes, ...],
    "attend": Orders,
    "content_piece": bytes,
    "exchange": Lease,
    "join": Welcome,
    "leave": None,
    "store": tuple[str, str, str],
    # of a console's
    "abort": None,
    "access": AccessReport,
    "adopt_content": None,
    "allow_again": None,
    "blocks": tuple[Block, ...],
    "cancel": None,
    "copy_arguments": int | None,
    "describe": None,
    "extend": bool | None,
    "failure_groups": tuple[tuple[FailureGroup, ...], int | None],
    "failures": tuple[TaskFailure, ...],
    "failures_like": tuple[tuple[TaskFailure, ...], int | None],
    "find_output": tuple[tuple[TaskOutput, ...], int | None],
    "forget": None,
    "forget_node": None,
    "forget_older_than": int,
    "job_ids": tuple[int, ...],
    "journal_bytes": int,
    "links": dict[str, str],
    "missing_content": tuple[str, ...],
    "outcomes": tuple[tuple[Outcome, ...], JobStatus | None],
    "outcomes_between": tuple[tuple[Outcome, ...], int],
    "output": tuple[TaskOutput, ...],
    "pause": None,
    "put_content": int,
    "renew_link": str,
    "resume": None,
    "retry_failed": None,
    "retry_with": None,
    "revoke_link": None,
    "seal": None,
    "send_away": None,
    "set_priority": None,
    "snapshot": Snapshot,
    "spec": JobSpec,
    "status": JobStatus,
    "steer": None,
    "submit": int,
    "tasks_in": tuple[tuple[tuple[int, int], ...], bool],
    "wait": JobStatus,
    # what the stock managers ask for
    "accept_connection": None,
    "dummy": None,
}
