"""Shared values in the form: a field that grows with its text, and what that says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.form.shared_text import SharedText
from mcgui.console.form.shared_values_field import SharedValuesField
from mcgui.theme import Theme


def test_what_is_typed_is_names_and_expressions() -> None:
    text = SharedText()
    text.say("table = load()\nscale = 2")
    assert (text.shared, text.problem) == ((("table", "load()"), ("scale", "2")), "")
    text.say(" ")
    assert (text.shared, text.problem) == ((), "")


def test_while_a_line_is_half_written_the_last_ones_stand_and_it_is_said() -> None:
    text = SharedText()
    text.say("table = load()")
    text.say("table = load()\nscale = (")
    assert text.shared == (("table", "load()"),)
    assert text.problem.startswith("Line 2 is not Python")


def test_a_text_that_nobody_would_type_is_not_looked_through() -> None:
    text = SharedText()
    text.say("x = [" + "1, " * 10_000 + "]")
    assert "very long" in text.problem


def test_tab_leaves_it_and_it_grows_with_its_text(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, after = SharedValuesField(window), QLineEdit(window)
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(after)
    window.show()
    window.activateWindow()
    field.setFocus()
    low = field.sizeHint().height()
    with qtbot.waitSignal(field.edited):
        qtbot.keyClicks(field, "a = 1\rb = 2\rc = 3\rd = 4")
    assert field.sizeHint().height() > low
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    qtbot.waitUntil(after.hasFocus)
    assert "\t" not in field.chosen
