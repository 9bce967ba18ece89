"""Whatever hangs, every job ends, or says which tasks hang where; and nothing runs more often than is promised.

Hypothesis invents small rooms under a virtual clock, in which slots, tasks and whole nodes hang from some moment on. In
some of them nodes also go meanwhile, and perhaps come back, and people steer the jobs.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from mcgui_core.protocol.messages import Chunk, JobSpec
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.scheduler.stragglers import QUIET_SECONDS, REPEATS_ALLOWED
from tests.benchmarks.simulated_cluster import SchedulerAlone, SimulatedCluster, SimulatedNode, Work
from tests.core.counts import check_counts

#: Seconds after which a room that has not ended will not, unless somebody could still try: each run of a task has as
#: long as the one before had had, so that the last of them may begin late.
LONG_ENOUGH, LONGEST = 300.0, 3000.0


@dataclass(frozen=True)
class Trouble:
    """What happens to one node."""

    slots: int
    hanging: int = 0  # so many of its slots never end what they begin ...
    after: float = 0.0  # ... from this second on
    hoards: bool = False  # it keeps what it has, and only its heart beats
    joins: float = 0.0  # the second in which it comes


@dataclass(frozen=True)
class Event:
    """What happens beside that, to a node or a job."""

    what: Literal["lost", "leaves", "pause", "prioritize", "cancel", "late arguments"]
    which: int
    at: float
    later: float  # so many seconds after that a node comes back, a job is resumed or has the rest of its arguments
    back: Literal["never", "well", "as it was"] = "well"  # whether a node comes back, and how


MOMENTS = st.one_of(st.sampled_from([0.0, 0.5, 2.2, 5.0]), st.floats(0.0, 60.0))
TROUBLES = st.builds(Trouble, st.integers(1, 4), st.integers(0, 4), MOMENTS, st.booleans(), MOMENTS)
EVENTS = st.builds(
    Event,
    st.sampled_from(["lost", "lost", "leaves", "pause", "prioritize", "cancel", "late arguments"]),
    st.integers(0, 2),
    MOMENTS,
    st.sampled_from([0.0, 0.3, 5.0, 40.0]),
    st.sampled_from(["never", "well", "well", "as it was"]),
)
NONE: frozenset[int] = frozenset()
Tasks = tuple[int, float, frozenset[int], frozenset[int]]  # count, seconds of each, which hang, which are deadly
WORK = st.builds(
    lambda count, seconds, hanging, deadly: (count, seconds, _below(count, hanging), _below(count, deadly - hanging)),
    st.integers(1, 60),
    st.sampled_from([0.004, 0.3, 1.0]),
    st.frozensets(st.integers(0, 59), max_size=3),
    st.frozensets(st.integers(0, 59), max_size=2),
)


def _below(count: int, tasks: frozenset[int]) -> frozenset[int]:
    return frozenset(task for task in tasks if task < count)


def join(cluster: SimulatedCluster, id: str, trouble: Trouble) -> None:
    node = cluster.add_node(id, trouble.slots)
    cluster.at(max(cluster.now, trouble.after), setattr, node, "hanging", trouble.hanging)
    cluster.at(max(cluster.now, trouble.after), setattr, node, "hoards", trouble.hoards)


class HalfOfTheArguments(SchedulerAlone):
    """The jobs `late` begin with the first half of them."""

    def __init__(self, late: Collection[int]) -> None:
        super().__init__()
        self.late = late

    def submit(self, id: int, tasks: int, options: dict[str, Any], now: float) -> None:
        if id not in self.late:
            super().submit(id, tasks, options, now)
            return
        self.scheduler.add_job(id, JobSpec("job", "", "f", **options), now)
        self.scheduler.extend(id, (tasks + 1) // 2, False, now)


def bring_the_rest(cluster: SimulatedCluster, id: int) -> None:
    job = cluster.brain.scheduler.job(id)  # type: ignore[attr-defined]
    if not job.final:
        cluster.brain.scheduler.extend(id, len(cluster.jobs[id].seconds) - job.total, True, cluster.now)  # type: ignore[attr-defined]


def run(troubles: list[Trouble], *jobs: Tasks, events: Sequence[Event] = ()) -> SimulatedCluster:
    late = {event.which % len(jobs) + 1: event.at + event.later for event in events if event.what == "late arguments"}
    cluster = SimulatedCluster(HalfOfTheArguments(late.keys()))
    for number, trouble in enumerate(troubles):
        cluster.at(trouble.joins, join, cluster, f"pc-{number}", trouble)
    for id, (count, seconds, hanging, deadly) in enumerate(jobs, start=1):
        cluster.submit(Work(id, array("d", [seconds]) * count, hanging=hanging, deadly=deadly))
    for event in events:
        if event.what in ("lost", "leaves"):
            number = event.which % len(troubles)
            cluster.at(event.at, go, cluster, f"pc-{number}", troubles[number], event)
        elif event.what != "late arguments":
            cluster.at(event.at, steer, cluster, event.which % len(jobs) + 1, event)
    for id, when in late.items():
        cluster.at(when, bring_the_rest, cluster, id)
    cluster.run(LONG_ENOUGH)
    if any(could_still_be_tried(cluster, id) for id in cluster.jobs):
        cluster.run(LONGEST)
    return cluster


def go(cluster: SimulatedCluster, id: str, trouble: Trouble, event: Event) -> None:
    """A node goes, and perhaps comes back under the same name: as the same agent, whose network broke."""
    node, scheduler = cluster.nodes.get(id), cluster.brain.scheduler  # type: ignore[attr-defined]
    if node is None or node.gone:
        return
    if event.what == "lost":
        node.lose()
    else:
        node.gone = True
        scheduler.depart(id, "left", NO_REASON, cluster.now)
    if event.back != "never":
        again = trouble if event.back == "as it was" else Trouble(trouble.slots)
        cluster.at(cluster.now + event.later, join, cluster, id, again)


def steer(cluster: SimulatedCluster, job: int, event: Event) -> None:
    scheduler = cluster.brain.scheduler  # type: ignore[attr-defined]
    if event.what == "pause":
        scheduler.pause(job)
        cluster.at(cluster.now + event.later, lambda: scheduler.resume(job, cluster.now))
    elif event.what == "prioritize":
        scheduler.prioritize(job, event.which - 1)
    else:
        scheduler.cancel(job, cluster.now)


def tries(cluster: SimulatedCluster, job: int, task: int) -> int:
    """How often a task began, or was given to a node that does not come to it: one that keeps it and does not begin, or
    hangs at another one of its chunk."""
    settled = cluster.brain.scheduler.job(job).settled  # type: ignore[attr-defined]
    kept = [chunk for node in cluster.nodes.values() if node.hoards for chunk in node._work._held]
    behind = [
        chunk
        for node in cluster.nodes.values()
        for chunk in node._busy.values()
        if chunk.start < task < chunk.stop and settled.missing(chunk.start, task)
    ]
    given = sum(chunk.job == job and chunk.start <= task < chunk.stop for chunk in (*kept, *behind))
    return cluster.jobs[job].began[task] + given


def could_still_be_tried(cluster: SimulatedCluster, job: int) -> bool:
    """Whether a slot is free, and a task that hangs was not tried as often as it may be."""
    status = cluster.status(job)
    if status.final or status.task_seconds is None or not slots_free(cluster):
        return False
    unsettled = cluster.brain.scheduler.job(job).settled.missing(0, status.total)  # type: ignore[attr-defined]
    return any(tries(cluster, job, i) <= REPEATS_ALLOWED for start, stop in unsettled for i in range(start, stop))


def slots_free(cluster: SimulatedCluster) -> int:
    there = [node for node in cluster.nodes.values() if not node.gone and not node.hoards]
    return sum(node.slots - len(node._busy) for node in there)


# The rooms are small as they are: to make them smaller would take minutes.
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(TROUBLES, min_size=1, max_size=3), st.lists(WORK, min_size=1, max_size=2))
@example([Trouble(4, 4, 2.2), Trouble(1)], [(60, 1.0, frozenset(), frozenset())])
@example([Trouble(4, 0, 2.2, hoards=True), Trouble(1)], [(60, 0.3, frozenset(), frozenset())])
@example([Trouble(2)], [(60, 0.004, frozenset({0, 17, 59}), frozenset())])
@example([Trouble(4, 4, 2.2), Trouble(4, 1, 2.2)], [(60, 0.3, NONE, NONE), (47, 1.0, frozenset({4, 23}), NONE)])
@example([Trouble(4, 4, 2.2), Trouble(1, joins=40.0)], [(60, 1.0, NONE, NONE)])
@example([Trouble(1), Trouble(4, 4, 0.0, joins=5.0)], [(40, 1.0, NONE, NONE)])
@example(
    [Trouble(2, 4, 0.5, joins=9.7), Trouble(4), Trouble(3, 0, 6.8, hoards=True)], [(50, 1.0, NONE, frozenset({39, 46}))]
)
@example([Trouble(4), Trouble(4)], [(60, 0.3, frozenset(), frozenset({0, 30}))])
@example(
    [Trouble(1, 1, joins=5.0), Trouble(1, 4, 5.0, joins=53.18), Trouble(3, 2, joins=53.18)], [(58, 1.0, NONE, NONE)] * 2
)
@example(
    [Trouble(3, 4, 31.9, joins=0.3), Trouble(3, 4, 31.9, joins=0.3), Trouble(4, 1, 44.4, joins=5.0)],
    [(3, 1.0, NONE, NONE), (51, 0.004, frozenset({18, 19}), NONE)],
)
def test_every_job_ends_or_says_what_hangs_where(troubles: list[Trouble], jobs: list[Tasks]) -> None:
    cluster = run(troubles, *jobs)
    check_counts(cluster.brain.scheduler)  # type: ignore[attr-defined]
    for id in cluster.jobs:
        it_ended_or_says_what_hangs_where(cluster, id, losses=0)


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.lists(TROUBLES, min_size=1, max_size=3),
    st.lists(WORK, min_size=1, max_size=2),
    st.lists(EVENTS, min_size=1, max_size=4),
)
@example(  # the one slot that is left is at what others have ended
    [Trouble(3, 4, 5.0, joins=0.01), Trouble(1, 4, 20.8, joins=0.5)],
    [(12, 0.004, NONE, NONE), (19, 0.3, frozenset({8}), frozenset({11}))],
    [Event("leaves", 0, 34.2, 5.0, "never")],
)
@example(  # ... or at the second run of a task whose first one has gone
    [Trouble(3, 4, 5.0), Trouble(1, 4, 20.8, joins=0.5)],
    [(12, 0.004, NONE, NONE), (19, 0.3, frozenset({8}), frozenset({11}))],
    [Event("leaves", 0, 34.2, 5.0, "never")],
)
def test_it_does_so_too_where_nodes_go_and_come_back_and_jobs_are_steered(
    troubles: list[Trouble], jobs: list[Tasks], events: list[Event]
) -> None:
    cluster = run(troubles, *jobs, events=events)
    check_counts(cluster.brain.scheduler)  # type: ignore[attr-defined]
    cancelled = {event.which % len(jobs) + 1 for event in events if event.what == "cancel"}
    for id in cluster.jobs:
        status = cluster.status(id)
        if status.state == "cancelled":
            assert id in cancelled
            assert (status.running, status.done <= status.total, status.failed) == (0, True, 0)
        else:
            it_ended_or_says_what_hangs_where(cluster, id, losses=sum(e.what in ("lost", "leaves") for e in events))


def it_ended_or_says_what_hangs_where(cluster: SimulatedCluster, id: int, losses: int) -> None:
    work, status = cluster.jobs[id], cluster.status(id)
    # What ran in one piece with a task that killed the slot runs anew, and so does what a node had that has gone.
    assert max(work.began) <= 1 + REPEATS_ALLOWED + len(work.deadly) + losses
    if status.final:
        assert (status.state, status.done, status.failed) == ("finished", len(work.seconds), 0)
        assert min(work.began) >= 1
        return
    if not status.running:
        assert not slots_free(cluster), "somebody could begin"
        if not any(
            chunk.job == id for node in cluster.nodes.values() for chunk in node._busy.values() if not node.gone
        ):
            return  # others have the slots
    assert "Perhaps these hang: " in status.reason
    assert " on pc-" in status.reason
    assert not could_still_be_tried(cluster, id)


def test_where_one_of_two_workers_begins_to_hang_the_other_one_ends_the_job() -> None:
    """600 tasks, slots: four and one. It stood at 587, and the one repeated the same two tasks for ever."""
    cluster = run([Trouble(4, 4, 5.0), Trouble(1)], (150, 1.0, frozenset(), frozenset()))
    assert cluster.status(1).state == "finished"
    assert max(cluster.jobs[1].began) <= 2


def test_tasks_that_hang_wherever_they_run_do_not_keep_their_neighbours_from_ending() -> None:
    hanging = frozenset({3, 17, 18, 1999})
    cluster = run([Trouble(10), Trouble(10)], (2000, 0.004, hanging, frozenset()))
    status = cluster.status(1)
    assert status.done == 2000 - len(hanging)
    assert "Perhaps these hang: " in status.reason
    assert all(str(index) in status.reason for index in hanging)


def test_a_task_that_killed_its_slot_once_and_then_hangs_keeps_no_job_from_ending() -> None:
    cluster = run([Trouble(2), Trouble(2)], (40, 0.3, frozenset(), frozenset({5, 39})))
    assert (cluster.status(1).state, cluster.status(1).failed) == ("finished", 0)


def test_a_task_that_hangs_while_its_second_run_goes_on_after_the_first_one_was_lost_is_repeated_once_more() -> None:
    """Nobody tried it again after these two, though three slots were free: its job never ended."""
    cluster = run(
        [Trouble(4, 4, 2.2, joins=40.3), Trouble(4, 3, joins=7.9), Trouble(1, 1, 0.5)],
        (53, 0.3, NONE, NONE),
        (25, 0.004, frozenset({21}), NONE),
        events=[
            Event("lost", 1, 48.6, 5.0),
            Event("pause", 1, 0.0, 0.0),
            Event("lost", 2, 0.5, 0.0, "never"),
            Event("pause", 2, 5.0, 40.0),
        ],
    )
    check_counts(cluster.brain.scheduler)  # type: ignore[attr-defined]
    assert cluster.status(1).state == "finished"
    assert cluster.jobs[2].began[21] == 2 + REPEATS_ALLOWED


def test_a_slot_that_hangs_at_what_others_have_done_ends_the_job_once_these_have_gone() -> None:
    """The only worker that was left stood at that task for ever, and ran nothing of what was to be done."""
    cluster = SimulatedCluster(SchedulerAlone())
    join(cluster, "pc-0", Trouble(2))
    join(cluster, "pc-1", Trouble(1, hanging=1, after=1.0))
    seconds = array("d", [0.3]) * 40
    seconds[30] = 60.0  # so the job goes on when the other worker leaves
    cluster.submit(Work(1, seconds))
    cluster.at(2.0, setattr, cluster.nodes["pc-1"], "hanging", 0)
    cluster.at(40.0, go, cluster, "pc-0", Trouble(2), Event("leaves", 0, 40.0, 0.0, "never"))
    cluster.run(LONG_ENOUGH)
    check_counts(cluster.brain.scheduler)  # type: ignore[attr-defined]
    assert cluster.status(1).state == "finished"


def suspected(hangs: int) -> SimulatedCluster:
    """Task 13 takes down the first two workers that run it, and hangs on the next ones, so many of them."""
    cluster = SimulatedCluster(SchedulerAlone())
    work = Work(1, array("d", [0.3]) * 60)

    def kills(node: SimulatedNode, chunk: Chunk) -> bool:
        if chunk.start <= 13 < chunk.stop and 2 <= runs[0] < 2 + hangs:
            node.hanging = node.slots
        runs[0] += chunk.start <= 13 < chunk.stop
        return chunk.start <= 13 < chunk.stop and runs[0] <= 2

    runs = [0]
    for number in range(8):
        node = cluster.add_node(f"pc-{number}", 2)
        node.kills = partial(kills, node)
    cluster.submit(work)
    cluster.run(LONG_ENOUGH)
    check_counts(cluster.brain.scheduler)  # type: ignore[attr-defined]
    return cluster


def test_a_task_that_took_workers_down_and_then_hangs_runs_once_more_on_an_empty_one() -> None:
    """It stood there alone for ever, and perhaps it was that worker's dead disk."""
    cluster = suspected(hangs=1)
    assert (cluster.status(1).state, cluster.status(1).failed) == ("finished", 0)


def test_a_task_that_took_workers_down_and_hangs_everywhere_is_named_with_that() -> None:
    cluster = suspected(hangs=100)
    status = cluster.status(1)
    assert (status.done, status.running) == (59, 1)
    assert "Perhaps these hang: 13 on pc-" in status.reason
    assert status.reason.endswith(" Workers were lost while they ran 13.")
    assert cluster.jobs[1].began[13] == 1 + REPEATS_ALLOWED


def test_a_job_that_goes_on_says_nothing_of_hanging() -> None:
    cluster = run([Trouble(2)], (40, 1.0, frozenset(), frozenset()))
    assert cluster.status(1).reason == ""
    assert cluster.now < QUIET_SECONDS
