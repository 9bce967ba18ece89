"""Looking through source: the compiler first, pyflakes second, each problem where it is in its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcgui.console.analysis.problem import characters, units
from mcgui.console.analysis.source_checker import check


def marked(source: str) -> list[tuple[str, str, str]]:
    """Severity, text, and the piece of the source that is marked."""
    found = []
    for problem in check(source, "pi.py").problems:
        line = source.split("\n")[problem.line - 1]
        start = characters(line, problem.start or 0)
        end = characters(line, problem.end) if problem.end is not None else len(line)
        found.append((problem.severity, problem.text, line[start:end]))
    return found


@pytest.mark.parametrize(
    ("source", "text", "piece"),
    [
        ("x = (\ny = 1", "'(' was never closed", "("),
        ("x = 'a\n", "unterminated string literal", "'a"),
        ("return 1", "'return' outside function", "return 1"),
        ("x = 1\n  y", "unexpected indent", "  y"),
        ("def f():\n", "expected an indented block after function definition on line 1", ":"),
    ],
)
def test_what_does_not_compile_is_one_error_at_its_place(source: str, text: str, piece: str) -> None:
    ((severity, said, where),) = marked(source)
    assert (severity, said) == ("error", text)
    assert where.strip() == piece.strip()


def test_a_name_that_nothing_defines_is_an_error_at_the_name_also_after_wide_characters() -> None:
    assert marked("x = '𝕏𝕏ü' + foo + 1") == [("error", "undefined name 'foo'", "foo")]


def test_what_is_untidy_is_a_warning_at_the_name() -> None:
    assert marked("import os, sys\nsys.exit") == [("warning", "'os' imported but unused", "os")]
    assert marked("import numpy as np") == [("warning", "'numpy as np' imported but unused", "np")]


def test_a_name_that_is_imported_to_be_run_is_no_problem() -> None:
    assert marked("from math import sqrt") == []


def test_a_line_that_is_meant_as_it_is_is_let_be() -> None:
    assert marked("import os  # noqa: F401") == []


def test_looking_through_gives_the_functions_and_runs_nothing(tmp_path: Path) -> None:
    checked = check(f"open({str(tmp_path / 'trace')!r}, 'w')\ndef f(x): ...", "pi.py")
    assert checked.environment is not None
    assert [one.name for one in checked.environment.functions] == ["f"]
    assert not (tmp_path / "trace").exists()


def test_nonsense_is_no_reason_to_fail() -> None:
    for source in ("\0", "(" * 5000, "\ud800 = 1", "x" * 100_000, "-" * 20_000 + "1"):
        checked = check(source, "pi.py")
        assert (checked.environment is None) != (checked.invalid is None)


@pytest.mark.parametrize("text", ["abc", "aüb", "𝕏a𝕐", ""])
def test_characters_and_units_are_each_other_s_inverse(text: str) -> None:
    for count in range(len(text) + 1):
        assert characters(text, units(text, count)) == count
