"""Running the tasks of a chunk: whatever they do, each has one outcome and the slot lives on."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.slots import task_runner
from mcgui_core.slots.outcomes import growing_part
from mcgui_core.slots.outcomes.growing_part import PART_BYTES, PART_FAILURES, Failure, Part
from mcgui_core.values import pickling, snapshot
from mcgui_core.values.text import ARGUMENT_LIMIT, MESSAGE_LIMIT, TRACEBACK_LIMIT

FOREVER = 1e9


def run(
    function: Callable[..., Any], arguments: Sequence[Any], call: str = "single", start: int = 0
) -> tuple[dict[int, Any], dict[int, Failure]]:
    """Values and failures, by index. Checks that the parts share out the tasks."""
    parts = list(task_runner.run(function, call, arguments, start, FOREVER))
    return opened(parts, start, start + len(arguments))


def opened(parts: list[Part], start: int, stop: int) -> tuple[dict[int, Any], dict[int, Failure]]:
    values: dict[int, Any] = {}
    failures: dict[int, Failure] = {}
    for part in parts:
        assert part.start == start, "a gap between two parts"
        assert part.stop > part.start
        assert part.seconds >= 0
        assert sorted(failure[0] for failure in part.failures) == list(part.missing)
        succeeded = [index for index in range(part.start, part.stop) if index not in part.missing]
        values.update(zip(succeeded, pickling.loads(part.values) if part.values else [], strict=True))
        failures.update({failure[0]: failure for failure in part.failures})
        start = part.stop
    assert start == stop
    return values, failures


def test_each_argument_has_its_result() -> None:
    values, failures = run(lambda x: x * x, range(10_000), start=500)
    assert values == {500 + x: x * x for x in range(10_000)}
    assert failures == {}


@pytest.mark.parametrize("arguments", [range(7), list(range(7)), tuple(range(7))])
def test_arguments_may_be_any_sequence(arguments: Sequence[int]) -> None:
    assert run(str, arguments)[0] == {index: str(index) for index in range(7)}


@pytest.mark.parametrize(
    "kept", [{"a": 1}, {"a": (1, "b"), 2: np.float64(2)}, [1, None, "x"], {1, 2}], ids=["dict", "mixed", "list", "set"]
)
def test_numbers_under_their_names_are_as_they_were_returned_without_being_pickled_one_by_one(
    kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 300,000 tasks with such a result, that took three quarters of the slots' time."""
    monkeypatch.delattr(snapshot, "Snapshot")

    def change(x: int) -> Any:
        if isinstance(kept, dict):
            kept["a"] = x
        elif isinstance(kept, list):
            kept[0] = x
        else:
            kept.add(x)
        return kept

    before = kept.copy()
    values, _ = run(change, range(3, 9))
    for index, x in enumerate(range(3, 9)):
        if isinstance(kept, set):
            assert values[index] == {*before, *range(3, x + 1)}
        else:
            assert values[index] == (before | {"a": x} if isinstance(kept, dict) else [x, *before[1:]])


def test_views_of_what_changes_are_as_they_were_returned() -> None:
    """Plain pickle takes none of them, so they came as the last task had left them."""
    memory, names = bytearray(1), dict.fromkeys(range(3))

    def change(x: int) -> Any:
        memory[0], names[x] = x, None
        return memoryview(memory), names.keys(), MappingProxyType(names)

    values, _ = run(change, range(3, 9))
    found = [(bytes(view)[0], len(keys), len(proxy)) for view, keys, proxy in values.values()]
    assert found == [(x, x + 1, x + 1) for x in range(3, 9)]


