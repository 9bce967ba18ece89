"""When a node tells its master what it has to tell: at once, or after it has gathered for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mcgui_core.node.workload.chunk_queue import ChunkQueue
from mcgui_core.node.workload.pending_reports import PendingReports
from mcgui_core.node.workload.staging import Staging
from mcgui_core.node.workload.task_durations import TaskDurations
from mcgui_core.protocol.messages import Lease

#: Seconds between two reports, at least, while nobody waits for them.
GATHER = 0.2
#: Bytes of results that do not gather any longer: the connection would stand still, and then be too slow.
ENOUGH = 4 << 20
#: Tasks of each slot, with few nodes, whose results do not either: whoever waits for a million opens these meanwhile.
MANY = 50_000
#: Where the queue is empty: the part of the time for which reports may gather that they do at most, and that they do
#: where every slot has ended a task since. Fewer slots wait longer, half of them twice as long.
IDLE_MOST, IDLE_LEAST = 1 / 3, 1 / 24
#: Part of what is beyond that for which the first outcome waits at least.
MOMENT = 0.1
#: Seconds of work for each slot at which a queue runs dry: a busy master may take so long to answer.
DRY = 0.1
#: Where the master has nothing more to hand out: seconds for which what is done waits for the rest.
LAST = 0.01


class ReportTiming:
    """Not thread-safe: who calls holds the workload's lock, but for `wanted`, which reads one number."""

    def __init__(
        self,
        reports: PendingReports,
        queue: ChunkQueue,
        staging: Staging,
        durations: TaskDurations,
        ready: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        """`ready` says how many pieces of the queue a slot may begin now."""
        self._reports, self._queue, self._staging, self._durations = reports, queue, staging, durations
        self._ready, self._clock = ready, clock
        self.gather = GATHER  # seconds for which reports may gather
        self._reported = -GATHER  # when the last one was made
        self._barren = False  # the master had nothing for us when it was asked last
        self._last = False  # it had nothing more than it gave us then, nor had anybody where it gave us nothing
        # What came last came along with a heartbeat. Until it knows that we have it, the master gives us nothing else,
        # and what it answered before that may come after.
        self.along: Literal["", "here", "told"] = ""
        self.taken = 0  # pieces that slots have taken since the last report
        self.pressing = False  # something to report may be what somebody waits for

    def due(self, nprocs: int) -> float:
        """When the next report is due, by the clock.

        Where reports gather for long, the first outcome waits a moment for others: tasks that take the same time end
        together, and all but one would be told with the next report. Where the queue is empty, the master is to know
        soon who has nothing to do, since somebody else may have too much: the sooner, the more slots it are, but where
        it has said that nobody has.
        """
        gather, outbox = self.gather, self._reports.small
        if not self._queue:
            if self._last and not self._barren:
                return outbox.oldest + LAST
            idle = 0.0 if self._last else (outbox.outcomes - self._reports.kept) / max(1, nprocs)
            gather = max(GATHER, gather * min(IDLE_MOST, IDLE_LEAST / max(idle, IDLE_LEAST)))
        return max(self._reported + gather, outbox.oldest + (gather - GATHER) * MOMENT)

    def is_urgent(self, nprocs: int) -> bool:
        """What there is to report is not to gather any longer."""
        return self.pressing or self._is_much(nprocs) or self._runs_dry(nprocs)

    def wanted(self, seconds: float) -> float:
        """Seconds of work to ask for, to have so many beside what runs: slots go on while reports gather."""
        return seconds + self.gather - GATHER if seconds else 0.0

    def begin(self, nprocs: int) -> float:
        """A report is made now. What came until the time that is returned has gathered long enough.

        Not all, while reports gather and it is neither much for so many slots, nor does anybody wait for it: slots have
        work, or the master has none for them.
        """
        gathering = (self._queue or self._barren) and not (self.pressing or self._is_much(nprocs))
        self.along = "" if self.along == "told" else self.along
        self.taken, self._reported = 0, self._clock()
        return self._reported - (self.gather - GATHER) if gathering else self._reported

    def made(self, told: int) -> None:
        """That report tells so many entries."""
        self.pressing = self.pressing and told < len(self._reports.small)  # one report does not hold all of it

    def answered(self, lease: Lease, *, along: bool, held: bool) -> None:
        """The master gave us this, `along` with the answer to a heartbeat, or nothing; `held`: we had leases before."""
        self.gather = lease.gather
        if lease.chunks or not self.along or not held:
            self._barren, self._last = not lease.chunks, lease.last
            self.along = "here" if along else ""

    def beats(self) -> None:
        """A heartbeat begins: by it, the master knows that we have what came along with the one before."""
        self.along = "told" if self.along else ""

    def all_is_ready(self) -> None:
        """Nothing waits for content any more. Until it was here, we had all that we may have."""
        self._barren = False

    def start_over(self) -> None:
        """We have joined (again)."""
        self._barren = self._last = False
        self.along = ""

    def _is_much(self, nprocs: int) -> bool:
        """There are so many results, or such large ones, that they are told at once."""
        outbox = self._reports.small
        return outbox.size >= ENOUGH or outbox.tasks >= MANY * nprocs * self.gather / GATHER

    def _runs_dry(self, nprocs: int) -> bool:
        """The queue is shorter than what the slots may take until a report that is due in a while is answered."""
        # Where the master knows of what cannot begin, it may have something else for who has nothing but that.
        queued = self._ready() if self._staging.told else self._queue.pieces
        if self._barren or self._last or queued >= min(nprocs, 2 * self.taken + 1):
            return False
        seconds = 0.0
        for chunk in self._queue:
            mean = self._durations.get(chunk.job)
            if mean is None:
                return True
            seconds += chunk.count * mean
        return seconds < DRY * nprocs
