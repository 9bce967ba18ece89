"""Whether a function can be called with the arguments that are there, told before anything runs."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path

import pytest

from mcgui_core.arguments.argument_fit import fit, fit_items, misfit
from mcgui_core.arguments.argument_readers import open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.column_renaming import renamed
from mcgui_core.base.listing import listed
from mcgui_core.environment.environment_source import Environment, FunctionInfo
from mcgui_core.environment.function_info import with_given
from mcgui_core.errors import ArgumentsInvalid, FunctionNotFound
from mcgui_core.protocol.run_options import CallStyle


def function(source: str, name: str) -> FunctionInfo:
    found = Environment.parse(source).function(name)
    assert found is not None
    return found


DEFINED = "def f(a, b, /, c, d=4, *rest, e, g=7, **others): ...\nfrom functools import partial\n"


@pytest.mark.parametrize(
    "call",
    [
        "partial(f)",
        "partial(f, 1)",
        "partial(f, 1, 2, 3)",
        "partial(f, 1, 2, 3, 4, 5)",
        "partial(f, e=5)",
        "partial(f, 1, g=1, other=2)",
    ],
)
def test_a_partial_takes_what_python_says_that_it_takes(call: str) -> None:
    found = function(DEFINED + f"p = {call}", "p")
    namespace: dict[str, object] = {}
    exec(DEFINED + f"p = {call}", namespace)
    real = inspect.signature(namespace["p"])  # type: ignore[arg-type]
    assert found.signature == str(real)
    assert found.kind == "partial"


def test_what_follows_a_parameter_that_is_given_by_name_is_given_by_name_too() -> None:
    found = function("def f(a, b, c): ...\nfrom functools import partial\np = partial(f, b=1)", "p")
    namespace: dict[str, object] = {}
    exec("def f(a, b, c): ...", namespace)
    assert found.signature == str(inspect.signature(functools.partial(namespace["f"], b=1)))  # type: ignore[arg-type]
    assert (found.positional, found.required) == (1, ("a", "c"))


@pytest.mark.parametrize(
    "call", ["partial(f, *x)", "partial(f, **x)", "partial(unknown, 1)", "partial()", "partial(g, 1, 2)"]
)
def test_a_partial_that_cannot_be_followed_is_not_judged(call: str) -> None:
    found = function(f"def f(a): ...\ndef g(a): ...\nfrom functools import partial\np = {call}", "p")
    assert not found.known


@pytest.mark.parametrize(
    ("parameters", "given", "items", "by_name"),
    [
        ("x, table", ["table"], 1, ()),
        ("x, *, table", ["table"], 1, ()),
        ("x, y, table, seed", ["table", "seed"], 2, ()),
        ("x, table=None", ["table"], 1, ()),
        ("table, x", ["table"], 0, ("x",)),  # as Python has it: what follows can be given by name only
        ("x, **rest", ["table"], 1, ()),
        ("x", ["table"], 1, ()),
    ],
)
def test_what_is_given_to_each_call_is_asked_of_no_argument(
    parameters: str, given: list[str], items: int, by_name: tuple[str, ...]
) -> None:
    known = function(f"def f({parameters}): ...", "f")
    left = with_given(known, given)
    assert (fit_items(left, items) == "") is not bool(by_name)
    assert left.required[left.positional_required :] == by_name
    assert not set(left.parameters) & set(given)
    assert (left.name, left.kind) == ("f", "def")


@pytest.mark.parametrize(
    ("source", "count", "problem"),
    [
        ("def f(a, b): ...", 2, ""),
        ("def f(a, b): ...", 3, "f takes 2 arguments, and gets 3."),
        ("def f(a): ...", 2, "f takes 1 argument, and gets 2."),
        ("def f(a, b=1): ...", 0, "f takes 1 to 2 arguments, and gets 0."),
        ("def f(a, *more): ...", 0, "f takes 1 or more arguments, and gets 0."),
        ("def f(a, *more): ...", 9, ""),
        ("def f(a, *, b): ...", 1, "f needs 'b' by name: pass rows as keyword arguments."),
        ("from m import f", 5, ""),
    ],
)
def test_so_many_items_are_right_or_wrong(source: str, count: int, problem: str) -> None:
    assert fit_items(function(source, "f"), count) == problem


@pytest.mark.parametrize(
    ("expression", "widths", "keys"),
    [
        ("[(1, 2), (3, 4, 5), [6]]", (2, 3, 1), ()),
        ("zip('abc', 'def')", (2, 2, 2), ()),
        ("[(1, 2), 3]", (), ()),
        ("['ab', 'cd']", (), ()),
        ("[{'x': 1, 'y': 2}]", (), ("x", "y")),
        ("[{1: 2}]", (), ()),
        ("[]", (), ()),
    ],
)
def test_a_preview_tells_what_the_first_few_are_made_of(
    expression: str, widths: tuple[int, ...], keys: tuple[str, ...]
) -> None:
    preview = open_arguments(ArgumentSource("expression", text=expression)).preview()
    assert (preview.widths, preview.keys) == (widths, keys)


@pytest.mark.parametrize(
    ("call", "text", "said"),
    [
        ("kwargs", "range(3)", "f(**value) needs a dict for each task, and the first argument is 0."),
        ("kwargs", "[(1, 2)]", "f(**value) needs a dict for each task, and the first argument is (1, 2)."),
        ("kwargs", "['a' * 99]", f"f(**value) needs a dict for each task, and the first argument is '{'a' * 39}…."),
        ("args", "range(3)", "f(*value) needs a tuple for each task, and the first argument is 0."),
        ("kwargs", "[{'a': 1}]", ""),
        ("kwargs", "[vars(object)]", ""),
        ("args", "['a']", ""),
    ],
)
def test_arguments_that_cannot_be_taken_apart_are_told_of_before_all_tasks_fail(
    call: CallStyle, text: str, said: str
) -> None:
    preview = open_arguments(ArgumentSource("expression", text=text), "").preview()
    assert misfit(function("def f(a=0, *more, **others): ...", "f"), call, preview) == said


def test_of_hundreds_of_columns_some_are_named() -> None:
    """What does not fit is told in a line or two, and does not fill the window."""
    columns = [f"c{number}" for number in range(500)]
    problem = fit(function("def f(x): ...", "f"), columns)
    assert problem.startswith("f has no parameter 'c0', 'c1', ")
    assert problem.endswith("'c11' and 488 more. It takes: x.")
    many = function(f"def f({', '.join(columns)}): ...", "f")
    assert len(fit(many, ["x"])) < 200
    assert len(fit(many, [])) < 200
    source = "\n".join(f"def {name}(x): ..." for name in columns)
    with pytest.raises(FunctionNotFound, match="It defines: c0, .*, c11 and 488 more") as raised:
        Environment.parse(source).check("other")
    assert len(str(raised.value)) < 200


def test_a_name_that_would_be_the_only_one_left_out_is_not() -> None:
    assert listed([]) == ""
    assert listed("abc", 2) == "a, b, c"
    assert listed("abcd", 2) == "a, b and 2 more"


@pytest.mark.parametrize("source", ["def f(x): ...", "def f(x, /): ..."])
def test_of_a_column_that_is_called_a_whole_file_the_beginning_is_told(source: str, tmp_path: Path) -> None:
    """The first line of a file that is no table is one name."""
    path = tmp_path / "genome.csv"
    path.write_text(f"{120_000 * 'ACGT'}\nx\n", encoding="utf-8")
    arguments = open_arguments(ArgumentSource("csv", path=str(path)), "")
    columns = arguments.preview().columns
    assert len(columns[0]) == 480_000
    problem = fit(function(source, "f"), columns)
    assert problem.startswith("f has no parameter 'ACGT")
    assert "ACGT'. It takes: " in problem
    assert len(problem) < 300
    with pytest.raises(ArgumentsInvalid, match=r"has no column 'y' to pass as 'x'.*It has: ACGT") as told:
        renamed(list(columns), (("y", "x"),), path.name)
    assert len(str(told.value)) < 400
