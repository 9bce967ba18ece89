"""How the terminal says what jobs, failures and workers are: in lines, safe for a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from mcgui_core.cli.safe_text import safe, safe_line
from mcgui_core.protocol.messages import (
    DEPARTED_STATES,
    AccessReport,
    JobStatus,
    NodeStatus,
    Reduced,
    ResultRow,
    TaskFailure,
)
from mcgui_core.protocol.queries import Exported, FailureGroup


def progress_line(status: JobStatus) -> str:
    """What is said of a job again and again while it runs."""
    return safe_line(f"{status.name}: {counts(status)}")


def counts(status: JobStatus) -> str:
    """How far it is."""
    settled = status.done + status.failed
    failed = f", {status.failed:,} failed" if status.failed else ""
    note = f" {status.reason}" if status.reason else ""
    counting = " and counting" if status.whole is None and not status.final else ""
    return f"{settled:,} of {status.whole or status.total:,}{counting}, {status.rate:,.0f} tasks/s{failed}.{note}"


def job_lines(jobs: Iterable[JobStatus]) -> list[str]:
    """A line for each."""
    return [safe_line(f"  job {job.id:>4}  {job.state:<10} {job.name:<24.24} {counts(job)}") for job in jobs]


def outcome_lines(status: JobStatus, reduced: Reduced | None, written: Exported | None) -> list[str]:
    """What came of a job that is over."""
    now = status.finished or time.time()
    took = now - status.created if status.started is None else status.took(now)
    done = f"{status.done:,} of {tasks(status.whole or status.total)} done in {took:.2f} s"
    lines = [safe(f"Job {status.id}, {status.name}: {status.state}, {done}.")]
    if status.reason:
        lines.append(safe(status.reason))
    if written is not None:
        lines.append(written_text(written))
    if reduced is not None:
        lines.append(safe(reduced.text))
    return lines


def written_text(written: Exported) -> str:
    """Where the results are, and what whoever reads them has to know."""
    first = [f"{written.rows:,} rows written to {written.path}."] if written.rows or not written.notes else []
    return "\n".join([*first, *written.notes])


def result_lines(rows: Sequence[ResultRow]) -> list[str]:
    """A line for each task: its argument, and what came of it."""
    return [safe_line(f"  {row.index:>6}  {row.argument}  ->  {_outcome(row)}") for row in rows]


def _outcome(row: ResultRow) -> str:
    return row.value if row.state == "done" else row.state if row.state == "waiting" else f"failed: {row.value}"


def failure_text(failure: TaskFailure) -> str:
    """What happened to a task, once: a traceback ends with the error, but not with what else the message says."""
    first = "" if failure.traceback and failure.message in failure.traceback else f" {_said(failure)}"
    return safe(f"{_task(failure)} failed:{first}\n{failure.traceback}".rstrip("\n"))


def group_line(group: FailureGroup) -> str:
    """Failures of one kind."""
    what = f"{group.type}: {group.message}" if group.type else group.message
    return safe_line(f"{tasks(group.count)}, the first is {group.first}: {what}")


def example_line(failure: TaskFailure) -> str:
    """One more of a kind."""
    return safe_line(f"  {_task(failure)}: {failure.message}")


def tasks(count: int) -> str:
    """So many."""
    return "1 task" if count == 1 else f"{count:,} tasks"


def _task(failure: TaskFailure) -> str:
    argument = f" ({failure.argument})" if failure.argument else ""
    return f"Task {failure.index}{argument}{f' on {failure.node}' if failure.node else ''}"


def node_line(node: NodeStatus) -> str:
    """How a worker stands."""
    slots = f"{node.busy}/{node.nprocs}" if node.state not in DEPARTED_STATES else "-"
    work = f"{node.done:>12,} done  {node.rate:>10,.0f}/s"
    return safe_line(f"  node {node.name:<20.20} {node.state:<9} {slots:>7}  {work}  {node.reason}")


def access_lines(access: AccessReport) -> list[str]:
    """Who was kept out, and what is revoked."""
    lines = []
    if access.latest:
        last = access.latest[0]
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.last))
        times = "once" if access.failed_proofs == 1 else f"{access.failed_proofs:,} times"
        lines.append(f"  somebody did not prove a key {times}, the last at {safe_line(last.address)}, {when}")
    lines += [f"  node {safe_line(name)} ({safe_line(id)}) is kept away" for id, name in access.sent_away]
    if revoked := [kind for kind, valid in access.links if not valid]:
        lines.append(f"  revoked links: {', '.join(revoked)}")
    return lines


def _said(failure: TaskFailure) -> str:
    return f"{failure.type}: {failure.message}" if failure.type and failure.message else failure.type or failure.message
