"""The environment: what its source defines, found without running it."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import pickle
import sys
import timeit
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.environment.environment_loader import activate, load_module, module_name
from mcgui_core.environment.environment_source import Environment, FunctionInfo, read_source
from mcgui_core.environment.function_info import comment_above
from mcgui_core.environment.project_imports import module_text
from mcgui_core.errors import EnvironmentInvalid, FunctionNotFound


def functions(source: str) -> dict[str, FunctionInfo]:
    return {info.name: info for info in Environment.parse(source).functions}


def test_every_kind_of_callable_is_found_in_source_order_with_its_signature() -> None:
    source = '''
import functools
import math
from random import random as rnd

def plain(x, y=2, *rest, flag: bool = True, **more):
    """First paragraph,
    on two lines.

    Second paragraph.
    """

doubled = lambda x: x * 2
root = math.sqrt
same = plain
cached = functools.lru_cache(None)(plain)
two = functools.partial(plain, 2)

async def later(x): ...

class Model:
    """A model."""
    def __init__(self, size, *, depth=3): ...
'''
    found = Environment.parse(source).functions
    assert [(info.name, info.kind) for info in found] == [
        ("plain", "def"),
        ("doubled", "lambda"),
        ("root", "assigned"),
        ("same", "assigned"),
        ("cached", "assigned"),
        ("two", "partial"),
        ("later", "async"),
        ("Model", "class"),
        ("rnd", "import"),
    ]
    by_name = functions(source)
    assert by_name["plain"].signature == "(x, y=2, *rest, flag: bool=True, **more)"
    assert by_name["plain"].doc == "First paragraph, on two lines."
    assert by_name["plain"].line == 6
    assert by_name["doubled"].signature == "(x)"
    assert by_name["same"].signature == by_name["plain"].signature
    assert by_name["two"].doc == "functools.partial(plain, 2)"
    assert by_name["Model"].signature == "(size, *, depth=3)"
    assert by_name["Model"].required == ("size",)
    assert by_name["rnd"].doc == "Imported from random."
    assert by_name["later"].refusal.startswith("it is async")
    assert not any(info.refusal for info in found if info.name != "later")


def test_names_inside_blocks_at_the_top_level_are_found() -> None:
    source = """
try:
    from fast import solve
except ImportError as problem:
    def solve(x): ...
else:
    def in_else(x): ...
finally:
    def in_finally(x): ...
if True:
    def in_if(x): ...
elif 1:
    def in_elif(x): ...
with open("x") as file:
    def in_with(x): ...
for i in range(3):
    def in_for(x): ...
match 3:
    case 3:
        def in_case(x): ...
def outer():
    def hidden(): ...
"""
    assert set(functions(source)) == {
        "solve", "in_else", "in_finally", "in_if", "in_elif", "in_with", "in_for", "in_case", "outer",
    }  # fmt: skip


def test_what_is_guarded_for_a_main_module_is_not_offered() -> None:
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from x import Y
if __name__ == "__main__":
    def main(): ...
else:
    def used(x): ...
"""
    assert set(functions(source)) == {"TYPE_CHECKING", "used"}


def test_the_last_binding_of_a_name_counts() -> None:
    source = "def f(a): ...\ndef g(b): ...\ndef f(c, d): ...\ng = 3\nh = lambda: 1\ndel h\n"
    assert {name: info.signature for name, info in functions(source).items()} == {"f": "(c, d)"}
    with pytest.raises(FunctionNotFound, match=r"'g' cannot be run: it is no function but 3\."):
        Environment.parse(source).check("g")


def test_a_comment_is_looked_for_no_further_than_it_goes() -> None:
    """All lines above each of 18,000 definitions took a third of the time of a look through them."""

    class Lines(list[str]):
        def __getitem__(self, at: object) -> str:  # type: ignore[override]
            assert isinstance(at, int), "no copy of a part"
            looked_at.append(at)
            return list.__getitem__(self, at)

    looked_at: list[int] = []
    assert comment_above(Lines(["x = 1"] * 1000 + ["# what it is", "# for", "def f(): ..."]), 1003) == "what it is for"
    assert looked_at == [1001, 1000, 999]


def test_a_comment_right_above_a_function_stands_in_for_its_docstring() -> None:
    source = "# Not this.\n\n# Take n,\n# return its factors.\ndef f(n): ...\n\n# Double it.\ng = lambda x: 2 * x\n"
    assert {name: info.doc for name, info in functions(source).items()} == {
        "f": "Take n, return its factors.",
        "g": "Double it.",
    }


