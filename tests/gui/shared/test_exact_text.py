"""Text that is copied, cut, dragged and read as it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from mcgui.console.editor.editor import CodeEditor
from mcgui.console.form.shared_values_field import SharedValuesField
from mcgui.exact_text import ExactTextEdit
from mcgui.theme import Theme

#: A non-breaking space, a line separator, a zero byte and a letter beyond 16 bits, in two lines.
TEXT = 'a = "1\u00a0000\u2028x"\nb = "\0\U0001f600"'


@pytest.fixture(params=["plain", "source", "shared values"])
def field(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme) -> ExactTextEdit:
    made: ExactTextEdit = {
        "plain": ExactTextEdit,
        "source": lambda: CodeEditor(theme),
        "shared values": SharedValuesField,
    }[request.param]()
    qtbot.addWidget(made)
    made.setPlainText(TEXT)
    return made


def test_what_is_copied_is_what_is_there(field: ExactTextEdit) -> None:
    field.selectAll()
    field.copy()
    assert QGuiApplication.clipboard().text() == TEXT


def test_what_would_turn_text_is_seen_as_in_source_and_read_and_copied_as_it_is(qtbot: QtBot) -> None:
    field, text = ExactTextEdit(), "\U0001f600 a\u202eb\n\\u202e\u2066\u2069c"
    qtbot.addWidget(field)
    field.setReadOnly(True)
    field.show_text("gone \u202e")
    field.show_text(text)
    field.add_text("\u2067end")
    assert field.toPlainText() == "\U0001f600 a\\u202eb\n\\u202e\\u2066\\u2069c\\u2067end"
    assert field.exact == f"{text}\u2067end"
    field.selectAll()
    field.copy()
    assert QGuiApplication.clipboard().text() == field.exact
    cursor = field.textCursor()
    for begin, end, copied in ((4, 10, "\u202e"), (4, 11, "\u202eb"), (3, 9, "a\\u202"), (5, 11, "u202eb")):
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        field.setTextCursor(cursor)
        field.copy()
        assert QGuiApplication.clipboard().text() == copied
    field.show_text("as usual")
    assert field.exact == "as usual"


def test_what_is_cut_and_pasted_is_as_it_was(field: ExactTextEdit) -> None:
    field.selectAll()
    field.cut()
    assert field.exact == ""
    field.paste()
    assert field.exact == TEXT


def test_shared_values_are_what_is_typed(qtbot: QtBot) -> None:
    field = SharedValuesField()
    qtbot.addWidget(field)
    field.choose(TEXT)
    assert field.chosen == TEXT


def test_a_program_that_has_copied_text_ends_as_any_other() -> None:
    """The clipboard holds it longer than Python lives."""
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "from mcgui.exact_text import ExactTextEdit\n"
        "app = QApplication([])\n"
        "field = ExactTextEdit()\n"
        "field.setPlainText('a\\u00a0b')\n"
        "field.selectAll()\n"
        "field.copy()\n"
        "assert app.clipboard().text() == 'a\\u00a0b'\n"
        "assert app.clipboard().mimeData().formats() == ['text/plain']\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_lines_that_are_kept_are_wrapped_only_where_a_sentence_would_take_scrolling(qtbot: QtBot) -> None:
    made = ExactTextEdit()
    qtbot.addWidget(made)
    made.show_text("ValueError: sample 1013 is outside of the square")
    made.show()
    letter, scrolls = made.fontMetrics().averageCharWidth(), []
    for kept in (True, False):
        made.keep_lines(kept)
        for letters in (80, 20, 80):
            made.resize(letters * letter, 100)
            scrolls.append(made.lineWrapMode() == ExactTextEdit.LineWrapMode.NoWrap)
    assert scrolls == [True, False, True, False, False, False]
