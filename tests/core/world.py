"""A master and its nodes without sockets, threads or a clock: what test_scheduler_promise.py throws its dice in.

The hub, the journal (a real file) and the nodes' workloads are the real ones. Of a node only its threads are missing:
each of its steps comes when the test says so, and anything may go wrong between two of them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcgui_core.errors import BadInput, JournalFull, NodeUnknown
from mcgui_core.master.hub import Hub
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    SlotDeath,
    TaskFailure,
)
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.lease_record import LeaseRecord
from mcgui_core.values import outcome_values, pickling
from tests.core.counts import check_counts
from tests.core.failing_journal import FailingJournal, Killed

Task = tuple[int, int]  # job, index


class Node:
    """What an agent (agent.py) knows and does, without its threads and processes."""

    def __init__(self, name: str, nprocs: int, python: str) -> None:
        self.info = NodeInfo(name, name, nprocs, 8, python, "Test", 1)
        self.report = NodeReport(nprocs, 0, 0.0, 0)
        self.work = Workload()
        self.journal = ""
        self.connection: object | None = None  # the connection, while there is one
        self.running: list[tuple[Chunk, int]] = []  # with the master that it was taken for
        self.sent: list[Report] = []
        self.orders = Orders()  # that it has, and has not obeyed yet
        self.called = False  # the master has work for it
        self.answer: tuple[Report, int, Lease] | None = None  # of an exchange, that is on its way back

    @property
    def id(self) -> str:
        return self.info.id

    def join(self, hub: Hub, says: Callable[[tuple[Chunk, ...]], tuple[Chunk, ...]] = lambda held: held) -> None:
        """With what it `says` to hold, of what it holds."""
        self.obey()
        self.hear()
        self.connection = object()
        self.info = replace(self.info, nprocs=self.report.nprocs, visit=self.info.visit + 1)
        held = self.work.still_held() if self.journal else ()
        welcome = hub.nodes.join(self.info, "here", self.connection, says(held))
        self.work.start_over(welcome.journal == self.journal, welcome.kept)
        self.called = True
        self.journal = welcome.journal

    def start_anew(self) -> None:
        """It has nothing any more of what it held, ran, and had to tell."""
        self.work.start_over(keep_reports=False)
        self.running, self.answer, self.orders = [], None, Orders()

    def take(self) -> None:
        """A slot takes its next chunk. It must have all that it takes to run it."""
        taken = self.work.take(self.report.nprocs - len(self.running))
        if taken is not None:
            chunk, _, blocks = taken
            arguments = [index for b in blocks for index in pickling.loads(b.data)]
            missing = set(range(chunk.start, chunk.stop)).difference(arguments)
            assert not missing, f"{self.id} has no arguments for {missing} of {chunk}"
            self.running.append((chunk, self.work.master))

    def obey(self) -> None:
        """The thread that hears the orders is not the one that takes leases: one may come in between."""
        orders, self.orders = self.orders, Orders()
        if orders.drop:
            self.work.drop(orders.drop, orders.before)
            self.running = [c for c in self.running if c[0].job not in orders.drop or c[0].lease >= orders.before]
        if orders.recall_jobs:
            self.work.give_back_jobs(orders.recall_jobs)
        if orders.recall:
            self.work.give_back(orders.recall)
        if orders.lease is not None:
            self.work.accept(orders.lease)

    def hear(self) -> None:
        """The answer to an exchange arrives."""
        if self.answer is not None:
            report, numbers, lease = self.answer
            self.answer = None
            self.work.acknowledge(report, numbers)
            self.work.accept(lease)

    def has(self) -> set[Task]:
        """The tasks that it can still tell something about: queued, running, or to be reported."""
        entries = [*self.work._queue, *(chunk for chunk, _ in self.running), *self.work._reports.small]
        entries += self.answer[2].chunks if self.answer is not None else ()
        entries += self.orders.lease.chunks if self.orders.lease is not None else ()
        spans = [(e.job, e.start, e.stop) for e in entries if isinstance(e, Chunk | Outcome | SlotDeath)]
        unfit = {e.job for e in self.work._reports.small if not isinstance(e, Chunk | Outcome | SlotDeath)}
        spans += [(chunk.job, chunk.start, chunk.stop) for chunk in self.work._held if chunk.job in unfit]
        return {(job, index) for job, start, stop in spans for index in range(start, stop)}


class World:
    """One master over the lives of its process, its nodes, and what it has ever acknowledged."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self._folder = tempfile.TemporaryDirectory(prefix="mcgui-world-")
        self._lives = 0
        self.nodes: list[Node] = []
        self.unnoticed: list[tuple[str, object]] = []  # broken connections that the master still takes for good
        self.delayed: list[tuple[str, Report, int]] = []  # requests on their way by a connection that broke since
        self.recorded: dict[int, dict[int, Any]] = {}  # job -> task -> token of its value, or its failure
        self.overtaken: set[Task] = set()  # settled by somebody who did not hold them
        self.tried: dict[Task, set[tuple[str, int]]] = {}  # task -> (node, lease) in which it is said to have failed
        self.serial = 0
        self.leases: set[int] = set()
        self.ended: dict[int, str] = {}  # job -> the final state in which it was seen
        self._open(Path(self._folder.name, "0.sqlite"))

    def _open(self, path: Path, hold: bool = False) -> None:
        self.journal = FailingJournal(path)
        self.hub = Hub(self.journal, lambda: self.now, hold)
        assert not any(self.hub.state.is_aside(id) for id in self.jobs), "the master cannot read what it has written"

    @property
    def jobs(self) -> dict[int, JobRecord]:
        return self.hub.state.scheduler.jobs

    def close(self) -> None:
        self.hub.close()
        self._folder.cleanup()

    def pass_time(self, seconds: float) -> None:
        """Seconds pass, and the master looks at its clock meanwhile."""
        for _ in range(int(seconds / 0.5)):
            self.now += 0.5
            self.ask(self.hub.tick)

    def sleep(self, seconds: float) -> None:
        """The master's computer is suspended: seconds pass, and nobody looks."""
        self.now += seconds
        self.ask(self.hub.tick)

    def crash(self, hold: bool = False) -> None:
        """The process is killed: what is on disk stays, and a new one reads that; it may hold the jobs."""
        old = self.journal
        self._lives += 1
        self.now += 1.0
        new = Path(self._folder.name, f"{self._lives}.sqlite")
        for suffix in ("", "-wal"):
            if Path(f"{old.file.path}{suffix}").exists():
                shutil.copy(f"{old.file.path}{suffix}", f"{new}{suffix}")
        old.fault = ""  # what is closed now has been copied: it is only not to be left open
        self.hub.close()
        for node in self.nodes:
            node.obey()
            node.hear()
            node.connection = None
        self.unnoticed.clear()
        self.delayed.clear()
        self.ended.clear()
        self._open(new, hold)

    def ask(self, call: Any, *args: Any) -> Any:
        """A call to the hub, which may fail, or be the last one of this process: then None."""
        before = {id: list(node.leases.values()) for id, node in self.hub.state.scheduler.nodes.items() if node.present}
        try:
            answer = call(*args)
            self._note_losses(before)
            return answer
        except (JournalFull, NodeUnknown):  # the second: a report by a node that has not joined (again) yet
            return None
        except Killed:
            self.crash()
            return None

    # --- nodes --------------------------------------------------------------------------------------------------

    def exchange(self, node: Node, want: float, fate: str = "arrives") -> None:
        """A node reports and takes a lease.

        The `fate` of request or answer may be that it is lost, and the connection with it, or that it takes its time.
        """
        node.hear()
        report, numbers = node.work.next_report()
        node.called = False
        if fate == "request delayed":
            self.delayed.append((node.id, report, node.info.visit))
        elif fate != "request lost":
            node.sent.append(report)
            lease = self.hand_over(node.id, report, want, node.info.visit)
            if lease is not None and fate != "answer lost":
                node.answer = (report, numbers, lease)
        if fate == "arrives":
            node.hear()
        elif fate != "answer delayed":
            self.disconnect(node, noticed=False)

    def deliver(self) -> None:
        """What was on its way by a broken connection arrives, and nobody hears the answer."""
        delayed, self.delayed = self.delayed, []
        for id, report, visit in delayed:
            self.hand_over(id, report, 1.0, visit)

    def as_leased(self, id: str, chunk: Chunk) -> Chunk:
        """The chunk as the master would have leased it to that node, whether it has or not."""
        return self.hub.nodes._tokens.issued(id, chunk) if 0 <= chunk.start < chunk.stop else chunk

    def hand_over_nonsense(self, id: str, report: Report) -> None:
        """A report that the hub may take as far as it counts, or refuse: then nothing of it has happened."""
        with suppress(BadInput):
            self.hand_over(id, report, 0.0)

    def hand_over(self, id: str, report: Report, want: float, visit: int = 0) -> Lease | None:
        before = {job.id for job in self.jobs.values() if job.final}
        self._look_at(id, report)
        lease: Lease | None = self.ask(self.hub.nodes.exchange, id, report, want, visit)
        if lease is None:
            return None
        for outcome in report.outcomes:
            if outcome.job in self.jobs and outcome.job not in before:
                reported = set(range(max(outcome.start, 0), min(outcome.stop, self.jobs[outcome.job].total)))
                reported -= {*outcome.missing, *(failure.index for failure in outcome.failures)}
                lost = reported - self._read(outcome.job).keys()
                assert not lost, f"acknowledged, and lost: {lost} of {outcome}"
        self._note_lease(lease)
        return lease

    def _note_lease(self, lease: Lease) -> None:
        for chunk in lease.chunks:
            assert chunk.lease not in self.leases, "a lease has the number of an earlier one"
            assert chunk.count > 0
            assert self.jobs[chunk.job].state == "running"
            self.leases.add(chunk.lease)

    def _look_at(self, id: str, report: Report) -> None:
        """Note what an exchange changes by right: tasks settled by somebody else, and tries."""
        held = self.leased()
        for part in (*report.outcomes, *report.deaths):
            for index in range(max(part.start, 0), min(part.stop, 1000)):
                if held.get((part.job, index)) != (id, part.lease):
                    self.overtaken.add((part.job, index))
            failed = [f.index for f in part.failures] if isinstance(part, Outcome) else [part.start]
            for index in failed:
                self.tried.setdefault((part.job, index), set()).add((id, part.lease))

    def _note_losses(self, before: dict[str, list[LeaseRecord]]) -> None:
        """To be lost with a node is a try of a task as well."""
        for id, node in self.hub.state.scheduler.nodes.items():
            for lease in before.get(id, ()) if node.departed == "lost" else ():
                for index in range(lease.chunk.start, lease.chunk.stop):
                    self.tried.setdefault((lease.chunk.job, index), set()).add((id, lease.chunk.lease))

    def disconnect(self, node: Node, noticed: bool) -> None:
        node.hear()
        connection, node.connection = node.connection, None
        if connection is not None:
            self.unnoticed.append((node.id, connection))
        if noticed:
            self.notice()

    def notice(self) -> None:
        for id, connection in self.unnoticed:
            self.ask(self.hub.nodes.lost, id, connection)
        self.unnoticed.clear()

    def heartbeat(self, node: Node, obedient: bool = True) -> None:
        """A node says how it is and hears its orders; it obeys those of the time before, and perhaps these."""
        node.obey()
        report = replace(node.report, jobs=tuple({chunk.job for chunk, _ in node.running}))
        want = 1.0 if obedient else 0.0
        orders: Orders | None = self.ask(self.hub.nodes.attend, node.id, report, 0.0, node.info.visit, want)
        if orders is not None and orders.known:
            self._note_lease(orders.lease or Lease())
            node.orders = orders if obedient else replace(orders, recall=0, recall_jobs=())
            node.called |= orders.work
        elif orders is not None:
            node.join(self.hub)

    # --- work ---------------------------------------------------------------------------------------------------

    def block(self, job: int, count: int) -> tuple[Block, ...]:
        start = self.jobs[job].total if job in self.jobs else 0
        return (Block(start, count, pickling.dumps(list(range(start, start + count)))),) if count else ()

    def part(self, node: Node, which: int, count: int, failing: frozenset[int], unpicklable: bool = False) -> None:
        """A slot is done with the next `count` tasks of a chunk; those at the offsets `failing` fail."""
        chunk, master = node.running.pop(which)
        stop = min(chunk.start + count, chunk.stop)
        node.work.report(self.outcome(node.id, replace(chunk, stop=stop), failing, unpicklable), master)
        if stop < chunk.stop:
            node.running.insert(which, (replace(chunk, start=stop), master))

    def outcome(self, node: str, chunk: Chunk, failing: frozenset[int], unpicklable: bool = False) -> Outcome:
        self.serial += 1
        missing = tuple(chunk.start + offset for offset in sorted(failing) if chunk.start + offset < chunk.stop)
        good = [f"{i} #{self.serial}" for i in range(chunk.start, chunk.stop) if i not in missing]
        kind = "unpicklable" if unpicklable else "raised"
        failures = tuple(TaskFailure(i, kind, "ValueError", f"#{self.serial}", "", "", node) for i in missing)
        values = pickling.dumps(good)
        return Outcome(
            *(chunk.job, chunk.start, chunk.stop, values, failures, 0.001 * chunk.count, node, chunk.lease, missing),
            token=chunk.token,
        )

    # --- the promise --------------------------------------------------------------------------------------------

    def leased(self) -> dict[Task, tuple[str, int]]:
        """Who holds which task. Raises AssertionError where two do."""
        held: dict[Task, tuple[str, int]] = {}
        for id, node in self.hub.state.scheduler.nodes.items():
            for number, lease in node.leases.items():
                assert lease.outstanding, "an empty lease"
                if lease.repeats:  # a second run of what is late: nothing is counted on it
                    continue
                for start, stop in lease.outstanding:
                    for index in range(start, stop):
                        task = (lease.chunk.job, index)
                        assert task not in held, f"task {task} is leased twice"
                        held[task] = (id, number)
        return held

    def check(self) -> None:
        """Everything that has to be true at every moment."""
        held = self.leased()
        count = Counter(job for job, _ in held)
        for id, job in self.jobs.items():
            self._check_records(id, job)
            settled, waiting, postponed = _members(job.settled), _members(job.waiting), _members(job.postponed)
            leased = {index for number, index in held if number == id}
            assert job.running == count[id]
            assert not waiting & settled
            assert not waiting & leased
            assert not postponed & (waiting | leased | settled)
            assert {(id, index) for index in leased & settled} <= self.overtaken
            assert self.ended.get(id, job.state) == job.state, "it was over"
            if job.final:
                self.ended[id] = job.state
                assert not waiting | leased | postponed
                assert job.state != "finished" or (job.sealed and len(settled) == job.total)
            else:
                assert waiting | leased | settled | postponed == set(range(job.total))
                assert not (job.no_more_come and len(settled) == job.total), "it is complete, and has not ended"
        for node in self.nodes:
            if node.connection is not None:
                believed = {task for task, (id, _) in held.items() if id == node.id}
                assert believed <= node.has(), f"{node.id} knows nothing of {believed - node.has()}"
        check_counts(self.hub.state.scheduler)
        for record in self.hub.state.scheduler.nodes.values():
            stopped = not record.present or record.silent or record.report.paused or record.report.draining
            assert record.slots == (0 if stopped else record.report.nprocs), "the slots were not counted anew"

    def _check_records(self, id: int, job: JobRecord) -> None:
        found = self._read(id)
        assert found.keys() == _members(job.settled)
        failed = {index for index, value in found.items() if isinstance(value, TaskFailure)}
        assert failed == _members(job.failed)
        status = self.hub.view.status(id)
        assert (status.done, status.failed, status.total) == (len(found) - len(failed), len(failed), job.total)
        for index, value in self.recorded.get(id, {}).items():
            assert found.get(index) == value, f"the record of task {index} has changed"
        for index in failed - self.recorded.get(id, {}).keys():
            needed = {"raised": job.spec.retries + 1, "timeout": job.spec.retries + 1, "died": 3, "memory": 1}
            tries = len(self.tried.get((id, index), ()))
            assert tries >= needed.get(found[index].kind, 1), f"task {index} was given up after {tries} tries"
        self.recorded[id] = found

    def _read(self, id: int) -> dict[int, Any]:
        """What the journal holds of a job, by task. Raises AssertionError where a task has two outcomes."""
        found: dict[int, Any] = {}
        for outcome in self.hub.reader.outcomes(id, 0, 0.0, 1 << 30)[0]:
            for index, value in (*outcome_values.values(outcome), *((f.index, f) for f in outcome.failures)):
                assert index not in found, f"task {index} has two outcomes"
                found[index] = value
        return found

    def retry(self, id: int) -> None:
        """Ask for a retry: what failed, and is forgotten by the journal, counts no more."""
        self.ask(self.hub.jobs.retry_failed, id)
        self.ended.pop(id, None)
        found, before = self._read(id), self.recorded.get(id, {})
        self.recorded[id] = {index: value for index, value in before.items() if index in found}
        for index in before.keys() - found.keys():
            self.tried.pop((id, index), None)

    def forget(self, id: int) -> None:
        """Delete a job that is over: nothing of it counts any more, whoever still reports of it."""
        self.ask(self.hub.jobs.forget, id)
        if id not in self.jobs:
            self.recorded.pop(id, None)
            self.ended.pop(id, None)
            assert not self.journal.outcomes.after(id, 0, 1 << 30)


def _members(ranges: Any) -> set[int]:
    return {index for start, stop in ranges for index in range(start, stop)}


def spec(**fields: Any) -> JobSpec:
    """A job's spec, of which only what the scheduler looks at matters."""
    return JobSpec(**{"name": "job", "environment": "", "function": "f", **fields})
