"""Why the process of a slot ended, and what is told of the tasks that it was at. Runs at its agent.

What we ended it for is a code; how it ended otherwise is a sentence.
"""

from __future__ import annotations

import sys
from typing import Literal

from mcgui_core.errors import FrameInvalid
from mcgui_core.processes.exit_status import ending
from mcgui_core.protocol.messages import Chunk, JobSpec, SlotDeath
from mcgui_core.slots.slot_process import SlotProcess
from mcgui_core.slots.time_limits.task_clock import opening_seconds

TIMED_OUT, SLOW_OPENING, BROKEN_OFF = "timed out", "slow opening", "broken off"
OVER_MEMORY, TOO_LARGE = "over memory", "too large"
#: What to do about an argument that cannot be opened.
ADVICE = "Pass plain values, arrays or dataclasses, and make of them in the task what it needs."
#: What takes the pipes of a process from it, and the exit status of what we end.
_CLOSES = "closes all open files, or puts another program in its own place (os.exec),"
_KILLED = -9 if sys.platform != "win32" else 1


def cleared_away(process: SlotProcess, because: str, error: Exception | None) -> str | None:
    """Clear away a process that has ended, or has to, and say why it ended: None where that is no fault of its tasks.

    `because` is what we ended it for, "" where we did not, and `error` what came of listening to it.
    """
    heard_its_end = error is not None and not isinstance(error, FrameInvalid)
    closed = heard_its_end and not because and not process.has_ended()
    code = process.reap()
    if because in (OVER_MEMORY, TOO_LARGE):
        # Else what tasks before it have left there may be at fault: a process of its own will tell.
        return because if process.fresh else None
    if because in (TIMED_OUT, SLOW_OPENING):
        return because
    if because == BROKEN_OFF:
        return "its process wrote half a message into the pipe to its worker, and was ended"
    if closed and code == _KILLED:  # else it was about to end by itself, where the system does not tell that
        return f"its process closed the pipes to its worker, as what {_CLOSES} does, and was ended"
    if isinstance(error, FrameInvalid) and not because:
        return f"its process wrote what is no message into the pipe to its worker ({error.reason}), and was ended"
    return None if because else f"its process {ending(code)}"


def death(chunk: Chunk, spec: JobSpec, first: int, last: int, reason: str, opening: bool = False) -> SlotDeath:
    """That a slot died, for this reason, of one of the tasks `first` to `last`, or as it was `opening` its argument."""
    kind, text = in_words(spec, reason, opening)
    return SlotDeath(chunk.lease, chunk.job, first, last, kind, text, chunk.token)


def in_words(spec: JobSpec, reason: str, opening: bool = False) -> tuple[Literal["died", "timeout", "memory"], str]:
    """The kind of a failure for this reason, and what to tell of it."""
    when, advice = ("while its argument was opened, ", f". {ADVICE}") if opening else ("", "")
    if reason == SLOW_OPENING:  # also of a job without a limit
        return (
            "timeout",
            f"to open its argument took longer than {opening_seconds(spec.timeout):g} s and was stopped{advice}",
        )
    if reason == TIMED_OUT:
        return "timeout", f"it took longer than its limit of {spec.timeout:g} s and was stopped"
    if reason == TOO_LARGE:
        return "memory", f"{when}it alone needs more memory than the owner of this computer allows, and was stopped"
    if reason == OVER_MEMORY:
        allowed = f"{(spec.memory or 0) / 1e6:,.0f} MB"
        return "memory", f"{when}its process used more than the {allowed} of memory allowed and was stopped{advice}"
    return "died", f"{when}{reason}{advice}"
