"""Why a job or a node is as it is: a code to decide by, and a sentence to show.

The sentence may be worded anew, shortened or translated at any time, so nothing compares it: not the master, not a
window, not a script. What depends on a reason depends on its code. Both travel side by side in `JobStatus`,
`NodeStatus` and `AgentEvent`, as `reason` (or `message`) and `reason_code`, and a job's are kept in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Why a job waits, is paused, or was ended.
JobReasonCode = Literal[
    "held",  # its master was started anew, and it waits until somebody resumes it
    "looked at",  # its journal was only opened to look into it
    "no worker",  # no node is there
    "python version",  # its function was pickled by a version of Python that no node here has
    "does not load",  # its environment loads on no node that is here
    "retrying",  # all that is left of it has failed a moment ago, and is tried again soon
    "hanging",  # none of its tasks has ended for long, and some are late
    "worker set aside",  # its tasks end no more on a node, or do not load there, and it goes on on others
    "arguments end",  # whoever brought its arguments is gone, or could not read them to their end
    "journal full",  # nothing can be written to the journal
    "unreadable",  # the journal holds it, and it could not be read from there
    "first failure",  # a task failed, and it was to stop then
]
#: What a computer's owner has said: Pause, a snooze, or one of the limits (owner/limits.py), by its name.
OwnerReasonCode = Literal[
    "pause",
    "snooze",
    "idle",
    "in use",
    "mains",
    "schedule",
    "programs",
    "memory",
    "watching",
    "load",
    "free memory",
    "disk",
    "users",
]
#: Why a node is paused, gets no work, or is gone.
NodeReasonCode = Literal[
    "console",  # a person at the master wants it so
    "slots",  # what runs its tasks (an executor, a Dask cluster) cannot be used now
    "set aside",  # it fails tasks of a job that others do, or ends none while others do
    "silent",  # nothing was heard of it for a while
    "disconnected",  # its connection broke
    "joined again",  # it came back before its first connection was given up
    "drained",  # it was to leave once its tasks were done, and has done that
    "sent away",  # a person at the master sent it away, and it is kept away
    "refused",  # it sent what no node of ours sends
    "link revoked",  # the link that it joined by was renewed or revoked
    "told to end",  # whoever started it ended it
]
#: "": there is no reason, or it is in the words of whoever gave it: a script, a person, an error.
ReasonCode = JobReasonCode | OwnerReasonCode | NodeReasonCode | Literal[""]

#: Codes of jobs whose sentence begins with "Waiting".
WAITING_CODES: Final[frozenset[str]] = frozenset({"no worker", "python version", "retrying"})


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its sentence; both are "" where there is nothing to say."""

    code: ReasonCode = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


NO_REASON: Final = Reason()
