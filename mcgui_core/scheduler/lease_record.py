"""One lease: consecutive tasks that a node holds, for one slot of it or for all."""

from __future__ import annotations

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.protocol.messages import Chunk


class LeaseRecord:
    """A chunk that a node holds. `outstanding` are those of its tasks that the node has not reported or returned, and
    `pieces` how many slots can be at them, with one piece each."""

    __slots__ = ("chunk", "late", "let_go", "node", "outstanding", "patience", "pieces", "repeats", "since")

    def __init__(self, chunk: Chunk, node: str, now: float, repeats: int = 0) -> None:
        self.chunk, self.node = chunk, node
        self.outstanding = RangeSet.of(chunk.start, chunk.stop)
        self.pieces = chunk.pieces
        self.since = now  # the last time that something of it was reported
        self.patience = 0.0  # seconds that it may take at least
        self.late = False  # nothing was heard of it for much longer than it should take
        self.let_go = False  # a second run that was late once: others may run its tasks, whatever becomes of it
        # The lease that is late and of which this is a second run, 0 for none. Its tasks belong to that one: whatever
        # becomes of this, they are nowhere missing.
        self.repeats = repeats

    def remove(self, start: int, stop: int) -> list[Range]:
        """Those tasks are reported or returned. Returns those that were outstanding."""
        held = self.outstanding.common(start, stop)
        self.outstanding.remove(start, stop)
        left, each = len(self.outstanding), self.chunk.each
        self.pieces = -(-left // each) if each else min(left, 1)
        return held

    @property
    def piece(self) -> int:
        """Tasks that a slot takes of it at a time, at most."""
        return min(len(self.outstanding), self.chunk.each or len(self.outstanding))


class Holding:
    """What a node holds of one job, counted."""

    __slots__ = ("at_work", "kept", "late", "leases", "pieces", "progress", "tasks", "told", "worked_from")

    def __init__(self, now: float) -> None:
        self.leases = self.pieces = self.tasks = 0
        self.at_work = 0  # slots that were given a piece since the node was heard of, or were at one then
        self.told = 0.0  # seconds of their work that it has told since then
        self.worked_from = 0.0  # the sum of the times from which they have been, since the job was made
        self.kept = 0  # tasks that it had done when it was heard of, and tells later
        self.late = 0  # leases that are late
        self.progress = now  # when it last reported a task, or held nothing


def newest_weight(one: float, pieces: int, running: int) -> float:
    """What `pieces` that ended count for in a moving mean, where `running` run at a time and one alone counts `one`."""
    return min(one, one * pieces / (1 + running / 4))
