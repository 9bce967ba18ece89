"""What the scheduler counts as it goes, summed up: after each step of a property the two must be equal."""

from __future__ import annotations

from math import ceil

from mcgui_core.base.ranges import RangeSet
from mcgui_core.scheduler.capacity import can_run
from mcgui_core.scheduler.dispatch import Dispatcher
from mcgui_core.scheduler.failure_places import BLOCK
from mcgui_core.scheduler.job_state import JobRecord
from mcgui_core.scheduler.node_state import NodeRecord
from mcgui_core.scheduler.scheduler import Scheduler


def check_counts(scheduler: Scheduler) -> None:
    """Raises AssertionError where a count is not what it counts."""
    dispatch, nodes = scheduler._dispatch, list(scheduler.nodes.values())
    for node in nodes:
        _check_node(node, dispatch)
    for job in scheduler.jobs.values():
        _check_job(job, nodes, dispatch)
    assert dispatch.table._records == {n: record for node in nodes for n, record in node.leases.items()}
    assert {*dispatch.table._touched, *dispatch.table._bits, *dispatch.table._asked} <= scheduler.nodes.keys()
    dispatch.table.fullest()  # sorts in whoever was touched
    queues = {id: (size, node) for size, found in dispatch.table._queues.items() for id, node in found.items()}
    queued = {
        node.info.id: (node.queued.bit_length(), node)
        for node in nodes
        if node.queued and not (node.is_asked or node.recalled)
    }
    assert queues == queued
    asked = [node for node in nodes if node.present and (node.is_asked or (node.recalled and node.queued))]
    assert dispatch.table._asked == {node.info.id for node in asked}
    assert dispatch.capacity._called.keys() <= {node.info.id for node in nodes}
    for id in {*dispatch.capacity._promised, *scheduler.jobs}:
        promised = sum(slots for job, slots in dispatch.capacity._called.values() if job == id)
        assert dispatch.capacity._promised[id] == promised
    assert set(dispatch.live) == {job.id for job in scheduler.jobs.values() if not job.final}
    assert {job.id for job in scheduler.jobs.values() if job.leasable} <= set(dispatch._ready)
    expecting = {id for id, job in dispatch.live.items() if not job.no_more_come or _are_tried_again(job)}
    assert expecting <= dispatch._expecting <= dispatch.live.keys()


def _are_tried_again(job: JobRecord) -> bool:
    """It has failed tasks that wait, not only such as have taken workers down, and are to be settled."""
    return any(index not in job.condemned for span in job.postponed for index in range(*span))


def _check_node(node: NodeRecord, dispatch: Dispatcher) -> None:
    leases = list(node.leases.values())
    for record in leases:
        assert record.pieces == ceil(len(record.outstanding) / (record.chunk.each or len(record.outstanding)))
    assert node.pieces == sum(record.pieces for record in leases)
    assert {id: (held.leases, held.pieces, held.tasks, held.late) for id, held in node.held.items()} == {
        id: (
            len(mine := [record for record in leases if record.chunk.job == id]),
            sum(record.pieces for record in mine),
            sum(len(record.outstanding) for record in mine),
            sum(record.late for record in mine),
        )
        for id in {record.chunk.job for record in leases}
    }
    hungry = dispatch.capacity._hungry.get(node.python, {})
    called = node.info.id in dispatch.capacity._called
    assert (node.info.id in hungry) == (node.hungry and not called)
    assert node.hungry or not called
    assert node.suspect == 0 or node.suspect in node.leases


def _check_job(job: JobRecord, nodes: list[NodeRecord], dispatch: Dispatcher) -> None:
    leases = [record for node in nodes for record in node.leases.values() if record.chunk.job == job.id]
    assert job.leases == len(leases)
    assert job.pieces == sum(record.pieces for record in leases)
    assert job.running == sum(len(record.outstanding) for record in leases if not record.repeats)
    holdings = [node.held[job.id] for node in nodes if job.id in node.held]
    assert job.at_work == sum(held.at_work for held in holdings)
    assert job.kept == sum(held.kept for held in holdings)
    assert abs(job.worked_from - sum(held.worked_from for held in holdings)) < 1e-3
    repeated = RangeSet()
    for record in leases:
        if record.repeats and not record.let_go:
            for span in record.outstanding:
                assert not repeated.common(*span), f"{span} is repeated twice at a time"
                repeated.add(*span)
    assert job.repeating == repeated
    assert job.late == {record.chunk.lease: record for record in leases if record.late}
    assert job.late_on.keys() == {record.node for record in leases if record.late}
    listed = {lease for _, _, lease in job.overdue}
    left_out = [record for record in leases if record.late and not record.repeats and record.chunk.lease not in listed]
    assert not any(dispatch.stragglers._open(record, job) for record in left_out)
    able = [node for node in nodes if can_run(node, job)]
    willing = [node for node in able if job.id not in node.aside and job.id not in node.stalled]
    assert dispatch.capacity.is_able(job, "here") == any(node.present for node in able)
    assert dispatch.capacity.is_able(job, "lost") == any(node.departed == "lost" for node in able)
    slots = sum(node.slots for node in willing) or sum(node.slots for node in able)
    assert dispatch.capacity.slots(job) == slots
    for node in nodes:
        others = any(other is not node and other.slots for other in willing)
        assert dispatch.capacity.others(node, job) == others
    for places in (job.failed_on, job.too_large):
        noted = {(task // BLOCK, id) for id, tasks in places._tasks.items() for a, b in tasks for task in range(a, b)}
        assert noted == {(block, id) for block, found in places._blocks.items() for id in found}
        assert all(places._tasks.values())
    for id, tasks in job.too_large._tasks.items():
        assert all(job.failed_on.has(id, task) for start, stop in tasks for task in range(start, stop))
    kept_from = {node.info.id for node in nodes if {job.id} & {*node.aside, *node.stalled, *node.unfit, *node.held}}
    assert kept_from <= job.nodes
    assert all(index in RangeSet(job.postponed) for index in job.condemned)
