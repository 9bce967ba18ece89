"""Shared values in the form: names and expressions, checked as they are typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.form.shared_values_field import SharedValuesField, misfit_of_shared
from mcgui.theme import Theme
from mcgui_core.environment.environment_source import Environment

SOURCE = "def f(x, table, *, scale=1): return x\ndef load(): return 1\nlog = print\n"


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> SharedValuesField:
    made = SharedValuesField()
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_is_typed_is_names_and_expressions(field: SharedValuesField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.edited):
        qtbot.keyClicks(field.text, "table = load()\rscale = 2")
    assert field.shared == (("table", "load()"), ("scale", "2"))


def test_while_a_line_is_half_written_the_last_ones_stand_and_it_is_said(
    field: SharedValuesField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field.text, "table = load()")
    qtbot.keyClicks(field.text, "\rscale = (")
    assert field.shared == (("table", "load()"),)
    assert field.remark.text().startswith("Line 2 is not Python")
    assert field.remark.property("tone") == "bad"
    assert field.text.accessibleDescription() == field.remark.text()
    assert field.problem(None, None, None) == field.remark.text()


def test_a_text_that_nobody_would_type_is_not_looked_through(field: SharedValuesField) -> None:
    field.choose("x = [" + "1, " * 10_000 + "]")
    assert "very long" in field.remark.text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table = load()", ""),
        ("table = [y for y in range(3)]\nscale = (lambda z: z)(2)", ""),
        ("table = math.pi + len(str(log))", ""),
        ("tabel = load()", "f has no parameter tabel. It takes: x, table, scale."),
        ("table = lode()", "table = lode() uses lode, which the environment does not define."),
        ("table = lode(" + "'a' + " * 20 + "'')", "table = lode('a' + 'a' + 'a' + 'a' + 'a' + 'a'… uses lode, which"),
    ],
)
def test_it_is_checked_against_the_function_and_the_environment(field: SharedValuesField, text: str, said: str) -> None:
    environment = Environment.parse(SOURCE)
    field.choose(text)
    found = field.problem(environment.function("f"), environment, None)
    assert found == said or (said and found.startswith(said))
    assert field.remark.text() == (found or "Each is made once, and given to every call by its name.")


def test_the_name_of_the_seed_is_taken() -> None:
    function = Environment.parse("def f(x, seed): ...").function("f")
    assert misfit_of_shared((("seed", "1"),), function, None, None) == ""
    assert "seed" in misfit_of_shared((("seed", "1"),), function, None, "7")


def test_tab_leaves_it_and_it_grows_with_its_text(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, after = SharedValuesField(window), QLineEdit(window)
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(after)
    window.show()
    window.activateWindow()
    field.text.setFocus()
    low = field.text.sizeHint().height()
    qtbot.keyClicks(field.text, "a = 1\rb = 2\rc = 3\rd = 4")
    assert field.text.sizeHint().height() > low
    qtbot.keyClick(field.text, Qt.Key.Key_Tab)
    qtbot.waitUntil(after.hasFocus)
    assert "\t" not in field.chosen
