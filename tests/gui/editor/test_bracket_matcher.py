"""Matching brackets: the pair at the cursor, over lines, and not those of strings and comments."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mcgui.console.analysis.problem import units
from mcgui.console.editor.bracket_matcher import Match
from mcgui.console.editor.editor import CodeEditor
from mcgui.theme import Theme


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> CodeEditor:
    made = CodeEditor(theme)
    qtbot.addWidget(made)
    made.show()
    return made


def at(editor: CodeEditor, source: str) -> Match | None:
    """The match at the place of "|" in the source."""
    editor.setPlainText(source.replace("|", ""))
    cursor = editor.textCursor()
    cursor.setPosition(units(source, source.index("|")))
    editor.setTextCursor(cursor)
    return editor.brackets.at_cursor()


@pytest.mark.parametrize(
    ("source", "match"),
    [
        ("|f(x)", None),
        ("f|(x)", Match(1, 3)),
        ("f(|x)", Match(1, 3)),
        ("f(x)|", Match(3, 1)),
        ("a = [\n    {1: (2, 3)},\n]|", Match(23, 4)),
        ("f(')', # )\n)|", Match(11, 1)),
        ("f|('''\n)\n''')", Match(1, 11)),
        ("f|(x", Match(1, None)),
        ("x)|", Match(1, None)),
        ("x = ')|'", None),
        ("'𝕏', |(1)", Match(6, 8)),
    ],
)
def test_a_bracket_has_its_partner(editor: CodeEditor, source: str, match: Match | None) -> None:
    assert at(editor, source) == match


def test_the_pair_is_marked_and_a_bracket_alone_is_marked_as_bad(editor: CodeEditor, theme: Theme) -> None:
    at(editor, "f|(x)")
    assert [one.cursor.selectedText() for one in editor.marks["brackets"]] == ["(", ")"]
    assert editor.marks["brackets"][0].format.underlineColor() == theme.colours.accent
    at(editor, "f|(x")
    assert [one.format.underlineColor() for one in editor.marks["brackets"]] == [theme.colours.bad]
    at(editor, "f(x|y)")
    assert editor.marks["brackets"] == []


def test_a_partner_a_hundred_thousand_lines_away_is_not_searched_for_long(editor: CodeEditor) -> None:
    editor.setPlainText("x = [\n" + "    (1, 2),\n" * 100_000)
    cursor = editor.textCursor()
    cursor.setPosition(5)
    editor.setTextCursor(cursor)
    assert editor.marks["brackets"] == []  # given up before its end, where it would have been marked as alone
