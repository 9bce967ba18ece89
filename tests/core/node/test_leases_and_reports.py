"""What a node holds."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mcgui_core.node.workload import output_room
from mcgui_core.node.workload.large_results import LARGE
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.node.workload.outbox import REPORT_BYTES
from mcgui_core.node.workload.output_room import LEFT_OUT, TEXT_LIMIT
from mcgui_core.node.workload.report_timing import ENOUGH, MANY
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Lease,
    Outcome,
    Report,
    SlotDeath,
    Stored,
    TaskFailure,
    TaskOutput,
    Unfit,
)
from mcgui_core.protocol.messages.field_limits import MOST_HELD
from tests.waiting import until

SPEC = JobSpec("job", "", "f")
BLOCKS = ((1, Block(0, 100, b"first")), (1, Block(100, 100, b"second")))


def lease(*chunks: Chunk, spec: JobSpec | None = SPEC, blocks: tuple[tuple[int, Block], ...] = BLOCKS) -> Lease:
    jobs = {chunk.job for chunk in chunks}
    return Lease(chunks, tuple((job, spec) for job in jobs) if spec else (), blocks)


def chunk(number: int, start: int, stop: int, job: int = 1) -> Chunk:
    return Chunk(number, job, start, stop)


def outcome(of: Chunk, values: bytes = b"", failed: int = 0) -> Outcome:
    failures = tuple(TaskFailure(of.start + n, "raised", "E", "", "") for n in range(failed))
    return Outcome(of.job, of.start, of.stop, values, failures, 0.1, "node", of.lease)


def take(work: Workload, idle: int = 1) -> Chunk:
    taken = work.take(idle)
    assert taken is not None
    return taken[0]


def hand_over(work: Workload, answer: Lease | None = None) -> Report:
    """A whole exchange."""
    report, numbers = work.next_report()
    work.acknowledge(report, numbers)
    work.accept(answer or Lease())
    return report


@pytest.fixture
def work() -> Workload:
    return Workload()


# --- taking ---------------------------------------------------------------------------------------------------------


def test_a_slot_gets_the_oldest_chunk_with_all_that_it_needs(work: Workload) -> None:
    assert work.take(1) is None
    work.accept(lease(chunk(7, 90, 110), chunk(8, 0, 3)))
    assert work.queued == 2
    assert work.take(1) == (chunk(7, 90, 110), SPEC, [block for _, block in BLOCKS])
    assert work.take(1) == (chunk(8, 0, 3), SPEC, [BLOCKS[0][1]])
    assert work.take(1) is None


def test_the_last_chunk_is_shared_among_idle_slots(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10)))
    pieces = [take(work, idle) for idle in (4, 3, 2, 1)]
    assert [(piece.start, piece.stop) for piece in pieces] == [(0, 5), (5, 8), (8, 9), (9, 10)]
    assert {piece.lease for piece in pieces} == {7}
    assert work.take(1) is None


def test_a_chunk_whose_size_the_user_chose_is_not_cut(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), spec=JobSpec("job", "", "f", chunksize=10)))
    assert take(work, 4).count == 10


def test_pieces_end_where_a_block_of_arguments_does_if_one_is_near(work: Workload) -> None:
    """What two slots have a part of, both would unpickle."""
    blocks = tuple((1, Block(start, 100, b"")) for start in range(0, 1000, 100))
    for each, starts in ((130, [0, 100, 200, 300]), (90, [0, 100, 200, 300]), (50, [0, 50, 100, 150])):
        work.accept(lease(replace(chunk(each, 0, 1000), each=each), blocks=blocks))
        assert [take(work).start for _ in range(4)] == starts
        work.start_over(keep_reports=False)
    work.accept(lease(chunk(1, 0, 380), blocks=blocks))
    assert take(work, idle=2) == chunk(1, 0, 200)


def test_pieces_of_a_size_that_the_user_chose_have_it(work: Workload) -> None:
    work.accept(lease(replace(chunk(7, 0, 200), each=90), spec=replace(SPEC, chunksize=90)))
    assert [take(work).start for _ in range(3)] == [0, 90, 180]


def quick(work: Workload, piece: Chunk, seconds: float) -> None:
    """A slot is done with a piece, whose tasks took so long together."""
    work.report(replace(outcome(piece), seconds=seconds), 0)


def test_pieces_grow_as_soon_as_tasks_turn_out_to_be_quick(work: Workload) -> None:
    work.accept(lease(replace(chunk(7, 0, 10_000), each=64)))
    first = [taken[0] for taken in (work.take(2, 2), work.take(1, 2)) if taken is not None]
    assert [piece.count for piece in first] == [64, 64]
    quick(work, first[0], 64e-6)
    rest = [taken[0].count for taken in (work.take(1, 2), work.take(1, 2)) if taken is not None]
    assert rest == [4968, 4904], "all that is left, a half for each slot"


def test_pieces_of_quick_tasks_are_shared_out_and_are_no_longer_than_others() -> None:
    sizes = ((1000, 1e-7, 936), (1000, 1e-5, 468), (1000, 1e-2, 64), (10**5, 1e-5, 5000), (10**6, 1e-3, 64))
    for tasks, seconds, size in sizes:
        work = Workload()
        work.accept(lease(replace(chunk(7, 0, tasks), each=64), blocks=()))
        quick(work, take(work), seconds * 64)
        taken = work.take(1, 2)
        assert taken is not None
        assert taken[0].count == size


def test_what_takes_less_time_than_to_hand_it_over_is_not_shared_unless_it_is_a_few_tasks() -> None:
    for tasks, seconds, size in ((4000, 1e-7, 4000), (14_000, 1e-7, 7000), (256, 1e-7, 128), (4000, 1e-6, 2000)):
        work = Workload()
        work.accept(lease(replace(chunk(7, 0, tasks + 64), each=64), blocks=()))
        quick(work, take(work), seconds * 64)
        taken = work.take(2, 2)
        assert taken is not None
        assert taken[0].count == size


def test_what_is_taken_to_its_end_is_not_cut_where_a_block_begins_near_that() -> None:
    work = Workload()
    blocks = ((1, Block(0, 3000, b"")), (1, Block(3000, 1064, b"")))
    work.accept(lease(replace(chunk(7, 0, 4064), each=64), blocks=blocks))
    quick(work, take(work), 64e-7)
    taken = work.take(1, 2)
    assert taken is not None
    assert (taken[0].stop, work.take(1, 2)) == (4064, None)


def test_a_job_whose_function_was_quick_before_is_shared_out_at_once() -> None:
    work = Workload()
    for job in (1, 2):
        first = Chunk(job, job, 0, 10_000, each=64)
        work.accept(Lease((first,), ((job, replace(SPEC, name=str(job))),)))
        taken = work.take(2, 2)
        assert taken is not None
        assert taken[0].count == (64 if job == 1 else 5000)
        work.report(replace(outcome(taken[0]), seconds=1e-7 * taken[0].count), work.master)
        work.drop((job,))


def test_how_long_tasks_took_is_not_said_of_the_same_job_of_another_master(work: Workload) -> None:
    for function, master in (("f", 0), ("g", 1)):
        spec = replace(SPEC, function=function)
        work.accept(lease(replace(chunk(7, 0, 10_000), each=64), spec=spec))
        taken = work.take(2, 2)
        assert taken is not None
        assert taken[0].count == 64
        work.report(replace(outcome(taken[0]), seconds=64e-6), master)
        work.start_over(keep_reports=False)


def test_how_long_tasks_take_is_known_still_of_a_job_that_was_retried(work: Workload) -> None:
    """Its spec has come anew, and does not come once more."""
    work.accept(lease(replace(chunk(9, 0, 64), each=64)))
    quick(work, take(work), 64e-6)
    hand_over(work)
    work.drop((1,), before=9)
    work.accept(lease(replace(chunk(10, 64, 10_064), each=64), spec=None))
    taken = work.take(2, 2)
    assert taken is not None
    assert taken[0].count == 5000


def test_pieces_do_not_grow_where_each_task_is_announced_or_the_user_chose_their_size() -> None:
    for spec, careful in ((SPEC, True), (replace(SPEC, chunksize=64), False)):
        work = Workload()
        work.accept(lease(replace(chunk(7, 0, 10_000), each=64, careful=careful), spec=spec))
        quick(work, take(work), 64e-7)
        taken = work.take(1, 2)
        assert taken is not None
        assert taken[0].count == 64


def test_a_single_task_is_not_cut(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 1)))
    assert take(work, 4).count == 1


def test_what_a_slot_did_not_start_is_next(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20)))
    take(work)
    work.put_back(chunk(7, 4, 10))
    assert take(work) == chunk(7, 4, 10)


# --- reporting ------------------------------------------------------------------------------------------------------


def test_a_report_stays_until_it_is_acknowledged(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10)))
    work.report(outcome(take(work), failed=2), 0)
    assert work.to_report
    first, second = work.next_report(), work.next_report()
    assert first == second
    work.report(SlotDeath(7, 1, 9, 10, "died", ""), 0)
    work.acknowledge(*first)
    assert work.next_report()[0] == Report(deaths=(SlotDeath(7, 1, 9, 10, "died", ""),))
    assert (work.done, work.failed) == (8, 2)


def test_a_report_holds_everything_in_its_place(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    part = outcome(chunk(7, 0, 4))
    death, unfit = SlotDeath(7, 1, 4, 10, "died", ""), Unfit(2, "ImportError", "", "")
    for event in (part, death, unfit):
        work.report(event, 0)
    work.give_back(10)
    assert hand_over(work) == Report((part,), (death,), (chunk(9, 20, 30),), (unfit,))
    assert not work.to_report


def test_a_report_is_not_larger_than_it_should_be(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10)))
    for index in range(10):
        work.report(outcome(chunk(7, index, index + 1), failed=REPORT_BYTES // 1500), 0)
    sizes = []
    while work.to_report:
        sizes.append(len(hand_over(work).outcomes))
    assert sizes == [4, 4, 2]


def test_much_that_has_to_travel_does_not_wait_for_more(work: Workload) -> None:
    work.accept(lease(*(chunk(number, 10 * number, 10 * number + 10) for number in range(50))))
    for _ in range(ENOUGH // LARGE):
        work.report(outcome(take(work), bytes(LARGE - 1)), 0)
    assert not work.timing.is_urgent(2)
    work.report(outcome(take(work), bytes(LARGE - 1)), 0)
    assert work.timing.is_urgent(2)
    hand_over(work, lease(chunk(30, 300, 310)))
    assert not work.timing.is_urgent(2)


@pytest.mark.parametrize("much", ["bytes", "tasks"])
def test_much_that_does_not_wait_for_more_is_told_also_where_reports_gather_for_long(much: str) -> None:
    """It was urgent and was not told, again and again, as fast as the connection allowed."""
    work, tasks = Workload(lambda: 100.0), 30 * MANY
    work.accept(replace(lease(chunk(7, 0, tasks), chunk(8, tasks, tasks + 1), blocks=()), gather=4.0))
    piece = replace(take(work), start=1)  # the first of a lease is told in any case
    part = outcome(piece) if much == "tasks" else outcome(replace(piece, stop=9), failed=ENOUGH // 500 + 1)
    work.report(part, 0)
    assert work.timing.is_urgent(1)
    report, numbers = work.next_report(1)
    assert report.outcomes == (part,)
    work.acknowledge(report, numbers)
    assert not work.timing.is_urgent(1)


def test_what_somebody_waits_for_is_told_without_a_pause_also_if_one_report_does_not_hold_it(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20)))
    for each in (take(work), take(work)):
        work.report(outcome(each, failed=REPORT_BYTES // 500 + 1), 0)
    work.accept(Lease())  # there is no more work
    assert work.timing.is_urgent(1)
    hand_over(work)
    assert work.timing.pressing
    hand_over(work)
    assert not work.timing.pressing


@pytest.mark.parametrize("when", ["on its way", "before the master knows that it came", "after"])
def test_an_answer_without_work_says_nothing_of_what_came_along_with_a_heartbeat(work: Workload, when: str) -> None:
    """Reports gathered, and slots had nothing to do, though the master had more."""
    along = lease(chunk(7, 0, 10), chunk(8, 10, 20))
    if when == "on its way":
        report, numbers = work.next_report()
        work.accept(along, along=True)
    else:
        work.accept(along, along=True)
        if when == "after":
            work.beats()
        report, numbers = work.next_report()
    work.beats()
    work.acknowledge(report, numbers)
    work.accept(Lease())
    take(work)
    take(work)
    assert work.timing.is_urgent(2) == (when != "after")
    hand_over(work)
    assert not work.timing.is_urgent(2), "by now it knows, and has nothing"


def test_many_failures_fill_a_report_too(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 100)))
    for _ in range(4):
        work.report(outcome(chunk(7, 0, 100), failed=REPORT_BYTES // 1000 + 1), 0)
    assert len(work.next_report()[0].outcomes) == 2


def test_nothing_is_said_where_there_is_nothing_to_say(work: Workload) -> None:
    assert work.next_report() == (Report(), ())
    work.acknowledge(Report(), ())


# --- giving back ----------------------------------------------------------------------------------------------------


def test_the_last_chunks_are_given_back_first_and_cut_where_need_be(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    work.give_back(14)
    assert hand_over(work).returned == (chunk(9, 20, 30), chunk(8, 16, 20))
    assert (take(work), take(work), work.take(1)) == (chunk(7, 0, 10), chunk(8, 10, 16), None)


def test_all_that_waits_can_be_given_back(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20)))
    running = take(work)
    work.give_back()
    work.give_back()
    assert hand_over(work).returned == (chunk(8, 10, 20),)
    work.report(outcome(running), 0)
    assert hand_over(work).outcomes[0].lease == 7


def test_more_than_there_is_can_be_asked_for(work: Workload) -> None:
    work.give_back(5)
    work.accept(lease(chunk(7, 0, 2)))
    work.give_back(10**9)
    assert hand_over(work).returned == (chunk(7, 0, 2),)


# --- arguments ------------------------------------------------------------------------------------------------------


def test_arguments_are_kept_as_long_as_the_master_takes_them_for_known(work: Workload) -> None:
    """Until it has acknowledged the last task of the last lease that needs them: then it sends them again."""
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), blocks=BLOCKS[:1]))
    take(work)
    work.report(outcome(take(work)), 0)
    for index in range(9):
        work.report(outcome(chunk(7, index, index + 1)), 0)
    hand_over(work, lease(chunk(9, 20, 30), spec=None, blocks=()))
    blocks = work.take(1)
    assert blocks is not None
    assert blocks[2] == [BLOCKS[0][1]]


def test_arguments_that_nobody_needs_any_more_are_forgotten(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 100, 110)))
    work.report(outcome(take(work)), 0)
    hand_over(work)
    assert list(work._held.block_starts(1)) == [100]
    work.report(outcome(take(work)), 0)
    hand_over(work)
    assert not list(work._held.block_starts(1))


# --- jobs that are over, or cannot be run ---------------------------------------------------------------------------


def test_a_job_that_is_over_is_forgotten(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 0, 10, job=2)))
    work.drop((1,))
    assert set(work.specs) == {2}
    assert take(work).job == 2
    work.put_back(chunk(7, 5, 10))
    assert work.queued == 0


def test_what_was_leased_after_the_order_to_drop_its_job_stays(work: Workload) -> None:
    """The job was retried, and its new lease came before the order that is older."""
    work.accept(lease(chunk(7, 0, 10)))
    work.accept(lease(chunk(9, 0, 10)))
    work.drop((1,), before=9)
    assert work.take(1) == (chunk(9, 0, 10), SPEC, [BLOCKS[0][1]])
    assert work.take(1) is None


def test_what_was_leased_before_the_order_to_drop_its_job_and_comes_after_it_is_not_run(work: Workload) -> None:
    work.drop((1,), before=9)
    work.accept(lease(chunk(7, 0, 10)))
    assert work.take(1) is None
    work.accept(lease(chunk(9, 0, 10)))
    assert take(work).lease == 9


def test_the_spec_of_a_job_that_was_retried_is_kept_also_when_nothing_of_it_is_held(work: Workload) -> None:
    """The master has sent it anew, and will not do so again."""
    work.accept(lease(chunk(9, 0, 1)))
    work.report(outcome(take(work)), 0)
    hand_over(work)
    work.drop((1,), before=9)
    work.accept(lease(chunk(10, 1, 2), spec=None))
    assert take(work).lease == 10


def test_a_job_that_cannot_be_loaded_is_not_started_again(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 0, 5, job=2)))
    take(work)
    work.report(Unfit(1, "ImportError", "no numpy", ""), 0)
    assert take(work).job == 2
    assert work.take(1) is None
    hand_over(work)
    work.put_back(chunk(7, 0, 10))
    assert work.queued == 0


def test_what_is_leased_of_a_job_before_the_master_hears_that_it_cannot_be_loaded_is_not_started(
    work: Workload,
) -> None:
    work.accept(lease(chunk(7, 0, 10)))
    take(work)
    report, numbers = work.next_report()
    work.report(Unfit(1, "ImportError", "no numpy", ""), 0)
    work.acknowledge(report, numbers)
    work.accept(lease(chunk(8, 10, 20)))
    hand_over(work)
    assert work.take(1) is None


# --- joining again --------------------------------------------------------------------------------------------------


def test_results_for_the_same_master_are_still_worth_reporting(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    running = take(work)
    reported = outcome(chunk(8, 10, 12))
    work.report(reported, 0)
    work.report(SlotDeath(8, 1, 12, 13, "died", ""), 0)
    work.give_back(3)
    work.start_over(keep_reports=True)
    assert work.queued == 0
    work.report(outcome(running), 0)
    work.put_back(running)
    assert hand_over(work) == Report((outcome(running), reported))
    assert work.queued == 0


def test_what_is_queued_runs_or_is_to_be_reported_is_still_held(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    running = take(work)
    work.report(outcome(chunk(7, 0, 3)), 0)
    work.report(SlotDeath(8, 1, 12, 13, "died", ""), 0)
    work.give_back(3)
    held = work.still_held()
    assert held == (chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30))
    work.start_over(True, held)
    work.put_back(replace(running, start=3))
    assert hand_over(work) == Report(
        (outcome(chunk(7, 0, 3)),), (SlotDeath(8, 1, 12, 13, "died", ""),), (chunk(9, 27, 30),)
    )
    assert [take(work) for _ in range(3)] == [chunk(7, 3, 10), chunk(8, 10, 20), chunk(9, 20, 27)]


def test_what_the_master_has_given_to_others_is_not_begun(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    running = take(work)
    work.still_held()
    work.start_over(True, (chunk(7, 0, 4), chunk(8, 12, 14), chunk(8, 16, 20)))
    work.put_back(replace(running, start=2))
    taken = [take(work) for _ in range(3)]
    assert taken == [chunk(7, 2, 4), chunk(8, 12, 14), chunk(8, 16, 20)]
    assert work.take(1) is None
    work.put_back(chunk(9, 20, 30))
    assert work.take(1) is None


def test_what_was_told_perhaps_in_vain_is_held_where_it_cannot_count_twice(work: Workload) -> None:
    """A failure that the master has heard of, and has the task tried again for, would be a second one."""
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
    take(work), take(work)
    for told in (outcome(chunk(7, 0, 3)), outcome(chunk(7, 3, 6), failed=1), SlotDeath(8, 1, 10, 20, "died", "")):
        work.report(told, 0)
    work.give_back(3)
    work.next_report()
    work.report(outcome(chunk(7, 6, 10), failed=1), 0)
    held = work.still_held()
    assert held == (chunk(7, 0, 3), chunk(7, 6, 10), chunk(9, 20, 27))
    work.start_over(True, held)
    told_again = (outcome(chunk(7, 0, 3)), outcome(chunk(7, 3, 6), failed=1), outcome(chunk(7, 6, 10), failed=1))
    assert hand_over(work) == Report(told_again)
    assert work.still_held() == (chunk(9, 20, 27),)


@pytest.mark.parametrize("told", [False, True])
def test_a_job_that_does_not_load_is_not_held_once_that_was_told(work: Workload, told: bool) -> None:
    unfit = Unfit(1, "ImportError", "no numpy", "")
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20)))
    take(work)
    work.report(unfit, 0)
    if told:
        work.next_report()
    held = work.still_held()
    assert held == (() if told else (chunk(7, 0, 10), chunk(8, 10, 20)))
    work.start_over(True, held)
    assert hand_over(work) == (Report() if told else Report(unfit=(unfit,)))


def test_no_more_is_said_to_be_held_than_one_message_may_say(work: Workload) -> None:
    work.accept(lease(*(chunk(n, n, n + 1) for n in range(MOST_HELD + 50))))
    held = work.still_held()
    assert held == tuple(chunk(n, n, n + 1) for n in range(MOST_HELD))
    work.start_over(True, held)
    assert work.queued == MOST_HELD


def test_results_for_another_master_are_nobodys(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10)))
    running = take(work)
    work.report(outcome(chunk(7, 0, 2)), work.master)
    work.start_over(keep_reports=False)
    work.report(outcome(running), 0)
    assert not work.to_report
    assert work.specs == {}
    assert work.master == 1
    work.accept(lease(chunk(7, 0, 10)))
    work.report(outcome(take(work)), 1)
    assert work.to_report


def test_the_last_outcome_of_a_job_is_pressing_and_those_before_it_are_not(work: Workload) -> None:
    work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20)))
    work.report(outcome(take(work)), 0)
    assert not work.timing.pressing
    work.report(outcome(take(work)), 0)
    assert work.timing.pressing
    hand_over(work)
    assert not work.timing.pressing


def test_who_has_nothing_to_do_tells_so_the_sooner_the_more_slots_it_are_unless_nobody_has_a_task_to_spare() -> None:
    def due(last: bool) -> list[float]:
        """After one and after two of four slots have ended their tasks."""
        work = Workload(lambda: 100.0)
        work.accept(lease(*(chunk(number, 10 * number, 10 * number + 1) for number in range(4))))
        taken = [take(work) for _ in range(4)]
        hand_over(work, Lease(gather=4.0, last=last))
        return [work.report(outcome(piece), 0) or work.timing.due(4) for piece in taken[:2]]

    one, two = due(last=False)
    assert 100.0 < two < one < 104.0
    assert due(last=True)[0] == due(last=True)[1] > one


# --- threads --------------------------------------------------------------------------------------------------------


def test_whoever_waits_for_work_or_for_something_to_report_hears_of_it(work: Workload) -> None:
    def wait_for_work() -> bool:
        with work.changed:
            work.idle_slots.wait(0, lambda: work.queued)
            return True

    def wait_for_news() -> bool:
        with work.news:
            return work.news.wait_for(lambda: work.to_report, 10.0)

    with ThreadPoolExecutor(2) as pool:
        slot, reporter = pool.submit(wait_for_work), pool.submit(wait_for_news)
        work.accept(lease(chunk(7, 0, 10)))
        assert slot.result(10.0)
        work.report(outcome(take(work)), 0)
        assert reporter.result(10.0)


def test_of_many_idle_slots_as_many_are_woken_as_there_are_pieces(work: Workload) -> None:
    looks: Counter[int] = Counter()
    go_on = threading.Event()

    def idle(slot: int) -> None:
        def look() -> bool:
            looks[slot] += 1
            return go_on.is_set()

        with work.changed:
            work.idle_slots.wait(slot, look)

    with ThreadPoolExecutor(5) as pool:
        slots = [pool.submit(idle, slot) for slot in range(5)]
        until(lambda: looks.total() == 5)
        with work.changed:  # so that the last one waits
            work.idle_slots.warm |= {3, 4}
            work.accept(lease(chunk(7, 0, 10), chunk(8, 10, 20), chunk(9, 20, 30)))
        until(lambda: looks.total() == 8)
        take(work)  # two pieces are left, and whoever was woken has not come for them yet
        until(lambda: looks.total() == 10)
        go_on.set()
        with work.changed:
            work.wake()
        for slot in slots:
            slot.result(10.0)
    assert looks == {0: 3, 1: 2, 2: 2, 3: 4, 4: 4}


def test_many_slots_share_a_queue_without_losing_or_doubling_a_task(work: Workload) -> None:
    work.accept(lease(*(chunk(number, 10 * number, 10 * number + 10) for number in range(20)), blocks=()))

    def slot() -> list[int]:
        ran: list[int] = []
        while (taken := work.take(3)) is not None:
            found = taken[0]
            work.report(outcome(found), 0)
            ran += range(found.start, found.stop)
        return ran

    with ThreadPoolExecutor(4) as pool:
        ran = [index for part in [pool.submit(slot) for _ in range(4)] for index in part.result(10.0)]
    assert sorted(ran) == list(range(200))
    assert sum(o.stop - o.start for o in hand_over(work).outcomes) == work.done == 200


# --- what tasks print -----------------------------------------------------------------------------------------------


def printed(text: str) -> TaskOutput:
    return TaskOutput(1, 0, "out", text, 1.0, "node")


def told(work: Workload) -> list[str]:
    return [output.text for output in hand_over(work).output]


def test_a_slot_that_prints_faster_than_the_master_takes_it_waits_until_there_is_room(work: Workload) -> None:
    work.report(printed("a" * TEXT_LIMIT), 0)
    with ThreadPoolExecutor(1) as slot:
        waiting = slot.submit(work.report, printed("b"), 0)
        assert told(work) == ["a" * TEXT_LIMIT]
        waiting.result(20)
    assert told(work) == ["b"]


def test_what_has_no_room_even_then_is_left_out_with_a_word_about_it(
    work: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_room, "TEXT_SECONDS", 0.01)
    work.report(printed("a" * (TEXT_LIMIT - 3)), 0)
    for text in ("bcdef", "g", "h"):
        work.report(printed(text), 0)
    assert told(work)[1:] == ["bcd" + LEFT_OUT]
    work.report(printed("i"), 0)
    assert told(work) == ["i"]


def test_a_text_that_is_larger_than_all_that_may_wait_is_cut_with_a_word_about_it(
    work: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_room, "TEXT_SECONDS", 0.01)
    work.report(printed("a" * (TEXT_LIMIT + 1)), 0)
    assert told(work) == ["a" * TEXT_LIMIT + LEFT_OUT]


def test_nobody_changes_the_queue_while_it_is_counted(work: Workload) -> None:
    """A heartbeat counted it while a slot took from it, broke off, and the worker had to join anew."""
    could_change: list[bool] = []

    def lock_is_free() -> bool:
        free = work.changed.acquire(blocking=False)
        if free:
            work.changed.release()
        return free

    class Watched(Chunk):
        @property
        def pieces(self) -> int:
            with ThreadPoolExecutor(1) as another:
                could_change.append(another.submit(lock_is_free).result())
            return 1

    work.accept(lease(Watched(7, 1, 0, 5)))
    could_change.clear()
    assert (work.queued, could_change) == (1, [False])


# --- arguments that are fetched -------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["a job", "what can begin"])
def test_what_is_on_its_way_for_others_is_not_given_back(work: Workload, what: str) -> None:
    """A job was paused, or the slots were at long tasks: what had come of other arguments was thrown away."""
    large = Block(0, 10, Stored("a", 0, 10))
    work.accept(lease(chunk(7, 0, 10), chunk(8, 0, 10, job=2), chunk(9, 10, 20), blocks=((1, large),)))
    if what == "a job":
        work.give_back_jobs((2,))
    else:
        work.give_back_ready()
    report = hand_over(work)
    assert {part.lease for part in report.returned} == ({8} if what == "a job" else {8, 9})
    assert work.next_absent() == (1, [large])


def test_arguments_come_in_pieces_between_which_what_is_more_urgent_goes_first(work: Workload) -> None:
    """A task of priority 9 waited until 80 MB of somebody else's argument had come."""
    large, urgent = Block(0, 10, Stored("a", 0, 10)), Block(0, 1, Stored("b", 0, 4))
    work.accept(lease(chunk(7, 0, 10), blocks=((1, large),)))
    assert work.next_absent() == (1, [large])
    work.arrived(1, large, b"01234", work.come(1, large))
    assert work.take(1) is None
    work.accept(lease(chunk(8, 0, 1, job=2), spec=replace(SPEC, priority=9), blocks=((2, urgent),)))
    assert work.next_absent() == (2, [urgent])
    work.arrived(2, urgent, b"abcd")
    assert take(work).job == 2
    assert work.next_absent() == (1, [large])
    assert work.come(1, large) == 5
    work.arrived(1, large, b"56789", 5)
    assert work.take(1) == (chunk(7, 0, 10), SPEC, [Block(0, 10, b"0123456789")])
    assert work.next_absent() is None