def test_a_result_that_is_too_large_is_pickled_once_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one of 3 GB, a slot had 9 GB of memory before it said so."""
    monkeypatch.setattr(growing_part, "RESULT_LIMIT", 1 << 20)
    tracemalloc.start()
    try:
        _, failures = run(bytes, [20_000_000])
        assert tracemalloc.get_traced_memory()[1] < 60_000_000  # a pickle grows by halves
    finally:
        tracemalloc.stop()
    assert "is larger than the 1,048,576 bytes that can travel" in failures[0][3]


def test_no_arguments_make_no_part() -> None:
    assert list(task_runner.run(str, "single", [], 0, FOREVER)) == []


def test_an_argument_reaches_the_function_as_the_call_style_says() -> None:
    def f(*args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    assert run(f, [(1, 2)], "single")[0] == {0: (((1, 2),), {})}
    assert run(f, [(1, 2), [3], "ab"], "args")[0] == {0: ((1, 2), {}), 1: ((3,), {}), 2: (("a", "b"), {})}
    assert run(f, [{"a": 1}, {}], "kwargs")[0] == {0: ((), {"a": 1}), 1: ((), {})}


@pytest.mark.parametrize("call", ["args", "kwargs"])
def test_an_argument_that_does_not_fit_the_call_style_fails_alone(call: str) -> None:
    good: Any = (1,) if call == "args" else {"x": 1}
    values, failures = run(lambda x: x, [good, 5, good], call)
    assert values == {0: 1, 2: 1}
    assert failures[1][1:3] == ("raised", "TypeError")
    assert failures[1][5] == "5"


@given(st.sets(st.integers(0, 60)), st.sampled_from(["single", "args", "kwargs"]))
def test_those_that_raise_fail_and_their_neighbours_do_not(bad: set[int], call: str) -> None:
    def f(x: int) -> int:
        if x in bad:
            raise ValueError(f"{x} is bad")
        return -x

    arguments: list[Any] = list(range(60))
    if call != "single":
        arguments = [(x,) if call == "args" else {"x": x} for x in arguments]
    values, failures = run(f, arguments, call)
    assert values == {x: -x for x in range(60) if x not in bad}
    assert {index: failure[3] for index, failure in failures.items()} == {x: f"{x} is bad" for x in bad if x < 60}


def raiser(error: BaseException | type[BaseException]) -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        if x:
            raise error
        return "fine"

    return f


@pytest.mark.parametrize(
    "error",
    [StopIteration, SystemExit(3), KeyboardInterrupt, GeneratorExit, RecursionError, MemoryError, BaseException],
)
@pytest.mark.parametrize("call", ["single", "args", "kwargs"])
def test_an_exception_of_any_kind_ends_the_task_and_not_the_slot(error: Any, call: str) -> None:
    """StopIteration too, which a `map` takes for the end of its arguments, and sys.exit()."""
    arguments: list[Any] = [0, 1, 0, 0]
    if call != "single":
        arguments = [(x,) if call == "args" else {"x": x} for x in arguments]
    values, failures = run(raiser(error), arguments, call)
    assert values == {0: "fine", 2: "fine", 3: "fine"}
    name = (error if isinstance(error, type) else type(error)).__name__
    # Python makes a RuntimeError of a StopIteration that leaves a generator.
    assert failures[1][2] in (name, "RuntimeError") if error is StopIteration else failures[1][2] == name


def test_a_stop_iteration_of_the_first_or_the_last_task_fails_that_task() -> None:
    for bad in (0, 99):
        values, failures = run(raiser_at(bad), range(100))
        assert (set(failures), len(values)) == ({bad}, 99)
        assert "next(iterator, None)" in failures[bad][3]


@pytest.mark.parametrize("call", ["single", "args"])
@given(kinds=st.lists(st.sampled_from(["int", "text", "list", "stop"]), min_size=1, max_size=40))
def test_a_stop_iteration_fails_its_own_task_whatever_others_return(call: str, kinds: list[str]) -> None:
    """And each task runs once."""
    ran: list[int] = []

    def f(x: int) -> Any:
        ran.append(x)
        if kinds[x] == "stop":
            raise StopIteration
        return {"int": x, "text": str(x), "list": [x]}[kinds[x]]

    arguments: list[Any] = [(x,) for x in range(len(kinds))] if call == "args" else list(range(len(kinds)))
    values, failures = run(f, arguments, call)
    assert set(failures) == {x for x, kind in enumerate(kinds) if kind == "stop"}
    expected = {"int": lambda x: x, "text": str, "list": lambda x: [x]}
    assert values == {x: expected[kind](x) for x, kind in enumerate(kinds) if kind != "stop"}
    assert ran == list(range(len(kinds)))


def raiser_at(bad: int) -> Callable[[int], int]:
    def f(x: int) -> int:
        if x == bad:
            raise StopIteration(x)
        return x

    return f


def test_endless_recursion_fails_its_task() -> None:
    def f(x: int) -> int:
        return f(x) if x else 0

    values, failures = run(f, [0, 1, 0])
    assert (values, failures[1][2]) == ({0: 0, 2: 0}, "RecursionError")
    assert len(failures[1][4]) <= TRACEBACK_LIMIT + 100


# --- results that do not travel -------------------------------------------------------------------------------------


def test_a_result_that_cannot_be_pickled_fails_alone_and_says_what_to_do() -> None:
    values, failures = run(lambda x: threading.Lock() if x == 2 else x, range(5), start=10)
    assert values == {10: 0, 11: 1, 13: 3, 14: 4}
    (_, kind, name, message, _, argument) = failures[12]
    assert (kind, name, argument) == ("unpicklable", "TypeError", "2")
    assert message.startswith("the result, a _thread.lock, cannot be pickled: ")
    assert message.endswith("Return plain values, arrays or dataclasses.")


def test_no_result_at_all_can_be_pickled() -> None:
    values, failures = run(lambda _: threading.Lock(), range(3))
    assert (values, set(failures)) == ({}, {0, 1, 2})


def test_unpicklable_results_and_exceptions_mix() -> None:
    def f(x: int) -> Any:
        return [x, threading.Lock, 1 / 0][x % 3] if x % 3 == 2 else [x, threading.Lock()][x % 3]

    values, failures = run(f, range(9))
    assert set(values) == {0, 3, 6}
    assert [failures[index][1] for index in sorted(failures)] == ["unpicklable", "raised"] * 3


class Unwilling:
    """Neither shows itself nor travels."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __reduce__(self) -> Any:
        raise RuntimeError("no")


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


