"""How long a job will still take: an honest range, or nothing while nothing can be known. No Qt in here.

What is done is not only what is settled: tasks that are being run are partly done. Where they report how far they are,
that counts; where not, those in flight are taken to go on as fast as those before them, up to their end. The range is
from "all in flight are about to end, and the rest goes as fast as it ever did" to "they have only begun, and the rest
goes as slowly as it ever did": narrow for many short tasks, wide for a few long ones.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

from mcgui_core.protocol.messages import JobStatus

#: Seconds that are looked back; where tasks take long, as long as a few of them take.
WINDOW: Final = 20.0
_TASKS: Final = 3
_LONGEST: Final = 1200.0
#: Seconds of watching before anything is said.
PATIENCE: Final = 1.0
#: Looks that showed progress before anything is said: a single burst is no rate.
LOOKS: Final = 4
#: Parts into which the time looked back is cut, to see how much the rate varies.
PARTS: Final = 4
#: Part of a task in flight that counts as done at most, while it is not.
_ALMOST: Final = 0.95


class Estimate:
    """Watches one job. Time comes in as a parameter: seconds, of any clock that does not jump."""

    def __init__(self) -> None:
        self._job: int | None = None
        self._looks: deque[tuple[float, float]] = deque()  # (time, tasks done, with what those in flight report)
        self._reports = False  # its tasks say how far they are

    def watch(self, job: JobStatus, now: float, progress: float = 0.0) -> tuple[float, float] | None:
        """Seconds left, as (at least, at most); None while it cannot be told: too early, paused, no end in sight.

        `progress` is what the tasks that run report of themselves, added up: 2.5 for two that are done by half and
        three that are done by half as well.
        """
        if job.id != self._job or job.state != "running":
            self._job, self._reports = job.id, False
            self._looks.clear()
        if job.state != "running":
            return None
        done = job.done + job.failed + progress
        if self._looks and done < self._looks[-1][1]:
            # A node was lost, with what its tasks had reported; or failed tasks were retried: then count anew.
            self._looks.clear()
        if not self._looks or done > self._looks[-1][1]:
            self._looks.append((now, done))
        self._reports = self._reports or progress > 0
        window = max(WINDOW, min(_TASKS * (job.task_seconds or 0.0), _LONGEST))
        while len(self._looks) > LOOKS and self._looks[0][0] < now - window:
            self._looks.popleft()
        if job.whole is None or len(self._looks) < LOOKS or now - self._looks[0][0] < PATIENCE:
            return None
        return self._range(job, now, progress)

    def _range(self, job: JobStatus, now: float, progress: float) -> tuple[float, float] | None:
        """From the fastest and the slowest part of what was seen, each tempered by the mean."""
        (first_time, first), (last_time, last) = self._looks[0], self._looks[-1]
        if last_time <= first_time:
            return None
        rate = (last - first) / (last_time - first_time)
        # As many run at once as come out in the time that one takes.
        at_once = max(1.0, rate * (job.task_seconds or 0.0))
        unknown = 0.0 if self._reports else min(at_once, max(job.remaining, 1))
        in_flight = min((now - last_time) * rate, _ALMOST * unknown)
        left = (job.whole or 0) - last  # it is known: see `watch`
        mean = (last + in_flight - first) / (now - first_time)
        rates = [mean]
        part = (now - first_time) / PARTS
        for number in range(PARTS):
            begin, end = first_time + number * part, first_time + (number + 1) * part
            done = self._done_at(end, now, last + in_flight) - self._done_at(begin, now, last + in_flight)
            rates.append(done / part)
        fastest = (mean + max(rates)) / 2
        # A part in which nothing happened says little of a job whose tasks are long: never below half the mean.
        slowest = max((mean + min(rates)) / 2, mean / 2)
        # All that is in flight is about to end; or it had only begun when the last one ended.
        least = max(left - unknown, 0.0) / fastest
        if self._reports:
            most = _in_waves(job.remaining, at_once, progress) / slowest
        else:
            most = (left if unknown < 2 else math.ceil(left / at_once) * at_once) / slowest - (now - last_time)
        return least, max(most, least, 0.1 / fastest)

    def _done_at(self, time: float, now: float, done_now: float) -> float:
        """Tasks done at a time between the looks, on the line between its neighbours."""
        before = self._looks[0]
        for look in (*self._looks, (now, done_now)):
            if look[0] >= time:
                span = look[0] - before[0]
                share = (time - before[0]) / span if span else 1.0
                return before[1] + share * (look[1] - before[1])
            before = look
        return before[1]


def _in_waves(remaining: int, at_once: float, progress: float) -> float:
    """The tasks that could have been done until the end, if those that run at once begin and end together.

    The last of them leave slots without work: 20 tasks on 6 slots take as long as 24.
    """
    in_flight = min(at_once, max(remaining, 1))
    waves = math.ceil((remaining - in_flight) / at_once - 0.1)
    return max(1 - progress / in_flight, 0.0) * at_once + max(waves, 0) * at_once
