"""The brain: the registry of jobs and nodes, and the one door through which the hub reaches the rest. Sans I/O.

No socket, thread, clock or file: time comes in as a parameter, in seconds, and everything that is to be done goes out
as a value. Reports are sifted and settled by settlement.py; dispatch.py hands tasks out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from mcgui_core.errors import JobUnknown, NodeUnknown
from mcgui_core.protocol.messages import (
    Chunk,
    JobSpec,
    NodeInfo,
    NodeReport,
    NodeState,
    NodeStatus,
    Orders,
    Report,
)
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.scheduler.dispatch import Dispatcher
from mcgui_core.scheduler.heartbeat_monitor import NODE_TIMEOUT, HeartbeatMonitor
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord
from mcgui_core.scheduler.session_resumption import SessionResumption
from mcgui_core.scheduler.settlement import Settlement, Sifted
from mcgui_core.scheduler.worker_losses import WorkerLosses

_NOTHING, _WORK = Orders(), Orders(work=True)


class Scheduler:
    """All jobs and all nodes of one master."""

    def __init__(self, node_timeout: float = NODE_TIMEOUT, next_lease: int = 1) -> None:
        self.jobs: dict[int, JobRecord] = {}
        self.nodes: dict[str, NodeRecord] = {}
        self._heartbeats = HeartbeatMonitor(self.nodes, node_timeout)
        self._dispatch = Dispatcher(self.nodes, next_lease)
        self._settlement = Settlement(self.jobs, self.nodes, self._dispatch)
        self._losses = WorkerLosses(self.jobs)
        self._resumption = SessionResumption(self._dispatch, node_timeout)

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
            self._settlement.stop_at_failure(job, now)
            self._settlement.after_change(job, now)

    def extend(self, id: int, count: int, sealed: bool, now: float) -> None:
        job = self.job(id)
        job.extend(count, sealed)
        self._settlement.after_change(job, now)

    def pause(self, id: int, reason: Reason = NO_REASON) -> None:
        """Hand out no more tasks of this job; those that run go on."""
        job = self.job(id)
        if not job.final:
            job.state, job.reason = "paused", reason
            self._dispatch.stealing.recall_job(job)

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
            job.go_on(now)
            job.state, job.reason = "running" if job.started else "waiting", NO_REASON
            self._settlement.after_change(job, now)

    def cancel(self, id: int, now: float, reason: Reason = NO_REASON) -> None:
        """Stop this job: tasks that wait are dropped, slots that run one are stopped."""
        job = self.job(id)
        if not job.final:
            self._settlement.end(job, "cancelled", now, reason)

    def retry_failed(self, id: int, now: float, arriving: bool = False) -> None:
        """Run the failed tasks of a job again (and, of one that was stopped, those that never ran).

        `arriving`: somebody still has those of its arguments that are not here.
        """
        job = self.job(id)
        job.retry_failed(now, arriving)
        for node in [self.nodes[id] for id in job.nodes if id in self.nodes]:
            node.set_fit(id)
            self._dispatch.capacity.recount(node)
            for start, stop in node.outstanding(id):  # held since before somebody else reported that it failed
                job.waiting.remove(start, stop)
        self._dispatch.table.all_overdue(job)  # some may be held by who hangs
        self._dispatch.admit(job)
        self._settlement.after_change(job, now)

    def job(self, id: int) -> JobRecord:
        """Raises JobUnknown."""
        if id not in self.jobs:
            raise JobUnknown(id)
        return self.jobs[id]

    # --- nodes --------------------------------------------------------------------------------------------------

    def join(self, info: NodeInfo, address: str, now: float, held: Iterable[Chunk] = ()) -> tuple[Chunk, ...]:
        """A node has come, or come back: then what it held before waits again, but for what it still has of the `held`,
        which it says to hold and which was once leased to it. That is returned."""
        before = self.nodes.get(info.id)
        node = NodeRecord(info, address, now)
        since: dict[int, float] = {}
        released: set[int] = set()
        for acquitted in self._losses.take_back(info.id):
            self._dispatch.table.all_overdue(acquitted)
        if before is not None:
            was_here = before.present
            if was_here:
                before.depart("lost", Reason("joined again", "joined again"))
            if self._resumption.stop_waiting(info.id) or was_here:
                since = {number: record.since for number, record in before.leases.items()}
                released = self._settlement.release(before)
            node.come_back(before)
        self.nodes[info.id] = node
        self._dispatch.capacity.recount(node)
        self._set_gather()
        kept = self._resumption.resume(node, held, since, now)
        for job in released:
            self._settlement.after_change(self.jobs[job], now)
        return kept

    def heartbeat(self, id: str, report: NodeReport, now: float) -> None:
        node = self.nodes.get(id)
        if node is not None:
            slots = node.slots
            node.heard(now, report)
            self._dispatch.resized(node, slots)

    def orders(self, id: str, now: float, urgent: bool = False) -> Orders:
        """What there is to tell a node: once, but for jobs that it is still at though they are over. With `urgent`,
        nothing where all of it can wait for the next heartbeat."""
        node = self.nodes.get(id)
        self._dispatch.nudged.discard(id)
        if node is None or not node.present:
            return Orders(known=False)
        if node.untold:
            node.tell_unfit([job for job in node.untold if job in self.jobs and self.jobs[job].settled])
        over = [id for id in node.report.jobs if id not in self.jobs or self.jobs[id].final]
        work = self._dispatch.call(node, now)
        if not over and not (node.has_urgent_orders if urgent else node.has_orders):  # as nearly always
            return _WORK if work else _NOTHING
        drop, before = self._to_drop(node, over)
        orders = replace(
            node.take_wishes(),
            work=work,
            recall=node.recall,
            recall_jobs=tuple(sorted(node.recall_jobs)),
            drop=drop,
            before=before,
        )
        self._dispatch.table.recalled(node)
        return orders

    def _to_drop(self, node: NodeRecord, over: Iterable[int]) -> tuple[tuple[int, ...], int]:
        """Jobs that a node is to be told to stop, and the lease from which on what it has of them is newer than that:
        it was retried meanwhile, or is needed there after all. Those of which that is a later one are told next."""
        drop = node.drop | dict.fromkeys(over, self._dispatch.table.next_lease)
        if not drop:
            return (), 0
        before = min(drop.values())
        told = tuple(sorted(job for job, first in drop.items() if first == before))
        for job in told:
            node.drop.pop(job, None)
        node.stops = bool(node.stops and node.drop)
        return told, before

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
        node = self.nodes[id]
        if not node.present:
            if self._resumption.stop_waiting(id):
                self._settlement.give_back(node, node.contact)
            self._dispatch.capacity.forget(id)
            self._dispatch.table.forget(id)
            del self.nodes[id]

    def nudged(self) -> set[str]:
        """The nodes that have new orders since this was last asked."""
        nudged = self._dispatch.nudged.copy()
        self._dispatch.nudged.clear()
        return nudged

    def depart(self, id: str, state: NodeState, reason: Reason, now: float, may_return: bool = False) -> None:
        """A node has left or is lost: what it held waits again; a while later, where it `may_return` in a moment."""
        node = self.nodes.get(id)
        if node is None or not node.present:
            return
        node.depart(state, reason)
        guilty = self._losses.count(node) if state == "lost" else []
        if may_return and not guilty and self._resumption.await_return(node, now):
            self._dispatch.resized(node, -1)
            return
        self._settlement.give_back(node, now)
        for job, index in guilty:
            self._losses.condemn(job, index, node)

    def verdicts(self) -> Sifted:
        """The failures of tasks that took their workers down: to be written and settled like a report, of node ""."""
        return Sifted(Report(), self._losses.verdicts())

    def tick(self, now: float) -> bool:
        """To be called about twice a second: time does its work on nodes and tasks. True if that changed something."""
        self._set_gather()
        lost, silent = self._heartbeats.look(now)
        for id in silent:
            self._dispatch.resized(self.nodes[id], -1)
        changed = bool(silent)
        for id, reason in lost.items():
            self.depart(id, "lost", reason, now)
            changed = True
        for id in self._resumption.take_overdue(now):
            self._settlement.give_back(self.nodes[id], now)
            changed = True
        for job in self._dispatch.live.values():
            if job.wake(now):
                self._dispatch.nudge(job)
                changed = True
        for node, job in self._dispatch.stragglers.needless(now):
            self._settlement.take_away(node, job, now)
            changed = True
        self._dispatch.even_out()
        return self._dispatch.set_stalled_aside(now) or changed

    def _set_gather(self) -> None:
        """Of those that are here: one that comes anew does so under another id, and the one that it was stays known."""
        self._dispatch.table.set_gather(self._dispatch.capacity.present)

    # --- reports and leases -------------------------------------------------------------------------------------

    def sift(self, id: str, report: Report) -> Sifted:
        """What of a node's report counts. Changes nothing."""
        return self._settlement.sift(id, report)

    def finishing(self, id: str, sifted: Sifted, now: float) -> tuple[JobRecord, ...]:
        """The jobs that have finished once this is settled, as they will stand then. Changes nothing."""
        return self._settlement.finishing(id, sifted, now)

    def settle(self, id: str, sifted: Sifted, now: float) -> None:
        """Apply a report that has been written to the journal."""
        self._settlement.settle(id, sifted, now)

    def lease(self, id: str, want: float, now: float, repeats: bool = True) -> tuple[Chunk, ...]:
        """Chunks for a node that wants to hold `want` seconds of work for each of its slots: second runs of what is
        late, too, if `repeats`. Where this raises, none was leased."""
        node = self.nodes.get(id)
        if node is None:
            return ()
        first = self._dispatch.table.next_lease
        try:
            return self._dispatch.lease(node, want, now, repeats)
        except BaseException:
            granted = [record.chunk for lease, record in node.leases.items() if lease >= first]
            self._settlement.not_sent(node, granted, now)
            raise

    def not_sent(self, id: str, chunks: tuple[Chunk, ...], now: float) -> None:
        """A node never hears of these chunks that it was leased: they wait again."""
        node = self.nodes.get(id)
        if node is not None:
            self._settlement.not_sent(node, chunks, now)

    def only_waiting(self) -> JobRecord | None:
        """The job that has tasks to hand out, where there is one such."""
        return self._dispatch.only_waiting

    def is_all(self, chunks: tuple[Chunk, ...]) -> bool:
        """After these, nothing waits to be handed out, and no more arguments come of their jobs. Where there are none:
        nor does any job expect more, or has any node tasks in its queue that another one could be given."""
        if self._dispatch.has_waiting:
            return False
        if not chunks:
            return not (self._dispatch.table.has_spare or self._dispatch.expects_more())
        return all(self.jobs[chunk.job].no_more_come for chunk in chunks)

    @property
    def gather(self) -> float:
        """Seconds for which nodes may let their reports gather."""
        return self._dispatch.table.gather

    # --- what consoles see --------------------------------------------------------------------------------------

    def node_status(self, now: float) -> tuple[NodeStatus, ...]:
        return tuple(node.status(now) for node in self.nodes.values())

    def why_waiting(self, job: JobRecord) -> Reason:
        """Why a job that could run does not, or gets nowhere; NO_REASON where it does or there is nothing to say."""
        if job.reason or job.final or job.state == "paused":
            return job.reason
        if job.running:
            return self._dispatch.stragglers.why_quiet(job) or self._why_not_everywhere(job)
        present = [node for node in self.nodes.values() if node.present]
        if not present:
            return Reason("no worker", "Waiting for a worker to join.")
        if job.spec.python and not any(self.fits(node, job) for node in present):
            text = f"Waiting for a worker with Python {job.spec.python}: the function was pickled by that version."
            return Reason("python version", text)
        if all(job.id in node.unfit for node in present):
            text = "Its environment does not load on any worker that is here. Waiting for another one."
            return Reason("does not load", text)
        if not job.waiting and (count := len(job.postponed)):
            return Reason("retrying", f"Waiting a moment before {count:,} failed tasks are tried again.")
        return self._dispatch.stragglers.why_quiet(job)  # of a second run, whose first one has gone with its worker

    def fits(self, node: NodeRecord, job: JobRecord) -> bool:
        """Whether this node may run this job."""
        return self._dispatch.fits(node, job)

    # --- inside -------------------------------------------------------------------------------------------------

    def _why_not_everywhere(self, job: JobRecord) -> Reason:
        """Which nodes a job that runs on others cannot use; NO_REASON where there is none."""
        nodes = [node for id in job.nodes if (node := self.nodes.get(id)) is not None and node.present]
        lacking = sorted((node.info.name, node.lacking[job.id]) for node in nodes if job.id in node.lacking)
        if not lacking:
            return NO_REASON
        name, error = lacking[0]
        others = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
        return Reason("worker set aside", f"Cannot run on {name}{others}, and goes on elsewhere. {error}")
