"""Scheduler and journal behind one lock: everything that a connection of the server can ask for.

Methods block only where they say so, and then without the lock. What changes is written to the journal before anybody
hears of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

from mcgui_core.base.clock import Clock
from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.journal import Journal
from mcgui_core.master.argument_senders import ArgumentSenders, why_not_whole
from mcgui_core.master.disk_full_guard import DiskFullGuard
from mcgui_core.master.job_priority import JobPriorities
from mcgui_core.master.journal_reader import JournalReader, for_wire
from mcgui_core.master.lease_payload import cut, lease_payload
from mcgui_core.master.node_wakeups import NodeWakeups
from mcgui_core.master.task_statuses import TaskStatuses
from mcgui_core.master.throughput_samples import ThroughputSamples
from mcgui_core.protocol.job_check import checked_spec
from mcgui_core.protocol.messages import (
    FINAL_STATES,
    Block,
    Chunk,
    JobSpec,
    JobStatus,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    Snapshot,
)
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord
from mcgui_core.scheduler.scheduler import Scheduler, Sifted

T = TypeVar("T")

#: Seconds that one call may block. A client asks again; a longer wait would only hide a dead connection.
LONGEST_WAIT = 20.0
#: Tasks of a job that may wait unstarted while its arguments still arrive: an endless generator must not fill the disk.
BACKLOG = 500_000

#: Of a job that was not over when the journal was closed, and is to wait until somebody resumes it.
HELD = Reason("held", "The master was started anew, and holds this job until you resume it.")


class Hub:
    """The master without its sockets. Thread-safe."""

    def __init__(self, journal: Journal, clock: Callable[[], float] | None = None, hold: bool = False) -> None:
        """With `hold`, jobs that were not over when the journal was closed wait until somebody resumes them."""
        self._journal = journal
        self._clock = clock or Clock()
        # Leases are numbered on from the time, so that those of an earlier run of this journal are never mistaken
        # for ours.
        self._scheduler = Scheduler(next_lease=int(self._clock() * 1000))
        self._disk_guard = DiskFullGuard(journal, self._scheduler)
        self._samples = ThroughputSamples()
        self._statuses = TaskStatuses()
        self._version = 1
        self._senders = ArgumentSenders()
        self._lock = threading.RLock()
        self.archive = JournalReader(journal, self._scheduler, self._lock)
        self.queue = JobPriorities(self._disk_guard, journal, self._scheduler, self._lock, self._publish)
        self._changed = threading.Condition(self._lock)  # for consoles
        self._wakeups = NodeWakeups(self._lock)  # for nodes
        self._owners: dict[str, object] = {}  # node -> the connection that it joined by
        self._closing = False
        for job in journal.restore():
            before = job.state
            self._scheduler.restore(job, self._clock())
            if hold and not job.final and job.state != "paused":
                self._scheduler.pause(job.id, HELD)
            if job.state != before:
                self._save_state(job.id)

    def close(self) -> None:
        """Let everybody who waits go, then close the journal."""
        with self._lock:
            self._closing = True
            self._changed.notify_all()
            self._wakeups.ring_all()
            self._journal.close()

    def tick(self) -> None:
        """To be called about twice a second: silent nodes are given up, seconds end."""
        with self._lock:
            if self._closing:
                return
            now = self._clock()
            changed = self._scheduler.tick(now) | self._disk_guard.look()
            if self._samples.close(now, self._version + 1) or changed:
                self._publish()

    # --- for consoles and scripts -------------------------------------------------------------------------------

    def submit(self, spec: JobSpec, blocks: tuple[Block, ...], sealed: bool, feeder: object = None) -> int:
        """A new job with its first arguments; the others come by the connection `feeder`. Returns its id.

        Raises JournalFull; BadInput where no job can be so: nothing was written then.
        """
        spec = checked_spec(spec)
        with self._lock:
            now = self._clock()
            id = self._write(lambda: self._journal.add_job(spec, now))
            self._scheduler.add_job(id, spec, now)
            self._senders.note(id, feeder)
            try:
                self._extend(id, blocks, sealed)
            except JournalFull as error:
                self._scheduler.cancel(id, now, Reason("journal full", str(error)))
                self._save(id)
                raise
            return id

    def extend(
        self, id: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None = None, feeder: object = None
    ) -> bool | None:
        """More arguments, as far as they are not here yet. None where the job has all that it will have.

        False where the job is over for now: if somebody retries it, it will want them. With a `timeout`, in seconds,
        that is waited for; and it is False, too, where so many wait already that it takes no more within that time.
        """
        with self._lock:
            job = self._scheduler.job(id)
            self._senders.note(id, feeder)

            def full() -> bool:
                return job.final or (timeout is not None and len(job.waiting) >= BACKLOG)

            if timeout is not None:
                self._wait(lambda: job.sealed or not full(), timeout)
            if job.sealed:
                return None
            if full() or not self._senders.is_by(id, feeder):  # who has given up meanwhile brings nothing more
                return False
            # Whoever did not hear that the last ones have arrived offers them again.
            self._extend(id, tuple(block for block in blocks if block.start >= job.total), sealed)
            return True

    def seal(self, id: int) -> None:
        """No more arguments will come: the job is content with those that it has."""
        with self._lock:
            if not self._scheduler.job(id).sealed:
                self._extend(id, (), sealed=True)

    def feeder_gone(self, feeder: object) -> None:
        """A connection has ended: jobs whose arguments came by it wait for another one, and say so."""
        with self._lock:
            if self._senders.gone(feeder):
                self._publish()

    def forget(self, id: int) -> None:
        """Delete a job that is over, with its arguments and results. Raises BadInput where it is not over."""
        with self._lock:
            if not self._scheduler.job(id).final:
                raise BadInput(f"Job {id} is not over, so it cannot be deleted. Cancel it first.")
            self._disk_guard.forget(id)
            self._senders.done(id)
            self._scheduler.forget_job(id)
            self._publish()

    def forget_older_than(self, seconds: float) -> int:
        """Delete the jobs that ended so long ago. Returns how many these were."""
        with self._lock:
            before = self._clock() - seconds
            ended = [job for job in self._scheduler.jobs.values() if job.final and (job.finished or 0.0) < before]
            for job in ended:
                self.forget(job.id)
            return len(ended)

    def abort(self, id: int, reason: str) -> None:
        """The arguments of a job cannot be brought to their end. No effect where all of them have arrived."""
        with self._lock:
            if not self._scheduler.job(id).sealed:
                self._scheduler.cancel(id, self._clock(), Reason("arguments end", reason))
                self._senders.done(id)
                self._save(id)

    def pause(self, id: int) -> None:
        with self._lock:
            self._scheduler.pause(id)
            self._save(id)

    def resume(self, id: int) -> None:
        with self._lock:
            self._scheduler.resume(id, self._clock())
            self._save(id)

    def cancel(self, id: int) -> None:
        with self._lock:
            self._scheduler.cancel(id, self._clock())
            self._save(id)

    def retry_failed(self, id: int) -> None:
        with self._lock:
            self._scheduler.job(id)
            self._write(lambda: self._journal.forget_failures(id))
            self._scheduler.retry_failed(id, self._clock(), arriving=self._senders.has(id))
            self._save(id)

    def snapshot(self, after: int, timeout: float) -> Snapshot:
        """Everything, once it is newer than version `after` or `timeout` seconds have passed. Blocks until then."""
        with self._lock:
            self._wait(lambda: self._version > after, timeout)
            now = self._clock()
            return Snapshot(
                version=self._version,
                time=now,
                jobs=tuple(self._job_status(job, now) for job in self._scheduler.jobs.values()),
                nodes=self._scheduler.node_status(now),
                samples=self._samples.since(after),
                tasks=self._statuses.shown(),
            )

    def status(self, id: int) -> JobStatus:
        with self._lock:
            return self._job_status(self._scheduler.job(id), self._clock())

    def wait(self, id: int, timeout: float) -> JobStatus:
        """The status of a job once it is final, or after `timeout` seconds. Blocks until then."""
        with self._lock:
            job = self._scheduler.job(id)
            self._wait(lambda: job.final, timeout)
            return self._job_status(job, self._clock())

    def outcomes(self, id: int, after: int, timeout: float, limit_bytes: int) -> tuple[tuple[Outcome, ...], bool]:
        """Outcomes with `seq` > `after`, in order of arrival; and whether there will be no more.

        Blocks up to `timeout` seconds while there are none.
        """
        with self._lock:
            job = self._scheduler.job(id)
            before = 0
            found: tuple[Outcome, ...] = ()

            def arrived() -> bool:
                nonlocal before, found
                if len(job.settled) != before:  # only then can the journal hold more
                    before = len(job.settled)
                    found = self._journal.outcomes(id, after, limit_bytes)
                return bool(found) or job.final

            self._wait(arrived, timeout)
            shown = tuple(for_wire(outcome) for outcome in found)
            ended = job.final and (not shown or not self._journal.outcomes(id, shown[-1].seq, 0))
            return shown, ended

    def steer(self, node: str, nprocs: int, pause: bool | None, retire: Literal["", "finish", "now"]) -> None:
        """Have a node told what a person wants of it. Raises NodeUnknown."""
        with self._lock:
            self._scheduler.steer(node, nprocs, pause, retire)
            self._publish()

    def forget_node(self, node: str) -> None:
        with self._lock:
            self._scheduler.forget_node(node)
            if node not in self._scheduler.nodes:
                self._wakeups.remove(node)
                self._owners.pop(node, None)
            self._publish()

    # --- for nodes ----------------------------------------------------------------------------------------------

    def join(self, info: NodeInfo, address: str, owner: object) -> str:
        """A node has come (back), by the connection `owner`. Returns the id of the journal."""
        with self._lock:
            self._scheduler.join(info, address, self._clock())
            self._owners[info.id] = owner
            self._wakeups.add(info.id)
            self._publish()
            return self._journal.id

    def exchange(self, node_id: str, report: Report, want: float, visit: int = 0) -> Lease:
        """Take a node's report and give it work. Never blocks.

        Raises JournalFull where the report cannot be written to the journal: then it did not happen.
        """
        with self._lock:
            now = self._clock()
            node = self._scheduler.nodes.get(node_id)
            sifted = self._scheduler.sift(node_id, report)
            if sifted.outcomes or report.output:
                output = tuple(piece for piece in report.output if piece.job in self._scheduler.jobs)
                self._write(lambda: self._journal.record(sifted.outcomes, output))
            self._statuses.update(report.statuses)
            self._statuses.settle(report.outcomes)
            before = (node.done, node.failed) if node else (0, 0)
            states = {o.job: self._state(o.job) for o in sifted.outcomes} | {u.job: "" for u in report.unfit}
            self._scheduler.settle(node_id, sifted, now)
            if node is not None and (node.done, node.failed) != before:
                self._samples.add(now, node_id, node.done - before[0], node.failed - before[1], self._version + 1)
            chunks = self._scheduler.lease(node_id, want, now) if self._scheduler.hears(node_id, visit) else ()
            changed = {id for id, state in states.items() if self._state(id) != state}
            for job in {chunk.job for chunk in chunks} | changed:
                self._save_state(job)
            lease = self._equip(node, chunks, now) if node is not None and chunks else Lease()
            if chunks or report != Report():
                self._publish()
            return lease

    def attend(self, node_id: str, report: NodeReport, timeout: float, visit: int = 0) -> Orders:
        """A node's heartbeat. Blocks until there are orders for it, or for `timeout` seconds."""
        with self._lock:
            if not self._scheduler.hears(node_id, visit):
                return Orders()
            self._scheduler.heartbeat(node_id, report, self._clock())
            orders = self._scheduler.orders(node_id, self._clock())
            self._version += 1  # CPU and memory have changed; not worth waking a console, which looks soon anyway
            if orders != Orders() or self._closing or not self._wakeups.wait(node_id, min(timeout, LONGEST_WAIT)):
                return orders
            if not self._scheduler.hears(node_id, visit):
                return Orders()
            self._scheduler.heartbeat(node_id, report, self._clock())
            return self._scheduler.orders(node_id, self._clock())

    def leave(self, node_id: str, reason: Reason) -> None:
        """A node goes, on purpose."""
        with self._lock:
            self._scheduler.depart(node_id, "left", reason, self._clock())
            self._publish()

    def lost(self, node_id: str, reason: str, owner: object) -> None:
        """The connection `owner` of a node broke. It may have come back by another one before that was noticed."""
        with self._lock:
            if not self._closing and self._owners.get(node_id) is owner:
                self._scheduler.depart(node_id, "lost", Reason("disconnected", reason), self._clock())
                self._publish()

    # --- inside -------------------------------------------------------------------------------------------------

    def _extend(self, id: int, blocks: tuple[Block, ...], sealed: bool) -> None:
        job = self._scheduler.job(id)
        count = sum(block.count for block in blocks)
        self._write(lambda: self._journal.extend(id, blocks, job.total + count, sealed or job.sealed))
        self._scheduler.extend(id, count, sealed, self._clock())
        if job.final:
            self._save_state(id)
        self._publish()

    def _equip(self, node: NodeRecord, chunks: tuple[Chunk, ...], now: float) -> Lease:
        kept: tuple[Chunk, ...] = ()
        surplus = chunks  # what the node does not hear of, nobody else may wait for
        try:
            kept, surplus = cut(self._journal, chunks)
            return lease_payload(
                self._journal, node, kept, {chunk.job: self._scheduler.job(chunk.job).spec for chunk in kept}
            )
        except BaseException:
            surplus = chunks
            raise
        finally:
            if surplus:
                self._scheduler.settle(node.info.id, Sifted(Report(returned=surplus), ()), now)

    def _job_status(self, job: JobRecord, now: float) -> JobStatus:
        status = job.status(now)
        if job.final:
            missing = why_not_whole(job)
            if not missing:
                return status
            text, code = f"{status.reason} {missing}".strip(), status.reason_code or "arguments end"
            return replace(status, reason=text, reason_code=code)
        if self._disk_guard.trouble is not None:
            text = str(self._disk_guard.trouble)
            return replace(status, state="paused", reason=text, reason_code="journal full")
        why = self._senders.why_waiting(job) or self._scheduler.why_waiting(job)
        return replace(status, reason=why.text, reason_code=why.code)

    def _state(self, id: int) -> str:
        job = self._scheduler.jobs.get(id)
        return job.state if job is not None else ""

    def _save(self, id: int) -> None:
        self._save_state(id)
        self._publish()

    def _save_state(self, id: int) -> None:
        job = self._scheduler.jobs.get(id)
        if job is None:
            return
        if job.final:
            if job.sealed:
                self._senders.done(id)
            self._statuses.keep(lambda job: self._state(job) not in ("", *FINAL_STATES))
        self._disk_guard.save(job)

    def _write(self, write: Callable[[], T]) -> T:
        try:
            return self._disk_guard.write(write)
        except JournalFull:
            self._publish()  # that is why the jobs pause
            raise

    def _wait(self, ready: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + min(timeout, LONGEST_WAIT)
        while not self._closing and not ready():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self._changed.wait(left)

    def _publish(self) -> None:
        """Something changed: tell the nodes that have orders, and whoever watches."""
        self._version += 1
        self._changed.notify_all()
        self._wakeups.ring(self._scheduler.nudged())
