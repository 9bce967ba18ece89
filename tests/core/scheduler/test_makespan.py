"""How long a job takes under a virtual clock, beside the best that could be had."""

from __future__ import annotations

import random
from array import array
from math import ceil

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from mcgui_core.scheduler.lease_table import GATHER_MOST
from tests.benchmarks.simulate import one_queue
from tests.benchmarks.simulated_cluster import SchedulerAlone, SimulatedCluster, Work
from tests.core.counts import check_counts

#: Seconds that a job may take longer than its rounds: round trips, and the look that finds that it is over.
BEYOND = 0.6


# The rooms are small as they are: to make them smaller would take minutes.
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.integers(1, 12), st.sampled_from([1, 4, 16, 64]), st.integers(1, 10), st.sampled_from([0.2, 1.0]))
@example(12, 16, 10, 1.0)
@example(10, 64, 10, 1.0)
def test_tasks_that_all_take_the_same_time_end_with_the_last_round(
    nodes: int, slots: int, rounds: int, gather: float
) -> None:
    """One node held a task more than the others, and all waited for the round that this one took."""
    took = makespan(nodes, slots, array("d", [1.0]) * (rounds * nodes * slots), gather)
    assert ceil(took - BEYOND) <= rounds


@pytest.mark.parametrize(("nodes", "rounds"), [(20, 3), (10, 10)])
def test_they_do_so_too_where_reports_gather_for_rounds(nodes: int, rounds: int) -> None:
    """How many tasks a node has left is a guess then, and of other sizes (10 nodes, 9 rounds) one or two are left over."""
    took = makespan(nodes, 64, array("d", [1.0]) * (rounds * nodes * 64), GATHER_MOST)
    assert ceil(took - BEYOND) <= rounds


def test_tasks_that_differ_end_nearly_as_soon_as_if_each_slot_took_the_next_one_from_one_queue() -> None:
    """A node of a thousand was filled by what it had told, and keeps a second of work until it can tell that together."""
    nodes, slots = 20, 64
    dice = random.Random(1)
    seconds = array("d", (dice.uniform(0.5, 1.5) for _ in range(10 * nodes * slots)))
    assert makespan(nodes, slots, seconds, GATHER_MOST) < one_queue(seconds, [1.0] * (nodes * slots)) + 0.15


def makespan(nodes: int, slots: int, seconds: array[float], gather: float) -> float:
    """With reports that gather as they do where there are many more nodes."""
    brain = SchedulerAlone()
    cluster = SimulatedCluster(brain)
    for number in range(nodes):
        cluster.add_node(f"pc-{number}", slots)
    cluster.submit(Work(1, seconds))
    table = brain.scheduler._dispatch.table
    table.set_gather = lambda _nodes: None  # type: ignore[method-assign]
    table.gather = gather
    cluster.run(60.0)
    check_counts(brain.scheduler)
    status = cluster.status(1)
    assert status.state == "finished"
    return (status.finished or 0.0) - (status.started or 0.0)
