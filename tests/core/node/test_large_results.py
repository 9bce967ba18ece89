"""Results that travel beside a node's reports: in which order, how many may wait, and what holds meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from mcgui_core.node.master_connection import MasterConnection
from mcgui_core.node.workload.large_results import LARGE, MOST_WAITING, STALLED
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.node.workload.outbox import REPORT_BYTES
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Lease, Outcome, Report, TaskOutput

SPEC = JobSpec("job", "", "f", chunksize=1)
LARGER = bytes(MOST_WAITING // 4)
RESULT = bytes(LARGE)


def lease(number: int, job: int, tasks: int, priority: int = 0, blocks: bool = True) -> Lease:
    chunk = Chunk(number, job, 0, tasks, each=1)
    spec = replace(SPEC, priority=priority)
    return Lease((chunk,), ((job, spec),), ((job, Block(0, tasks, b"args")),) if blocks else ())


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> Workload:
    """With 20 tasks of a job, for two slots."""
    found = Workload(clock)
    found.accept(lease(1, 1, 20))
    return found


def run(work: Workload, values: bytes) -> Outcome:
    """A slot of two runs what comes next."""
    taken = work.take(1, 2)
    assert taken is not None
    piece = taken[0]
    outcome = Outcome(piece.job, piece.start, piece.stop, values, (), 0.1, "node", piece.lease)
    work.report(outcome, work.master)
    return outcome


def bring(work: Workload) -> list[tuple[int, int]]:
    """One call. Returns the jobs and the tasks whose results it brings."""
    found = work.next_large()
    assert found is not None
    work.brought(*found, work.master)
    return [(outcome.job, outcome.start) for outcome in found[0].outcomes]


def tell(work: Workload) -> Report:
    report, numbers = work.next_report(2)
    work.acknowledge(report, numbers)
    return report


def test_small_results_are_told_while_large_ones_are_on_their_way(work: Workload) -> None:
    """They stood behind these for as long as the wire took."""
    large, small = run(work, RESULT), run(work, b"x")
    found = work.next_large()
    assert found is not None
    assert found[0] == Report((large,), beside=True)
    assert tell(work) == Report((small,), kept=1)
    assert not work.to_report
    assert work.unreported
    work.brought(*found, work.master)
    assert not work.unreported
    assert not work.to_report, "the master reckons likewise how many are kept"


def test_the_most_urgent_results_travel_first_as_many_as_a_report_holds_or_one(work: Workload) -> None:
    for size in (1, 3, 3, 3):
        run(work, bytes(REPORT_BYTES * size // 6))
    work.accept(lease(2, 2, 1, priority=9))
    run(work, bytes(2 * REPORT_BYTES))
    assert [bring(work) for _ in range(3)] == [[(2, 0)], [(1, 0), (1, 1)], [(1, 2), (1, 3)]]


def test_slots_wait_where_as_much_waits_as_may_but_not_with_what_is_more_urgent(work: Workload) -> None:
    """They went on while results could not be brought as fast, and the memory filled."""
    while work.ready:
        run(work, LARGER)
    assert tell(work).kept == 5 - 2, "nor does the master take any slot for free, and it gives others what comes"
    assert work.take(2, 2) is None
    work.accept(lease(2, 2, 1, priority=9))
    run(work, b"x")
    assert work.take(2, 2) is None
    bring(work)
    assert run(work, RESULT).start == 5


def test_where_a_call_stands_still_one_result_for_each_slot_has_to_do(work: Workload, clock: Clock) -> None:
    """Its tasks could run elsewhere: of 120, 59 stood at a worker whose wire let no large call through."""
    for _ in range(3):
        run(work, RESULT)
    assert work.ready
    found = work.bring_next()
    assert found is not None
    clock.now = STALLED
    assert not work.ready
    assert work.to_report, "the master is to know that no slot is free"
    work.brought(*found, work.master)
    assert work.ready


def test_each_slot_may_have_a_result_that_waits_however_large_it_is(work: Workload) -> None:
    for _ in range(3):
        run(work, bytes(2 * MOST_WAITING))
    assert not work.ready
    assert tell(work).kept == 1
    bring(work)
    assert work.ready
    assert tell(work).kept == 2


def test_results_of_a_job_that_is_over_travel_no_further_and_hold_nobody_up(work: Workload) -> None:
    while work.ready:
        run(work, LARGER)
    found = work.next_large()
    work.drop((1,))
    assert work.next_large() is None
    assert tell(work).kept == 0
    work.accept(lease(2, 2, 1))
    assert run(work, b"x").job == 2
    assert found is not None
    work.brought(*found, work.master)


def test_what_a_task_said_is_told_before_its_result(work: Workload) -> None:
    work.report(TaskOutput(1, 0, "out", "said", 0.0, "node"), work.master)
    run(work, RESULT)
    assert work.next_large() is None
    tell(work)
    work.report(TaskOutput(1, 1, "out", "by the next", 0.0, "node"), work.master)
    assert bring(work) == [(1, 0)]


def test_another_master_is_not_told_what_was_done_for_the_one_before(work: Workload) -> None:
    run(work, RESULT)
    found, master = work.next_large(), work.master
    assert found is not None
    work.start_over(keep_reports=False)
    assert work.next_large() is None
    work.accept(lease(1, 1, 20))
    work.brought(*found, master)
    assert work.still_held()[0].start == 0, "it has another lease of that number"


def test_results_are_offered_again_to_a_master_that_was_lost_on_their_way(work: Workload) -> None:
    run(work, RESULT)
    assert work.next_large() is not None
    work.start_over(keep_reports=True, kept=work.still_held())
    assert tell(work).kept == 1
    assert bring(work) == [(1, 0)]


def test_arguments_stay_for_a_lease_that_reckons_with_them_though_a_result_ends_theirs_meanwhile() -> None:
    """By what the master heard first, the node had them; by what the node heard first, it needed them no more."""
    work, reached = Workload(), threading.Event()
    work.accept(lease(1, 1, 1))
    run(work, RESULT)

    class Node:
        nprocs, seconds_wanted = 1, 1.0

    class Remote:
        def call(self, _method: str, _id: str, report: Report, *_: Any) -> Lease:
            if report.beside:
                return Lease()
            brings.start()
            assert reached.wait(10.0)
            return Lease((Chunk(2, 1, 0, 1),))

    class Lock:
        def __init__(self) -> None:
            self._lock = threading.Lock()

        def __enter__(self) -> None:
            self.acquire()

        def __exit__(self, *_: object) -> None:
            self.release()

        def acquire(self) -> None:
            if threading.current_thread() is brings:
                reached.set()
            self._lock.acquire()

        def release(self) -> None:
            self._lock.release()

    def bring_once() -> None:
        connection._bring_once(remote)
        reached.set()

    node: Any = Node()
    remote: Any = Remote()
    lock: Any = Lock()
    connection = MasterConnection(JoinLink("127.0.0.1", 1, "k" * 22), "a", work, node)
    connection._leases_lock = lock
    brings = threading.Thread(target=bring_once)
    lock.acquire()
    assert connection._exchange_by(remote)
    brings.join()
    taken = work.take(1)
    assert taken is not None
    assert [block.data for block in taken[2]] == [b"args"]
