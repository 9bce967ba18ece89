"""The highlighter: after any edits the colours are those of the whole text, and no key press waits for them."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout
from pytestqt.qtbot import QtBot

from mcgui.colours import DARK, LIGHT
from mcgui.console.editor.editor import CodeEditor
from mcgui.console.editor.highlighter import PythonHighlighter
from mcgui.theme import Theme
from tests.gui.panels import PI

Colouring = list[list[tuple[int, int, str]]]


def document_of(source: str) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    document.setPlainText(source)
    return document


def settle(highlighter: PythonHighlighter) -> None:
    while not highlighter.is_settled:
        QApplication.processEvents()


def colouring(document: QTextDocument) -> Colouring:
    """For each line, which units have which colour."""
    lines = []
    block = document.firstBlock()
    while block.isValid():
        formats = block.layout().formats()
        lines.append([(one.start, one.length, one.format.foreground().color().name()) for one in formats])
        block = block.next()
    return lines


def anew(source: str) -> Colouring:
    """The colours of a text that is opened, not edited."""
    document = document_of(source)
    settle(PythonHighlighter(document, LIGHT))
    return colouring(document)


PIECES = st.sampled_from(
    ['"""', "'''", '"', "\\", "\n", "#", "x", "def f(", "):", "{", "}", "f'", "1", " ", "\n\n\n", "𝕏"]
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.3), PIECES), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.lists(PIECES, max_size=40).map("".join), edits=EDITS)
def test_edited_text_has_the_colours_of_text_that_was_opened(
    qapp: QApplication, start: str, edits: list[tuple[float, float, str]]
) -> None:
    document = document_of(start)
    highlighter = PythonHighlighter(document, LIGHT)
    for where, much, piece in edits:
        length = document.characterCount() - 1
        cursor = QTextCursor(document)
        first = round(where * length)
        cursor.setPosition(first)
        cursor.setPosition(min(length, first + round(much * length)), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(piece)
    settle(highlighter)
    assert colouring(document) == anew(document.toPlainText())


def test_opening_a_triple_quote_colours_all_below_it_and_closing_it_undoes_that(qapp: QApplication) -> None:
    document = document_of("\n" + PI)
    highlighter = PythonHighlighter(document, LIGHT)
    settle(highlighter)
    before = colouring(document)
    cursor = QTextCursor(document)
    for _ in range(3):
        cursor.insertText('"')
    settle(highlighter)
    assert colouring(document)[1] == [(0, len("from random import random"), LIGHT.string.name())]
    for _ in range(3):
        document.undo()
    settle(highlighter)
    assert colouring(document) == before


def test_other_colours_reach_every_line(qapp: QApplication) -> None:
    document = document_of(PI)
    highlighter = PythonHighlighter(document, LIGHT)
    settle(highlighter)
    highlighter.set_colours(DARK)
    settle(highlighter)
    assert colouring(document)[0][0][2] == DARK.keyword.name()


def test_an_edit_is_coloured_before_it_is_painted(qapp: QApplication) -> None:
    document = document_of("x = 1\n" * 50)
    highlighter = PythonHighlighter(document, LIGHT)
    settle(highlighter)
    QTextCursor(document.findBlockByNumber(20)).insertText("def f():")
    assert colouring(document)[20][0] == (0, 3, LIGHT.keyword.name())


def median_key_press(theme: Theme, qtbot: QtBot, copies: int, where: str) -> float:
    editor = CodeEditor(theme)
    qtbot.addWidget(editor)
    editor.resize(600, 800)
    editor.show()
    editor.setPlainText(PI * copies)
    settle(editor.highlighter)
    cursor = editor.textCursor()
    cursor.setPosition(0 if where == "top" else len(editor.source) // 2)
    editor.setTextCursor(cursor)
    times = []
    for key in '"""Doc"""\b\b\bif x:\r' * 3:
        started = time.thread_time()
        qtbot.keyClicks(editor, key)
        times.append(time.thread_time() - started)
    return sorted(times)[len(times) // 2]


@pytest.mark.parametrize("where", ["top", "middle"])
def test_a_key_press_in_two_thousand_lines_costs_little_more_than_in_two_hundred(
    theme: Theme, qtbot: QtBot, where: str
) -> None:
    assert median_key_press(theme, qtbot, 170, where) < 5 * median_key_press(theme, qtbot, 17, where)
