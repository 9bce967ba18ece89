"""setup= runs once in each process before its first task; seed= gives each task the same seed wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mcgui_core import Master
from mcgui_core.errors import BadInput, FunctionNotFound
from tests.support import cluster

SOURCE = """
import os
calls = []
def prepare():
    calls.append(os.getpid())
def broken():
    raise OSError("no licence")
def f(x):
    return tuple(calls)
"""
DRAW = "import numpy as np\ndef f(x, seed):\n    return int(np.random.default_rng(seed).integers(10**9))\n"


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(2) as master:
        yield master


def test_setup_runs_once_in_each_process_before_its_first_task(master: Master) -> None:
    found = set(master.submit(SOURCE, "f", range(200), setup="prepare").results())
    assert all(len(calls) == 1 for calls in found)
    assert 1 <= len(found) <= 2


def test_a_callable_has_a_callable_for_its_setup(master: Master) -> None:
    state: dict[str, int] = {}

    def prepare() -> None:
        state["ready"] = state.get("ready", 0) + 1

    def f(x: int) -> int:
        return state["ready"] + x

    assert master.submit(f, range(3), setup=prepare).results() == [1, 2, 3]
    assert master.submit(lambda x: x, [1], setup=lambda: None).results() == [1]


def test_a_setup_that_fails_is_told_as_that(master: Master) -> None:
    job = master.submit(SOURCE, "f", range(9), setup="broken")
    job.wait()
    assert (job.status.state, job.status.failed) == ("stopped", 0)
    assert job.status.reason == "The setup of the job fails on every worker. OSError: no licence"


def test_a_setup_that_is_no_function_is_refused_before_anything_starts(master: Master) -> None:
    with pytest.raises(FunctionNotFound):
        master.submit(SOURCE, "f", [1], setup="nowhere")
    with pytest.raises(BadInput, match="setup must be the name of a function or None"):
        master.submit(SOURCE, "f", [1], setup="no name")
    with pytest.raises(BadInput, match="setup must be a callable"):
        master.submit(abs, [1], setup="prepare")
    with pytest.raises(BadInput, match="setup must be the name of a function in the environment"):
        master.submit(SOURCE, "f", [1], setup=print)


def drawn(sequence: np.random.SeedSequence, count: int) -> list[int]:
    return [int(np.random.default_rng(child).integers(10**9)) for child in sequence.spawn(count)]


def test_each_task_has_the_child_of_its_index(master: Master) -> None:
    expected = drawn(np.random.SeedSequence(5), 300)
    assert master.submit(DRAW, "f", range(300), seed=5).results() == expected
    assert master.submit(DRAW, "f", list(range(300)), seed="5", chunksize=7).results() == expected
    assert len(set(expected)) == 300


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.random.SeedSequence(2**100),
        lambda: np.random.SeedSequence([1, 2, 3]),
        lambda: np.random.SeedSequence(7).spawn(3)[2],
        np.random.SeedSequence,
    ],
)
def test_a_seed_sequence_is_taken_as_it_is(master: Master, make: Any) -> None:
    given = make()
    given.spawn(2)  # these are somebody's already
    seeds = given.entropy, given.spawn_key, given.n_children_spawned
    again = np.random.SeedSequence(seeds[0], spawn_key=seeds[1], n_children_spawned=seeds[2])
    assert master.submit(DRAW, "f", range(20), seed=given).results() == drawn(again, 20)


def test_a_task_that_is_tried_again_has_the_same_seed(master: Master) -> None:
    source = f"{DRAW}tries = {{}}\ng = f\ndef f(x, seed):\n    tries[x] = tries.get(x, 0) + 1\n    if tries[x] == 1: raise OSError\n    return g(x, seed)\n"
    expected = drawn(np.random.SeedSequence(5), 6)
    assert master.submit(source, "f", range(6), seed=5, retries=5, backoff=0).results() == expected


@pytest.mark.parametrize(("call", "argument"), [("args", (3,)), ("kwargs", {"x": 3})])
def test_a_seed_comes_along_in_each_call_style(master: Master, call: Any, argument: Any) -> None:
    expected = drawn(np.random.SeedSequence(0), 2)
    assert master.submit(DRAW, "f", [argument] * 2, call=call, seed=0).results() == expected


@pytest.mark.parametrize("seed", [-1, 1.5, "five", True, "1,", 2**1025])
def test_what_is_no_seed_is_refused(master: Master, seed: Any) -> None:
    with pytest.raises(BadInput, match="seed must be a whole number of 0 or more, a SeedSequence"):
        master.submit(DRAW, "f", [1], seed=seed)


def test_a_worker_without_numpy_says_so(master: Master, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('not here')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with cluster(1) as other:
        job = other.submit(DRAW, "f", [1], seed=1)
        job.wait()
        reason = job.status.reason
    assert "seed= needs NumPy on each worker" in reason
