"""What a report changes: which of its outcomes count, which tasks wait again, who is to blame. Sans I/O.

For each report the hub (hub.py) calls, under one lock and in this order:

    sifted = settlement.sift(node, report)  what of it counts; changes nothing
    journal.record(sifted.outcomes)         may fail: then nothing happened, and the node reports again
    settlement.settle(node, sifted, now)

A task ends with exactly one outcome, because only its first one gets through `sift`, and every task that a node no
longer holds waits again, because `settle` and `give_back` take back all that is not settled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.protocol.messages import Chunk, JobState, Outcome, Report, SlotDeath, Stored, Unfit
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.dispatch import Dispatcher
from mcgui_core.scheduler.job_state import JobRecord, as_outcome
from mcgui_core.scheduler.node_state import NodeRecord


@dataclass(frozen=True, slots=True)
class Sifted:
    """A report with what of it counts: `outcomes` go to the journal."""

    report: Report
    outcomes: tuple[Outcome, ...]  # of report.outcomes, in their order, then of report.deaths that are final


#: What is said of a job that no node can run.
_UNFIT = {
    "environment": "The environment does not load on any worker.",
    "setup": "The setup of the job fails on every worker.",
    "requirements": "No worker has what it requires.",
    "disk": "Its tasks write more than any worker allows.",
    "arguments": "The arguments cannot be opened on any worker.",
}


_NONE = RangeSet()


class Settlement:
    """Applies reports to `jobs` and `nodes`, which it shares with the scheduler."""

    def __init__(self, jobs: dict[int, JobRecord], nodes: dict[str, NodeRecord], dispatch: Dispatcher) -> None:
        self.jobs, self.nodes, self._dispatch, self._table = jobs, nodes, dispatch, dispatch.table

    def sift(self, id: str, report: Report) -> Sifted:
        """What of a node's report counts. Changes nothing."""
        node = self.nodes.get(id)
        seen: dict[int, RangeSet] = {}
        sifted = [self._sift(node, outcome, seen) for outcome in report.outcomes]
        for death in report.deaths:
            if death.stop - death.start == 1:
                outcome = self._sift(node, as_outcome(death, node.info.name if node is not None else ""), seen)
                sifted += [outcome] if outcome.failures else []
        return Sifted(report, tuple(sifted))

    def finishing(self, id: str, sifted: Sifted, now: float) -> tuple[JobRecord, ...]:
        """The jobs that have finished once this is settled, as they will stand: copies, to be written with it. Of a job
        that ends in another way, or with a death, nothing is said. Changes nothing."""
        node = self.nodes.get(id)
        return tuple(
            job.finished_copy(*_measured(node, [outcome for outcome, _ in parts]), now)
            for job, parts in self._told(sifted)
            if job.finishes_with(counted for _, counted in parts)
        )

    def settle(self, id: str, sifted: Sifted, now: float) -> None:
        """Apply a report that has been written to the journal."""
        node = self.nodes.get(id)
        if node is not None:
            slots = node.slots
            node.heard(now)
            self._dispatch.resized(node, slots)
            if sifted.report.outcomes:
                self._table.goes_on(node)
        report = sifted.report
        touched = self._settle_told(node, sifted, now)
        for death in report.deaths:
            self._settle_death(node, death, now)
            touched.add(death.job)
        for chunk in report.returned:
            self._not_begun(node, chunk)
            self._release(node, chunk.lease, chunk.job, chunk.start, chunk.stop)
            touched.add(chunk.job)
        for unfit in report.unfit:
            if node is not None and unfit.job in self.jobs:
                self._set_unfit(node, self.jobs[unfit.job], unfit, now)
                touched.add(unfit.job)
        if node is not None and (touched or report.kept or node.kept):
            self._table.heard(node, self.jobs, report.kept, now)
        if node is not None:
            self._table.set_staging(node, dict(report.staging), now)
            node.bringing = frozenset(report.bringing)
        for job_id in touched & self.jobs.keys():
            self.after_change(self.jobs[job_id], now, bool(report.returned))

    def stop_at_failure(self, job: JobRecord, now: float) -> None:
        """End a job that was to stop at its first failure, where one has failed."""
        if job.failed and job.spec.on_error == "stop" and not job.final:
            text = f"Task {job.failed.first} failed, and the job was to stop at the first failure."
            self.end(job, "stopped", now, Reason("first failure", text))

    def give_back(self, node: NodeRecord, now: float) -> None:
        """A node has departed: what it held waits again."""
        for id in self.release(node):
            self.after_change(self.jobs[id], now)

    def release(self, node: NodeRecord) -> set[int]:
        """As `give_back`, but nobody is told yet. Returns the jobs of which it held something."""
        self._table.touch(node)
        self._dispatch.capacity.recount(node)
        touched = {record.chunk.job for record in node.leases.values()}
        for record in list(node.leases.values()):
            self._release(node, record.chunk.lease, record.chunk.job, record.chunk.start, record.chunk.stop)
        return touched

    def not_sent(self, node: NodeRecord, chunks: Iterable[Chunk], now: float) -> None:
        """A node never hears of these chunks that it was leased: they wait again, before anybody looks for work."""
        chunks = tuple(chunks)
        for chunk in chunks:
            self._not_begun(node, chunk)
            self._release(node, chunk.lease, chunk.job, chunk.start, chunk.stop)
        for id in {chunk.job for chunk in chunks} & self.jobs.keys():
            self.after_change(self.jobs[id], now)

    def take_away(self, node: NodeRecord, job: JobRecord, now: float) -> None:
        """What a node holds of a job runs elsewhere; it is told to stop that."""
        self._drop(node, job)
        self._release_all(node, job)
        self.after_change(job, now)

    def after_change(self, job: JobRecord, now: float, returned: bool = False) -> None:
        """The tasks of a job changed their places: is it complete, and who has something to do now?"""
        if job.end_if_complete(now):
            self.end(job, job.state, now)
        else:
            self._dispatch.nudge(job, returned)

    def end(self, job: JobRecord, state: JobState, now: float, reason: Reason = NO_REASON) -> None:
        """A job is over: its nodes are told to drop what they hold of it."""
        job.end(state, now, reason)
        self._dispatch.dismiss(job)
        for id in job.nodes:
            node = self.nodes.get(id)
            if node is not None:
                self._drop(node, job)
                if job.id in node.held:
                    self._table.end_job(node, job)
                was_aside = job.id in node.aside or job.id in node.stalled
                if job.id in node.untold and job.settled:  # so it does load elsewhere
                    node.tell_unfit([job.id])
                node.forget(job.id)
                if was_aside:
                    self._dispatch.capacity.recount(node)
        job.overdue.clear()

    # --- inside -------------------------------------------------------------------------------------------------

    def _sift(self, node: NodeRecord | None, outcome: Outcome, seen: dict[int, RangeSet]) -> Outcome:
        job = self.jobs.get(outcome.job)
        if job is None or job.final:
            left = outcome.values if isinstance(outcome.values, Stored) else b""  # a file that is to go
            return Outcome(outcome.job, outcome.start, outcome.stop, left, (), outcome.seconds)
        before = seen.get(job.id)
        if before is None:
            before = seen[job.id] = RangeSet()
        held = nowhere = _NONE  # by this node; tasks for which nobody else has the memory
        if outcome.failures and node is not None:
            large = [failure.index for failure in outcome.failures if failure.kind == "memory"]
            alone = [index for index in large if not self._dispatch.has_room_elsewhere(node, job, index)]
            nowhere = RangeSet((index, index + 1) for index in alone)
            held = RangeSet(node.holds(outcome.lease, job.id, outcome.start, outcome.stop))
        sifted = job.sift(outcome, before, held, nowhere)
        for start, stop in sifted.accepted:
            before.add(start, stop)
        for failure in sifted.failures:
            before.add(failure.index, failure.index + 1)
        return sifted

    def _settle_told(self, node: NodeRecord | None, sifted: Sifted, now: float) -> set[int]:
        """The outcomes of a report, those of one job together. Returns the jobs."""
        for job, parts in self._told(sifted):
            self._settle_outcomes(node, job, parts, now)
        for final in sifted.outcomes[len(sifted.report.outcomes) :]:
            if final.job in self.jobs:
                self._count(node, self.jobs[final.job], [final], now)
        return {outcome.job for outcome in sifted.outcomes}

    def _told(self, sifted: Sifted) -> list[tuple[JobRecord, list[tuple[Outcome, Outcome]]]]:
        """The outcomes of a report, each with what of it counts: by job, of those that there are."""
        found: dict[int, list[tuple[Outcome, Outcome]]] = {}
        for outcome, counted in zip(sifted.report.outcomes, sifted.outcomes, strict=False):  # then come deaths
            found.setdefault(outcome.job, []).append((outcome, counted))
        return [(self.jobs[id], parts) for id, parts in found.items() if id in self.jobs]

    def _settle_outcomes(
        self, node: NodeRecord | None, job: JobRecord, parts: list[tuple[Outcome, Outcome]], now: float
    ) -> None:
        """What a report tells of one job, each part with what of it counts."""
        self._measure(node, job, [outcome for outcome, _ in parts], now)
        held = [self._table.report(node, job, o.lease, o.start, o.stop) if node else [] for o, _ in parts]
        self._count(node, job, [counted for _, counted in parts], now)
        for (outcome, counted), mine in zip(parts, held, strict=True):
            if counted.accepted == ((outcome.start, outcome.stop),):  # as nearly always
                continue
            job.take_back(mine)
            if node is None or job.final:
                continue
            tried = RangeSet(mine)
            for index, kind in {failure.index: failure.kind for failure in outcome.failures}.items():
                if index in tried and index not in job.settled:
                    job.try_again(index, kind, node.info.id, now)

    def _measure(self, node: NodeRecord | None, job: JobRecord, outcomes: list[Outcome], now: float) -> None:
        """How long tasks took, and that this node has tried them."""
        tasks, seconds, pieces = _measured(node, outcomes)
        job.measured(tasks, seconds, pieces)
        if node is None:
            return
        node.measured(job.id, tasks, seconds, pieces)
        node.tried[job.id] = node.tried.get(job.id, 0) + tasks
        if job.id in node.held:
            node.held[job.id].progress = now
            node.held[job.id].told += seconds
        if job.id in node.stalled:
            self._take_in(node, job)

    def _count(self, node: NodeRecord | None, job: JobRecord, counted: list[Outcome], now: float) -> None:
        if node is not None and job.failed_on:
            for outcome in counted:
                for id, done in job.done_after_others(outcome, node.info.id).items():
                    self._blame(id, job, done, now)
        # Also of a job that is over by now: it is in the journal.
        done, failed = job.settle(counted, now)
        if node is not None:
            node.done += done
            node.failed += failed
            node.meter.add(now, done + failed)
        self.stop_at_failure(job, now)

    def _blame(self, id: str, job: JobRecord, count: int, now: float) -> None:
        """A node has failed tasks that others have done: if that is its habit, this job goes on without it."""
        node = self.nodes.get(id)
        if (
            node is None
            or job.id in node.aside
            or not node.blame(job.id, count)
            or not self._dispatch.capacity.others(node, job)
        ):
            return
        node.set_aside(job.id)
        self._dispatch.capacity.recount(node)
        self.take_away(node, job, now)
        self._dispatch.nudge(job)

    def _settle_death(self, node: NodeRecord | None, death: SlotDeath, now: float) -> None:
        job = self.jobs.get(death.job)
        if job is None:
            return
        # One of these killed the slot. Nobody knows which, so they run again announced one by one.
        job.careful.add(death.start, death.stop)
        held = self._release(node, death.lease, death.job, death.start, death.stop)
        if node is not None and held and death.stop - death.start == 1 and death.start not in job.settled:
            job.try_again(death.start, death.kind, node.info.id, now)

    def _take_in(self, node: NodeRecord, job: JobRecord) -> None:
        """A node that was set aside because nothing ended there has reported a task after all."""
        del node.stalled[job.id]
        self._dispatch.capacity.recount(node)

    def _not_begun(self, node: NodeRecord | None, chunk: Chunk) -> None:
        """A second run that is given back was none."""
        record = node.leases.get(chunk.lease) if node is not None else None
        if record is not None and record.repeats and not record.let_go and record.chunk.job == chunk.job:
            for span in record.outstanding.common(chunk.start, chunk.stop):
                self.jobs[chunk.job].repeats.take_back(*span)

    def _release(self, node: NodeRecord | None, lease: int, job_id: int, start: int, stop: int) -> list[Range]:
        job = self.jobs.get(job_id)
        if node is None or job is None:
            return []
        held = self._table.report(node, job, lease, start, stop)
        job.take_back(held)
        return held

    def _set_unfit(self, node: NodeRecord, job: JobRecord, unfit: Unfit, now: float) -> None:
        error = f"{unfit.type}: {unfit.message}".removeprefix(": ")
        node.set_unfit(job.id, error)
        job.nodes.add(node.info.id)
        self._dispatch.capacity.recount(node)
        self._release_all(node, job)
        if job.end_if_complete(now):  # by what was told along with that
            self.end(job, job.state, now)
        elif not job.final and self._dispatch.is_hopeless(job, unfit):
            text = f"{_UNFIT[unfit.what]} {error}"
            self.end(job, "stopped", now, Reason("does not load", text))

    def _release_all(self, node: NodeRecord, job: JobRecord) -> None:
        for chunk in [lease.chunk for lease in node.leases.values() if lease.chunk.job == job.id]:
            self._release(node, chunk.lease, job.id, chunk.start, chunk.stop)

    def _drop(self, node: NodeRecord, job: JobRecord) -> None:
        """It is told to stop and forget this job: at once where it holds some of it, else with its next heartbeat. (To
        wake a thousand nodes at a job's end takes as long as a hundred reports.)"""
        if (job.id, -1) in node.knows:
            node.drop[job.id] = self._table.next_lease
            node.knows.discard((job.id, -1))
            if job.id in node.held:
                node.stops = True
                self._dispatch.nudged.add(node.info.id)


def _measured(node: NodeRecord | None, outcomes: list[Outcome]) -> tuple[int, float, int]:
    """Tasks, the seconds that they took, and pieces, each by one slot, of outcomes of one job."""
    tasks, seconds, pieces = 0, 0.0, 0
    for outcome in outcomes:
        count = outcome.stop - outcome.start
        record = node.leases.get(outcome.lease) if node is not None else None
        tasks += count
        pieces += max(1, count // record.chunk.each) if record is not None and record.chunk.each else 1
        seconds += outcome.seconds
    return tasks, seconds, pieces
