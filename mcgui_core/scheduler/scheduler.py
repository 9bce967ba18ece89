"""The brain: which node runs which tasks, and what counts when it reports. Sans I/O.

No socket, thread, clock or file: time comes in as a parameter, in seconds, and everything that is to be done goes out
as a value. The hub (hub.py) calls it under one lock, in this order for a report:

    sifted = scheduler.sift(report)         what of it counts; changes nothing
    journal.write(sifted)                   may fail: then nothing happened, and the node reports again
    scheduler.settle(node, sifted, now)
    lease = scheduler.lease(node, want, now)

A task ends with exactly one outcome, because only its first one gets through `sift`, and every task that a node no
longer holds waits again, because `settle`, `lost` and `leave` give back all that is not settled. (See dispatch.py.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.errors import JobUnknown, NodeUnknown
from mcgui_core.protocol.messages import (
    Chunk,
    JobSpec,
    JobState,
    NodeInfo,
    NodeReport,
    NodeState,
    NodeStatus,
    Orders,
    Outcome,
    Report,
    SlotDeath,
    Unfit,
)
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.dispatch import Dispatcher
from mcgui_core.scheduler.heartbeat_monitor import NODE_TIMEOUT, HeartbeatMonitor
from mcgui_core.scheduler.job_state import JobRecord, as_outcome
from mcgui_core.scheduler.node_state import NodeRecord


@dataclass(frozen=True, slots=True)
class Sifted:
    """A report with what of it counts: `outcomes` go to the journal."""

    report: Report
    outcomes: tuple[Outcome, ...]  # of report.outcomes, in their order, then of report.deaths that are final


class Scheduler:
    """All jobs and all nodes of one master."""

    def __init__(self, node_timeout: float = NODE_TIMEOUT, next_lease: int = 1) -> None:
        self.jobs: dict[int, JobRecord] = {}
        self.nodes: dict[str, NodeRecord] = {}
        self._heartbeats = HeartbeatMonitor(self.nodes, node_timeout)
        self._dispatch = Dispatcher(self.nodes, next_lease)

    # --- jobs ---------------------------------------------------------------------------------------------------

    def add_job(self, id: int, spec: JobSpec, now: float) -> JobRecord:
        """A new job without arguments yet (`extend` brings them)."""
        job = self.jobs[id] = JobRecord(id, spec, now)
        self._dispatch.admit(job)
        return job

    def restore(self, job: JobRecord, now: float) -> None:
        """A job as the journal remembers it: its outcomes perhaps a little better than the state they led to."""
        self.jobs[job.id] = job
        if not job.final:
            self._dispatch.admit(job)
            self._stop_at_failure(job, now)
            self._after_change(job, now)

    def extend(self, id: int, count: int, sealed: bool, now: float) -> None:
        job = self.job(id)
        job.extend(count, sealed)
        self._after_change(job, now)

    def pause(self, id: int, reason: Reason = NO_REASON) -> None:
        """Hand out no more tasks of this job; those that run go on."""
        job = self.job(id)
        if not job.final:
            job.state, job.reason = "paused", reason

    def halt(self, halted: bool) -> None:
        """Hand out nothing, of any job; or go on."""
        self._dispatch.halted = halted
        for job in self._dispatch.live.values() if not halted else ():
            self._dispatch.nudge(job)

    def forget_job(self, id: int) -> None:
        """One that is over, as though it had never been."""
        del self.jobs[self.job(id).id]

    def prioritize(self, id: int, priority: int) -> None:
        self._dispatch.prioritize(self.job(id), priority)

    def resume(self, id: int, now: float) -> None:
        job = self.job(id)
        if job.state == "paused":
            job.state, job.reason = "running" if job.started else "waiting", NO_REASON
            self._after_change(job, now)

    def cancel(self, id: int, now: float, reason: Reason = NO_REASON) -> None:
        """Stop this job: tasks that wait are dropped, slots that run one are stopped."""
        job = self.job(id)
        if not job.final:
            self._end(job, "cancelled", now, reason)

    def retry_failed(self, id: int, now: float, arriving: bool = False) -> None:
        """Run the failed tasks of a job again (and, of one that was stopped, those that never ran).

        `arriving`: somebody still has those of its arguments that are not here.
        """
        job = self.job(id)
        job.retry_failed(arriving)
        for node in self.nodes.values():
            node.unfit.discard(id)
            node.drop.discard(id)
            for start, stop in node.outstanding(id):  # held since before somebody else reported that it failed
                job.waiting.remove(start, stop)
        self._dispatch.admit(job)
        self._after_change(job, now)

    def job(self, id: int) -> JobRecord:
        """Raises JobUnknown."""
        if id not in self.jobs:
            raise JobUnknown(id)
        return self.jobs[id]

    # --- nodes --------------------------------------------------------------------------------------------------

    def join(self, info: NodeInfo, address: str, now: float) -> None:
        """A node has come, or come back: then what it held before has been or is now given back."""
        before = self.nodes.get(info.id)
        node = NodeRecord(info, address, now)
        if before is not None:
            self._give_back(before.depart("lost", Reason("joined again", "joined again")), now)
            node.come_back(before)
        self.nodes[info.id] = node

    def heartbeat(self, id: str, report: NodeReport, now: float) -> None:
        if id in self.nodes:
            self.nodes[id].reported(report, now)

    def orders(self, id: str, now: float) -> Orders:
        """What there is to tell a node: once, but for jobs that it is still at though they are over."""
        node = self.nodes.get(id)
        self._dispatch.nudged.discard(id)
        if node is None or not node.present:
            return Orders(known=False)
        drop = node.drop.union(id for id in node.report.jobs if id not in self.jobs or self.jobs[id].final)
        orders = replace(
            node.take_wishes(),
            work=self._dispatch.has_work(node, now),
            recall=node.recall,
            drop=tuple(sorted(drop)),
            before=self._dispatch.next_lease if drop else 0,
        )
        node.recall = 0
        node.drop.clear()
        return orders

    def hears(self, id: str, visit: int) -> bool:
        """Whether a node hears the answer to a call of its `visit` of that number. Not if it has joined anew since: the
        call was on its way as its connection broke, and a lease or an order in answer to it would be lost."""
        return id not in self.nodes or self.nodes[id].info.visit == visit

    def steer(
        self, id: str, nprocs: int = 0, pause: bool | None = None, retire: Literal["", "finish", "now"] = ""
    ) -> None:
        """Have a node told what a person wants of it (`Orders` says what the values mean). Raises NodeUnknown."""
        node = self.nodes.get(id)
        if node is None or not node.present:
            raise NodeUnknown(id)
        node.wish(nprocs, pause, retire)
        self._dispatch.nudged.add(id)

    def forget_node(self, id: str) -> None:
        """A node that has gone is not to be shown any more. Raises NodeUnknown; no effect on one that is there."""
        if id not in self.nodes:
            raise NodeUnknown(id)
        if not self.nodes[id].present:
            del self.nodes[id]

    def nudged(self) -> set[str]:
        """The nodes that have new orders since this was last asked."""
        nudged, self._dispatch.nudged = self._dispatch.nudged, set()
        return nudged

    def depart(self, id: str, state: NodeState, reason: Reason, now: float) -> None:
        """A node has left or is lost: what it held waits again."""
        node = self.nodes.get(id)
        if node is not None and node.present:
            self._give_back(node.depart(state, reason), now)

    def tick(self, now: float) -> bool:
        """To be called about twice a second: time does its work on nodes and tasks. True if that changed something."""
        lost, changed = self._heartbeats.look(now)
        for id, reason in lost.items():
            self.depart(id, "lost", reason, now)
            changed = True
        for job in self._dispatch.live.values():
            if job.wake(now):
                self._dispatch.nudge(job)
                changed = True
        return changed

    # --- reports and leases -------------------------------------------------------------------------------------

    def sift(self, id: str, report: Report) -> Sifted:
        """What of a node's report counts. Changes nothing."""
        name = self.nodes[id].info.name if id in self.nodes else ""
        seen: dict[int, RangeSet] = {}
        sifted = [self._sift(id, outcome, seen) for outcome in report.outcomes]
        for death in report.deaths:
            if death.stop - death.start == 1:
                outcome = self._sift(id, as_outcome(death, name), seen)
                sifted += [outcome] if outcome.failures else []
        return Sifted(report, tuple(sifted))

    def settle(self, id: str, sifted: Sifted, now: float) -> None:
        """Apply a report that has been written to the journal."""
        node = self.nodes.get(id)
        if node is not None:
            node.heard(now)
        touched: set[int] = set()
        report = sifted.report
        given = len(report.outcomes)
        for outcome, counted in zip(report.outcomes, sifted.outcomes[:given], strict=True):
            self._settle_outcome(node, outcome, counted, now)
            touched.add(outcome.job)
        for counted in sifted.outcomes[given:]:
            self._count(node, counted, now)
            touched.add(counted.job)
        for death in report.deaths:
            self._settle_death(node, death, now)
            touched.add(death.job)
        for chunk in report.returned:
            self._release(node, chunk.lease, chunk.job, chunk.start, chunk.stop)
            touched.add(chunk.job)
        for unfit in report.unfit:
            if node is not None and unfit.job in self.jobs:
                self._set_unfit(node, self.jobs[unfit.job], unfit, now)
                touched.add(unfit.job)
        for job_id in touched & self.jobs.keys():
            self._after_change(self.jobs[job_id], now)

    def lease(self, id: str, want: float, now: float) -> tuple[Chunk, ...]:
        """Chunks for a node that wants to hold `want` seconds of work for each of its slots."""
        node = self.nodes.get(id)
        return self._dispatch.lease(node, want, now) if node is not None else ()

    # --- what consoles see --------------------------------------------------------------------------------------

    def node_status(self, now: float) -> tuple[NodeStatus, ...]:
        return tuple(node.status(now) for node in self.nodes.values())

    def why_waiting(self, job: JobRecord) -> Reason:
        """Why a job that could run does not; NO_REASON where it does or there is nothing to say."""
        return self._dispatch.why_waiting(job)

    def fits(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this node may run this job."""
        return self._dispatch.fits(node, job)

    # --- inside -------------------------------------------------------------------------------------------------

    def _sift(self, id: str, outcome: Outcome, seen: dict[int, RangeSet]) -> Outcome:
        job, node = self.jobs.get(outcome.job), self.nodes.get(id)
        if job is None or job.final:
            return Outcome(outcome.job, outcome.start, outcome.stop, b"", (), outcome.seconds)
        before = seen.setdefault(job.id, RangeSet())
        held = node.holds(outcome.lease, job.id, outcome.start, outcome.stop) if node is not None else []
        sifted = job.sift(outcome, before, RangeSet(held))
        for start, stop in sifted.accepted:
            before.add(start, stop)
        for failure in sifted.failures:
            before.add(failure.index, failure.index + 1)
        return sifted

    def _settle_outcome(self, node: NodeRecord | None, outcome: Outcome, counted: Outcome, now: float) -> None:
        job = self.jobs.get(outcome.job)
        if job is None:
            return
        held = RangeSet()
        count = outcome.stop - outcome.start
        job.measured(count, outcome.seconds)
        if node is not None:
            node.measured(job.id, count, outcome.seconds)
            node.tried[job.id] = node.tried.get(job.id, 0) + count
            held = RangeSet(node.finished(outcome.lease, job.id, outcome.start, outcome.stop))
        self._count(node, counted, now)
        job.take_back(held)
        if node is None or job.final:
            return
        for index, kind in {failure.index: failure.kind for failure in outcome.failures}.items():
            if index in held and index not in job.settled:
                job.try_again(index, kind, node.info.id, now)

    def _count(self, node: NodeRecord | None, counted: Outcome, now: float) -> None:
        job = self.jobs.get(counted.job)
        if job is None:
            return
        if node is not None and job.failed_on:
            for id, done in job.done_after_others(counted, node.info.id).items():
                self._blame(id, job, done, now)
        # Also of a job that an earlier part of this report has stopped: it is in the journal.
        done, failed = job.settle(counted, now)
        if node is not None:
            node.done += done
            node.failed += failed
            node.meter.add(now, done + failed)
        self._stop_at_failure(job, now)

    def _blame(self, id: str, job: JobRecord, count: int, now: float) -> None:
        """A node has failed tasks that others have done: if that is its habit, this job goes on without it."""
        node = self.nodes.get(id)
        if (
            node is None
            or job.id in node.aside
            or not node.blame(job.id, count)
            or not self._dispatch.others(node, job)
        ):
            return
        node.set_aside(job.id)
        self._take_away(node, job, now)
        self._dispatch.nudge(job)

    def _stop_at_failure(self, job: JobRecord, now: float) -> None:
        if job.failed and job.spec.on_error == "stop" and not job.final:
            text = f"Task {job.failed.first} failed, and the job was to stop at the first failure."
            self._end(job, "stopped", now, Reason("first failure", text))

    def _settle_death(self, node: NodeRecord | None, death: SlotDeath, now: float) -> None:
        job = self.jobs.get(death.job)
        if job is None:
            return
        # One of these killed the slot. Nobody knows which, so they run again announced one by one.
        job.careful.add(death.start, death.stop)
        held = self._release(node, death.lease, death.job, death.start, death.stop)
        if node is not None and held and death.stop - death.start == 1 and death.start not in job.settled:
            job.try_again(death.start, death.kind, node.info.id, now)

    def _release(self, node: NodeRecord | None, lease: int, job_id: int, start: int, stop: int) -> list[Range]:
        job = self.jobs.get(job_id)
        if node is None or job is None:
            return []
        held = node.finished(lease, job_id, start, stop)
        job.take_back(held)
        return held

    def _give_back(self, chunks: list[Chunk], now: float) -> None:
        for chunk in chunks:
            self.jobs[chunk.job].take_back([(chunk.start, chunk.stop)])
        for id in {chunk.job for chunk in chunks}:
            self._after_change(self.jobs[id], now)

    def _set_unfit(self, node: NodeRecord, job: JobRecord, unfit: Unfit, now: float) -> None:
        node.unfit.add(job.id)
        self._release_all(node, job)
        if not job.final and self._dispatch.is_hopeless(job, unfit):
            error = f"{unfit.type}: {unfit.message}".removeprefix(": ")
            text = f"The environment does not load on any worker. {error}"
            self._end(job, "stopped", now, Reason("does not load", text))

    def _take_away(self, node: NodeRecord, job: JobRecord, now: float) -> None:
        """What a node holds of a job runs elsewhere; it is told to stop that."""
        self._drop(node, job)
        self._release_all(node, job)
        self._after_change(job, now)

    def _release_all(self, node: NodeRecord, job: JobRecord) -> None:
        for chunk in [lease.chunk for lease in node.leases.values() if lease.chunk.job == job.id]:
            self._release(node, chunk.lease, job.id, chunk.start, chunk.stop)

    def _drop(self, node: NodeRecord, job: JobRecord) -> None:
        """It is told to stop and forget this job."""
        if (job.id, -1) in node.knows:
            node.drop.add(job.id)
            node.knows = {known for known in node.knows if known[0] != job.id}
            self._dispatch.nudged.add(node.info.id)

    def _after_change(self, job: JobRecord, now: float) -> None:
        """The tasks of a job changed their places: is it complete, and who has something to do now?"""
        if job.end_if_complete(now):
            self._end(job, job.state, now)
        else:
            self._dispatch.nudge(job)

    def _end(self, job: JobRecord, state: JobState, now: float, reason: Reason = NO_REASON) -> None:
        job.end(state, now, reason)
        self._dispatch.live.pop(job.id, None)
        for node in self.nodes.values():
            self._drop(node, job)
            for lease in [lease for lease in node.leases.values() if lease.chunk.job == job.id]:
                job.running -= 0 if lease.repeats else len(lease.outstanding)
                del node.leases[lease.chunk.lease]
            node.forget(job.id)
