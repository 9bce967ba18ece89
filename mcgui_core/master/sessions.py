"""What a connection may ask for: one object for nodes, one for consoles and scripts. Thin: the hub does the work."""

from __future__ import annotations

from typing import Literal

from mcgui_core.master.hub import Hub
from mcgui_core.protocol.messages import (
    Block,
    JobSpec,
    JobStatus,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    Snapshot,
    TaskFailure,
    TaskOutput,
)
from mcgui_core.protocol.queries import FailureGroup, OutputQuery
from mcgui_core.protocol.reasons import Reason, ReasonCode


class NodeSession:
    """A node's side of the master. Gone with its connection: then the node is lost, unless it left before."""

    methods = frozenset({"join", "exchange", "attend", "leave"})

    def __init__(self, hub: Hub, address: str) -> None:
        self._hub, self._address = hub, address
        self._attending: str | None = None  # the node whose heartbeats come by this connection

    def join(self, info: NodeInfo) -> str:
        """Returns the id of the journal: a node that finds another one at the old address forgets what it holds."""
        self._attending = info.id
        return self._hub.join(info, self._address, self)

    def exchange(self, node: str, report: Report, want: float, visit: int) -> Lease:
        return self._hub.exchange(node, report, want, visit)

    def attend(self, node: str, report: NodeReport, timeout: float, visit: int) -> Orders:
        return self._hub.attend(node, report, timeout, visit)

    def leave(self, node: str, reason: str, code: ReasonCode = "") -> None:
        self._attending = None
        self._hub.leave(node, Reason(code, reason))

    def closed(self) -> None:
        if self._attending is not None:
            self._hub.lost(self._attending, "its connection broke", self)


class ConsoleSession:
    """Everything that a person or a script may do."""

    methods = frozenset(
        {
            "submit", "extend", "abort", "pause", "resume", "cancel", "retry_failed", "snapshot", "job_ids", "spec",
            "status", "wait", "outcomes", "outcomes_between", "failures", "blocks", "links",
            "steer", "forget_node",
            "seal", "forget", "forget_older_than", "output",
            "set_priority", "tasks_in", "failure_groups", "failures_like", "find_output",
        }
    )  # fmt: skip

    def __init__(self, hub: Hub, links: dict[str, str]) -> None:
        self._hub, self._links = hub, links

    def submit(self, spec: JobSpec, blocks: tuple[Block, ...], sealed: bool) -> int:
        return self._hub.submit(spec, blocks, sealed, self)

    def extend(self, job: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None = None) -> bool | None:
        return self._hub.extend(job, blocks, sealed, timeout, self)

    def abort(self, job: int, reason: str) -> None:
        self._hub.abort(job, reason)

    def pause(self, job: int) -> None:
        self._hub.pause(job)

    def resume(self, job: int) -> None:
        self._hub.resume(job)

    def cancel(self, job: int) -> None:
        self._hub.cancel(job)

    def retry_failed(self, job: int) -> None:
        self._hub.retry_failed(job)

    def snapshot(self, after: int, timeout: float) -> Snapshot:
        return self._hub.snapshot(after, timeout)

    def job_ids(self) -> tuple[int, ...]:
        return self._hub.archive.job_ids()

    def spec(self, job: int) -> JobSpec:
        return self._hub.archive.spec(job)

    def status(self, job: int) -> JobStatus:
        return self._hub.status(job)

    def wait(self, job: int, timeout: float) -> JobStatus:
        return self._hub.wait(job, timeout)

    def outcomes(self, job: int, after: int, timeout: float, limit_bytes: int) -> tuple[tuple[Outcome, ...], bool]:
        return self._hub.outcomes(job, after, timeout, limit_bytes)

    def outcomes_between(self, job: int, start: int, stop: int) -> tuple[tuple[Outcome, ...], int]:
        return self._hub.archive.outcomes_between(job, start, stop)

    def failures(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        return self._hub.archive.failures(job, after, limit)

    def blocks(self, job: int, start: int, stop: int) -> tuple[Block, ...]:
        return self._hub.archive.blocks(job, start, stop)

    def seal(self, job: int) -> None:
        self._hub.seal(job)

    def forget(self, job: int) -> None:
        self._hub.forget(job)

    def forget_older_than(self, seconds: float) -> int:
        return self._hub.forget_older_than(seconds)

    def output(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        return self._hub.archive.output(job, after, limit)

    def set_priority(self, job: int, priority: int) -> None:
        self._hub.queue.set_priority(job, priority)

    def tasks_in(self, job: int, state: str, start: int, limit: int) -> tuple[tuple[tuple[int, int], ...], bool]:
        return self._hub.archive.tasks_in(job, state, start, limit)

    def failure_groups(self, job: int, after: int) -> tuple[tuple[FailureGroup, ...], int | None]:
        return self._hub.archive.failure_groups(job, after)

    def failures_like(
        self, job: int, group: FailureGroup, after: int, limit: int
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        return self._hub.archive.failures_like(job, group, after, limit)

    def find_output(
        self, query: OutputQuery, before: int | None, limit: int
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        return self._hub.archive.find_output(query, before, limit)

    def steer(self, node: str, nprocs: int, pause: bool | None, retire: Literal["", "finish", "now"]) -> None:
        self._hub.steer(node, nprocs, pause, retire)

    def forget_node(self, node: str) -> None:
        self._hub.forget_node(node)

    def links(self) -> dict[str, str]:
        return self._links

    def closed(self) -> None:
        """Jobs go on when whoever submitted them is gone; those that have not got all their arguments say so."""
        self._hub.feeder_gone(self)