def test_a_generator_function_is_refused_but_not_one_that_only_contains_a_generator() -> None:
    source = """
def numbers(n):
    for i in range(n):
        yield i
def outer(n):
    def inner():
        yield n
    return list(inner())
@collect
def decorated(n):
    yield n
"""
    assert [bool(info.refusal) for info in functions(source).values()] == [True, False, False]


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("def f(x):\n    return 'abc\n", 2, "return 'abc"),
        ("def f(x):\n    return (1,\n", 2, "return (1,"),
        ("x = '''never\nclosed\n", 1, "x = '''never"),
        ("def f(x):\nreturn x\n", 2, "return x"),
        ("if 1:\n\tx = 1\n        y = 2\n", 3, "y = 2"),
        ("  def f(x): ...\n", 1, "def f(x): ..."),
        ("a = 1\nreturn a\n", 2, "return a"),
        ("def f(x, x): ...\n", 1, "def f(x, x): ..."),
        ("a = 1\nb = '\0'\n", 2, ""),
        ("a = 1\nb = '\udc80'\n", 2, ""),
        ("print 'hello'\n", 1, "print 'hello'"),
    ],
)
def test_source_that_does_not_compile_is_refused_with_its_line(source: str, line: int, text: str) -> None:
    with pytest.raises(EnvironmentInvalid) as caught:
        Environment.parse(source, "mine.py")
    error = caught.value
    assert (error.line, error.text.strip()) == (line, text)
    assert f"line {line} of mine.py" in str(error)
    assert pickle.loads(pickle.dumps(error)).args == error.args


def test_source_nested_too_deeply_is_refused() -> None:
    with pytest.raises(EnvironmentInvalid):
        Environment.parse("x = " + "(" * 1000 + ")" * 1000)
    with pytest.raises(EnvironmentInvalid, match="nested too deeply"):
        Environment.parse("x = " + "-" * 100_000 + "1")


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    with contextlib.suppress(EnvironmentInvalid):
        Environment.parse(f"x = {text!r}\n# {text}")
        Environment.parse(text)


def test_the_source_is_not_run() -> None:
    Environment.parse("raise SystemExit\nimport no_such_module_anywhere\ndef f(x): ...\n").check("f")


def test_a_function_that_is_not_there_is_named_with_those_that_are() -> None:
    environment = Environment.parse("def throw(_): ...\ndef estimate(hits): ...\nimport math\nasync def go(x): ...\n")
    environment.check("throw")
    with pytest.raises(FunctionNotFound, match=r"Did you mean 'throw'\? It defines: throw, estimate") as caught:
        environment.check("trow")
    assert caught.value.available == ("throw", "estimate")
    with pytest.raises(FunctionNotFound, match=r"no function 'zzz' in the environment\. It defines: throw, estimate"):
        environment.check("zzz")
    with pytest.raises(FunctionNotFound, match="'math' cannot be run: it is a module"):
        environment.check("math")
    with pytest.raises(FunctionNotFound, match="'go' cannot be run: it is async"):
        environment.check("go")
    with pytest.raises(FunctionNotFound, match="defines none at its top level"):
        Environment.parse("").check("f")


def test_what_only_running_could_decide_is_not_refused() -> None:
    environment = Environment.parse("add = make_adder(3)\na, b = make_two()\nn = 1\n")
    for name in ("add", "a", "b"):
        environment.check(name)
    assert environment.functions == ()
    Environment.parse("from numpy import *\n").check("sin")


def test_the_requirements_stand_in_the_header() -> None:
    header = (
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "numpy>=1.26",\n#   "scipy",\n# ]\n# ///\n'
    )
    for source in (header, header.replace("\n", "\r\n"), "#!/usr/bin/env python\n" + header + "def f(x): ...\n"):
        assert Environment.parse(source).requirements == ("numpy>=1.26", "scipy")
    assert Environment.parse("def f(x): ...").requirements == ()
    assert Environment.parse(header.replace("script", "other")).requirements == ()


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("# /// script\n# dependencies = [\n# ///\n", "is not TOML"),
        ("# /// script\n# dependencies = 'numpy'\n# ///\n", "must be a list of strings"),
        ("# /// script\n# dependencies = [1]\n# ///\n", "must be a list of strings"),
        ("# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 1\n# ///\n", "second"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header: str, problem: str) -> None:
    with pytest.raises(EnvironmentInvalid, match=problem):
        Environment.parse(header)