class Cruel(Exception):
    def __str__(self) -> str:
        raise SystemExit

    __repr__ = __str__


def test_an_argument_that_cannot_be_shown_does_not_hide_the_failure() -> None:
    _, failures = run(raiser(ValueError("bad")), [Unwilling()])
    assert failures[0][3] == "bad"
    assert "Unwilling" in failures[0][5]


def test_an_exception_that_cannot_be_shown_is_a_failure_like_any_other() -> None:
    values, failures = run(raiser(Unprintable()), [0, 1, 0])
    assert set(values) == {0, 2}
    assert failures[1][2].endswith("Unprintable")
    assert failures[1][3] == "(its message cannot be shown: RuntimeError)"
    assert "Unprintable" in failures[1][4]


def test_what_exits_when_it_is_shown_does_not_end_the_slot() -> None:
    values, failures = run(raiser(Cruel()), [0, Cruel(), 0])
    assert (set(values), set(failures)) == ({0, 2}, {1})


# --- what a failure says --------------------------------------------------------------------------------------------


def test_a_traceback_begins_with_the_users_own_frame() -> None:
    def inner() -> None:
        raise KeyError("missing")

    _, failures = run(lambda _: inner(), [1])
    text = failures[0][4]
    assert text.startswith("Traceback (most recent call last):")
    assert "in inner" in text
    assert text.endswith("KeyError: 'missing'\n")
    assert "mcgui_core" not in text


