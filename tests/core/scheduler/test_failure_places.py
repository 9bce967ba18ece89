"""Where tasks have failed: whatever came and went, it is what a set of pairs would say."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from mcgui_core.scheduler.failure_places import BLOCK, FailurePlaces

NODES = ("a", "b")
#: Around the borders of the first blocks, where a number that is one off shows.
INDICES = st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 3 * BLOCK, 4 * BLOCK + 7])
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(NODES), INDICES), st.tuples(st.just("remove"), INDICES, INDICES)
)


@given(st.lists(STEPS, max_size=12), INDICES, INDICES)
@example([("add", "a", 0), ("add", "a", 1), ("remove", 0, 1)], 0, 2)
@example([("add", "a", BLOCK - 1), ("add", "a", BLOCK)], BLOCK - 1, BLOCK + 1)
@example([("add", "a", 0), ("add", "b", 1), ("remove", 0, 1)], 0, 2)
def test_it_says_what_a_set_of_pairs_would_say(steps: list[tuple[str, str, int]], start: int, stop: int) -> None:
    places, pairs = FailurePlaces(), set[tuple[str, int]]()
    for verb, first, second in steps:
        if verb == "add":
            places.add(first, second)
            pairs.add((first, second))
        else:
            places.remove(int(first), second)
            pairs = {(node, index) for node, index in pairs if not int(first) <= index < second}
        assert bool(places) == bool(pairs)
    expected = Counter(node for node, index in pairs if start <= index < stop)
    assert places.counts([(start, stop)]) == expected
    assert places.counts([(0, 5 * BLOCK)]) == Counter(node for node, _ in pairs)
    for node in NODES:
        found = places.of(node)
        indices = set() if found is None else {i for low, high in found for i in range(low, high)}
        assert indices == {index for other, index in pairs if other == node}


def test_to_look_at_nothing_finds_nothing() -> None:
    places = FailurePlaces()
    assert places.counts([(0, 10**12)]) == Counter()  # and takes no time
    places.add("a", 5)
    assert places.counts([(6, 6), (9, 3)]) == Counter()


def test_what_is_over_is_looked_for_no_more() -> None:
    places = FailurePlaces()
    for index in (3, BLOCK + 3):
        places.add("a", index)
    places.remove(0, BLOCK)
    assert list(places._blocks) == [1]
    places.add("a", 3)
    places.remove(BLOCK, 2 * BLOCK)
    assert list(places._blocks) == [0]
    places.remove(0, 2 * BLOCK)
    assert (places._blocks, places._tasks) == ({}, {})
