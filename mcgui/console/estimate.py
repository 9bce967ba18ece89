"""How long a job will still take: an honest range, or nothing while nothing can be known. No Qt in here."""

from __future__ import annotations

from collections import deque
from typing import Final

from mcgui_core.jobs import JobStatus

#: Seconds that are looked back.
WINDOW: Final = 20.0
#: Seconds of watching before anything is said.
PATIENCE: Final = 1.0
#: Looks that showed progress before anything is said: a single burst is no rate.
LOOKS: Final = 4
#: Parts into which the time looked back is cut, to see how much the rate varies.
PARTS: Final = 4


class Estimate:
    """Watches one job. Time comes in as a parameter: seconds, of any clock that does not jump."""

    def __init__(self) -> None:
        self._job: int | None = None
        self._looks: deque[tuple[float, int]] = deque()  # (time, tasks settled)

    def watch(self, job: JobStatus, now: float) -> tuple[float, float] | None:
        """Seconds left, as (at least, at most); None while it cannot be told: too early, paused, no end in sight."""
        if job.id != self._job or job.state != "running":
            self._job = job.id
            self._looks.clear()
        if job.state != "running":
            return None
        settled = job.done + job.failed
        if not self._looks or settled != self._looks[-1][1]:
            self._looks.append((now, settled))
        while len(self._looks) > LOOKS and self._looks[0][0] < now - WINDOW:
            self._looks.popleft()
        if not job.sealed or len(self._looks) < LOOKS or now - self._looks[0][0] < PATIENCE:
            return None
        return self._range(job.remaining, now)

    def _range(self, remaining: int, now: float) -> tuple[float, float]:
        """From the fastest and the slowest part of what was seen, each tempered by the mean."""
        first_time, first = self._looks[0]
        mean = (self._looks[-1][1] - first) / (now - first_time)
        rates = [mean]
        part = (now - first_time) / PARTS
        for number in range(PARTS):
            begin, end = first_time + number * part, first_time + (number + 1) * part
            rates.append((self._settled_at(end) - self._settled_at(begin)) / part)
        fastest = (mean + max(rates)) / 2
        # A part in which nothing happened says little of a job whose tasks are long: never below half the mean.
        slowest = max((mean + min(rates)) / 2, mean / 2)
        return remaining / fastest, remaining / slowest

    def _settled_at(self, time: float) -> float:
        """Tasks settled at a time between the looks, on the line between its neighbours."""
        before = self._looks[0]
        for look in self._looks:
            if look[0] >= time:
                span = look[0] - before[0]
                share = (time - before[0]) / span if span else 1.0
                return before[1] + share * (look[1] - before[1])
            before = look
        return before[1]
