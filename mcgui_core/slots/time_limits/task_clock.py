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
#: Seconds that opening the arguments may take, where a task may not take more: they may be large, and many. And where a
#: task may take as long as it likes: nobody has said that of what is opened for many tasks together.
OPENING_SECONDS, LONGEST_OPENING = 30.0, 600.0


def seconds_between_looks(timeout: float) -> float:
    """How often a slot looks at what it is at, where a task may take so many seconds."""
    return min(max(timeout / LOOKS, SHORTEST), LONGEST)


def opening_seconds(timeout: float | None) -> float:
    """How long a step of opening the arguments may take, or opening all of a chunk at once."""
    return LONGEST_OPENING if timeout is None else max(timeout, OPENING_SECONDS)


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
        self._opened_by: float | None = None  # when it has to have opened its arguments

    def opening(self) -> None:
        """The slot opens the arguments, or takes the next step of that, as far as it announces what comes next."""
        if self._timeout is not None or self._exact:
            self._opened_by = self._stopwatch.now() + opening_seconds(self._timeout)

    def announced(self, index: int) -> None:
        """The slot is at this task."""
        self._opened_by = None
        if self._timeout is None:
            self.task = index
            return
        now = self._stopwatch.now()
        if index != self.task:
            # Exact, or the first of a chunk: it begins now. Others have been seen at the look before, too.
            begins_now = self._exact or self._heard is None
            self.task, self._ends = index, now + self._timeout - (0.0 if begins_now else self._look)
        self._heard = now

    def reported(self, stop: int) -> None:
        """What comes before the task `stop` is done."""
        if self.task is None or self.task < stop:
            self.task, self._ends = None, math.inf
            if self._exact:
                self.opening()  # the argument of the next
        if self._heard is not None:
            self._heard = self._stopwatch.now()

    @property
    def ends(self) -> float | None:
        """When to end the slot unless it says something before, by the stopwatch; None: never."""
        if self.at_no_task:
            return self._opened_by
        if self._timeout is None or self._heard is None:
            return None
        if self._exact:
            return self._ends
        return min(self._ends, self._heard + self._timeout + SILENT_LOOKS * self._look + SILENT_SECONDS)

    @property
    def at_no_task(self) -> bool:
        """All that was begun is done, and the slot opens arguments: known where it announces what it begins with."""
        return self.task is None and (self._exact or (self._timeout is not None and self._heard is None))

    @property
    def culprit(self) -> int | None:
        """The task whose time is up, once `ends` has come; None where that may be another one."""
        if self._exact or self._heard is None:
            return self.task
        silent = self._stopwatch.now() - self._heard
        return self.task if silent <= SILENT_LOOKS * self._look + SILENT_SECONDS else None
