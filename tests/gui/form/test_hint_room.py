"""The form does not jump while one types: what comes and goes has its room, and a click hits what was aimed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.hint_room import HintRoom
from mcgui.theme import Theme
from tests.gui.consoles import Opened, console

SOURCE = 'def one(x):\n    return x\n\n\ndef two(a, b):\n    """Takes two."""\n    return a\n'


def places(opened: Opened) -> list[int]:
    """Where the fields of the form stand."""
    form = opened.window.parts.form
    fields: tuple[QWidget, ...] = (
        form.function.combo, form.arguments.fields, form.reduce.combo, form.try_one.button, form.options,
    )  # fmt: skip
    return [field.mapTo(opened.window, QPoint(0, 0)).y() for field in fields]


@pytest.mark.timeout(120)
def test_the_form_stays_where_it_is_while_arguments_are_typed(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        qtbot.waitExposed(opened.window)
        parts = opened.window.parts
        parts.environment.set_source(SOURCE)
        parts.environment.look_through()
        opened.settle()
        before = places(opened)
        entry = parts.form.arguments.fields._entry
        for function, text in (
            ("one", "r"),
            ("one", "range(3)"),
            ("one", "[1, 2"),
            ("one", "nothing"),
            ("two", "[1, 2]"),
            ("two", "[(1, 2), (3, 4)]"),
            ("one", "[(1, 2), (3, 4)]"),
            ("one", ""),
        ):
            parts.form.function.choose(function)
            entry.setText(text)
            opened.wait(lambda: not parts.form.arguments.waiting)
            opened.settle()
            assert places(opened) == before, (function, text, parts.form.arguments.line.text())
        parts.form.try_one.refuse("This cannot be tried.")
        opened.settle()
        assert places(opened) == before


def test_room_is_kept_for_lines_of_any_size_of_text(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    label = QLabel("", owner)
    HintRoom(label, 2)
    layout = QVBoxLayout(owner)
    layout.addWidget(label)
    owner.show()
    assert label.height() >= 2 * label.fontMetrics().lineSpacing()
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    qtbot.waitUntil(lambda: label.height() >= 2 * label.fontMetrics().lineSpacing())
