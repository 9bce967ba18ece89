"""One lease: a chunk that a node holds."""

from __future__ import annotations

from mcgui_core.base.ranges import RangeSet
from mcgui_core.protocol.messages import Chunk


class LeaseRecord:
    """A chunk that a node holds. `outstanding` are those of its tasks that the node has not reported or returned."""

    __slots__ = ("chunk", "late", "let_go", "node", "outstanding", "patience", "queued", "repeats", "since")

    def __init__(self, chunk: Chunk, node: str, now: float, repeats: int = 0) -> None:
        self.chunk, self.node = chunk, node
        self.outstanding = RangeSet.of(chunk.start, chunk.stop)
        self.since = now  # the last time that something of it was reported
        self.patience = 0.0  # seconds that it may take at least
        self.queued = False  # all slots of its node are at earlier leases
        self.late = False  # nothing was heard of it for much longer than it should take
        self.let_go = False  # a second run that was late once: others may run its tasks, whatever becomes of it
        # The lease that is late and of which this is a second run, 0 for none. Its tasks belong to that one: whatever
        # becomes of this, they are nowhere missing.
        self.repeats = repeats


class Holding:
    """What a node holds of one job, counted."""

    __slots__ = ("late", "leases", "progress", "tasks")

    def __init__(self, now: float) -> None:
        self.leases = self.tasks = 0
        self.late = 0  # leases that are late
        self.progress = now  # when it last reported a task, or held nothing
