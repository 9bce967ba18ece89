"""What keys do to the lines of source, as text."""

from __future__ import annotations

import pytest

from mcgui.console.editor.indentation import (
    comment_toggled,
    indented,
    next_indent,
    to_next_stop,
    to_previous_stop,
    unindented,
)


@pytest.mark.parametrize(
    ("line", "indent"),
    [
        ("x = 1", ""),
        ("    x = 1", "    "),
        ("def f(x):", "    "),
        ("    if x:", "        "),
        ("print(", "    "),
        ("x = [", "    "),
        ("    return x", ""),
        ("        raise ValueError(x)", "    "),
        ("    pass", ""),
        ("    return f(", "        "),
        ("    passing = 1", "    "),
        ("    returned()", "    "),
        ("", ""),
    ],
)
def test_a_new_line_is_indented_as_the_one_before_it_asks(line: str, indent: str) -> None:
    assert next_indent(line, line) == indent


def test_a_colon_in_a_comment_opens_no_block() -> None:
    assert next_indent("x = 1  # so:", "x = 1       ") == ""


@pytest.mark.parametrize(("column", "spaces"), [(0, 4), (1, 3), (3, 1), (4, 4), (6, 2)])
def test_tab_goes_to_the_next_stop(column: int, spaces: int) -> None:
    assert to_next_stop(column) == spaces


@pytest.mark.parametrize(
    ("before", "steps"), [("    ", 4), ("      ", 2), ("   ", 3), ("", 1), ("  x", 1), ("x   ", 1)]
)
def test_backspace_goes_back_a_whole_step_within_indentation_only(before: str, steps: int) -> None:
    assert to_previous_stop(before) == steps


@pytest.mark.parametrize(
    ("line", "less"), [("    x", "x"), ("      x", "  x"), ("  x", "x"), ("x", "x"), ("\tx", "x"), ("", "")]
)
def test_unindenting_takes_a_step_or_what_there_is(line: str, less: str) -> None:
    assert unindented(line) == less


def test_blank_lines_are_not_indented() -> None:
    assert [indented(line) for line in ("x", "")] == ["    x", ""]


def test_comments_stand_at_the_shallowest_line() -> None:
    assert comment_toggled(["  if x:", "", "      y()"]) == ["  # if x:", "", "  #     y()"]


def test_commenting_out_and_in_gives_the_same_lines() -> None:
    lines = ["def f():", "    # said already", "    return 1", "", "x = 1"]
    assert comment_toggled(comment_toggled(lines)) == lines


def test_lines_with_only_some_comments_are_commented_out() -> None:
    assert comment_toggled(["# a", "b"]) == ["# # a", "# b"]


def test_a_comment_without_a_space_is_taken_off_as_well() -> None:
    assert comment_toggled(["    #x"]) == ["    x"]
