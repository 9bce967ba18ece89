"""What a node reports together, and what waits for its neighbours."""

from __future__ import annotations

from typing import Literal

from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.node.workload.outbox import JOINED_BYTES, OUTPUT_JOINED, SMALL_BYTES, Outbox
from mcgui_core.node.workload.report_timing import GATHER, IDLE_LEAST, IDLE_MOST, LAST, MOMENT
from mcgui_core.protocol.messages import Chunk, JobSpec, Lease, Outcome, Report, SlotDeath, TaskFailure, TaskOutput
from mcgui_core.protocol.messages.field_limits import MOST_TOLD
from mcgui_core.values import outcome_values, pickling


def outcome(start: int, stop: int, lease: int = 7, job: int = 1, size: int = 0) -> Outcome:
    values = [f"{index}{'x' * size}" for index in range(start, stop)]
    return Outcome(job, start, stop, pickling.dumps(values), (), float(stop - start), "pc", lease)


def told(*outcomes: Outcome) -> list[tuple[int, int]]:
    """The ranges of what is reported when these came, all of them at once."""
    outbox = Outbox()
    for one in outcomes:
        outbox.add(one, 0.0)
    report, numbers = outbox.next(0.0, lambda _lease: None)
    outbox.remove(numbers)
    assert not outbox
    assert sum(o.seconds for o in report.outcomes) == sum(o.seconds for o in outcomes)
    return [(o.start, o.stop) for o in report.outcomes]


def test_tasks_of_a_lease_that_follow_each_other_are_told_as_one_whatever_their_order() -> None:
    assert told(outcome(4, 5), outcome(0, 2), outcome(2, 4), outcome(6, 7)) == [(0, 5), (6, 7)]


def test_the_values_of_what_is_told_as_one_are_those_of_its_tasks() -> None:
    outbox = Outbox()
    for one in (outcome(4, 5), outcome(0, 2), outcome(2, 4)):
        outbox.add(one, 0.0)
    (joined,) = outbox.next(0.0, lambda _lease: None)[0].outcomes
    accepted = Outcome(**{**vars_of(joined), "accepted": ((0, 5),)})
    assert list(outcome_values.values(accepted)) == [(index, str(index)) for index in range(5)]


def vars_of(message: Outcome) -> dict[str, object]:
    return {name: getattr(message, name) for name in Outcome.__dataclass_fields__}


def test_two_leases_or_jobs_are_not_told_as_one() -> None:
    assert told(outcome(0, 2, lease=7), outcome(2, 4, lease=8)) == [(0, 2), (2, 4)]
    assert told(outcome(0, 2, job=1), outcome(2, 4, job=2)) == [(0, 2), (2, 4)]


def test_what_failed_is_told_alone() -> None:
    failure = TaskFailure(2, "raised", "ValueError", "", "", "", "")
    failed = Outcome(1, 2, 3, b"", (failure,), 1.0, "pc", 7, (2,))
    assert told(outcome(0, 1), outcome(1, 2), failed, outcome(3, 4), outcome(4, 5)) == [(0, 2), (2, 3), (3, 5)]


def test_large_results_are_not_copied_to_be_told_as_one() -> None:
    large = outcome(1, 2, size=SMALL_BYTES)
    assert told(outcome(0, 1), large, outcome(2, 3)) == [(0, 1), (1, 2), (2, 3)]


def test_what_is_told_as_one_stays_small() -> None:
    each, count = SMALL_BYTES // 2, 2 * JOINED_BYTES // (SMALL_BYTES // 2)
    ranges = told(*(outcome(index, index + 1, size=each) for index in range(count)))
    assert 2 < len(ranges) < 6
    assert ranges[0][0] == 0
    assert ranges[-1][1] == count


# --- what waits -----------------------------------------------------------------------------------------------------


class Gathering:
    """A node whose reports gather for a second, under a clock of ours."""

    def __init__(self) -> None:
        self.now = 100.0
        self.work = Workload(lambda: self.now)
        spec = ((1, JobSpec("job", "", "f")),)
        self.work.accept(Lease((Chunk(7, 1, 0, 100, each=1),), spec, gather=1.0))
        self.running = [self.take() for _ in range(10)]

    def take(self) -> Chunk:
        taken = self.work.take(1)
        assert taken is not None
        return taken[0]

    def end(self, index: int) -> None:
        self.work.report(outcome(index, index + 1), 0)

    def told(self) -> list[tuple[int, int]]:
        report, numbers = self.work.next_report()
        self.work.acknowledge(report, numbers)
        return [(o.start, o.stop) for o in report.outcomes]


