"""What happened between two snapshots, in sentences for the log. No Qt in here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mcgui import format
from mcgui.console.progress.progress_line import took
from mcgui_core.protocol.messages import DEPARTED_STATES, JobStatus, NodeStatus, Snapshot

Line = tuple[int, str]  # (logging level, sentence)
#: Sentences about the time before the window.
HISTORY: Final = 500


def happened(before: Snapshot | None, after: Snapshot) -> tuple[Line, ...]:
    """What changed from one snapshot to the next. Of the first one, only who is there."""
    old_nodes = {node.id: node for node in before.nodes} if before else {}
    old_jobs = {job.id: job for job in before.jobs} if before else {}
    lines: list[Line] = []
    for node in after.nodes:
        lines.extend(_of_node(old_nodes.get(node.id), node))
    if before is not None:
        for job in after.jobs:
            lines.extend(_of_job(old_jobs.get(job.id), job))
    return tuple(lines)


def history(first: Snapshot) -> tuple[tuple[int, float, str], ...]:
    """What happened before the window was there, as far as the master knows it: (level, time, sentence), ascending."""
    told: list[tuple[int, float, str]] = []
    for node in first.nodes:
        if node.state in DEPARTED_STATES:
            joined = replace(node, state="idle", reason="")
            told += [(level, node.joined, text) for level, text in _of_node(None, joined)]
            told += [(level, node.contact, text) for level, text in _of_node(joined, node)]
    for job in first.jobs:
        new = replace(job, state="waiting", reason="")
        told += [(level, job.created, text) for level, text in _of_job(None, new)]
        if job.final and job.finished is not None:
            told += [(level, job.finished, text) for level, text in _of_job(replace(new, failed=job.failed), job)]
    return tuple(sorted(told, key=lambda line: line[1])[-HISTORY:])


def _of_node(before: NodeStatus | None, node: NodeStatus) -> Iterator[Line]:
    because = f": {node.reason}" if node.reason else ""
    was_there = before is not None and before.state not in DEPARTED_STATES
    if node.state in DEPARTED_STATES:
        if before is None or not was_there:
            return
        if node.state == "lost":
            yield logging.WARNING, f"{node.name} is lost{because}. Its tasks run elsewhere."
        else:
            yield logging.INFO, f"{node.name} left{because}."
    elif not was_there:
        again = "again " if before is not None else ""
        yield logging.INFO, f"{node.name} joined {again}with {format.plural(node.nprocs, 'processor')}."
    elif before is not None and node.nprocs != before.nprocs:
        yield logging.INFO, f"{node.name} now gives {format.plural(node.nprocs, 'processor')}."
    if was_there and before is not None and node.state != before.state:
        if node.state == "paused":
            yield logging.INFO, f"{node.name} is paused{because}."
        elif node.state == "draining":
            yield logging.INFO, f"{node.name} retires: it ends the tasks that it runs, and takes no more{because}."
        elif node.state == "silent":
            yield logging.WARNING, f"{node.name} has not been heard of for a while{because}."
        elif before.state in ("paused", "draining", "silent") and node.state in ("idle", "working"):
            yield logging.INFO, f"{node.name} goes on."


def _of_job(before: JobStatus | None, job: JobStatus) -> Iterator[Line]:
    if before is None:
        yield logging.INFO, f"Job {job.id}, {job.name}, was submitted: {job.function} on {_tasks(job)}."
        if job.state == "waiting":
            return
    elif job.state == before.state:
        if job.failed and not before.failed:
            yield logging.WARNING, f"Job {job.id}, {job.name}: the first task failed."
        return
    because = f": {job.reason}" if job.reason else "."
    match job.state:
        case "finished":
            failed = f", {format.count(job.failed)} failed" if job.failed else ""
            level = logging.WARNING if job.failed else logging.INFO
            yield level, f"Job {job.id}, {job.name}, finished in {format.duration(took(job))}: {_tasks(job)}{failed}."
        case "stopped":
            yield logging.ERROR, f"Job {job.id}, {job.name}, stopped{because}"
        case "cancelled":
            yield logging.WARNING, f"Job {job.id}, {job.name}, was cancelled{because}"
        case "paused":
            yield logging.INFO, f"Job {job.id}, {job.name}, is paused{because}"
        case "running" if before is not None and before.state in ("paused", "finished", "stopped", "cancelled"):
            yield logging.INFO, f"Job {job.id}, {job.name}, goes on."


def _tasks(job: JobStatus) -> str:
    return format.plural(job.whole, "task") if job.whole is not None else "arguments that still arrive"
