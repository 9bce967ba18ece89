"""One node inside the scheduler: what it said of itself and what it has leased. Plain bookkeeping, no I/O."""

from __future__ import annotations

from math import inf

from mcgui_core.jobs import Chunk, NodeInfo, NodeReport, NodeState, NodeStatus
from mcgui_core.ranges import Range, RangeSet
from mcgui_core.rates import RateMeter


class LeaseRecord:
    """A chunk that a node holds. `outstanding` are those of its tasks that the node has not reported or returned."""

    __slots__ = ("chunk", "outstanding")

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.outstanding = RangeSet([(chunk.start, chunk.stop)])


class NodeRecord:
    """A node, present or departed."""

    def __init__(self, info: NodeInfo, address: str, now: float) -> None:
        self.info, self.address = info, address
        self.joined = self.contact = now
        self.departed: NodeState | None = None
        self.reason = ""
        self.report = NodeReport(nprocs=info.nprocs, busy=0, cpu=0.0, memory=0)
        self.want = 0.0  # seconds of work that it asked for when it last could not be given enough; 0: asked for none
        self.leases: dict[int, LeaseRecord] = {}
        self.unfit: set[int] = set()  # jobs whose environment does not load here
        self.knows: set[tuple[int, int]] = set()  # (job, block) that it was sent; block -1 is the job's spec
        self.drop: set[int] = set()  # jobs it is to be told to stop
        self.recall = 0  # tasks it is to be asked to give back
        self.task_seconds: dict[int, float] = {}  # job -> mean on this node
        self.done = self.failed = 0
        self.meter = RateMeter()
        self.last_mean: float | None = None

    @property
    def present(self) -> bool:
        return self.departed is None

    @property
    def slots(self) -> int:
        """Slots that may be given work now."""
        stopped = not self.present or self.report.paused or self.report.draining
        return 0 if stopped else self.report.nprocs

    @property
    def hungry(self) -> bool:
        """A slot of it has, or will soon have, nothing to do."""
        return len(self.leases) < self.slots

    def depart(self, state: NodeState, reason: str) -> list[Chunk]:
        """The node is gone. Returns what of its leases has to run elsewhere."""
        self.departed, self.reason, self.want, self.recall = state, reason, 0.0, 0
        self.drop.clear()
        self.knows.clear()
        lost = [
            Chunk(lease.chunk.lease, lease.chunk.job, start, stop)
            for lease in self.leases.values()
            for start, stop in lease.outstanding
        ]
        self.leases.clear()
        return lost

    def holds(self, lease: int, job: int, start: int, stop: int) -> list[Range]:
        """Which of those tasks it holds by that lease."""
        record = self.leases.get(lease)
        return record.outstanding.common(start, stop) if record is not None and record.chunk.job == job else []

    def finished(self, lease: int, job: int, start: int, stop: int) -> list[Range]:
        """Those tasks of a lease are reported or returned. Returns those that the node still held."""
        held = self.holds(lease, job, start, stop)
        for a, b in held:
            self.leases[lease].outstanding.remove(a, b)
        if held and not self.leases[lease].outstanding:
            del self.leases[lease]
        return held

    def holding(self, job: int) -> int:
        """How many tasks of a job it holds."""
        return sum(len(lease.outstanding) for lease in self.leases.values() if lease.chunk.job == job)

    def outstanding(self, job: int) -> list[Range]:
        """The tasks of a job that it holds."""
        return [held for lease in self.leases.values() if lease.chunk.job == job for held in lease.outstanding]

    @property
    def queued(self) -> int:
        """Tasks that it has leased and, as far as the master can tell, not started."""
        return sum(len(lease.outstanding) for lease in list(self.leases.values())[self.slots :])

    def measured(self, job: int, count: int, seconds: float) -> None:
        if count < 1 or not 0 <= seconds < inf:
            return
        mean = seconds / count
        before = self.task_seconds.get(job)
        self.task_seconds[job] = mean if before is None else before + 0.5 * (mean - before)
        self.last_mean = self.task_seconds[job]

    def status(self, now: float) -> NodeStatus:
        here = self.present
        return NodeStatus(
            id=self.info.id,
            name=self.info.name,
            state=self._state(),
            nprocs=self.report.nprocs,
            busy=self.report.busy if here else 0,
            cpus=self.info.cpus,
            cpu=self.report.cpu if here else 0.0,
            memory=self.report.memory if here else 0,
            done=self.done,
            failed=self.failed,
            rate=self.meter.rate(now) if here else 0.0,
            task_seconds=self.last_mean,
            contact=self.contact,
            joined=self.joined,
            address=self.address,
            python=self.info.python,
            platform=self.info.platform,
            pid=self.info.pid,
            reason=self.reason if not here else self.report.reason,
        )

    def _state(self) -> NodeState:
        if self.departed is not None:
            return self.departed
        if self.report.draining:
            return "draining"
        if self.report.paused:
            return "paused"
        return "working" if self.leases else "idle"
