"""Which large results travel next beside the reports, and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mcgui_core.node.workload import bulk_results
from mcgui_core.node.workload.bulk_results import BULK, BulkResults
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import Chunk, JobSpec, Lease, Outcome, Report, Stored


def result(task: int, job: int = 1, size: int = BULK) -> Outcome:
    return Outcome(job, task, task + 1, bytes(size), (), 1.0, "pc", lease=10 * job + task)


def bulk(*results: Outcome) -> BulkResults:
    found = BulkResults()
    assert all(found.add(one) for one in results)
    return found


def none(_job: int) -> int:
    return 0


def test_small_results_and_those_in_the_store_travel_with_reports() -> None:
    found = BulkResults()
    assert not found.add(result(0, size=BULK - 1))
    assert not found.add(Outcome(1, 0, 1, Stored("1-file", 0, BULK), (), 1.0))
    assert not found


def test_results_of_the_most_urgent_job_go_first_those_of_one_job_in_their_order() -> None:
    first, urgent, later = result(0), result(0, job=2), result(1)
    found = bulk(first, urgent, later)
    assert found.next({1: 0, 2: 9}.__getitem__) == [(urgent, 0)]
    assert found.next(none) == [(first, 0), (later, 0)]
    assert found.leases == (10, 11, 20)


def test_a_result_is_told_once_the_master_has_all_of_it() -> None:
    one = result(0)
    found = bulk(one)
    assert found.came(one, 1000) is None
    assert found.next(none) == [(one, 1000)]
    told = found.came(one, BULK)
    assert isinstance(told, Outcome)
    assert told.values == Stored("", 0, BULK)
    assert not found
    assert found.came(one, BULK) is None, "it was told already"


def test_what_the_master_wants_no_more_is_given_back() -> None:
    one = result(3)
    assert bulk(one).came(one, -1) == Chunk(13, 1, 3, 4)


def test_who_has_joined_anew_asks_what_the_master_has_of_all_that_it_has_not_acknowledged() -> None:
    brought, begun, counted = result(0), result(1), result(2)
    found = bulk(brought, begun, counted)
    found.came(brought, BULK)
    found.acknowledge(Report(outcomes=tuple(filter(None, [found.came(counted, BULK)]))))  # type: ignore[arg-type]
    found.came(begun, 1000)
    found.start_over(keep=True)
    assert found.next(none) == [(brought, None), (begun, None)]
    found.start_over(keep=False)
    assert not found


def test_what_could_not_be_written_is_asked_about_before_it_travels_again() -> None:
    """By a wire of 20 MB/s, 60 MB were sent in vain in the six seconds for which a disk was full."""
    one = result(0)
    found = bulk(one)
    found.came(one, 1000)
    found.refused()
    assert found.next(none) == [(one, None)]
    found.came(one, 1000)
    assert found.next(none) == [(one, 1000)]


def test_results_of_a_job_that_is_dropped_travel_no_further_but_for_leases_since() -> None:
    before, since, other = result(0), result(5), result(0, job=2)
    found = bulk(before, since, other)
    found.drop((1,), before=13)
    assert found.leases == (15, 20)


def test_beyond_so_many_bytes_tasks_count_as_not_over_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a node whose wire is slow would fill its memory with results."""
    monkeypatch.setattr(bulk_results, "MOST_WAITING", 3 * BULK // 2)
    found = bulk(*(result(task) for task in range(4)))
    done, held_back = found.tasks
    assert done == {10: 1, 11: 1, 12: 1, 13: 1}
    assert held_back == {12: 1, 13: 1}


# --- in reports -----------------------------------------------------------------------------------------------------


def at_work(tasks: int, each: int = 1) -> Workload:
    """All of a lease of so many tasks has begun."""
    work = Workload()
    work.accept(Lease((Chunk(7, 1, 0, tasks, each=each),), ((1, JobSpec("job", "", "f", chunksize=each)),)))
    while work.take(1):
        pass
    return work


def hand_over(work: Workload) -> Report:
    report, numbers = work.next_report()
    work.acknowledge(report, numbers)
    return report


def large(task: int) -> Outcome:
    return replace(result(task), lease=7)


def test_the_master_hears_at_once_that_a_slot_is_free_and_why_nothing_has_come() -> None:
    work, one = at_work(2), large(0)
    work.report(one, 0)
    assert hand_over(work) == Report(kept=1, sending=(7,))
    assert not work.to_report
    assert work.unreported
    work.brought([one], [BULK], work.visit)
    assert work.pressing
    (told,) = hand_over(work).outcomes
    assert told == replace(one, values=Stored("", 0, BULK))
    assert not work.unreported


def test_a_slot_that_is_at_the_middle_of_a_piece_is_not_free() -> None:
    """Else the master would hand out one piece after the other."""
    work = at_work(10, each=5)
    for task in range(4):
        work.report(large(task), 0)
    assert hand_over(work).kept == 0
    work.report(large(4), 0)
    assert hand_over(work).kept == 1


def test_what_counts_as_not_over_holds_slots_of_its_own_job_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_results, "MOST_WAITING", BULK // 2)
    work = at_work(4)
    for task in range(3):
        work.report(large(task), 0)
    assert hand_over(work) == Report(kept=1, sending=(7,), staging=((7, 2),))


def test_what_one_master_has_is_not_told_to_the_next() -> None:
    work, one = at_work(1), large(0)
    work.report(one, 0)
    visit = work.visit
    work.start_over(keep_reports=True, kept=work.still_held())
    work.brought([one], [BULK], visit)
    assert not hand_over(work).outcomes
    work.brought([one], [BULK], work.visit)
    work.start_over(keep_reports=True, kept=work.still_held())
    assert not hand_over(work).outcomes
    assert work.next_bulk() == [(one, None)]
