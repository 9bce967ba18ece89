"""What the jobs are of which a node has tasks, and which leases of them nobody wants any more."""

from __future__ import annotations

import sys

from mcgui_core.protocol.messages import Chunk, JobSpec


class JobSpecs(dict[int, JobSpec]):
    """By job. Who changes them holds the workload's lock."""

    def __init__(self) -> None:
        super().__init__()
        self._latest: JobSpec | None = None  # the spec that came last
        self._since: dict[int, int] = {}  # job -> lease that its spec came with
        self._dropped: dict[int, int] = {}  # job -> leases of it from before this one are not wanted any more

    def add(self, job: int, spec: JobSpec, lease: int) -> JobSpec:
        """The spec of a new job came with a lease; the very one of the job before is kept, where that is the same: all
        that is known of it is known of this job then. (One that comes again of a job is another one: it was retried.)
        """
        latest = self._latest
        if latest is None or job in self._since or spec != latest:
            self._latest = latest = spec
        self[job] = latest
        self._since[job] = lease
        return latest

    def urgency(self, job: int) -> int:
        """Its priority; 0 where nothing is known of it."""
        return self[job].priority if job in self else 0

    def drop(self, job: int, before: int = sys.maxsize) -> bool:
        """It is over, but for leases from the number `before` on. True where its spec is forgotten with it."""
        self._dropped[job] = before if before < sys.maxsize else 0
        if self._since.get(job, 0) >= before:
            return False  # the master takes it for known here, and is right
        self.pop(job, None)
        return True

    def is_dropped(self, chunk: Chunk) -> bool:
        """It was granted before its job was dropped, and overtaken on its way by the order to do so."""
        return chunk.lease < self._dropped.get(chunk.job, 0)

    def nothing_is_dropped(self) -> None:
        """What comes from now on was granted after all orders."""
        self._dropped.clear()
