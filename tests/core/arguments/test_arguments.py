"""Arguments: expressions, text files and tables, read as they are asked for."""

from __future__ import annotations

import itertools
import math
import os
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui_core.arguments.argument_fit import fit, fit_one
from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.cell_values import converted
from mcgui_core.environment.environment_source import Environment, FunctionInfo
from mcgui_core.errors import ArgumentsInvalid, EnvironmentInvalid


def expression(text: str, environment: str = "") -> Arguments:
    return open_arguments(ArgumentSource("expression", text), environment, "mine.py")


def table(path: Path, text: str | bytes, skip_bad: bool = False, **options: Any) -> Arguments:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_arguments(ArgumentSource("csv", path=str(path), skip_bad=skip_bad, **options))


# --- expressions ----------------------------------------------------------------------------------------------------


def test_a_range_stays_a_range() -> None:
    arguments = expression("range(10**9)")
    assert arguments.count == 10**9
    assert isinstance(arguments.values, range)
    preview = arguments.preview()
    assert (preview.count, preview.first, preview.call) == (10**9, ("0", "1", "2", "3", "4"), "single")


def test_an_expression_may_use_the_environment_builtins_and_math() -> None:
    environment = "def make_nums(n):\n    return [999 + 2 * i for i in range(n + 1)]\n"
    assert expression("make_nums(5000)", environment).count == 5001
    assert list(expression("[math.sqrt(x) for x in sorted({4, 1})]")) == [1.0, 2.0]
    shadowed = "def range(n):\n    return ['mine'] * n\n"
    assert list(expression("range(2)", shadowed)) == ["mine", "mine"]


def test_the_environment_runs_only_where_the_expression_uses_it() -> None:
    environment = "import a_package_that_only_workers_have\ndef f(x): ...\n"
    assert expression("range(3)", environment).count == 3
    assert expression("range(3)", "def half(").count == 3
    with pytest.raises(ArgumentsInvalid, match=r"does not load here: ModuleNotFoundError.*line 1 of mine\.py"):
        expression("f(3)", environment)
    with pytest.raises(EnvironmentInvalid):
        expression("make()", "def half(")


def test_an_iterator_is_read_lazily_and_loses_nothing_to_a_preview() -> None:
    arguments = expression("(x * x for x in __import__('itertools').count())")
    assert arguments.count is None
    assert arguments.preview(3).first == ("0", "1", "4")
    assert arguments.preview(2).first == ("0", "1")
    assert arguments.preview(2).count is None
    assert list(itertools.islice(arguments.values, 5)) == [0, 1, 4, 9, 16]


def test_a_short_iterator_is_counted_by_its_preview() -> None:
    arguments = expression("iter('ab')")
    assert arguments.preview(2).count == 2
    assert list(arguments) == ["a", "b"]


@pytest.mark.parametrize("text", ["[]", "range(0)", "iter(())", "()"])
def test_no_arguments_are_allowed_and_said(text: str) -> None:
    arguments = expression(text)
    preview = arguments.preview()
    assert (preview.count, preview.first) == (0, ())
    assert "no arguments" in preview.problem
    assert list(arguments) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There is no expression. Give a list or a range"),
        ("range(", "The expression is not Python: '(' was never closed."),
        ("x = 3", "It is a statement"),
        ("import os", "It is a statement"),
        ("[1,\n 2 3]", "in its line 2"),
        ("5", "The expression is an int, 5, which is no list of arguments. Did you mean range(5)?"),
        ("None", "For this one argument write [None]."),
        ("len", "Did you mean to call it: len(...)?"),
        ("'abc'", "For this one argument write ['abc']; if its pieces are meant, list('abc')."),
        ("b'abc'", "is a bytes"),
        ("object()", "The expression is an object, <object"),
        ("1 / 0", "The expression raises ZeroDivisionError: division by zero."),
        ("[1,\n 1 / 0]", "ZeroDivisionError: division by zero (line 2 of the expression)"),
        ("nums(3)", "NameError: name 'nums' is not defined. It may use builtins, math and what the environment"),
        ("exit()", "The expression raises SystemExit"),
        ("range(10**30)", "more arguments than any computer can count"),
        ("\0", "The expression"),
        ("-" * 100_000 + "1", "The expression cannot be read"),
    ],
)
def test_an_expression_that_gives_no_arguments_says_why(text: str, problem: str) -> None:
    with pytest.raises(ArgumentsInvalid) as caught:
        expression(text)
    assert problem in str(caught.value)


def test_an_error_inside_the_environment_names_its_line() -> None:
    environment = (
        "def make(n):\n    return [1 / i for i in range(n)]\n\ndef lazy(n):\n    yield 1\n    raise KeyError('x')\n"
    )
    with pytest.raises(ArgumentsInvalid, match=r"ZeroDivisionError: division by zero \(line 2 of mine\.py\)"):
        expression("make(3)", environment)
    with pytest.raises(ArgumentsInvalid, match=r"KeyError: 'x' \(line 6 of mine\.py\) after 1 arguments"):
        list(expression("lazy(3)", environment))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ArgumentsInvalid, match="not 'telepathy'"):
        open_arguments(ArgumentSource("telepathy"))  # type: ignore[arg-type]


