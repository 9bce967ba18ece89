"""How many tasks make a chunk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.protocol.messages import JobSpec
from mcgui_core.scheduler.chunk_sizing import (
    BEFORE_KNOWN,
    CHUNK_SECONDS,
    GROWTH,
    SMALLEST_SECONDS,
    chunk_size,
    queue_depth,
    still_growing,
)
from mcgui_core.scheduler.job_state import JobRecord

COUNT = st.integers(1, 10**9)
SECONDS = st.floats(0.0, 1e6)


@given(COUNT, st.integers(0, 10_000), st.none() | SECONDS, COUNT, st.none() | st.integers(-1, 100))
def test_a_chunk_holds_at_least_one_task(
    waiting: int, slots: int, seconds: float | None, largest: int, fixed: int | None
) -> None:
    size = chunk_size(waiting, slots, seconds, largest, fixed)
    assert isinstance(size, int)
    assert size >= 1


def test_the_first_chunk_is_a_single_task_or_a_small_part_of_a_large_job() -> None:
    assert [chunk_size(waiting, 4, None, 1) for waiting in (4, 511, 512, 10**6)] == [1, 1, 2, 64]


@given(COUNT, st.integers(1, 1000), SECONDS, COUNT)
def test_a_chunk_takes_no_longer_than_it_should(waiting: int, slots: int, seconds: float, largest: int) -> None:
    size = chunk_size(waiting, slots, seconds, largest)
    assert size == 1 or (size - 1) * seconds < 1.001 * CHUNK_SECONDS


@given(COUNT, st.integers(1, 1000), SECONDS, COUNT)
def test_a_chunk_grows_by_steps(waiting: int, slots: int, seconds: float, largest: int) -> None:
    assert chunk_size(waiting, slots, seconds, largest) <= GROWTH * largest


@given(COUNT, st.integers(1, 1000), st.floats(1e-6, 1e6), COUNT)
def test_the_rest_of_a_job_is_shared_out(waiting: int, slots: int, seconds: float, largest: int) -> None:
    """No slot gets more than its part of what is left, but for what is too little to be cut."""
    size = chunk_size(waiting, slots, seconds, largest)
    assert size == 1 or size - 1 < waiting / (2 * slots) or (size - 1) * seconds < 1.001 * SMALLEST_SECONDS


@pytest.mark.parametrize(("fixed", "size"), [(1, 1), (7, 7), (10**6, 10**6), (0, 1), (-3, 1)])
def test_the_users_own_choice_wins(fixed: int, size: int) -> None:
    assert chunk_size(100, 4, 10.0, 1, fixed) == size
    assert chunk_size(100, 4, None, 1, fixed) == size


def test_many_quick_tasks_travel_together() -> None:
    assert chunk_size(10**7, 2, 1e-6, 10**5) == pytest.approx(50_000, abs=1)


def test_slow_tasks_travel_alone() -> None:
    assert chunk_size(10**7, 2, 0.2, 10**5) == 1


def test_no_slots_are_as_good_as_one() -> None:
    assert chunk_size(100, 0, 0.001, 64) == chunk_size(100, 1, 0.001, 64)


def test_tasks_that_take_no_time_at_all_do_not_break_it() -> None:
    assert chunk_size(100, 4, 0.0, 10**6) >= 13
    assert still_growing(0.0, 10**5)
    assert not still_growing(0.0, 10**6)


def test_growth_ends_when_the_next_chunk_is_long_enough() -> None:
    assert still_growing(None, 10**6)
    assert still_growing(1e-6, 1)
    assert not still_growing(1e-6, 1000)
    assert not still_growing(0.01, 1)


@given(SECONDS, COUNT)
def test_while_it_grows_a_chunk_is_shorter_than_it_should_be(seconds: float, largest: int) -> None:
    if still_growing(seconds, largest):
        assert chunk_size(10**12, 1, seconds, largest) == GROWTH * largest


def test_many_pieces_that_are_told_together_are_none_of_that_size() -> None:
    job = JobRecord(1, JobSpec("job", "", "f"), 0.0)
    job.measured(100, 1.0, pieces=10)
    assert job.largest == 10


def test_one_odd_task_of_hundreds_that_run_at_a_time_says_little_of_the_next() -> None:
    job = JobRecord(1, JobSpec("job", "", "f"), 0.0)
    job.measured(10_000, 10_000.0, pieces=10_000)
    job.pieces = 400
    job.measured(1, 100.0)
    assert job.task_seconds == pytest.approx(1.3, abs=0.05)


def test_a_queue_is_filled_by_what_is_known_of_how_long_tasks_take() -> None:
    assert queue_depth(0.01, 1, None, alone=False) == queue_depth(0.01, 1, None, alone=True) == 1
    assert queue_depth(1e-6, 1, None, alone=True) == 0, "the next chunk will be many times as large"
    assert queue_depth(None, 1, None, alone=False) == 0
    assert queue_depth(None, 1, None, alone=True) == BEFORE_KNOWN
    assert queue_depth(None, 1, 5, alone=True) == 0, "it cannot cut what is the user's own choice"
    assert queue_depth(1e-6, 1, 5, alone=False) == 1
