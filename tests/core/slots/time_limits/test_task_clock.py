"""When the task that a slot is at has had its time, and whether it is known which one that is."""

from __future__ import annotations

import pytest

from mcgui_core.slots.time_limits.task_clock import (
    LONGEST,
    LONGEST_OPENING,
    OPENING_SECONDS,
    SHORTEST,
    SILENT_LOOKS,
    SILENT_SECONDS,
    TaskClock,
    seconds_between_looks,
)
from mcgui_core.slots.time_limits.time_limit import Stopwatch


class Clock(Stopwatch):
    """A stopwatch that a test moves."""

    time = 100.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def watch() -> Clock:
    return Clock()


def test_a_slot_looks_some_times_within_a_tasks_time_but_neither_all_the_time_nor_hardly_ever() -> None:
    assert seconds_between_looks(5.0) == 0.5
    assert seconds_between_looks(0.001) == SHORTEST
    assert seconds_between_looks(3600.0) == LONGEST


def test_without_a_limit_nothing_ever_ends() -> None:
    clock = TaskClock(Clock(), None, exact=True)
    clock.announced(3)
    assert (clock.task, clock.ends) == (3, None)
    clock.reported(4)
    assert (clock.task, clock.ends) == (None, 100.0 + LONGEST_OPENING), "but opening the next one's argument does"


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(("timeout", "seconds"), [(5.0, OPENING_SECONDS), (3600.0, 3600.0)])
def test_a_slot_has_time_to_open_arguments_but_not_for_ever(
    watch: Clock, exact: bool, timeout: float, seconds: float
) -> None:
    clock = TaskClock(watch, timeout, exact)
    assert (clock.ends, clock.at_no_task) == (None, True), "it loads the job"
    clock.opening()
    assert (clock.ends, clock.at_no_task, clock.culprit) == (100.0 + seconds, True, None)
    watch.time = 200.0
    clock.opening()
    assert clock.ends == 200.0 + seconds, "each step has its time"
    clock.announced(0)
    assert (clock.ends, clock.at_no_task) == (200.0 + timeout, False)


def test_of_a_slot_that_announces_nothing_nobody_knows_whether_it_opens_arguments() -> None:
    assert not TaskClock(Clock(), None, exact=False).at_no_task


def test_one_that_announces_each_task_gives_each_its_time_from_then_on(watch: Clock) -> None:
    clock = TaskClock(watch, 5.0, exact=True)
    clock.announced(0)
    assert clock.ends == 105.0
    clock.reported(1)
    assert clock.ends == 100.0 + OPENING_SECONDS, "it opens the next one's argument"
    watch.time = 300.0
    clock.announced(1)
    assert (clock.ends, clock.culprit) == (305.0, 1)
    watch.time = 400.0
    assert clock.culprit == 1, "however long it has said nothing"


def test_the_first_task_of_a_chunk_begins_as_it_is_announced(watch: Clock) -> None:
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    assert clock.ends == 105.0


def test_any_other_has_been_seen_at_the_look_before(watch: Clock) -> None:
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    watch.time = 101.0
    clock.announced(7)
    assert clock.ends == 101.0 + 5.0 - 0.5


def test_to_be_announced_again_gives_a_task_no_more_time(watch: Clock) -> None:
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    for _ in range(5):
        watch.time += 1.0
        clock.announced(0)
    assert (clock.ends, clock.culprit) == (105.0, 0)


def test_what_was_done_before_a_task_is_no_end_of_that_tasks_time(watch: Clock) -> None:
    """It is told while that task runs, where it takes long."""
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    watch.time = 101.0
    clock.announced(7)
    clock.reported(7)
    assert (clock.task, clock.ends) == (7, 105.5)
    clock.reported(8)
    assert clock.task is None


def test_a_slot_that_says_nothing_is_at_a_task_that_nobody_knows(watch: Clock) -> None:
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    watch.time = 100.1
    clock.reported(1)
    assert clock.ends == pytest.approx(100.1 + 5.0 + SILENT_LOOKS * 0.5 + SILENT_SECONDS)
    assert clock.culprit is None


def test_what_was_announced_before_the_slot_fell_silent_may_be_over(watch: Clock) -> None:
    """The next one may be it, and hold everything up."""
    clock = TaskClock(watch, 5.0, exact=False)
    clock.announced(0)
    watch.time = 100.0 + SILENT_LOOKS * 0.5
    assert clock.culprit == 0
    watch.time = 105.0
    assert clock.culprit is None
