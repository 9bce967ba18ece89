"""One node inside the scheduler: what it said of itself and what it has leased. Plain bookkeeping, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import Literal

from mcgui_core.base.ranges import Range
from mcgui_core.base.rates import RateMeter
from mcgui_core.protocol.messages import NodeInfo, NodeReport, NodeState, NodeStatus, Orders
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.lease_record import Holding, LeaseRecord, newest_weight
from mcgui_core.scheduler.set_aside_threshold import fails_too_much

#: Characters that are shown of why an environment does not load on a node.
ERROR_SHOWN = 200
_NOTHING = Orders()
#: Jobs that a node may still know though they are over, before it is told so for its own sake.
MANY_TO_FORGET = 16

#: Weight of the newest chunk in the moving mean of a task's duration, where a node holds no other.
NEWEST = 0.5


class NodeRecord:
    """A node, present or departed."""

    def __init__(self, info: NodeInfo, address: str, now: float) -> None:
        self.info, self.address = info, address
        self.python = ".".join(info.python.split(".")[:2])  # the minor version, such as "3.11"
        self.joined = self.contact = now
        self.departed: NodeState | None = None
        self.reason = NO_REASON  # of its departure
        self.report = NodeReport(nprocs=info.nprocs, busy=0, cpu=0.0, memory=0)
        self.leases: dict[int, LeaseRecord] = {}  # oldest first; changed by LeaseTable only, which keeps the next two
        self.pieces = 0  # of them all: as many slots can be at them
        self.kept = 0  # pieces that it has done and tells later, as it said last
        self.staging: dict[int, int] = {}  # lease -> pieces of it that wait for content, as it said last
        self.bringing: frozenset[int] = frozenset()  # jobs of these that wait as a whole, not for arguments
        self.held: dict[int, Holding] = {}  # job -> what it holds of that
        self.suspect = 0  # the lease of a task that may have taken its worker down; 0: none
        self.silent = False  # its heartbeat is overdue
        self.slots = 0  # that may be given work now
        self.unfit: set[int] = set()  # jobs whose environment does not load here
        self.lacking: dict[int, str] = {}  # those of them that are not over; and why
        self.untold: set[int] = set()  # those of them of which its owner has not heard
        self.aside: dict[int, str] = {}  # jobs that it is kept from, because it fails tasks that others do; and why
        self.stalled: dict[int, str] = {}  # jobs that it is kept from while nothing it holds of them ends; and why
        self.blamed: dict[int, int] = {}  # job -> tasks that failed here, and that others have done
        self.tried: dict[int, int] = {}  # job -> tasks that were done or failed here
        self.wishes = _NOTHING  # what a person wants it to be told
        self.knows: set[tuple[int, int]] = set()  # (job, block) that it was sent; block -1 is the job's spec
        self.drop: dict[int, int] = {}  # jobs it is to be told to stop -> the first lease that is newer than that
        self.stops = False  # it holds some of one of those
        self.recall = 0  # tasks it is to be asked to give back
        self.recall_jobs: set[int] = set()  # those of which it is to be asked for all that it has not begun
        self.recalled = False  # it was, and has not reported since: perhaps it has none
        self.task_seconds: dict[int, float] = {}  # job -> mean on this node
        self.measures: dict[int, tuple[int, float]] = {}  # job -> tasks measured here, and their seconds together
        self.done = self.failed = 0
        self.meter = RateMeter()
        self.last_mean: float | None = None
        self._count_slots()

    @property
    def present(self) -> bool:
        """It has joined and not left."""
        return self.departed is None

    @property
    def is_busy(self) -> bool:
        """It holds something that does not hang."""
        return any(not lease.late for lease in self.leases.values())

    @property
    def hungry(self) -> bool:
        """A slot of it has, or will soon have, nothing to do."""
        if self.staging:
            return self.idle > 0
        return 0 < self.slots > self.pieces - self.kept  # idle > 0, in a third of the time: it is asked most of all

    @property
    def idle(self) -> int:
        """Slots that have nothing to do. What waits for content takes none."""
        return max(0, self.slots - max(0, self.pieces - self.kept - self._staged(0)))

    def idle_for(self, job: int) -> int:
        """Slots that would have nothing to do but some of this job: what of that waits for content is for them too."""
        return max(0, self.slots - max(0, self.pieces - self.kept - self._staged(job)))

    @property
    def queued(self) -> int:
        """Tasks that no slot can have started; of what waits for content, those beyond as many pieces as it has slots:
        these begin here once that has come."""
        free, spared, tasks = self.slots + self.kept, self.slots, 0
        for lease in self.leases.values() if self.pieces > free or self.staging else ():
            waits = self.waits(lease)
            ready = lease.pieces - waits
            if (queued := max(0, ready - free) + max(0, waits - spared)) > 0:
                tasks += len(lease.outstanding) - (lease.pieces - queued) * lease.chunk.each
            free, spared = max(0, free - ready), max(0, spared - waits)
        return tasks

    @property
    def tasks(self) -> int:
        """How many it holds."""
        return sum(holding.tasks for holding in self.held.values())

    def waits(self, lease: LeaseRecord) -> int:
        """Pieces of a lease that wait for content. They are its last ones."""
        return min(self.staging.get(lease.chunk.lease, 0), lease.pieces) if self.staging else 0

    @property
    def is_asked(self) -> bool:
        """It is to be asked to give something back."""
        return bool(self.recall or self.recall_jobs)

    @property
    def has_orders(self) -> bool:
        """There is something to tell it, work apart."""
        return bool(self.is_asked or self.drop or self.wishes is not _NOTHING)

    @property
    def has_urgent_orders(self) -> bool:
        """As `has_orders`, but for a few jobs to forget of which it holds nothing: these are told with the next order,
        or heartbeat. (A heartbeat of its own for each small job that ends takes as long as a tenth of the job.)"""
        return self.stops or len(self.drop) >= MANY_TO_FORGET or bool(self.is_asked or self.wishes is not _NOTHING)

    def heard(self, now: float, report: NodeReport | None = None) -> None:
        """It has said something, perhaps with its heartbeat."""
        if self.departed is None:
            self.contact = now
            if report is not None or self.silent:
                self.silent, self.report = False, report or self.report
                self._count_slots()

    def fall_silent(self) -> None:
        """Its heartbeat is overdue."""
        self.silent = True
        self._count_slots()

    def come_back(self, before: NodeRecord) -> None:
        """It is the one that was here `before`."""
        self.done, self.failed, self.joined, self.meter = before.done, before.failed, before.joined, before.meter
        self.unfit, self.aside, self.blamed, self.tried = before.unfit, before.aside, before.blamed, before.tried
        self.lacking, self.untold = before.lacking, before.untold
        self.task_seconds, self.measures = before.task_seconds, before.measures

    def forget(self, job: int) -> None:
        """A job is over: what was noted of it here is not needed any more."""
        for noted in (self.tried, self.task_seconds, self.measures):
            noted.pop(job, None)
        if self.lacking or self.aside or self.stalled or self.blamed:  # as seldom
            self.untold.discard(job)
            for trouble in (self.lacking, self.aside, self.stalled, self.blamed):
                trouble.pop(job, None)

    def set_unfit(self, job: int, error: str) -> None:
        """The environment of a job does not load here."""
        self.unfit.add(job)
        line = error.partition("\n")[0]
        self.lacking[job] = line if len(line) <= ERROR_SHOWN else f"{line[: ERROR_SHOWN - 3]}..."
        self.untold.add(job)

    def set_fit(self, job: int) -> None:
        """It may try that job again."""
        self.unfit.discard(job)
        self.lacking.pop(job, None)
        self.untold.discard(job)

    def tell_unfit(self, jobs: Iterable[int]) -> None:
        """Have it told that these jobs do not load here, and do elsewhere: its owner may know what it lacks."""
        for job in jobs:
            self.untold.discard(job)
            text = f"Tasks of job {job} cannot run here: {self.lacking[job].removesuffix('.')}."
            self.wishes = replace(self.wishes, aside=text)

    def blame(self, job: int, count: int) -> bool:
        """So many more tasks that failed here were done elsewhere. True if that is too much."""
        self.blamed[job] = self.blamed.get(job, 0) + count
        return fails_too_much(self.blamed[job], self.tried.get(job, 0))

    def set_aside(self, job: int) -> None:
        """Keep it from a job whose tasks it fails, and have it told: its owner may know what it lacks."""
        failed = f"{self.blamed[job]:,} tasks that failed here were done by others"
        self.aside[job] = f"set aside for job {job}: {failed}"
        self.wishes = replace(self.wishes, aside=f"It was set aside for job {job}: {failed}.")

    def wish(self, nprocs: int, pause: bool | None, retire: Literal["", "finish", "now"]) -> None:
        """It is to be told this, along with what it was not told yet."""
        wishes = self.wishes
        self.wishes = replace(
            wishes,
            nprocs=nprocs or wishes.nprocs,
            pause=wishes.pause if pause is None else pause,
            retire=retire or wishes.retire,
        )

    def take_wishes(self) -> Orders:
        """What it is to be told, which is then told."""
        wishes, self.wishes = self.wishes, _NOTHING
        return wishes

    def depart(self, state: NodeState, reason: Reason) -> None:
        """The node is gone."""
        self.departed, self.reason = state, reason
        self._count_slots()
        self.drop.clear()
        self.stops = False
        self.knows.clear()
        self.stalled.clear()

    def holds(self, lease: int, job: int, start: int, stop: int) -> list[Range]:
        """Which of those tasks it holds by that lease, and answers for."""
        record = self.leases.get(lease)
        if record is None or record.chunk.job != job or record.repeats:
            return []
        return record.outstanding.common(start, stop)

    def outstanding(self, job: int) -> list[Range]:
        """The tasks of a job that it holds, and answers for."""
        mine = [lease for lease in self.leases.values() if lease.chunk.job == job and not lease.repeats]
        return [held for lease in mine for held in lease.outstanding]

    def measured(self, job: int, count: int, seconds: float, pieces: int = 1) -> None:
        """So many tasks of a job took so many seconds here, together: the mean of the next is guessed by it."""
        if count < 1 or not 0 <= seconds < inf:
            return
        mean = seconds / count
        tasks, total = self.measures.get(job, (0, 0.0))
        self.measures[job] = (tasks + count, total + seconds)
        before = self.task_seconds.get(job)
        weight = max(newest_weight(NEWEST, pieces, self.pieces), count / (count + tasks))  # as in JobRecord.measured
        self.task_seconds[job] = mean if before is None else before + weight * (mean - before)
        self.last_mean = self.task_seconds[job]

    def status(self, now: float) -> NodeStatus:
        """What is told of it at `now`, a time in seconds."""
        here, why = self.present, self._why(now)
        return NodeStatus(
            id=self.info.id,
            name=self.info.name,
            state=self._state(),
            nprocs=self.report.nprocs,
            busy=self._busy() if here else 0,
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
            reason=why.text,
            reason_code=why.code,
        )

    def _busy(self) -> int:
        """Slots that run a task: as its last heartbeat tells, as far as there are leases by now, from which its state
        follows. Or else it is idle with all of its slots at work, for a second after each job."""
        return self.report.busy if self.leases else 0

    def _staged(self, but: int) -> int:
        """Pieces that wait for content, but for those of one job."""
        if not self.staging:
            return 0
        found = (self.leases[number] for number in self.staging if number in self.leases)
        return sum(self.waits(lease) for lease in found if lease.chunk.job != but)

    def _count_slots(self) -> None:
        said = self.report
        stopped = self.departed is not None or self.silent or said.paused or said.draining
        self.slots = 0 if stopped else said.nprocs

    def _why(self, now: float) -> Reason:
        if not self.present:
            return self.reason
        if self.silent:
            return Reason("silent", f"no word for {now - self.contact:.0f} s")
        if self.report.reason:
            return Reason(self.report.reason_code, self.report.reason)
        if self.lacking:
            job, error = next(iter(self.lacking.items()))
            return Reason("does not load", f"cannot run job {job}: {error}")
        return next((Reason("set aside", why) for why in (*self.aside.values(), *self.stalled.values())), NO_REASON)

    def _state(self) -> NodeState:
        if self.departed is not None:
            return self.departed
        if self.silent:
            return "silent"
        if self.report.draining:
            return "draining"
        if self.report.paused:
            return "paused"
        return "working" if self.leases else "idle"
