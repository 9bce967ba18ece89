"""Tasks completed in each half second by each node: what the throughput plot draws."""

from __future__ import annotations

from collections import deque

from mcgui_core.protocol.messages import SAMPLE_SECONDS, Sample

#: Samples that are kept: half an hour of 50 nodes. A console that watches keeps its own beyond that.
KEPT = 180_000


class ThroughputSamples:
    """A history of half seconds. The current one is not shown before it is over, so that its bar never shrinks."""

    def __init__(self) -> None:
        self._closed: deque[tuple[int, Sample]] = deque(maxlen=KEPT)  # (version at which it was closed, sample)
        self._open: dict[str, tuple[int, int]] = {}  # node -> done, failed in the current half second
        self._number = 0  # of the current half second, since the epoch

    def add(self, now: float, node: str, done: int, failed: int, version: int) -> None:
        """`node` completed tasks at `now`."""
        self.close(now, version)
        before = self._open.get(node, (0, 0))
        self._open[node] = (before[0] + done, before[1] + failed)

    def close(self, now: float, version: int) -> bool:
        """End the current half second if it is over. True if that showed anything new."""
        number = int(now / SAMPLE_SECONDS)
        if number == self._number:
            return False
        shown = bool(self._open)
        for node, (done, failed) in self._open.items():
            self._closed.append((version, Sample(self._number * SAMPLE_SECONDS, node, done, failed)))
        self._open.clear()
        self._number = number
        return shown

    def since(self, version: int) -> tuple[Sample, ...]:
        """The samples that were closed after a version."""
        found = []
        for closed_at, sample in reversed(self._closed):
            if closed_at <= version:
                break
            found.append(sample)
        return tuple(reversed(found))
