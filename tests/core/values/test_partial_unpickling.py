"""Results of which one cannot be opened: its neighbours can."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pytest

from mcgui_core import Master
from mcgui_core.errors import TaskError
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import Unopened, unpickle_what_can_be
from tests.support import cluster


class Refusing:
    """Pickles, and then does not let itself be made again."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __reduce__(self) -> Any:
        return {"call": (refuse, ()), "state": (Plain, (), {"how": "state"})}[self.how]


class Plain:
    def __setstate__(self, state: dict[str, Any]) -> None:
        raise RuntimeError("not with me")


class Touchy(dict[str, int]):
    def __setitem__(self, key: str, value: int) -> None:
        raise RuntimeError("not with me")


class Made:
    """Takes an argument when it is made, which its unpickling does not know."""

    def __new__(cls, *, needed: int) -> Self:
        made = super().__new__(cls)
        made.needed = needed
        return made

    needed: int


@dataclass
class Point:
    x: Any
    y: Any


def refuse() -> None:
    raise RuntimeError("not with me")


def touchy() -> Touchy:
    made = Touchy()
    dict.__setitem__(made, "a", 1)
    dict.__setitem__(made, "b", 2)
    return made


@pytest.mark.parametrize(
    "bad", [Refusing("call"), Refusing("state"), touchy(), Made(needed=1)], ids=["call", "state", "items", "new"]
)
@pytest.mark.parametrize("depth", ["bare", "in a list", "in a dict", "in an object"])
def test_only_what_holds_a_value_that_cannot_be_opened_is_lost(bad: Any, depth: str) -> None:
    wrapped = {"bare": bad, "in a list": [1, [bad]], "in a dict": {"a": (bad,)}, "in an object": Point(1, [bad])}[depth]
    good: list[Any] = [1, "two", {"three": [3.0]}, Point(4, None), (5, {5})]
    found = unpickle_what_can_be(pickled([*good[:3], wrapped, *good[3:]]), 6)
    assert found[:3] + found[4:] == good
    assert isinstance(found[3], Unopened)
    assert "not with me" in found[3].reason or "needed" in found[3].reason


def pickled(values: list[Any]) -> bytes:
    data = pickling.dumps(values)
    with pytest.raises((RuntimeError, TypeError), match="not with me|needed"):
        pickling.loads(data)
    return data


def test_what_two_results_share_is_lost_to_both_if_it_cannot_be_opened() -> None:
    shared = Refusing("state")
    found = unpickle_what_can_be(pickling.dumps([[shared], 1, [shared], Point(2, 2)]), 4)
    assert [isinstance(value, Unopened) for value in found] == [True, False, True, False]


def test_arrays_that_travel_beside_the_pickle_are_there() -> None:
    found = unpickle_what_can_be(pickling.dumps([np.arange(1000), Refusing("call"), np.zeros((9, 9))]), 3)
    assert np.array_equal(found[0], np.arange(1000))
    assert isinstance(found[1], Unopened)
    assert found[2].shape == (9, 9)
    found[0][0] = 7  # and may be written to


@pytest.mark.parametrize("data", [b"\x00", b"\x00garbage", pickling.dumps([1, 2])[:-3], pickling.dumps([1, 2])])
def test_what_is_broken_as_a_whole_is_lost_as_a_whole(data: bytes) -> None:
    assert all(isinstance(value, Unopened) for value in unpickle_what_can_be(data, 3))
    assert len(unpickle_what_can_be(data, 3)) == 3


# --- end to end ----------------------------------------------------------------------------------------------------

WORKERS_ONLY = """
import sys, types

module = types.ModuleType("only_on_the_worker")
exec("class Thing:\\n    pass\\nclass Problem(Exception):\\n    pass", vars(module))
sys.modules["only_on_the_worker"] = module
module.Thing.__module__ = module.Problem.__module__ = "only_on_the_worker"

class Own(module.Thing):
    pass

def f(x):
    if x == 2:
        raise module.Problem("it is here only", module.Thing())
    if x == 7:
        return [Own()]
    return module.Thing() if x == 5 else {"x": x}
"""


def test_a_result_whose_class_is_only_on_the_worker_does_not_take_its_neighbours_along() -> None:
    assert "only_on_the_worker" not in sys.modules
    with cluster(1) as master:
        job = master.submit(WORKERS_ONLY, "f", range(9), chunksize=9)
        found = job.wait(20) and job.results(return_exceptions=True)
        assert [value for value in found if not isinstance(value, TaskError)] == [{"x": x} for x in (0, 1, 3, 4, 6, 8)]
        assert dict(job.iter_results(return_exceptions=True)).keys() == set(range(9))
        for index in (5, 7):  # also where a class of the environment is made of it
            assert "No module named 'only_on_the_worker'" in str(found[index])
        assert "cannot be opened on this computer" in str(found[5])
        assert str(found[5]).startswith("Task 5 failed")
        # Its exception is told in words, whoever knows its class.
        assert found[2].failure.type == "only_on_the_worker.Problem"
        assert "it is here only" in found[2].failure.message
        assert 'raise module.Problem("it is here only", module.Thing())' in found[2].failure.traceback


def test_a_job_all_of_whose_results_have_come_raises_for_the_one_that_cannot_be_opened() -> None:
    source = WORKERS_ONLY.replace("x == 2", "x < 0")
    with cluster(1) as master:
        job = finished(master, source)
        with pytest.raises(TaskError, match="Task 5 failed: its result cannot be opened on this computer"):
            job.results()
        with pytest.raises(TaskError, match="Task 5"):
            list(job.iter_results())


def finished(master: Master, source: str) -> Any:
    job = master.submit(source, "f", range(9))
    assert job.wait(20).failed == 0
    return job