@pytest.mark.parametrize("way", ["gone", "dropped"])
def test_nothing_is_kept_of_arguments_that_come_no_further(work: Workload, way: str) -> None:
    large = Block(0, 10, Stored("a", 0, 10))
    work.accept(lease(chunk(7, 0, 10), blocks=((1, large),)))
    work.arrived(1, large, b"01234")
    if way == "gone":
        work.arrived(1, large, b"", 5)
        assert work.next_absent() == (1, [large]), "from its beginning"
    else:
        work.drop((1,))
        assert work.next_absent() is None
    assert work.come(1, large) == 0


def test_what_was_brought_for_a_job_that_was_retried_meanwhile_is_brought_anew(work: Workload) -> None:
    """Slots took it for here, and waited for it themselves."""
    begun: list[JobSpec] = []

    def bring(_job: int, spec: JobSpec) -> bool:
        begun.append(spec)
        return True

    work.staging.bring = bring
    work.accept(lease(chunk(7, 0, 10)))
    old, new = work.specs[1], replace(SPEC, name="anew")
    work.drop((1,), before=8)
    work.accept(lease(chunk(8, 0, 10), spec=new))
    work.staged(1, old, work.master)
    assert [spec.name for spec in begun] == [SPEC.name, "anew"]
    assert work.take(1) is None
    work.staged(1, work.specs[1], work.master)
    assert take(work).lease == 8