def test_a_slot_takes_one_piece_of_a_lease_that_is_for_all() -> None:
    node = Gathering()
    assert [(piece.start, piece.stop, piece.each) for piece in node.running[:3]] == [(0, 1, 0), (1, 2, 0), (2, 3, 0)]
    assert node.work.queued == 90


def test_what_is_done_before_its_neighbours_waits_for_them() -> None:
    node = Gathering()
    node.end(3)
    node.end(0)
    assert node.told() == [(0, 1)]
    node.end(2)
    node.end(1)
    assert node.told() == [(1, 4)]


def test_nothing_waits_for_long() -> None:
    node = Gathering()
    node.end(3)
    node.end(5)
    node.now += 0.5
    node.end(4)
    node.end(8)
    assert node.told() == []
    node.now += 0.4
    assert node.told() == [(3, 6)], "4 is told with its neighbours, 8 has time"
    node.now += 0.5
    assert node.told() == [(8, 9)]


def test_nothing_waits_where_there_is_anything_else_to_tell() -> None:
    node = Gathering()
    node.end(3)
    node.work.report(SlotDeath(7, 1, 5, 6, "died", ""), 0)
    report, _ = node.work.next_report()
    assert [(o.start, o.stop) for o in report.outcomes] == [(3, 4)]
    assert len(report.deaths) == 1


def test_the_last_of_a_job_that_is_here_is_what_somebody_may_wait_for() -> None:
    node = Gathering()
    node.work.give_back()
    node.work.acknowledge(*node.work.next_report())
    for index in range(9):
        node.end(index)
    assert not node.work.timing.pressing
    node.end(9)
    assert node.work.timing.pressing


def test_slots_have_work_for_as_long_as_reports_gather() -> None:
    node = Gathering()
    assert node.work.timing.wanted(1.0) == 1.0 + 0.8
    assert node.work.timing.wanted(0.0) == 0.0


def test_a_master_that_had_nothing_is_not_asked_with_each_outcome() -> None:
    node = Gathering()
    while node.work.take(1):
        pass
    node.end(0)
    assert node.work.timing.is_urgent(10)
    report, numbers = node.work.next_report()
    node.work.acknowledge(report, numbers)
    node.work.accept(Lease(gather=1.0))
    node.end(1)
    assert not node.work.timing.is_urgent(10)
    assert node.work.timing.due(10) == node.now + IDLE_MOST, "the master is to know who has nothing to do"
    assert report != Report()


def test_the_more_slots_have_nothing_to_do_the_sooner_the_master_hears_of_it() -> None:
    node = Gathering()
    while node.work.take(1):
        pass
    node.told()
    node.work.accept(Lease(gather=12.0))
    waits = []
    for index in range(10):
        node.end(index)
        waits.append(round(node.work.timing.due(10) - node.now, 6))
    assert waits[0] == 12.0 * IDLE_MOST
    assert waits[4] == 2 * waits[9] == 2 * 12.0 * IDLE_LEAST
    assert waits == sorted(waits, reverse=True)
    node.work.accept(Lease(gather=GATHER))
    assert node.work.timing.due(10) == node.now + GATHER, "never sooner than that"


def test_a_report_says_how_much_is_done_that_it_does_not_tell() -> None:
    node = Gathering()
    for index in (3, 4, 0):
        node.end(index)
    report, numbers = node.work.next_report()
    assert ([(o.start, o.stop) for o in report.outcomes], report.kept) == ([(0, 1)], 2)
    node.work.acknowledge(report, numbers)
    node.now += 1.0
    assert node.work.next_report()[0].kept == 0


def test_where_the_master_has_nothing_more_what_is_done_before_its_neighbours_waits_too() -> None:
    """The last tasks of a thousand nodes, told as they end, were most of what a job cost the master."""
    node = Gathering()
    node.running += [node.take() for _ in range(90)]
    node.end(3)
    assert node.told() == [(3, 4)], "it may have more to do"
    node.work.accept(Lease(gather=1.0))
    node.end(5)
    report, _ = node.work.next_report()
    assert (report.outcomes, report.kept) == ((), 1)


