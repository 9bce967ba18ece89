"""Failures in words: a line, a group, or everything that is known of one. No Qt in here."""

from __future__ import annotations

from typing import Final

from mcgui import format
from mcgui_core.protocol.messages import FailureKind, TaskFailure
from mcgui_core.protocol.queries import FailureGroup

_KINDS: Final[dict[FailureKind, str]] = {
    "raised": "The function raised an exception.",
    "died": "The task killed the process that ran it, each time it was tried.",
    "timeout": "The task took longer than its time limit and was stopped.",
    "memory": "The task used more memory than it may and was stopped.",
    "unpicklable": "The function returned something that cannot be sent: its result does not pickle.",
}


def summary(failure: TaskFailure | FailureGroup) -> str:
    """A failure, or the first of a group, in one line."""
    lines = failure.message.strip().splitlines()
    line = lines[0] if lines else ""
    if failure.type and line:
        return f"{failure.type}: {line}"
    return failure.type or line or _KINDS[failure.kind]


def _how(failure: TaskFailure) -> str:
    """What kind of failure it is; of an exception, with its message, which is far below in a traceback, and cut in a
    narrow table."""
    line = summary(failure)
    told = failure.kind == "raised" and failure.traceback and line != _KINDS["raised"]
    return f"The function raised {line}" if told else _KINDS[failure.kind]


def printed(text: str) -> str:
    """What the task printed, to stand below its whole failure."""
    return f"\nPrinted:\n{text.rstrip()}\n"


def whole(failure: TaskFailure) -> str:
    """Everything that is known of a failure, as text to read and to copy."""
    head = [f"Task {format.count(failure.index)} failed on {failure.node or 'an unknown node'}.", _how(failure)]
    if failure.argument:
        head.append(f"Argument: {failure.argument}")
    what = f"{failure.type}: {failure.message}" if failure.type else failure.message
    return "\n".join([*head, "", failure.traceback.rstrip() or what]) + "\n"
