"""Values that all calls share, as people write them: names and expressions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.arguments.shared_expressions import evaluated, read_shared, shared_lines
from mcgui_core.errors import BadInput

_NAMES = st.text("abc_xyz", min_size=1, max_size=4)
_EXPRESSIONS = st.sampled_from(["1", "load()", "{'a': [1,\n 2]}", "(1 +\n2)", "'#'", "x if y else z", "a[1:2]", "1, 2"])


@given(st.dictionaries(_NAMES, _EXPRESSIONS))
def test_what_is_shown_is_read_as_it_was(shared: dict[str, str]) -> None:
    pairs = tuple(shared.items())
    assert read_shared(shared_lines(pairs)) == pairs


def test_an_expression_of_several_lines_gets_brackets() -> None:
    assert read_shared(shared_lines((("a", "1 +\n2"),))) == (("a", "(1 +\n2)"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table", "That gives no value a name."),
        ("a = 1\nb = (", "Line 2 is not Python: '(' was never closed."),
        ("a = 1\n\na = 2", "Line 3 gives a a value, and an earlier one did."),
        ("a.b = 1", "That gives no value a name."),
        ("a, b = 1, 2", "That gives no value a name."),
        ("a: int = 1", "That gives no value a name."),
        ("a = b = 1", "That gives no value a name."),
        ("import os\na = 1", "Line 1 gives no value a name."),
        ("class = 1", "That is not Python: invalid syntax."),
        ("a = 1\0", "null"),
    ],
)
def test_what_is_no_name_with_an_expression_is_said(text: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        read_shared(text)
    assert said in str(error.value)


def test_comments_and_empty_lines_say_nothing() -> None:
    assert read_shared("\n# a table\ntable = load()  # of stations\n") == (("table", "load()"),)


def test_the_environment_is_loaded_once_with_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(
        "def load():\n    with open('one.txt') as file:\n        return [int(file.read())]\n"
    )
    (tmp_path / "one.txt").write_text("1")
    main, here = tmp_path / "main.py", Path.cwd()
    loads = repr(str(tmp_path / "loads"))
    source = f"import helper\nwith open({loads}, 'a') as file:\n    count = file.write('x')\nload = helper.load\n"
    main.write_text(source)
    values = evaluated((("a", "load()"), ("b", "load() + [count]"), ("c", "math.pi")), source, str(main))
    assert values == {"a": [1], "b": [1, 1], "c": pytest.approx(3.14159, abs=1e-5)}
    assert (tmp_path / "loads").read_text() == "x"
    assert Path.cwd() == here


def test_a_value_that_cannot_be_made_is_named() -> None:
    with pytest.raises(BadInput, match=r"The shared value b cannot be made: its expression raises ZeroDivisionError"):
        evaluated({"a": "1", "b": "1 / 0"})
