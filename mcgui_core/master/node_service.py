"""What nodes ask of the master (join, report, lease, heartbeat), and what a person wants of a node.

Two kinds of call come from a node. `exchange` never blocks: what was done comes in, the next lease goes out. `attend`
is the heartbeat, a long poll that brings orders the other way; each node waits at a condition variable of its own.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Literal

from mcgui_core.base.exposed import exposed
from mcgui_core.errors import JournalFull, NodeUnknown, SentAway
from mcgui_core.master.access.lease_tokens import LeaseTokens
from mcgui_core.master.access.node_names import name_of, under_name
from mcgui_core.master.access.peer_text_limits import MESSAGE, within_limits
from mcgui_core.master.lease_payload import LeasePayload
from mcgui_core.master.report_check import (
    check_report,
    fit_to_show,
    of_its_jobs,
    with_short_texts,
)
from mcgui_core.master.shared_state import LONGEST_WAIT, SharedState
from mcgui_core.master.stored_jobs import standing
from mcgui_core.master.values.value_service import ValueService
from mcgui_core.protocol.messages import Chunk, Lease, NodeInfo, NodeReport, Orders, Report, Welcome
from mcgui_core.protocol.messages.field_limits import MOST_FETCHED, Length, Whole
from mcgui_core.protocol.reasons import NO_REASON, Reason, ReasonCode
from mcgui_core.scheduler.node_state import NodeRecord
from mcgui_core.values.value_file import is_large

#: Nodes that have gone and are still shown, where there are many.
DEPARTED_KEPT = 1_000
_SENT_AWAY = "sent away"  # in the journal
_NOTHING_TOLD, _NO_ORDERS = Report(), Orders()


class NodeService:
    """Thread-safe."""

    def __init__(self, state: SharedState, values: ValueService) -> None:
        self._state, self._scheduler, self._journal, self._values = state, state.scheduler, state.journal, values
        self._tokens = LeaseTokens.of(self._journal)
        self._payload = LeasePayload(self._journal, self._scheduler.jobs)
        self._connections: dict[str, object] = {}  # node -> the connection that it joined by
        # node -> the last of the leases that came along with a heartbeat's answer, which perhaps it does not have yet:
        # what came by the other connection might come before, and would lack what came along.
        self._along: dict[str, int] = {}
        self._renamed: set[str] = set()  # nodes that are called otherwise than they call themselves
        state.sent_away.update(json.loads(self._journal.file.get(_SENT_AWAY) or "{}"))

    # --- for nodes ----------------------------------------------------------------------------------------------

    def join(self, info: NodeInfo, address: str, connection: object, held: tuple[Chunk, ...] = ()) -> Welcome:
        """A node has come (back), by that connection, and says to hold these parts of leases. Raises BadInput.

        What of them was not its own counts for nothing: it may be of the master that was here before.
        """
        with self._state.lock:
            self._check_welcome(info.id)
            self._forget_departed()
            name = name_of(info, self._scheduler.nodes)
            self._renamed.discard(info.id)
            if name != info.name:
                self._renamed.add(info.id)
            own = [chunk for chunk in held if chunk.start < chunk.stop and self._tokens.covers(info.id, chunk)]
            kept = self._scheduler.join(replace(info, name=name), address, self._state.now(), own)
            for job in {chunk.job for chunk in kept}:
                self._state.note_job(job)
            self._values.joined(info.id, info.store)
            self._connections[info.id] = connection
            self._along.pop(info.id, None)
            self._state.wakeups.add(info.id)
            self._state.publish()
            return Welcome(self._journal.file.id, kept)

    def exchange(self, node: str, report: Report, want: float, visit: int = 0, *, home: bool = False) -> Lease:
        """Take a node's report and give it work. Never blocks. `home` is kept with what it brings: see Outcome.

        Raises JournalFull where the report cannot be written to the journal, BadInput where it cannot be so or is about
        what this node never had leased, and NodeUnknown where that node never joined: then it did not happen.
        """
        if any(is_large(outcome.values) for outcome in report.outcomes):
            with self._state.lock:
                self._check(node, report)
                counts = self._large_that_count(node, report)
            # Without the lock, which others want. What counts by then and did not yet, the journal writes.
            with self._values.outcomes_arriving(report.outcomes, counts) as kept:
                return self._exchanged(node, report, replace(report, outcomes=kept), want, visit, home)
        return self._exchanged(node, report, report, want, visit, home)

    def _exchanged(self, node: str, came: Report, report: Report, want: float, visit: int, home: bool) -> Lease:
        """As `exchange`, where the report `came` with large values, and has by now where they lie."""
        state, scheduler = self._state, self._scheduler
        with state.lock:
            self._check(node, came)
            now, told = state.now(), report != _NOTHING_TOLD or self._has_told(node)
            if told:
                self._settle(node, report, now, home)
            asks = scheduler.hears(node, visit) and node not in self._along
            lease = self._leased(node, want, now) if asks else Lease(gather=scheduler.gather)
            if lease.chunks or told:
                state.publish()
        return self._for_wire(node, lease)

    def _has_told(self, node: str) -> bool:
        """It has said that content is on its way to it, or results from it. That it says so no more is news too."""
        record = self._scheduler.nodes.get(node)
        return record is not None and bool(record.staging or record.kept)

    def _settle(self, node: str, report: Report, now: float, home: bool) -> None:
        """What counts of a report: first in the journal, then anywhere else."""
        state, scheduler, record = self._state, self._scheduler, self._scheduler.nodes[node]
        report = self._as_kept(report, record)
        if report.beside:
            done = max(0, record.kept - len(report.outcomes))
            staging, bringing = tuple(record.staging.items()), tuple(record.bringing)
            report = replace(report, kept=done, staging=staging, bringing=bringing)
        sifted = scheduler.sift(node, report)
        ended = {job.id: standing(job) for job in scheduler.finishing(node, sifted, now)}
        if sifted.outcomes or report.output:
            kept = tuple(o if o.home == home else replace(o, home=home) for o in sifted.outcomes)
            state.write(lambda: self._journal.record(kept, report.output, ended))
        state.statuses.update(report.statuses)
        state.statuses.settle(report.outcomes)
        done, failed = record.done, record.failed
        jobs = {outcome.job for outcome in sifted.outcomes}
        states = {job: state.state_of(job) for job in jobs} | {unfit.job: "" for unfit in report.unfit}
        scheduler.settle(node, sifted, now)
        if record.done != done or record.failed != failed:
            state.samples.add(now, node, record.done - done, record.failed - failed, state.version + 1)
        if node in self._along and any(outcome.lease == self._along[node] for outcome in report.outcomes):
            del self._along[node]
        for job, before in states.items():
            if state.state_of(job) != before:
                state.save_job(job, ended.get(job))

    def _as_kept(self, report: Report, node: NodeRecord) -> Report:
        """A report as far as what it says in words is kept, and under the name that its node has here."""
        if report.deaths or report.unfit or any(outcome.failures for outcome in report.outcomes):
            report = with_short_texts(report)
        if report.output or report.statuses:
            report = fit_to_show(report, self._scheduler.jobs)
        if node.info.id in self._renamed:
            report = under_name(report, node.info.name)
        return of_its_jobs(report, node) if report.unfit else report

    @exposed("node")
    def argument_pieces(
        self, node: str, job: Whole, starts: Annotated[tuple[Whole, ...], Length(1, MOST_FETCHED)], offset: Whole
    ) -> tuple[bytes, ...]:
        """Arguments that a lease of the node named by their first tasks: the bytes of the first of them from there on,
        and those behind it, as many as travel at once; b"" where they are gone. Nothing where it has no such lease, or
        has it no more.

        Raises BadInput where they cannot be read now.
        """
        with self._state.lock:
            self._check_welcome(node)
            record = self._scheduler.nodes.get(node)
            blocks = [self._payload.block(record, job, start) for start in starts] if record is not None else []
        if None in blocks:
            return ()
        return self._values.pieces([block.data for block in blocks if block is not None], offset)

    @exposed("node")
    def attend(self, node: str, report: NodeReport, timeout: float, visit: int = 0, want: float = 0.0) -> Orders:
        """A node's heartbeat. Blocks until there are orders for it, or for `timeout` seconds. Raises BadInput.

        Where it holds nothing, and `want` is more than 0.0, a small job comes along, as `exchange` would give it out.
        """
        orders = self._attended(node, report, timeout, visit, want)
        lease = None if orders.lease is None else self._for_wire(node, orders.lease)
        return orders if lease is orders.lease else replace(orders, lease=lease)

    def _attended(self, node: str, report: NodeReport, timeout: float, visit: int, want: float) -> Orders:
        report = within_limits(report)
        state, scheduler = self._state, self._scheduler
        with state.lock:
            self._check_welcome(node)
            if not scheduler.hears(node, visit):
                return _NO_ORDERS
            self._along.pop(node, None)
            scheduler.heartbeat(node, report, state.now())
            orders = self._orders(node, want, urgent=True)
            state.version += 1  # CPU and memory have changed; not worth waking a console, which looks soon anyway
            if orders != _NO_ORDERS or state.closing:
                return orders
            state.wakeups.wait(node, min(timeout, LONGEST_WAIT))
            self._check_welcome(node)
            return self._orders(node, want) if scheduler.hears(node, visit) else _NO_ORDERS

    def _orders(self, node: str, want: float, urgent: bool = False) -> Orders:
        state, scheduler, now = self._state, self._scheduler, self._state.now()
        orders = scheduler.orders(node, now, urgent)
        # Only to who holds nothing: while a report of what it held is on its way, both sides would reckon otherwise
        # which arguments it has.
        if want <= 0 or not orders.work or scheduler.nodes[node].leases:
            return orders
        job = scheduler.only_waiting()
        if job is None or not self._payload.is_small(job):
            return orders
        lease = self._leased(node, want, now, repeats=False)  # what is late may be large
        if not lease.chunks:
            return orders
        self._along[node] = max(chunk.lease for chunk in lease.chunks)
        state.publish()
        return replace(orders, work=False, lease=lease)

    @exposed("node")
    def leave(self, node: str, reason: str, code: ReasonCode = "") -> None:
        """A node goes, on purpose. That its connection ends later tells nothing new."""
        with self._state.lock:
            self._connections.pop(node, None)
            self._scheduler.depart(node, "left", Reason(code, reason[:MESSAGE]), self._state.now())
            self._state.publish()

    def lost(self, node: str, connection: object, ended: Reason = NO_REASON) -> None:
        """That connection of a node broke. It may have come back by another one before that was noticed.

        Where we `ended` it, no task is to blame.
        """
        with self._state.lock:
            if not self._state.closing and self._connections.get(node) is connection:
                now = self._state.now()
                if ended:
                    self._scheduler.depart(node, "left", ended, now)
                else:
                    reason = Reason("disconnected", "its connection broke")
                    self._scheduler.depart(node, "lost", reason, now, may_return=True)
                self._state.publish()

    def name_of(self, node: object = None) -> str:
        """The name of a node, by its id; "" where that is none that we know."""
        with self._state.lock:
            known = self._scheduler.nodes.get(node) if isinstance(node, str) else None
        return known.info.name if known is not None else ""

    def has_joined_from(self, address: str) -> bool:
        """Whether a node that we know has come from there."""
        with self._state.lock:
            return any(node.address == address for node in self._scheduler.nodes.values())

    def write_verdicts(self) -> None:
        """Tasks that took their workers down have failed: no node is left to report it. For whoever holds the lock."""
        sifted = self._scheduler.verdicts()
        if not sifted.outcomes or self._state.disk_guard.trouble is not None:
            return  # with the next tick, perhaps
        with suppress(JournalFull):
            self._state.write(lambda: self._journal.record(sifted.outcomes))
            self._scheduler.settle("", sifted, self._state.now())
        for job in {outcome.job for outcome in sifted.outcomes}:
            self._state.save(job)

    # --- for consoles -------------------------------------------------------------------------------------------

    @exposed("console")
    def steer(self, node: str, nprocs: int, pause: bool | None, retire: Literal["", "finish", "now"]) -> None:
        """Have a node told what a person wants of it. Raises NodeUnknown."""
        with self._state.lock:
            self._scheduler.steer(node, nprocs, pause, retire)
            self._state.publish()

    @exposed("console")
    def send_away(self, node: str) -> None:
        """A node is to stop what it runs and go, and is kept away until `allow_again`. Raises NodeUnknown."""
        with self._state.lock:
            if node not in self._scheduler.nodes:
                raise NodeUnknown(node)
            self._keep_away({**self._state.sent_away, node: self._scheduler.nodes[node].info.name})
            reason = Reason("sent away", "sent away, and kept away")
            self._scheduler.depart(node, "left", reason, self._state.now())
            self._state.publish()
            self._state.wakeups.wake({node})  # so that it hears at once that it is not welcome

    @exposed("console")
    def allow_again(self, node: str) -> None:
        """A node that was sent away may join again. No effect on any other."""
        with self._state.lock:
            self._keep_away({id: name for id, name in self._state.sent_away.items() if id != node})
            self._state.publish()

    @exposed("console")
    def forget_node(self, node: str) -> None:
        """Show a node no more that has gone. Raises NodeUnknown; no effect on one that is there."""
        with self._state.lock:
            self._forget(node)
            self._state.publish()

    def _forget_departed(self) -> None:
        """Show no more than so many that have gone: who comes under ever new names must not fill the memory."""
        nodes = self._scheduler.nodes
        if len(nodes) < 2 * DEPARTED_KEPT:
            return
        gone = sorted((node.contact, id) for id, node in nodes.items() if not node.present)
        for _, id in gone[:-DEPARTED_KEPT]:
            self._forget(id)

    def _forget(self, node: str) -> None:
        self._scheduler.forget_node(node)
        if node not in self._scheduler.nodes:
            self._state.wakeups.remove(node)
            self._connections.pop(node, None)
            self._along.pop(node, None)
            self._values.joined(node, "")

    def _keep_away(self, nodes: dict[str, str]) -> None:
        self._state.write(lambda: self._journal.file.put(_SENT_AWAY, json.dumps(nodes)))
        self._state.sent_away.clear()
        self._state.sent_away.update(nodes)

    def _check_welcome(self, node: str) -> None:
        if node in self._state.sent_away:
            raise SentAway

    def _large_that_count(self, node: str, report: Report) -> set[int]:
        """The places of those outcomes of a report whose values are worth writing: large, and told the first time."""
        told = zip(report.outcomes, self._scheduler.sift(node, report).outcomes, strict=False)  # then come deaths
        return {place for place, (came, found) in enumerate(told) if found.accepted and is_large(came.values)}

    def _check(self, node: str, report: Report) -> None:
        """Raises BadInput, NodeUnknown, SentAway."""
        self._check_welcome(node)
        if report != _NOTHING_TOLD and node not in self._scheduler.nodes:
            raise NodeUnknown(node)
        check_report(report, self._scheduler.jobs)
        self._tokens.check(node, report)
        self._values.check(node, report)

    # --- inside -------------------------------------------------------------------------------------------------

    def _leased(self, node: str, want: float, now: float, *, repeats: bool = True) -> Lease:
        """What a node is given now, or a lease without chunks. Where this raises, none was leased."""
        state, scheduler = self._state, self._scheduler
        chunks = scheduler.lease(node, want, now, repeats)
        if not chunks:
            return Lease(gather=scheduler.gather, last=scheduler.is_all(()))
        try:
            for job in {chunk.job for chunk in chunks}:
                state.note_job(job)
            return self._with_payload(scheduler.nodes[node], chunks, now)
        except BaseException:
            self._not_sent(node, Lease(chunks))
            raise

    def _with_payload(self, node: NodeRecord, chunks: tuple[Chunk, ...], now: float) -> Lease:
        scheduler = self._scheduler
        reads = self._values.reads_files(node.info.id)  # then none of it travels
        kept, surplus = (chunks, ()) if reads else self._payload.cut(chunks)
        if surplus:
            for chunk in kept:  # what is cut off, the node never had, nor its arguments
                node.leases[chunk.lease].chunk = chunk
            scheduler.not_sent(node.info.id, surplus, now)  # ... nor may anybody else wait for it
        issued = tuple(self._tokens.issued(node.info.id, chunk) for chunk in kept)
        specs, blocks = self._payload.needed(node, kept)
        return Lease(issued, specs, blocks, scheduler.gather, scheduler.is_all(kept))

    def _for_wire(self, node: str, lease: Lease) -> Lease:
        """As it travels to that node. Without the lock: files are read. Where this raises, none was leased."""
        try:
            return self._values.lease_for(node, lease)
        except BaseException:
            self._not_sent(node, lease)
            raise

    def _not_sent(self, node: str, lease: Lease) -> None:
        """A node was leased this, and never hears of it: somebody else may have it, and the node has no spec of it."""
        with self._state.lock:
            if node in self._scheduler.nodes:
                self._scheduler.nodes[node].knows.difference_update((job, -1) for job, _ in lease.specs)
            self._scheduler.not_sent(node, lease.chunks, self._state.now())
            self._state.publish()
