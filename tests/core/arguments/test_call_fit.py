"""Whether a function can be called with what a job gives to each call: one check for scripts, terminal and window."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import pytest

from mcgui_core.arguments.call_fit import check_call
from mcgui_core.client.job_spec import make_spec
from mcgui_core.environment.callable_info import callable_info
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import BadInput
from mcgui_core.protocol.run_options import CallStyle, RunOptions


def said(check: Callable[[], object]) -> str:
    """What it is refused with; "" where it is not."""
    try:
        check()
    except BadInput as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("parameters", "call", "shared", "seed", "problem"),
    [
        ("x, table", "single", ["table"], None, ""),
        ("x, table=1", "single", [], None, ""),
        ("x, *, table", "single", ["table"], None, ""),
        ("x, **more", "single", ["table"], None, ""),
        ("*x, table", "single", ["table"], None, ""),
        ("x, /, **more", "single", ["x"], None, ""),
        ("x, table", "single", ["tabel", "table"], None, "f has no parameter tabel. It takes: x, table."),
        ("x, /, table", "single", ["x", "table"], None, "f has no parameter x. It takes: table."),
        ("x, table", "single", ["x", "table"], None, "f takes its argument as x, its first parameter"),
        ("table, x", "single", ["table"], None, "f takes its argument as table"),
        ("table, x", "kwargs", ["table"], None, ""),
        ("x, y, table", "args", ["table"], None, ""),
        ("x, table", "single", [], None, "f needs 2 arguments, and gets one: nothing gives 'table'."),
        ("x, *, table", "single", [], None, "f needs 'table' by name"),
        ("", "single", [], None, "f takes no argument, and gets one."),
        ("x, seed", "single", [], "7", ""),
        ("x, **more", "single", [], "7", ""),
        ("x", "single", [], "7", "f has no parameter seed, by which each call is given its own."),
        ("x, seed", "single", ["seed"], "7", "seed is given to each call already"),
        ("x", "single", ["not a name"], None, "shared must have the names of parameters"),
    ],
)
def test_what_cannot_be_called_is_said_by_its_names_and_in_the_same_way_for_source_and_callables(
    parameters: str, call: CallStyle, shared: list[str], seed: str | None, problem: str
) -> None:
    source, names = f"def f({parameters}): ...", {}
    exec(source, names)
    read, told = Environment.parse(source).function("f"), callable_info(names["f"], "f")
    for function in (read, told):
        found = said(lambda function=function: check_call(function, call, shared, seed))
        assert found.startswith(problem)
        assert bool(found) == bool(problem)


def volume(x: float, table: float, height: float) -> float:
    return x * table * height


def wraps(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(x: Any) -> Any:
        return function(x, table=1, height=2)

    return wrapper


@pytest.mark.parametrize(
    "function", [wraps(volume), functools.lru_cache(lambda x: x), functools.partial(pow, 2), max, math.log, "".join, int]
)  # fmt: skip
def test_a_callable_of_which_nobody_can_tell_is_not_refused(function: Callable[..., Any]) -> None:
    assert said(lambda: make_spec(None, function, None, None, RunOptions())) == ""


def test_a_partial_and_a_method_are_looked_at_as_they_are_called() -> None:
    three = functools.partial(volume, 1)
    assert "nothing gives 'height'" in said(lambda: make_spec(None, three, None, "three", RunOptions()))
    assert "no parameter d. It takes: table, height." in said(
        lambda: make_spec(None, three, None, "three", RunOptions(), shared=["d"])
    )