def test_the_digest_tells_sources_apart_and_ignores_a_byte_order_mark() -> None:
    assert Environment.parse("a = 1").digest == Environment.parse("\ufeffa = 1").digest
    assert Environment.parse("a = 1").digest != Environment.parse("a = 2").digest
    assert len(Environment.parse("").digest) == 64


def test_500_lines_are_read_while_somebody_types() -> None:
    # 3 ms: four times what Python's own parser takes for it. The bound is one that a busy machine does not move.
    source = "".join(
        f"def f{i}(x, y={i}):\n    '''Doc.'''\n    a = [x + y for x in range(y)]\n    return a\n\n" for i in range(100)
    )
    assert len(source.splitlines()) == 500
    ours = min(timeit.repeat(lambda: Environment.parse(source), number=1, repeat=10))
    pythons = min(timeit.repeat(lambda: ast.parse(source), number=1, repeat=10))
    assert ours < 25 * pythons


def test_a_source_file_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nname = 'Émile'\r\n".encode("latin-1"))
    assert read_source(path) == "# -*- coding: latin-1 -*-\nname = 'Émile'\n"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert Environment.parse(read_source(path)).source == "a = 1\n"


def test_a_source_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    with pytest.raises(EnvironmentInvalid, match="cannot be read"):
        read_source(path)
    with pytest.raises(EnvironmentInvalid, match="cannot be read"):
        read_source(tmp_path)
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(EnvironmentInvalid, match=r"not utf-8 text.* in line 2 of env\.py"):
        read_source(path)


@pytest.mark.parametrize("name", ["klingon", "rot13", "utf-16", "utf-16-le", "utf-32", "cp037", "unicode_escape"])
@pytest.mark.parametrize("end", ["\n", " \n"])  # bytes of an odd and of an even number
def test_source_that_declares_an_encoding_in_which_that_is_another_text_is_refused(
    tmp_path: Path, name: str, end: str
) -> None:
    """It was read as Chinese."""
    path = tmp_path / "env.py"
    path.write_text(f"# coding: {name}{end}def f(x): ...\n", encoding="ascii")
    with pytest.raises(EnvironmentInvalid, match=rf"{name}.*env\.py"):
        read_source(path)
    assert module_text(path) == ""


@pytest.mark.parametrize("name", ["shift_jis", "gb18030", "iso2022_jp", "utf-7", "utf-8-sig", "euc_kr"])
def test_source_in_an_encoding_of_several_bytes_a_letter_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "env.py"
    text = f"#!/usr/bin/python\n# coding: {name} (old)\nx = '中'\n"
    path.write_bytes(text.encode(name))
    assert read_source(path) == text


def test_a_loaded_environment_pickles_its_classes_and_shows_its_lines_in_tracebacks() -> None:
    source = (
        "import dataclasses\n@dataclasses.dataclass\nclass Point:\n    x: int\ndef f(x):\n    return 1 / x  # here\n"
    )
    module = load_module(source, "points.py")
    point = pickle.loads(pickle.dumps(module.Point(1)))
    assert point == module.Point(1)
    assert dataclasses.astuple(point) == (1,)
    with pytest.raises(ZeroDivisionError) as caught:
        module.f(0)
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "points.py", line 6, in f\n    return 1 / x  # here' in text


def test_a_second_version_of_a_file_shows_its_own_lines() -> None:
    load_module("def f(x):\n    return 1 / x\n", "twice.py")
    module = load_module("def f(x):\n    return 2 / x\n", "twice.py")
    with pytest.raises(ZeroDivisionError) as caught:
        module.f(0)
    text = "".join(traceback.format_exception(caught.value))
    assert "return 2 / x" in text
    assert 'File "twice.py [' in text


def test_an_environment_that_fails_to_load_leaves_nothing_behind() -> None:
    source = "a = 1\nraise ValueError('no')\n"
    with pytest.raises(ValueError, match="no"):
        load_module(source)
    assert module_name(source) not in sys.modules


def test_of_two_loads_of_one_source_the_activated_one_is_found_by_name() -> None:
    source = "class A: ...\n"
    first, second = load_module(source), load_module(source)
    assert first is not second
    assert type(pickle.loads(pickle.dumps(second.A()))) is second.A
    activate(first)
    assert type(pickle.loads(pickle.dumps(first.A()))) is first.A