# --- text files -----------------------------------------------------------------------------------------------------


def test_each_line_of_a_text_file_is_an_argument(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffÉmile\r\n\r\n two words \nlast".encode())
    arguments = open_arguments(ArgumentSource("text", path=str(path)))
    assert list(arguments) == ["Émile", " two words ", "last"]
    assert list(arguments.values) == list(arguments)
    assert arguments.count == 3
    preview = arguments.preview(2)
    assert (preview.count, preview.first, preview.problem) == (3, ("'Émile'", "' two words '"), "")


def test_an_empty_text_file_is_no_arguments(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"\n")
    preview = open_arguments(ArgumentSource("text", path=str(path))).preview()
    assert preview.count == 0
    assert "no arguments" in preview.problem


def test_a_line_that_is_not_in_the_encoding_that_was_said_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"good\n" * 100_000 + b"caf\xe9\n")
    arguments = open_arguments(ArgumentSource("text", path=str(path), encoding="utf-8"))
    for read in (arguments.preview, arguments.check, lambda: list(arguments), lambda: arguments.count):
        with pytest.raises(ArgumentsInvalid, match=r"Line 100001 of latin\.txt is not UTF-8 text \(byte 0xe9\)"):
            read()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    kinds: tuple[Literal["text", "csv"], ...] = ("text", "csv")
    for kind in kinds:
        for path, problem in (
            ("", "No file is chosen"),
            (str(tmp_path / "none.csv"), "There is no file"),
            (str(tmp_path), "is a folder"),
            ("a\0b", "cannot be read"),
        ):
            with pytest.raises(ArgumentsInvalid, match=problem):
                open_arguments(ArgumentSource(kind, path=path))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,
    reason="permissions bind neither the administrator nor Windows this way",
)
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text("a")
    path.chmod(0)
    with pytest.raises(ArgumentsInvalid, match="Permission denied"):
        open_arguments(ArgumentSource("text", path=str(path)))


# --- tables ---------------------------------------------------------------------------------------------------------


def test_rows_become_keyword_arguments_with_numbers_as_numbers(tmp_path: Path) -> None:
    text = 'angle,speed,name,note\n30,1.5,ball,\n-4,1e3,"a, ""b""","two\nlines"\n,,007,nan\n'
    arguments = table(tmp_path / "p.csv", text)
    rows = list(arguments)
    assert rows[0] == {"angle": 30, "speed": 1.5, "name": "ball", "note": None}
    assert rows[1] == {"angle": -4, "speed": 1000.0, "name": 'a, "b"', "note": "two\nlines"}
    assert rows[2] == {"angle": None, "speed": None, "name": "007", "note": "nan"}
    assert (arguments.count, arguments.call) == (3, "kwargs")
    preview = arguments.preview(1)
    assert preview.first == ("{'angle': 30, 'speed': 1.5, 'name': 'ball', 'note': None}",)
    assert (preview.count, preview.columns, preview.call, preview.problem) == (
        3,
        ("angle", "speed", "name", "note"),
        "kwargs",
        "",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "a,b,c\n1,2,x y\n3,4,5\n".replace(",", delimiter)
    assert list(table(tmp_path / "d.csv", text)) == [{"a": 1, "b": 2, "c": "x y"}, {"a": 3, "b": 4, "c": "5"}]


def test_a_decimal_comma_does_not_mislead_the_search_for_the_delimiter(tmp_path: Path) -> None:
    rows = list(table(tmp_path / "d.csv", "x;y\n1,5;2\n2,5;3\n"))
    assert rows == [{"x": 1.5, "y": 2}, {"x": 2.5, "y": 3}]


def test_a_table_of_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert list(table(tmp_path / "one.csv", "\ufeffn\r\n1\r\n2\r\n\r\n")) == [{"n": 1}, {"n": 2}]


def test_rows_with_nothing_in_them_are_left_out(tmp_path: Path) -> None:
    arguments = table(tmp_path / "b.csv", "a,b\n1,2\n\n,\n   \n3,4\n,,,\n")
    assert list(arguments) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    assert arguments.count == 2


def test_a_bad_row_is_named_with_its_line_and_refused(tmp_path: Path) -> None:
    text = 'a,b\n1,"x\ny"\n\n2\n3,4\n5,6,7\n'
    arguments = table(tmp_path / "bad.csv", text)
    problem = r"Line 5 of bad\.csv has 1 column, the header 2\."
    preview = arguments.preview()
    assert preview.problem == "Line 5 of bad.csv has 1 column, the header 2. 1 more row is bad."
    assert preview.count == 2
    with pytest.raises(ArgumentsInvalid, match=problem):
        arguments.check()
    rows = iter(arguments)
    assert next(rows) == {"a": 1, "b": "x\ny"}
    with pytest.raises(ArgumentsInvalid, match=problem):
        next(rows)


def test_bad_rows_can_be_left_out_and_the_preview_says_so(tmp_path: Path) -> None:
    arguments = table(tmp_path / "bad.csv", "a,b\n1,2\n2\n3,4\n5,6,7\n", skip_bad=True)
    arguments.check()
    assert list(arguments) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    assert arguments.preview().problem.endswith("Left out.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("\n,,\n\n", "has no header"),
        ("1,2,3\n4,5,6\n", "holds numbers only: 1, 2, 3"),
        (b"\xff\xfea,\x00\x00\xd8", r"t\.csv is not UTF-16 text"),
    ],
)
def test_a_table_whose_header_cannot_be_used_says_why(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ArgumentsInvalid, match=problem):
        table(tmp_path / "t.csv", text)


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path: Path) -> None:
    arguments = table(tmp_path / "q.csv", "a,b\n1,2\n" * 100 + '3,"open\n' + "4,5\n" * 100_000)
    for read in (arguments.preview, arguments.check, lambda: list(arguments)):
        with pytest.raises(ArgumentsInvalid, match=r"Line 201 of q\.csv.*never closed"):
            read()


