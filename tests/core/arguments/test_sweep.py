"""Parameter sweeps: axes as people write them, their combinations, and how many there are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.arguments.argument_readers import open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.sweep import SweepArguments
from mcgui_core.arguments.sweep_axis import axis_values, written
from mcgui_core.errors import ArgumentsInvalid


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1, 2, 5", [1, 2, 5]),
        ("0.5", [0.5]),
        ("red, green, 007", ["red", "green", "007"]),
        ("'a, b', \"c\"", ["a, b", "c"]),
        ("True, None, 1e3", [True, None, 1000.0]),
        ("yes, true", ["yes", True]),
        ("(1, 2), (3, 4)", [(1, 2), (3, 4)]),
        ("[1, 2], [3]", [[1, 2], [3]]),
        ("1 to 4", [1, 2, 3, 4]),
        ("1..4", [1, 2, 3, 4]),
        ("4 to 1", [4, 3, 2, 1]),
        ("0 to 10 step 4", [0, 4, 8]),
        ("0 to 0.3 step 0.1", [0.0, 0.1, 0.2, 0.3]),
        ("1 to 0 by -0.5", [1.0, 0.5, 0.0]),
        ("0 to 1 in 5", [0.0, 0.25, 0.5, 0.75, 1.0]),
        ("0 to 10 in 3 values", [0, 5, 10]),
        ("-1.5 to 1.5 in 3", [-1.5, 0.0, 1.5]),
        ("7 to 9 in 1", [7]),
        ("log 1 to 1000", [1, 10, 100, 1000]),
        ("log 1 to 256 step 4", [1, 4, 16, 64, 256]),
        ("log 0.01 to 1 in 3", [0.01, 0.1, 1.0]),
        ("log 1000 to 1 in 4", [1000, 100, 10, 1]),
        ("log 1 to 50", [1, 10]),
    ],
)
def test_values_are_read_as_they_are_written(text: str, values: list[Any]) -> None:
    found = axis_values(text)
    assert list(found) == values
    assert [type(value) for value in found] == [type(value) for value in values]
    assert len(found) == len(values)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no values yet"),
        (" , ", "no values yet"),
        ("0 to 1 step 0", "A step of 0 leads nowhere"),
        ("0 to 10 step -1", "From 0 a step of -1 never leads to 10"),
        ("0 to 1 in 0", "'in 0' is no number of values"),
        ("0 to 1 in 2.5", "'in 2.5' is no number of values"),
        ("log 0 to 10", "have to be more than 0"),
        ("log 1 to 10 step 1", "is a factor"),
        ("log twelve", "is no range"),
        ("0 to", "is no range"),
        ("0 to 5 stp 2", "is no range"),
        ("0 to 1, 2 to 3", "is no range"),
        ("1 to x", "in quotation marks"),
        ("3..", "is no range"),
        ("range(3)", "is no range"),
        ("np.linspace(0, 1, 3)", "is no range"),
        ("0 to 1e30 step 1", "more values than any computer can count"),
    ],
)
def test_values_that_cannot_be_read_say_why(text: str, problem: str) -> None:
    with pytest.raises(ArgumentsInvalid) as caught:
        axis_values(text)
    assert problem in str(caught.value)


@given(
    st.lists(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        min_size=1,
    )
)
def test_a_list_is_read_back_from_how_it_is_written(values: list[Any]) -> None:
    assert list(axis_values(written(values))) == values


@given(
    start=st.integers(-1000, 1000),
    stop=st.integers(-1000, 1000),
    count=st.integers(2, 50),
)
def test_equal_distances_begin_and_end_where_they_should(start: int, stop: int, count: int) -> None:
    values = axis_values(f"{start} to {stop} in {count}")
    assert (values[0], values[-1], len(values)) == (start, stop, count)
    assert list(values) == sorted(values, reverse=start > stop)


AXES = (("x", "1 to 3"), ("kind", "a, b"), ("y", "0.5"))


def test_every_value_is_combined_with_every_other_and_the_last_axis_is_the_fastest() -> None:
    sweep = SweepArguments(AXES)
    wanted = [{"x": x, "kind": kind, "y": y} for x, kind, y in itertools.product([1, 2, 3], ["a", "b"], [0.5])]
    assert list(sweep) == wanted
    assert [sweep.values[index] for index in range(-6, 6)] == wanted + wanted
    assert sweep.values[1:3] == wanted[1:3]
    assert (sweep.count, sweep.call, sweep.columns) == (6, "kwargs", ("x", "kind", "y"))


def test_values_may_go_together() -> None:
    sweep = SweepArguments((("x", "1 to 3"), ("y", "a, b, c")), "zip")
    assert list(sweep) == [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}, {"x": 3, "y": "c"}]
    assert list(sweep) == list(sweep.values[:])


def test_a_sweep_of_a_billion_is_counted_and_previewed_at_once() -> None:
    source = ArgumentSource("sweep", axes=(("x", "1 to 100_000"), ("y", "0 to 1 in 10_000")))
    preview = open_arguments(source).preview()
    assert preview.count == 10**9
    assert preview.first[1] == "{'x': 1, 'y': 0.00010001000100010001}"
    assert open_arguments(source).values[10**9 - 1] == {"x": 100_000, "y": 1.0}


@pytest.mark.parametrize(
    ("axes", "combine", "problem"),
    [
        ((), "product", "The sweep has no axes yet."),
        ((("", "1"),), "product", "Axis 1 has no name."),
        ((("x", "1"), ("x", "2")), "product", "There are two axes 'x'."),
        ((("x", "0 to 1 step 0"),), "product", "Axis 'x': a step of 0 leads nowhere."),
        ((("x", "1, 2"), ("y", "1 to 3")), "zip", "x has 2, y has 3"),
        ((("x", "1 to 1e15"), ("y", "1 to 1e15")), "product", "more combinations than any computer can count"),
    ],
)
def test_axes_that_make_no_sweep_say_why(axes: Any, combine: Any, problem: str) -> None:
    with pytest.raises(ArgumentsInvalid) as caught:
        SweepArguments(axes, combine)
    assert problem in str(caught.value)
