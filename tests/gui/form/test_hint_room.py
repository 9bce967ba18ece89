"""The form does not jump while one types: what comes and goes has its room, and a click hits what was aimed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStyle, QStyleOptionComboBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.elided_label import ElidedChoice
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
        hints = parts.form.arguments.remark.parentWidget()
        assert hints.height() <= 4 * hints.fontMetrics().lineSpacing(), "no larger void than that"
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
            remark = parts.form.arguments.remark
            assert remark.isHidden() or remark.width() == hints.width(), "what is wrong has the whole width"
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


def test_room_that_words_have_had_is_kept_while_they_are_about_the_same(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    words, below = QWidget(window), QPushButton("below", window)
    label = QLabel("A long sentence about what does not fit. " * 6, words)
    label.setWordWrap(True)
    QVBoxLayout(words).addWidget(label)
    room = HintRoom(words, 1)
    column = QVBoxLayout(window)
    column.addWidget(words)
    column.addWidget(below)
    column.addStretch(1)
    window.resize(300, 400)
    window.show()
    qtbot.waitUntil(lambda: below.y() > 60)
    room.hold("a file")
    place = below.y()
    label.setText("It fits.")
    room.hold("a file")
    window.layout().activate()  # type: ignore[union-attr]
    assert below.y() == place
    room.hold("another file")
    qtbot.waitUntil(lambda: below.y() < place)
    label.setText("A long sentence about what does not fit. " * 6)
    room.hold("another file")
    assert words.minimumHeight() > words.fontMetrics().lineSpacing()
    room.hold(None)
    assert words.minimumHeight() == words.fontMetrics().lineSpacing()


def test_a_choice_that_is_too_long_ends_in_dots(qtbot: QtBot) -> None:
    made = []
    for text in ("Windows-1252 (western Europe)", "Windo…"):
        choice = ElidedChoice()
        qtbot.addWidget(choice)
        choice.addItem(text)
        made.append(choice)
    long, short = made
    option = QStyleOptionComboBox()
    for width in range(60, 200):
        long.resize(width, 28)
        long.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = long.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, long).width() - 2
        if long.fontMetrics().elidedText(long.currentText(), Qt.TextElideMode.ElideRight, room) == "Windo…":
            break
    short.resize(long.size())
    assert long.grab().toImage() == short.grab().toImage()
