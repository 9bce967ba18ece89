"""Arguments and results that are large, also where they do not look it: they are cut before there is too much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcgui_core.client import argument_blocks
from mcgui_core.client.argument_blocks import BLOCK_MOST, blocks
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.master import journal_reader
from mcgui_core.slots import task_runner
from mcgui_core.slots.outcomes import growing_part
from mcgui_core.slots.outcomes.growing_part import PART_BYTES
from mcgui_core.values import pickling
from mcgui_core.values.size_estimate import estimated_size
from tests.support import cluster

FOREVER = 1e9


class Holder:
    def __init__(self, data: Any) -> None:
        self.data = data


def megabyte(value: int = 0) -> Any:
    return np.full(1 << 20, value, dtype=np.uint8)


@pytest.mark.parametrize(
    "value",
    [megabyte(), (megabyte(), 1), [[megabyte()]], {"image": megabyte()}, Holder(megabyte()), [Holder((megabyte(),))],
     "x" * (1 << 20), bytes(1 << 20), [b"x" * 1024] * 1024],
)  # fmt: skip
def test_what_is_large_inside_weighs_much(value: Any) -> None:
    assert 1 << 20 <= estimated_size(value) < 2 << 20


@pytest.mark.parametrize("value", [1, "text", None, (1, 2), {}, [], object(), Holder(1), int, print])
def test_what_is_small_weighs_little(value: Any) -> None:
    assert 0 < estimated_size(value) < 2000


def test_what_holds_itself_is_weighed_all_the_same() -> None:
    loop: list[Any] = [megabyte()]
    loop.append(loop)
    assert estimated_size(loop) > 0


# --- arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 10])
def test_tuples_of_large_arrays_make_small_blocks(many: int) -> None:
    arguments = [(megabyte(n), n) if n % many == 0 else (n, n) for n in range(40)]
    made = list(blocks(arguments))
    assert max(len(block.data) for block in made) <= BLOCK_MOST
    assert [block.start for block in made] == [sum(b.count for b in made[:n]) for n in range(len(made))]
    numbers = [pair[1] for block in made for pair in pickling.loads(block.data)]
    assert numbers == list(range(40))


@pytest.mark.parametrize(("many", "counts"), [(1000, [1000]), (10_000, 2 * [5000]), (40_000, 4 * [10_000])])
def test_a_list_of_some_length_is_some_blocks_so_that_each_slot_opens_its_own(many: int, counts: list[int]) -> None:
    assert [block.count for block in blocks([0] * many)] == counts


def test_an_argument_that_is_too_large_to_travel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argument_blocks, "ARGUMENT_LIMIT", 1000)
    with pytest.raises(ArgumentsInvalid, match="Argument 2, a bytes, takes .* Put it into a file"):
        list(blocks([b"a", b"b", bytes(BLOCK_MOST), b"c"]))


# --- results -------------------------------------------------------------------------------------------------------


def test_tuples_of_large_arrays_make_small_parts() -> None:
    parts = list(task_runner.run(lambda n: (megabyte(n), n), "single", range(40), 0, FOREVER))
    assert max(len(part.values) for part in parts) <= 2 * PART_BYTES


def test_results_that_are_too_large_together_travel_apart_and_none_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit so low that what is done in one go exceeds it."""
    monkeypatch.setattr(growing_part, "RESULT_LIMIT", 500)

    def give(n: int) -> str:
        if n % 7 == 3:
            raise ValueError(n)
        return f"{n:0100}" if n != 20 else "x" * 1000

    parts = list(task_runner.run(give, "single", range(30), 0, FOREVER))
    assert all(len(part.values) <= 500 for part in parts)
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert parts[-1].stop == 30
    found: dict[int, Any] = {}
    for part in parts:
        indices = [n for n in range(part.start, part.stop) if n not in part.missing]
        found.update(zip(indices, pickling.loads(part.values) if indices else [], strict=True))
        found.update((failure[0], failure[1]) for failure in part.failures)
    assert found.pop(20) == "unpicklable"
    assert found == {n: "raised" if n % 7 == 3 else f"{n:0100}" for n in range(30) if n != 20}


# --- end to end ----------------------------------------------------------------------------------------------------


def test_large_arguments_and_results_are_handed_out_piece_by_piece() -> None:
    source = "import numpy as np\ndef f(pair):\n    return pair[0] + np.uint8(1), pair[1]"
    with cluster(2) as master:
        job = master.submit(source, "f", [(megabyte(n), n) for n in range(60)])
        job.wait(30)
        found, end = job.some_outcomes(0, 60)
        assert 0 < end < 60
        assert sum(len(outcome.values) for outcome in found) <= 2 * journal_reader.ANSWER_BYTES
        whole = job.outcomes_between(0, 60)
        assert sum(outcome.stop - outcome.start for outcome in whole) == 60
        assert [n for _, n in job.arguments(5, 60)] == list(range(5, 60))
        assert [(int(array[0]), n) for array, n in job.results()] == [(n + 1, n) for n in range(60)]
