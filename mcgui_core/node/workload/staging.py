"""What a node has been leased and cannot begin, because what it needs is still on its way to this computer.

It takes no slot meanwhile: others run what is here. There are two kinds: what a whole job needs (its function, shared
values, files, packages), and arguments that are too large to come along with a lease.
"""

from __future__ import annotations

from collections.abc import Callable

from mcgui_core.node.workload.held_leases import HeldLeases
from mcgui_core.protocol.messages import Block, Chunk, JobSpec
from mcgui_core.protocol.messages.field_limits import MOST_FETCHED


class Staging:
    """Not thread-safe."""

    def __init__(self, held: HeldLeases) -> None:
        """`held` knows which arguments are not here."""
        self._held = held
        self.jobs: set[int] = set()  # that are being staged as a whole
        self._known: set[int] = set()  # that were, or needed nothing
        # Begins to bring what a job needs, to call `Workload.staged` then; False where it is here.
        self.bring: Callable[[int, JobSpec], bool] = lambda _job, _spec: False
        # What the master has heard: leases, and how many pieces wait; and jobs that wait as a whole.
        self.told: tuple[tuple[int, int], ...] = ()
        self.told_bringing: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Something may have to wait."""
        return bool(self.jobs or self._held.absent)

    def begin(self, job: int, spec: JobSpec) -> None:
        """Some of it has come."""
        if job not in self._known:
            self._known.add(job)
            if job not in self.jobs and self.bring(job, spec):
                self.jobs.add(job)

    def end(self, job: int) -> None:
        """What it needs is here, or cannot be brought."""
        self.jobs.discard(job)

    def forget(self, job: int) -> None:
        """It is over. What is on its way comes nevertheless."""
        self._known.discard(job)

    def another_master(self) -> None:
        """The numbers of jobs are given anew."""
        self.jobs.clear()
        self._known.clear()

    def reach(self, chunk: Chunk) -> int:
        """The first task of a chunk that cannot begin; the one after its last where all can."""
        if chunk.job in self.jobs:
            return chunk.start
        stop = chunk.stop
        for job, block in self._held.absent:
            if job == chunk.job and block.start < stop and chunk.start < block.start + block.count:
                stop = max(chunk.start, block.start)
        return stop

    def next_arguments(self, urgency: Callable[[int], int]) -> tuple[int, list[Block]] | None:
        """A job, and those of its arguments that have to be fetched next; None where there are none."""
        absent = self._held.absent
        if not absent:
            return None
        first = max((job for job, _ in absent), key=urgency)
        return first, [block for job, block in absent if job == first][:MOST_FETCHED]
