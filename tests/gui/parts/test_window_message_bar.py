"""The window's messages: what confirms goes by itself, what is wrong or asks stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts import window_message_bar
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.theme import Theme


def test_what_was_done_goes_by_itself_also_with_buttons_and_what_is_wrong_or_asks_stays(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window_message_bar.STAYS < window_message_bar.STAYS_WITH_BUTTONS
    for name in ("STAYS", "STAYS_WITH_BUTTONS"):
        monkeypatch.setattr(window_message_bar, name, 10)
    window = QWidget()
    qtbot.addWidget(window)
    field, bar = QLineEdit(window), MessageBar(theme, window)
    window.show()
    field.setFocus()  # where somebody is at a message, it stays
    bar.say(Message("layout", "All panels are where they were.", "info", actions=(("Undo", int),), passes=True))
    bar.say(Message("copied", "The link is in the clipboard.", "info", passes=True))
    bar.say(Message("delete", "Delete job 3?", "warning", actions=(("Delete", int),)))
    bar.say(Message("export", "The disk is full."))
    qtbot.waitUntil(lambda: [message.about for message in bar.messages] == ["delete", "export"])


@pytest.mark.parametrize(("words", "below"), [(4, False), (70, True)])
def test_a_button_stands_below_words_that_would_be_narrow_beside_it(
    qtbot: QtBot, theme: Theme, words: int, below: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(520, 500)
    bar = MessageBar(theme, window)
    bar.resize(520, 500)
    bar.say(Message("gone", "word " * words, actions=(("Start the master of here again", int),)))
    window.show()
    button = next(button for button in bar.findChildren(QPushButton) if button.text().startswith("Start"))
    text = next(label for label in bar.findChildren(QLabel) if label.text().startswith("word"))
    line, holder = text.parentWidget(), button.parentWidget()
    qtbot.waitUntil(lambda: line.width() > 400)
    QApplication.processEvents()  # with that width, the buttons have their place
    place = holder.mapTo(line, QPoint(0, 0))
    assert (place.y() >= text.geometry().bottom(), place.x() > text.geometry().right()) == (below, not below)
