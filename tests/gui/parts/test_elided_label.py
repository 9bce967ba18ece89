"""One line of words, in a place that is narrower than they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.elided_label import ElidedChoice, ElidedLabel, fewer_parts
from mcgui.theme import Theme


@pytest.mark.parametrize("kept", ["", " · 400 of 400 results"])
@pytest.mark.parametrize("width", [300, 90, 39, 30, 24])
def test_words_are_cut_by_dots_and_not_by_the_edge_also_below_the_width_that_they_want(
    qtbot: QtBot, width: int, kept: str
) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    label = ElidedLabel(row, least=40)
    row.show()
    label.say("400 results: mean 9.5, median 9.5, from 0 to 19", kept=kept)
    label.resize(width, 20)  # as a layout does that has less than the least of all that is in it
    assert label.fontMetrics().horizontalAdvance(label.text()) <= width
    assert "…" in label.text() or label.text() == label.whole or (width < 40 and not label.text())
    assert label.toolTip()


def test_of_words_of_which_a_few_letters_are_left_none_is_shown(qtbot: QtBot) -> None:
    """ "4…" of "400 results" says nothing, or something else. The tip has the whole."""
    row = QWidget()
    qtbot.addWidget(row)
    label = ElidedLabel(row, least=0)
    row.show()
    seen = set()
    for text in ("400 results", "tasks per second", "400"):
        for width in range(0, 200, 3):
            label.resize(width, 20)
            label.say(text)
            seen.add(label.text())
            assert label.toolTip() == text
    assert {"", "400", "400 results", "tasks per second"} < seen
    assert {text for text in seen if len(text) <= 4} == {"", "400"}


@pytest.mark.parametrize("text", ["how often", "result.metres", "one colour", "Everything", "All workers", "illicit"])
def test_a_choice_that_is_as_wide_as_it_asks_for_cuts_no_text(qtbot: QtBot, theme: Theme, text: str) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    choices = ElidedChoice(row), QComboBox(row)
    for choice in choices:
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        choice.addItem(text)
    row.show()
    for width in (choices[0].sizeHint().width(), choices[0].width_with(text)):
        for choice in choices:
            choice.resize(width, choice.sizeHint().height())
        elided, plain = (choice.grab().toImage() for choice in choices)
        assert elided == plain, width


def test_words_that_say_nothing_in_part_are_whole_or_not_there(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    label = ElidedLabel(row, few=len("tasks per second"))
    label.say("tasks per second")
    row.show()
    seen = set()
    for width in range(0, 200, 3):
        label.resize(width, 20)
        seen.add(label.text())
    assert seen == {"", "tasks per second"}


def test_of_several_shorter_texts_the_first_that_has_room_stands_there(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    label = ElidedLabel(row, least=0)
    row.show()
    label.say("400 results: mean 9.5, median 9.5, from 0 to 19", short=fewer_parts("400 results: mean 9.5, median 9.5"))
    seen = []
    for width in range(600, 0, -3):
        label.resize(width, 20)
        seen.append(label.text())
    assert list(dict.fromkeys(seen)) == [label.whole, "400 results: mean 9.5", "400 results", ""]


def test_what_a_choice_offers_is_whole_in_the_width_that_it_asks_for_and_turns_nothing(qtbot: QtBot) -> None:
    for size in range(9, 24):
        choice = ElidedChoice()
        qtbot.addWidget(choice)
        font = choice.font()
        font.setPointSize(size)
        choice.setFont(font)
        for name in ("result.column", "result.power", "Für wen"):
            choice.clear()
            choice.addItem(name)
            assert choice.sizeHint().width() >= choice.width_with(name), (size, name)
    plain = choice.itemDelegate()
    choice.showPopup()
    assert choice.itemDelegate() is plain
    choice.hidePopup()
    choice.addItem("\u202eeno")
    choice.showPopup()
    assert choice.itemDelegate().displayText(choice.itemText(1), QLocale()) == "\\u202eeno"
    choice.hidePopup()


def test_of_what_is_told_of_two_jobs_each_has_as_much_as_the_other() -> None:
    text = "392 results  ·  job 2: mean 95.6, median 79.2, from 1 to 277;  job 6: mean 95.1, median 78.9, from 1 to 280"
    assert fewer_parts(text) == (
        "392 results  ·  job 2: mean 95.6, median 79.2;  job 6: mean 95.1, median 78.9",
        "392 results  ·  job 2: mean 95.6;  job 6: mean 95.1",
        "392 results",
    )