def test_causes_are_part_of_the_traceback() -> None:
    def f(_: Any) -> None:
        try:
            _ = 1 / 0
        except ZeroDivisionError as error:
            raise ValueError("no ratio") from error

    text = run(f, [1])[1][0][4]
    assert "ZeroDivisionError" in text
    assert "direct cause" in text


def test_long_texts_are_cut() -> None:
    _, failures = run(raiser(ValueError("x" * 10**6)), ["y" * 10**6])
    _, _, _, message, trace, argument = failures[0]
    assert len(message) == MESSAGE_LIMIT
    assert len(trace) <= TRACEBACK_LIMIT + 100
    assert "characters left out" in trace
    assert len(argument) <= ARGUMENT_LIMIT


def test_an_exception_that_is_raised_again_and_again_does_not_drag_its_past_along() -> None:
    _, failures = run(raiser(ValueError("bad")), [1] * 50)
    assert len({failure[4] for failure in failures.values()}) == 1


def test_an_error_of_a_module_is_named_with_it() -> None:
    import zlib

    assert run(raiser(zlib.error("bad data")), [1])[1][0][2] == "zlib.error"


# --- parts ----------------------------------------------------------------------------------------------------------


def test_a_budget_ends_a_chunk_and_what_was_done_stands() -> None:
    parts = list(task_runner.run(lambda x: x, "single", range(10**6), 0, 0.0))
    assert len(parts) == 1
    assert 1 <= parts[0].stop < 10**6
    values, _ = opened(parts, 0, parts[0].stop)
    assert len(values) == parts[0].stop


def test_a_chunk_without_a_budget_makes_one_step_at_least() -> None:
    parts = list(task_runner.run(raiser(ValueError), "single", [1], 5, 0.0))
    assert [(part.start, part.stop, part.missing) for part in parts] == [(5, 6, (5,))]


def test_large_results_are_reported_before_there_are_many() -> None:
    parts = list(task_runner.run(lambda _: bytes(PART_BYTES // 4), "single", range(64), 0, FOREVER))
    assert len(parts) >= 8
    assert max(len(part.values) for part in parts) <= 4 * PART_BYTES
    opened(parts, 0, 64)


def test_large_arrays_are_reported_before_there_are_many() -> None:
    parts = list(task_runner.run(lambda _: np.zeros(PART_BYTES // 16), "single", range(16), 0, FOREVER))
    assert max(len(part.values) for part in parts) <= 4 * PART_BYTES
    values, _ = opened(parts, 0, 16)
    assert values[15].nbytes == PART_BYTES // 2


def test_many_failures_are_reported_before_there_are_too_many() -> None:
    parts = list(task_runner.run(raiser(ValueError("bad")), "single", [1] * (3 * PART_FAILURES), 0, FOREVER))
    assert all(len(part.failures) <= PART_FAILURES for part in parts)
    assert len(opened(parts, 0, 3 * PART_FAILURES)[1]) == 3 * PART_FAILURES


class Odd:
    """Raises whatever it is asked, and travels all the same."""

    def __sizeof__(self) -> int:
        raise SystemExit

    @property
    def nbytes(self) -> int:
        raise ValueError

    def __reduce__(self) -> Any:
        return int, ()


def test_a_result_whose_size_cannot_be_told_is_no_trouble() -> None:
    assert run(lambda _: Odd(), range(3))[0] == {0: 0, 1: 0, 2: 0}


class Speechless(Exception):
    """Does not say what is wrong."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Untellable:
    """Cannot be pickled, and nobody can say why."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __reduce__(self) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [(Speechless(), "(its message cannot be shown: RuntimeError)"), (MemoryError(), "MemoryError")],
)
def test_a_result_of_which_nobody_can_say_why_it_cannot_be_pickled_fails_alone(
    error: BaseException, words: str
) -> None:
    """To say it ended the slot."""
    values, failures = run(lambda x: Untellable(error) if x == 1 else x, range(3))
    assert values == {0: 0, 2: 2}
    assert f"cannot be pickled: {words}. Return" in failures[1][3]
