"""What was completed in each half second, kept for the plot and the small lines. No Qt in here.

The newest half hour is one array, a row a node and a column a half second, used as a ring: drawing 500 nodes is a few
sums over slices of it. What is older is put together into means over `COARSE` seconds, and kept for each node as long
as the node did anything.

numpy is imported where something is counted. A window has that done beside it, and the history keeps until then what it
hears (`held`, `release`): in the window's own thread, the import would hold it for a tenth of a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from mcgui_core.protocol.messages import SAMPLE_SECONDS, Sample

if TYPE_CHECKING:
    import numpy as np

    from mcgui.console.throughput.coarse_history import CoarseHistory
    from mcgui.console.throughput.recent_counts import RecentCounts

#: Seconds that are kept as they are heard; older ones are kept as sums over `COARSE` seconds.
FINE: Final = 1800
COARSE: Final = 30
#: Seconds after which a half second has certainly been told: the master closes it up to half a second after its end,
#: and what is drawn before would fall to nothing at its end, and rise again.
TOLD: Final = 1.0
#: Points in the widest view: more than a plot has pixels for would only cost.
MOST_POINTS: Final = 300
#: Up to so many seconds, every half second is a point of its own; beyond, a point is a second or more.
CLOSE_UP: Final = 30
_STEPS: Final = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
_RATIO: Final = round(COARSE / SAMPLE_SECONDS)
_COLUMNS: Final = round(FINE / SAMPLE_SECONDS) + _RATIO
#: What a window at the beginning is shown as, in seconds, so that a job of three seconds fills a part of it.
_SHORT: Final = (10, 20, 30, 60)


#: Points that a picture has at least, however seldom a task ends; and tasks a point, nearly: time is not that exact.
_LEAST_POINTS: Final = 8
_A_TASK: Final = 0.9


@dataclass(frozen=True)
class Window:
    """A stretch of time, ready to be drawn. Rates are tasks a second; times are seconds before the newest point."""

    end: float  # seconds since the epoch; where the newest point ends
    step: float  # seconds a point
    times: np.ndarray
    nodes: tuple[str, ...]  # in the order in which they were first heard of
    rates: np.ndarray  # (node, point): completed
    failed: np.ndarray  # all nodes together

    @cached_property
    def total(self) -> np.ndarray:
        """Completed by all of them."""
        return self.rates.sum(axis=0)

    @cached_property
    def busy(self) -> dict[str, np.ndarray]:
        """The rates of each node that completed anything."""
        import numpy as np

        return {self.nodes[row]: self.rates[row] for row in np.flatnonzero(self.rates.any(axis=1))}

    def moment(self, point: int) -> float:
        """When a point begins, in seconds since the epoch."""
        return self.end - self.step + float(self.times[point])


class ThroughputHistory:
    """Completed and failed tasks by node and time. Telling it the same time twice does no harm.

    One that is `held` counts nothing until it is released, and is as one that has heard nothing.
    """

    def __init__(self, held: bool = False) -> None:
        self._waiting: list[Sample] | None = [] if held else None  # what was heard meanwhile
        self._rows: dict[str, int] = {}  # node -> its row
        self._free: list[int] = []  # rows that no node has
        self._coarse: dict[str, CoarseHistory] = {}
        self._first: int | None = None  # number of the first half second of which anything is known
        self._newest = 0  # number of the newest one that has a column
        self._completed: tuple[tuple[float, int], list[float]] | None = None  # of all rows, as it was last reckoned
        self._coarsened = 0  # those before this number are in the coarse part, and are not heard again

    @cached_property
    def _recent(self) -> RecentCounts:
        from mcgui.console.throughput.recent_counts import RecentCounts

        return RecentCounts(_COLUMNS)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids in the order in which they were first heard of."""
        return tuple(self._coarse)

    @staticmethod
    def load() -> None:
        """Import what counting takes, in whichever thread there is time for it."""
        import mcgui.console.throughput.coarse_history
        import mcgui.console.throughput.recent_counts  # noqa: F401

    def release(self) -> None:
        """Count what was heard until now, and from now on everything at once."""
        waiting, self._waiting = self._waiting, None
        self.add(waiting or ())

    def add(self, samples: Iterable[Sample]) -> None:
        if self._waiting is not None:
            self._waiting.extend(samples)
            return
        from mcgui.console.throughput.coarse_history import CoarseHistory

        self._completed = None
        for sample in samples:
            number = round(sample.time / SAMPLE_SECONDS)
            if self._first is None:
                self._newest = number
                self._coarsened = (number - _COLUMNS + _RATIO) // _RATIO * _RATIO
            if number < self._coarsened:
                continue
            if number > self._newest:
                self._advance(number)
            self._first = number if self._first is None else min(self._first, number)
            self._coarse.setdefault(sample.node, CoarseHistory())
            self._recent.set(self._row(sample.node), number, sample.done, sample.failed)

    def line(self, node: str, now: float, seconds: int) -> tuple[float, ...]:
        """Tasks a second of one node over the last `seconds` that are over at `now`."""
        row = self._rows.get(node)
        if row is None:
            return (0.0,) * seconds
        from mcgui.console.throughput.recent_counts import together

        each = round(1 / SAMPLE_SECONDS)
        last = int(now) * each
        counts = self._fine(last - seconds * each, last, slice(row, row + 1))
        return tuple(together(counts[:, 0].sum(axis=0), each).tolist())

    def completed(self, node: str, now: float, seconds: int) -> float:
        """How many tasks one node completed in the last `seconds` that are over at `now`. Reckoned for all at once."""
        row = self._rows.get(node)
        if row is None:
            return 0.0
        if self._completed is None or self._completed[0] != (now, seconds):
            last = math.floor(now / SAMPLE_SECONDS)
            counts = self._fine(last - round(seconds / SAMPLE_SECONDS), last)[0].sum(axis=1)
            self._completed = ((now, seconds), counts.tolist())
        return self._completed[1][row]

    def busy_span(self, now: float, span: int) -> int:
        """How many of the last `span` seconds are worth looking at: from where anything began, 10 at least."""
        last = math.floor(now / SAMPLE_SECONDS)
        first = max(last - round(min(span, FINE) / SAMPLE_SECONDS), self._coarsened)
        import numpy as np

        known = np.flatnonzero(self._fine(first, last).any(axis=(0, 1)))
        if not len(known):
            return span
        busy = (last - first - int(known[0]) + 1) * SAMPLE_SECONDS
        return next((short for short in _SHORT if busy <= short <= span), span)

    def window(self, now: float, span: float | None) -> Window:
        """The last `span` seconds that are over at `now`; None: all there is, and ten seconds at least."""
        import numpy as np

        last = math.floor(now / SAMPLE_SECONDS)
        if span is None:
            known = (last - (self._first if self._first is not None else last)) * SAMPLE_SECONDS
            span = next((short for short in _SHORT if known <= short), known)
        step = self._wide_enough(_step(span, span > FINE), span, last)
        each = round(step / SAMPLE_SECONDS)
        points = math.ceil(span / step)
        # Points lie on multiples of the step, so that they do not change their shape as time goes on. The newest is
        # the last that is whole.
        stop = last // each * each
        start = stop - points * each
        done, failed = self._sums(start, stop, each) / step
        times = (np.arange(points) - points + 1) * step
        return Window(stop * SAMPLE_SECONDS, step, times, tuple(self._coarse), done, failed.sum(axis=0))

    def _wide_enough(self, step: float, span: float, last: int) -> float:
        """A step in which a task ends, where they end so seldom: a task a second is a line, and no saw with teeth."""
        if span > FINE:
            return step
        import numpy as np

        counts = self._fine(last - round(span / SAMPLE_SECONDS), last).sum(axis=(0, 1))
        busy = np.flatnonzero(counts)
        rate = counts.sum() / ((len(counts) - busy[0]) * SAMPLE_SECONDS) if len(busy) > 1 else math.inf
        wider = (one for one in _STEPS if step <= one <= span / _LEAST_POINTS)
        return next((one for one in wider if rate * one >= _A_TASK), step)

    def _sums(self, start: int, stop: int, each: int) -> np.ndarray:
        """(done and failed, node, point), summed over `each` half seconds a point."""
        import numpy as np

        from mcgui.console.throughput.recent_counts import together

        points = (stop - start) // each
        sums = np.zeros((2, len(self._coarse), points))
        if each >= _RATIO:
            for number, track in enumerate(self._coarse.values()):
                sums[:, number] = track.sums(start // _RATIO, stop // _RATIO, each // _RATIO).T
        begin = max(start, self._coarsened)
        if begin < stop:
            skipped = (begin - start) // each
            fine = together(self._fine(start + skipped * each, stop), each)
            rows = np.array([self._rows.get(node, -1) for node in self._coarse], dtype=int)
            there = rows >= 0
            if there.all() and (rows == np.arange(len(rows))).all():
                sums[:, :, skipped:] += fine  # as long as no row was given to another node
            else:
                sums[:, there, skipped:] += fine[:, rows[there]]
        return sums

    def _fine(self, start: int, stop: int, rows: slice | None = None) -> np.ndarray:
        """(done and failed, row, half second): all rows, or these; zeros for times of which nothing is known."""
        import numpy as np

        rows = rows or slice(0, len(self._rows) + len(self._free))
        first, last = max(start, self._coarsened), min(stop, self._newest + 1)
        if first >= last:
            return np.zeros((2, rows.stop - rows.start, max(stop - start, 0)), dtype=np.float32)
        found = self._recent.part(first, last, rows)
        if (first, last) == (start, stop):
            return found
        padded = np.zeros((*found.shape[:2], stop - start), dtype=found.dtype)  # np.pad takes ten times as long
        padded[:, :, first - start : last - start] = found
        return padded

    def _row(self, node: str) -> int:
        row = self._rows.get(node)
        if row is None:
            row = self._rows[node] = self._free.pop() if self._free else len(self._rows)
            self._recent.need(row)
        return row

    def _advance(self, number: int) -> None:
        """Make room for the half seconds up to this one: what would be overwritten goes into the coarse part."""
        while number - self._coarsened >= _COLUMNS:
            if self._coarsened > self._newest:  # nothing is left in the ring: the time until now was silent
                self._coarsened = (number - _COLUMNS + _RATIO) // _RATIO * _RATIO
                break
            stop = self._coarsened + _RATIO
            sums = self._recent.part(self._coarsened, stop, slice(0, self._recent.rows)).sum(axis=2, dtype=float)
            for node, row in self._rows.items():
                self._coarse[node].add(self._coarsened // _RATIO, sums[:, row])
            self._recent.clear(self._coarsened, stop)
            self._coarsened = stop
            self._free_rows()
        self._newest = number

    def _free_rows(self) -> None:
        """A node that did nothing for so long needs no row: of nodes that come and go, there may be any number."""
        for node, row in [(node, row) for node, row in self._rows.items() if self._recent.is_empty(row)]:
            del self._rows[node]
            self._free.append(row)


def _step(span: float, coarse: bool) -> float:
    """Seconds a point."""
    least = COARSE if coarse else SAMPLE_SECONDS if span <= CLOSE_UP else 1
    return next((step for step in _STEPS if step >= least and span / step <= MOST_POINTS), _STEPS[-1])
