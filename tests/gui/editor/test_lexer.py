"""Lexing by lines: every piece of Python is what it is, also in the middle of a string over many lines."""

from __future__ import annotations

import pytest

from mcgui.console.editor.lexer import LONGEST, START, PythonLines, State


def kinds(source: str) -> list[list[tuple[str, str]]]:
    """For each line its coloured pieces, as (text, kind)."""
    lexer, state, found = PythonLines(), START, []
    for line in source.split("\n"):
        spans, state = lexer.lex(line, state)
        units = line.encode("utf-16-le")
        found.append(
            [(units[2 * start : 2 * (start + length)].decode("utf-16-le"), kind) for start, length, kind in spans]
        )
    return found


def test_a_definition_shows_its_keyword_name_and_values() -> None:
    assert kinds("def throw(x: int = 2) -> None:  # once") == [
        [
            ("def", "keyword"),
            ("throw", "name"),
            ("int", "builtin"),
            ("2", "number"),
            ("None", "number"),
            ("# once", "comment"),
        ]
    ]


def test_every_line_of_a_triple_quoted_string_is_a_string() -> None:
    docstring, inside, last, after = kinds('"""One throw:\nfor x in y: 1\nend""" + 1\nfor')
    assert docstring == [('"""One throw:', "string")]
    assert inside == [("for x in y: 1", "string")]
    assert last == [('end"""', "string"), ("1", "number")]
    assert after == [("for", "keyword")]


def test_an_escaped_quote_does_not_end_a_docstring() -> None:
    assert kinds('def f():\n    """a \\""" b\n    c"""\n    pass')[2] == [('    c"""', "string")]


def test_a_string_that_is_never_closed_ends_with_its_line() -> None:
    assert kinds('x = "never closed\ny = 1')[1] == [("1", "number")]


def test_an_expression_within_an_f_string_is_code() -> None:
    assert ("len", "builtin") in kinds('f"a {len(x)!r:>10} b"')[0]


def test_positions_are_counted_as_qt_counts_them() -> None:
    spans, _ = PythonLines().lex('"𝕏" + 1')
    assert spans == ((0, 4, "string"), (7, 1, "number"))


@pytest.mark.parametrize("line", ["", "   ", "\t", "\x00", "🦄", "\ud800", "def", "@", "\\"])
def test_no_line_is_too_odd(line: str) -> None:
    PythonLines().lex(line)


@pytest.mark.parametrize(
    ("line", "state", "code"),
    [
        ("if x:  # why: not", START, "if x:            "),
        ("x = ':'", START, "x = ___"),
        ('x = f"a{b}:"', START, None),
    ],
)
def test_code_is_what_is_left_of_a_line_without_strings_and_comments(line: str, state: State, code: str | None) -> None:
    found = PythonLines().code_of(line, state)
    assert len(found) == len(line)
    assert code is None or found == code
    assert ":" not in found or found.rstrip().endswith("if x:")


def test_of_a_line_of_a_million_characters_only_the_beginning_is_looked_at() -> None:
    spans, after = PythonLines().lex("x = [" + "1, 'a', " * 125_000 + "]")
    assert spans[-1][0] < LONGEST
    assert after == START