def test_reports_gather_while_there_is_more_to_do_and_the_first_outcome_waits_a_moment_for_others() -> None:
    node = Gathering()
    node.told()
    assert node.work.timing.due(10) == node.now + 1.0
    node.now += 5.0
    node.end(0)
    assert node.work.timing.due(10) == node.now + 0.8 * MOMENT
    node.work.give_back()
    assert node.work.timing.is_urgent(10), "somebody else has nothing to do"


def test_what_is_done_waits_a_moment_for_the_last_of_its_job_where_the_master_has_no_more() -> None:
    node = Gathering()
    while node.work.take(1):
        pass
    node.work.accept(Lease((Chunk(8, 1, 100, 102, each=1),), gather=0.2, last=True))
    node.take()
    node.take()
    node.end(0)
    assert not node.work.timing.is_urgent(10)
    assert node.work.timing.due(10) == node.now + LAST
    for index in range(1, 101):
        node.work.report(outcome(index, index + 1), 0)
    assert not node.work.timing.is_urgent(10)
    node.work.report(outcome(101, 102, lease=8), 0)
    assert node.work.timing.is_urgent(10)


# --- what tasks print -----------------------------------------------------------------------------------------------


class Printing:
    """What tasks print is put into an outbox, and reported."""

    def __init__(self) -> None:
        self.outbox = Outbox()

    def prints(self, text: str, task: int = 5, stream: Literal["out", "err"] = "out") -> None:
        self.outbox.add(TaskOutput(1, task, stream, text, 0.0, "pc"), 0.0)

    def offered(self) -> tuple[list[tuple[int, str, str]], tuple[int, ...]]:
        report, numbers = self.outbox.next(0.0, lambda _lease: None)
        return [(piece.index, piece.stream, piece.text) for piece in report.output], numbers

    def told(self) -> list[tuple[int, str, str]]:
        found, numbers = self.offered()
        self.outbox.remove(numbers)
        return found


def test_what_a_library_writes_word_by_word_is_one_piece() -> None:
    printing = Printing()
    for word in ("epoch ", "1", ": loss ", "0.5", "\n"):
        printing.prints(word)
    assert printing.outbox.text == 18
    assert printing.told() == [(5, "out", "epoch 1: loss 0.5\n")]
    assert (printing.outbox.text, len(printing.outbox)) == (0, 0)


def test_what_other_tasks_print_meanwhile_does_not_cut_it() -> None:
    printing = Printing()
    for number in range(3):
        printing.prints(f"a{number} ", 5)
        printing.prints(f"b{number} ", 6)
    assert printing.told() == [(5, "out", "a0 a1 a2 "), (6, "out", "b0 b1 b2 ")]


def test_the_two_streams_of_a_task_keep_their_order() -> None:
    printing = Printing()
    for stream, text in (("out", "1"), ("out", "2"), ("err", "3"), ("out", "4"), ("err", "5"), ("err", "6")):
        printing.prints(text, stream="err" if stream == "err" else "out")
    assert [text for _, _, text in printing.told()] == ["12", "3", "4", "56"]


def test_a_piece_that_was_told_is_not_told_again_with_more_in_it() -> None:
    """The master may have it, although its answer was lost."""
    printing = Printing()
    printing.prints("first")
    first, _ = printing.offered()
    printing.prints("second")
    assert first == [(5, "out", "first")]
    assert printing.told() == [(5, "out", "first"), (5, "out", "second")]
    printing.prints("third")
    assert printing.told() == [(5, "out", "third")]


def test_pieces_stay_small() -> None:
    printing = Printing()
    for _ in range(5):
        printing.prints("x" * (OUTPUT_JOINED // 2))
    assert [len(text) for _, _, text in printing.told()] == [OUTPUT_JOINED, OUTPUT_JOINED, OUTPUT_JOINED // 2]


def test_what_is_too_much_for_one_report_is_told_by_the_next_one() -> None:
    outbox = Outbox()
    for n in range(MOST_TOLD + 5):
        outbox.add(Chunk(n, 1, n, n + 1), 0.0)
    told = []
    while outbox:
        report, numbers = outbox.next(0.0, lambda _lease: None)
        outbox.remove(numbers)
        told.append([chunk.start for chunk in report.returned])
    assert told == [list(range(MOST_TOLD)), list(range(MOST_TOLD, MOST_TOLD + 5))]
