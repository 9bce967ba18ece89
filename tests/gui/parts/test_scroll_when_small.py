"""A window whose parts need more room than the screen has."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.scroll_when_small import ScrollWhenSmall


@dataclass
class Room:
    window: QWidget
    roomy: ScrollWhenSmall
    large: QLabel
    last: QLineEdit


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    window = QWidget()
    qtbot.addWidget(window)
    content = QWidget(window)
    large, last, roomy = QLabel("Large", content), QLineEdit(content), ScrollWhenSmall(content, window)
    inside = QVBoxLayout(content)
    inside.addWidget(large)
    inside.addWidget(last)
    whole = QVBoxLayout(window)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(roomy)
    window.show()
    qtbot.waitExposed(window)
    return Room(window, roomy, large, last)


def test_the_window_fits_the_screen_and_scrolls_to_the_rest(qtbot: QtBot, room: Room) -> None:
    room.large.setMinimumSize(3000, 2000)
    screen = room.window.screen().availableGeometry()
    qtbot.waitUntil(lambda: room.roomy.horizontalScrollBar().maximum() > 0)
    room.window.resize(room.window.minimumSizeHint())
    assert room.window.width() <= screen.width()
    assert room.window.height() <= screen.height()
    assert room.roomy.widget().width() >= 3000
    room.roomy.ensureWidgetVisible(room.last)
    assert room.roomy.verticalScrollBar().value() > 0


def test_where_there_is_room_nothing_scrolls(qtbot: QtBot, room: Room) -> None:
    room.window.resize(700, 500)
    qtbot.waitUntil(lambda: room.roomy.widget().size() == room.roomy.viewport().size())
    assert room.roomy.horizontalScrollBar().maximum() == room.roomy.verticalScrollBar().maximum() == 0


def test_it_becomes_no_smaller_than_its_parts(qtbot: QtBot, room: Room) -> None:
    room.window.resize(700, 500)
    room.large.setMinimumSize(500, 300)
    qtbot.waitUntil(lambda: room.window.minimumSizeHint().width() >= 500)
    assert room.window.minimumSizeHint().height() >= 300


def test_a_window_that_is_shown_does_not_grow_because_something_opened_in_it(qtbot: QtBot, room: Room) -> None:
    room.window.resize(400, 300)
    room.large.setMinimumSize(500, 450)
    qtbot.waitUntil(lambda: room.roomy.verticalScrollBar().maximum() > 0)
    assert (room.window.width(), room.window.height()) == (400, 300)


def test_what_gets_the_focus_by_a_command_is_in_sight_and_a_window_that_is_come_back_to_is_where_it_was(
    qtbot: QtBot, room: Room
) -> None:
    first, other = QLineEdit(room.large), QLineEdit()
    qtbot.addWidget(other)
    first.show()
    room.window.resize(400, 300)
    room.large.setMinimumSize(300, 1000)
    bar = room.roomy.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    room.window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    room.last.setFocus()
    qtbot.waitUntil(lambda: bar.value() > 0)
    bar.setValue(0)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    room.window.activateWindow()
    qtbot.waitUntil(room.last.hasFocus)
    assert bar.value() == 0