def test_a_table_with_a_header_only_is_no_arguments(tmp_path: Path) -> None:
    preview = table(tmp_path / "h.csv", "a,b\n").preview()
    assert preview.count == 0
    assert "no arguments" in preview.problem


def test_a_large_table_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("a,b\n")
        file.writelines(f"{i},{i}\n" for i in range(60_000))
    tracemalloc.start()
    try:
        arguments = open_arguments(ArgumentSource("csv", path=str(path)))
        assert arguments.count == 60_000
        assert sum(row["a"] for row in arguments) == sum(range(60_000))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", 0), ("-7", -7), ("+7", 7), (" 7 ", 7), ("0.5", 0.5), (".5", 0.5), ("1e3", 1000.0), ("-0.0", -0.0),
        ("", None), ("007", "007"), ("-01", "-01"), ("1_000", "1_000"), ("1,5", "1,5"), ("Infinity", "Infinity"),
        ("inf", math.inf), ("1e999", "1e999"), ("true", "true"), ("0x10", "0x10"), ("2024-01-01", "2024-01-01"),
        ("9" * 5000, "9" * 5000), ("12345678901234567890", 12345678901234567890),
    ],
)  # fmt: skip
def test_a_cell_is_a_number_where_it_is_written_as_one(cell: str, value: Any) -> None:
    assert converted(cell) == value
    assert type(converted(cell)) is type(value)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=8))
def test_count_preview_and_iteration_agree_on_any_table(tmp_path: Path, rows: Sequence[list[str]]) -> None:
    quoted = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    arguments = table(tmp_path / "any.csv", "first,second\r\n" + quoted)
    filled = [row for row in rows if any(row)]
    assert arguments.count == len(list(arguments)) == len(filled) == arguments.preview().count
    as_text = table(tmp_path / "any.csv", "first,second\r\n" + quoted, types=(("first", "text"), ("second", "text")))
    assert list(as_text) == [{"first": a or None, "second": b or None} for a, b in filled]


# --- columns and parameters -----------------------------------------------------------------------------------------


def function(source: str) -> FunctionInfo:
    return Environment.parse(source).functions[0]


@pytest.mark.parametrize(
    ("source", "columns", "problem"),
    [
        ("def f(a, b): ...", ("a", "b"), ""),
        ("def f(a, b=1): ...", ("a",), ""),
        ("def f(a, **more): ...", ("a", "z"), ""),
        ("def f(*, a): ...", ("a",), ""),
        ("f = lambda a: a", ("a",), ""),
        ("class F:\n    def __init__(self, a): ...", ("a",), ""),
        ("from m import f", ("anything",), ""),
        ("def f(a, b): ...", ("a", "c"), "f has no parameter 'c'. It takes: a, b."),
        ("def f(a, b): ...", ("a",), "f needs 'b', and nothing is passed by that name."),
        ("def f(a, **more): ...", ("z",), "f needs 'a', and nothing is passed by that name."),
        ("def f(a, /): ...", ("a",), "f has no parameter 'a'. It takes: none by name."),
        ("class F:\n    def __init__(self, a): ...", ("self",), "F has no parameter 'self'. It takes: a."),
    ],
)
def test_columns_are_compared_with_the_parameters(source: str, columns: tuple[str, ...], problem: str) -> None:
    assert fit(function(source), columns) == problem


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def f(a): ...", ""),
        ("def f(a, b=1): ...", ""),
        ("def f(*a): ...", ""),
        ("from m import f", ""),
        ("def f(): ...", "takes no argument"),
        ("def f(a, b): ...", "needs 2 arguments, and gets one"),
        ("def f(a, *, b): ...", "needs 'b' by name"),
        ("@with_b\ndef f(a, b): ...", ""),
        ("@functools.lru_cache(3)\ndef f(a, b): ...", "needs 2 arguments"),
        ("if new:\n    def f(a, b): ...", ""),
        ("def f(a, b): ...\ng = f", "needs 2 arguments"),
    ],
)
def test_a_function_is_compared_with_one_argument(source: str, problem: str) -> None:
    assert problem in fit_one(function(source))
    assert bool(fit_one(function(source))) == bool(problem)
