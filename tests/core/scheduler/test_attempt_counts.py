"""Counts by task, and tasks by time: kept as ranges, and beside a plain model always right."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.scheduler.attempt_counts import AttemptCounts
from mcgui_core.scheduler.retry_queue import GRAIN, RetryQueue

INDICES = st.integers(0, 20)


@given(st.lists(st.one_of(INDICES, st.tuples(INDICES, INDICES))))
def test_a_tally_counts_like_a_counter(steps: list[int | tuple[int, int]]) -> None:
    """A number is counted; of two, all between them are zero again."""
    tally, model = AttemptCounts(), Counter[int]()
    for step in steps:
        if isinstance(step, int):
            model[step] += 1
            assert tally.add(step) == model[step]
        else:
            tally.clear(*step)
            for index in range(*step):
                del model[index]
    assert [tally[index] for index in range(21)] == [model[index] for index in range(21)]


@given(st.lists(st.tuples(INDICES, st.floats(0, 100)), unique_by=lambda item: item[0]), st.floats(0, 100))
def test_what_is_postponed_is_due_at_its_time_or_a_moment_later(items: list[tuple[int, float]], now: float) -> None:
    postponed = RetryQueue()
    for index, due in items:
        postponed.add(index, due)
    assert len(postponed) == len(items)
    taken = {index for start, stop in postponed.take_due(now) for index in range(start, stop)}
    assert {index for index, due in items if due <= now - GRAIN} <= taken <= {i for i, due in items if due <= now}
    assert len(postponed) == len(items) - len(taken)


def test_what_is_removed_is_not_due() -> None:
    postponed = RetryQueue()
    for index in range(6):
        postponed.add(index, 1.0)
    postponed.remove(2, 4)
    assert list(postponed) == [(0, 2), (4, 6)]
    assert postponed.take_due(1.0) == [(0, 2), (4, 6)]
    assert postponed.take_due(1.0) == []


def test_a_million_that_failed_are_few_ranges() -> None:
    tally, postponed = AttemptCounts(), RetryQueue()
    for index in range(100_000):
        tally.add(index)
        postponed.add(index, 3.0)
    assert list(postponed) == [(0, 100_000)]
