"""When the task that a slot is at has had its time, and how sure that is. The agent's side of long_tasks.py.

A slot says at which task it is when it begins with a chunk, and from then on where one takes long, again and again. A
slot that says nothing any more is in the midst of code that lets no thread of Python's run (a regular expression, an
extension in C): that task's time is up as well, but nobody knows which one it is.
"""

from __future__ import annotations

import math

from mcgui_core.slots.time_limits.time_limit import Stopwatch

#: Looks at what a slot is at within a task's time, seconds between two of them at least and at most.
LOOKS, SHORTEST, LONGEST = 10, 0.02, 1.0
#: Looks, and seconds, without a word after which a slot cannot speak.
SILENT_LOOKS, SILENT_SECONDS = 3, 0.2


def seconds_between_looks(timeout: float) -> float:
    """How often a slot looks at what it is at, where a task may take so many seconds."""
    return min(max(timeout / LOOKS, SHORTEST), LONGEST)


class TaskClock:
    """For one chunk of a job whose tasks may take `timeout` seconds; None: as long as they like.

    Where the slot is `exact`, it announces each task before that begins, and nothing needs to be guessed.
    """

    def __init__(self, stopwatch: Stopwatch, timeout: float | None, exact: bool) -> None:
        self._stopwatch, self._timeout, self._exact = stopwatch, timeout, exact
        self._look = 0.0 if timeout is None else seconds_between_looks(timeout)
        self.task: int | None = None  # that was announced, and has not been reported
        self._ends = math.inf  # when its time is up
        self._heard: float | None = None  # the last word, since the slot has begun with tasks

    def announced(self, index: int) -> None:
        """The slot is at this task."""
        if self._timeout is None:
            self.task = index
            return
        now = self._stopwatch.now()
        if index != self.task:
            # Exact, or the first of a chunk: it begins now. Others have been seen at the look before, too.
            begins_now = self._exact or self._heard is None
            self.task, self._ends = index, now + self._timeout - (0.0 if begins_now else self._look)
        self._heard = now

    def reported(self) -> None:
        """What it was at is done."""
        self.task, self._ends = None, math.inf
        if self._heard is not None:
            self._heard = self._stopwatch.now()

    @property
    def ends(self) -> float | None:
        """When to end the slot unless it says something before, by the stopwatch; None: never."""
        if self._timeout is None or self._heard is None:
            return None
        if self._exact:
            return None if self.task is None else self._ends
        return min(self._ends, self._heard + self._timeout + SILENT_LOOKS * self._look + SILENT_SECONDS)

    @property
    def culprit(self) -> int | None:
        """The task whose time is up, once `ends` has come; None where that may be another one."""
        if self._exact or self._heard is None:
            return self.task
        silent = self._stopwatch.now() - self._heard
        return self.task if silent <= SILENT_LOOKS * self._look + SILENT_SECONDS else None
