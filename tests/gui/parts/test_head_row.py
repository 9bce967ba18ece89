"""The head of a list: its words stand beside its buttons, or above them where they would be cut."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.head_row import BesideOrBelow, HeadRow
from mcgui.console.parts.elided_label import ElidedLabel


def _made(qtbot: QtBot) -> tuple[QWidget, HeadRow, ElidedLabel, QPushButton, QPushButton]:
    window = QWidget()
    qtbot.addWidget(window)
    words, last, more = ElidedLabel(window), QPushButton("x", window), QPushButton("Copy", window)
    head = HeadRow(words, window, last)
    head.add(more)
    column = QVBoxLayout(window)
    column.addWidget(head)
    column.addStretch(1)
    words.say("Task 3  ·  done on this computer")
    window.resize(500, 200)
    window.show()
    return window, head, words, more, last


def test_words_that_would_be_cut_stand_above_the_buttons(qtbot: QtBot) -> None:
    window, _head, words, more, last = _made(qtbot)
    qtbot.waitUntil(lambda: more.y() <= words.geometry().bottom())
    assert words.text() == words.whole
    window.resize(words.sizeHint().width() + last.width() + 50, 200)
    qtbot.waitUntil(lambda: more.y() > words.geometry().bottom())
    assert words.text() == words.whole
    assert last.y() < more.y()
    window.resize(500, 200)
    qtbot.waitUntil(lambda: more.y() <= words.geometry().bottom())


def test_its_rows_do_not_jump_with_what_is_said(qtbot: QtBot) -> None:
    window, head, words, more, last = _made(qtbot)
    window.resize(words.sizeHint().width() + last.width() + 50, 200)
    qtbot.waitUntil(lambda: more.y() > words.geometry().bottom())
    height = head.height()
    words.say("Task 3")
    qtbot.waitUntil(lambda: words.text() == "Task 3")
    qtbot.wait(0)
    assert head.height() == height
    extra = QPushButton("Enlarge", window)
    head.add(extra, first=True)
    qtbot.waitUntil(lambda: extra.isVisible() and extra.x() < more.x())
    assert extra.y() == more.y()


def test_words_that_have_a_short_form_do_not_take_a_row_of_their_own(qtbot: QtBot) -> None:
    window, _head, words, more, last = _made(qtbot)
    words.say("Task 3  ·  done on this computer", short=("Task 3  ·  done", "3  ·  done"))
    window.resize(words.sizeHint().width() + last.width() + 50, 200)
    qtbot.waitUntil(lambda: words.text() == "Task 3  ·  done")
    assert more.y() <= words.geometry().bottom()
    window.resize(words.needed + last.width() + 50, 200)
    qtbot.waitUntil(lambda: more.y() > words.geometry().bottom())


def test_words_say_how_few_of_them_are_enough(qtbot: QtBot) -> None:
    window, _head, words, more, last = _made(qtbot)
    words.say("300 jobs, 4 not over  ·  1.5 MB", short=("300 jobs, 4 not over", "300 jobs"), enough="300 jobs")
    window.resize(words.needed + last.width() + more.width() + 50, 200)
    qtbot.waitUntil(lambda: words.text() == "300 jobs")
    assert more.y() <= words.geometry().bottom()


def test_what_took_a_second_row_gives_it_back_as_it_goes_where_it_begins_anew(qtbot: QtBot) -> None:
    window, head, words, more, last = _made(qtbot)
    extra = QPushButton("Enlarge", window)
    head.add(extra, first=True)
    window.resize(words.sizeHint().width() + last.width() + more.width() + 70, 200)
    qtbot.waitUntil(lambda: more.y() > words.geometry().bottom())
    extra.hide()
    head.begin()
    qtbot.waitUntil(lambda: more.y() <= words.geometry().bottom())


def test_it_is_as_wide_as_two_rows_at_least(qtbot: QtBot) -> None:
    window, head, words, more, last = _made(qtbot)
    window.resize(window.minimumSizeHint())
    qtbot.waitUntil(lambda: more.y() > words.geometry().bottom())
    assert head.width() < more.width() + last.width() + 60
    assert {one.geometry().right() < head.width() for one in (more, last, words)} == {True}


def test_what_went_below_comes_back_though_it_says_nothing_as_it_begins_anew(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    name, status = QPushButton("not saved yet " * 4, window), QPushButton("no problems", window)
    for one in (name, status):
        one.setMinimumWidth(1)
    row.addWidget(name)
    row.addWidget(status)
    column.addLayout(row)
    place = BesideOrBelow(status, row, column, window)
    window.resize(name.sizeHint().width() + 40, 200)
    window.show()
    qtbot.waitUntil(lambda: row.indexOf(status) < 0)
    name.hide()
    status.hide()
    place.begin()
    status.show()
    qtbot.waitUntil(lambda: row.indexOf(status) == 1)
