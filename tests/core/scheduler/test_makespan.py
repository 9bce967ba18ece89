"""How long a job takes under a virtual clock, beside the best that could be had."""

from __future__ import annotations

from array import array
from math import ceil

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

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
    brain = SchedulerAlone()
    cluster = SimulatedCluster(brain)
    for number in range(nodes):
        cluster.add_node(f"pc-{number}", slots)
    cluster.submit(Work(1, array("d", [1.0]) * (rounds * nodes * slots)))
    table = brain.scheduler._dispatch.table
    table.set_gather = lambda _nodes: None  # type: ignore[method-assign]  # as with more nodes than there are here
    table.gather = gather
    cluster.run(60.0)
    check_counts(brain.scheduler)
    status = cluster.status(1)
    assert status.state == "finished"
    assert ceil((status.finished or 0.0) - (status.started or 0.0) - BEYOND) <= rounds
