"""Tasks that take their workers down: who ran where as a node was lost, and which task is to blame. Sans I/O.

A task may kill the agent that runs it, and then everybody who takes it next. A lost node cannot say which of its
tasks it was: with tiny ones it has run many leases further than the master has heard. So each that it held is
counted. Lost once, a task runs again as before, in smaller chunks: the pull of a plug costs no time. Lost twice, it
is a suspect, and runs where nothing else does: alone, or where suspects are many, some of them together, and should
these be lost too, one by one. One that was lost DEATHS_ALLOWED times or more, and LOST_ALONE times of these alone on
its node, has failed: nobody else can have done it, and a plug is not pulled twice at one task. If the node comes back
under its own id, then its agent was there all the time (a network broke, a computer slept), and the count is taken
back.
"""

from __future__ import annotations

from typing import NamedTuple

from mcgui_core.base.ranges import Range
from mcgui_core.protocol.messages import Outcome, SlotDeath
from mcgui_core.scheduler.job_state import DEATHS_ALLOWED, JobRecord, as_outcome
from mcgui_core.scheduler.node_state import NodeRecord

#: Lost nodes of which it is known what they held. One that comes back after so many others were lost is not cleared.
REMEMBERED = 1000
#: Times that a task is lost alone on its node before it is to blame: once may be the end of a computer that somebody
#: switches off, of which the last ones in a room each have a suspect by then.
LOST_ALONE = 2


class _Lost(NamedTuple):
    """What a node held as it was lost: jobs and tasks; and the one that it ran, if it ran no other."""

    held: list[tuple[int, Range]]
    alone: list[tuple[int, int]]


def _is_guilty(job: JobRecord, index: int) -> bool:
    """Whether this task is to blame, now that it was lost alone."""
    return job.lost_alone.add(index) >= LOST_ALONE and job.losses[index] >= DEATHS_ALLOWED


class WorkerLosses:
    """Counts on `jobs`, which it shares with the scheduler."""

    def __init__(self, jobs: dict[int, JobRecord]) -> None:
        self._jobs = jobs
        self._aboard: dict[str, _Lost] = {}  # by node: also of one that is shown no more, since it may come back
        self._accused: set[int] = set()  # jobs with tasks that have failed by that, and are not in the journal yet

    def count(self, node: NodeRecord) -> list[tuple[JobRecord, int]]:
        """A node is lost, and still holds what it had. Returns the tasks that are to blame, to be condemned once the
        node holds them no more."""
        aboard: list[tuple[int, Range]] = []
        running: list[tuple[JobRecord, int]] = []  # the first of those that may have run
        count = 0  # of tasks that were not late: what hangs takes nobody down
        for record in node.leases.values():
            job = self._jobs[record.chunk.job]
            for span in record.outstanding:
                for start, stop in job.settled.missing(*span):
                    if not record.late:
                        count += stop - start
                        running.append((job, start))
                    job.losses.add_all(start, stop)
                    aboard.append((job.id, (start, stop)))
        if not aboard:
            return []
        alone = running if count == 1 else []
        self._aboard[node.info.id] = _Lost(aboard, [(job.id, index) for job, index in alone])
        if len(self._aboard) > REMEMBERED:
            del self._aboard[next(iter(self._aboard))]
        return [one for one in alone if _is_guilty(*one)]

    def condemn(self, job: JobRecord, index: int, node: NodeRecord) -> None:
        """This task is not handed out again, and `verdicts` says so; unless somebody else holds it, and this was a
        second run of it."""
        if not job.final and index in job.waiting:
            job.condemn(index, node.info.name)
            self._accused.add(job.id)

    def take_back(self, node: str) -> list[JobRecord]:
        """A node of that id is here. If it was lost, then it was there all the time. Returns the jobs that have tasks
        which are acquitted by that."""
        lost = self._aboard.pop(node, _Lost([], []))
        acquitted: dict[int, JobRecord] = {}
        for id, (start, stop) in lost.held:
            job = self._jobs.get(id)
            if job is not None and not job.final:
                job.acquit(start, stop, alone=(id, start) in lost.alone)
                acquitted[id] = job
        return list(acquitted.values())

    def verdicts(self) -> tuple[Outcome, ...]:
        """The failures of the tasks that are condemned: to be written, and settled. Again each time until they are."""
        found = []
        for id in sorted(self._accused):
            job = self._jobs.get(id)
            if job is None or not job.condemned:
                self._accused.discard(id)
                continue
            for index, node in job.condemned.items():
                reason = f"it took its worker down: {job.losses[index]} were lost while they ran it, at last {node}"
                found.append(as_outcome(SlotDeath(0, id, index, index + 1, "died", reason), node))
        return tuple(found)
