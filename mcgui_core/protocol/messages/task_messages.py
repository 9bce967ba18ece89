"""What becomes of tasks, and what they say meanwhile.

What they say (`TaskOutput`, `TaskStatus`) has no limits here: the master drops what no task can have said, and cuts
what is too long, since a refusal would keep the results beside it from counting.
"""

from __future__ import annotations

from typing import Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages.field_limits import Name, Seconds, Token, Whole
from mcgui_core.protocol.messages.stored_bytes import Stored

FailureKind = Literal["raised", "died", "timeout", "memory", "unpicklable"]


@message
class TaskFailure:
    """Why one task has no result."""

    index: Whole
    kind: FailureKind
    type: str  # "ValueError", "zlib.error"; "" where no exception was raised
    message: str
    traceback: str  # the whole remote traceback as text; "" where there is none
    argument: str = ""  # repr, shortened
    node: str = ""  # name of the node


@message
class Outcome:
    """What became of the tasks `start` to `stop` of a job.

    `values` is the pickled list of the results of those that succeeded, in the order of their indices: all but the
    `missing`. `failures` says why those failed. `accepted` are the index ranges in which this report's results count;
    what else it holds was reported by somebody before. (`outcome_values.py` reads this; nobody else has to.)
    """

    job: Whole
    start: Whole
    stop: Whole
    values: bytes | Stored
    failures: tuple[TaskFailure, ...]
    seconds: Seconds  # spent in the function, all of these tasks together
    node: Name = ""
    lease: Whole = 0
    missing: tuple[Whole, ...] = ()  # indices of those that have no result here, ascending
    accepted: tuple[tuple[Whole, Whole], ...] = ()
    seq: Whole = 0  # order of arrival in the journal; what a reader continues from
    token: Token = b""  # of the chunk
    home: bool = False  # from a worker of whoever started the master, as the master knows by its key


@message
class TaskOutput:
    """What a task printed."""

    job: int
    index: int  # -1: as the environment was loaded
    stream: Literal["out", "err"]
    text: str
    time: float  # by the node's clock
    node: str = ""  # name
    seq: Whole = 0  # order of arrival in the journal; what a reader continues from


@message
class TaskStatus:
    """How far a task is, in its own words (`mcgui_core.report`)."""

    job: int
    index: int
    text: str
    fraction: float | None  # 0.0 to 1.0
    node: str = ""  # name
