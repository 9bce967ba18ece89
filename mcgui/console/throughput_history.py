"""What was completed in each second, kept for the plot and the small lines. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from mcgui_core.jobs import Sample

#: Seconds that are kept one by one; older ones are kept as means over `COARSE` seconds.
FINE: Final = 3600
COARSE: Final = 30
#: Seconds after which a second has certainly been told: the master closes it up to half a second after its end, and
#: what is drawn before would fall to nothing at its end, and rise again.
TOLD: Final = 1
#: Points in the widest view: more than a plot has pixels for would only cost.
MOST_POINTS: Final = 300


@dataclass(frozen=True)
class Window:
    """A stretch of time, ready to be drawn. Rates are tasks a second; times are seconds before `end`, ascending."""

    end: int  # seconds since the epoch; the last second that is over
    step: int  # seconds a point
    times: np.ndarray
    done: dict[str, np.ndarray]  # node -> rates, in the order in which the nodes were first heard of
    failed: np.ndarray

    @property
    def total(self) -> np.ndarray:
        return sum(self.done.values(), np.zeros(len(self.times)))


class ThroughputHistory:
    """Completed and failed tasks by node and second. Telling it the same second twice does no harm."""

    def __init__(self) -> None:
        self._fine: dict[str, dict[int, tuple[int, int]]] = {}  # node -> second -> (done, failed)
        self._coarse: dict[str, dict[int, tuple[int, int]]] = {}  # node -> second // COARSE -> the same
        self._first: int | None = None
        self._last = 0
        self._coarsened = 0  # seconds before this one are in the coarse part, and are not heard again

    @property
    def first(self) -> int | None:
        """The first second that anything is known of."""
        return self._first

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids in the order in which they were first heard of."""
        return tuple(self._fine)

    def add(self, samples: Iterable[Sample]) -> None:
        for sample in samples:
            if sample.second < self._coarsened:
                continue
            self._fine.setdefault(sample.node, {})[sample.second] = (sample.done, sample.failed)
            self._coarse.setdefault(sample.node, {})
            self._first = sample.second if self._first is None else min(self._first, sample.second)
            self._last = max(self._last, sample.second)
        self._coarsen()

    def line(self, node: str, now: int, seconds: int) -> tuple[float, ...]:
        """Tasks a second of one node over the last `seconds` that are over."""
        known = self._fine.get(node, {})
        return tuple(float(sum(known.get(second, (0, 0)))) for second in range(now - seconds, now))

    def window(self, now: int, span: int | None) -> Window:
        """The last `span` seconds that are over at `now`; None: all there is, and a minute at least."""
        end = now - 1
        if span is None:
            span = max(60, end - (self._first if self._first is not None else end) + 1)
        step = -(-span // MOST_POINTS)
        if span > FINE:
            step = -(-step // COARSE) * COARSE
        points = -(-span // step)
        # Points lie on multiples of the step, so that they do not change their shape as time goes on.
        last = end // step
        starts = [(last - points + 1 + i) * step for i in range(points)]
        if step > 1 and (end + 1) % step:
            starts = [start - step for start in starts]  # the newest point is not whole yet
        done = {}
        failed = np.zeros(points)
        for node in self._fine:
            sums = np.array([self._sum(node, start, step) for start in starts], dtype=float)
            done[node] = sums[:, 0] / step
            failed += sums[:, 1] / step
        return Window(end, step, np.array([start - end for start in starts], dtype=float), done, failed)

    def _sum(self, node: str, start: int, step: int) -> tuple[int, int]:
        done = failed = 0
        if step >= COARSE and start < self._coarsened:
            known = self._coarse[node]
            for key in range(start // COARSE, (start + step) // COARSE):
                one = known.get(key, (0, 0))
                done, failed = done + one[0], failed + one[1]
        fine = self._fine[node]
        for second in range(max(start, self._coarsened), start + step):
            two = fine.get(second)
            if two is not None:
                done, failed = done + two[0], failed + two[1]
        return done, failed

    def _coarsen(self) -> None:
        """Move the seconds that are older than FINE into the coarse part."""
        limit = (self._last - FINE) // COARSE * COARSE
        if limit <= self._coarsened:
            return
        self._coarsened = limit
        for node, known in self._fine.items():
            coarse = self._coarse[node]
            for second in [second for second in known if second < limit]:
                done, failed = known.pop(second)
                before = coarse.get(second // COARSE, (0, 0))
                coarse[second // COARSE] = (before[0] + done, before[1] + failed)
