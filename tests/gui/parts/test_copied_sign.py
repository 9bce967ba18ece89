"""What has been copied is said where the button is: nothing else in a window tells of it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui import icons
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.help.help_window import HelpPage, HelpWindow
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.console.trial.trial_details import TrialDetails
from mcgui.icons import icon, show_copied
from mcgui.theme import Theme


def test_a_button_says_it_for_a_moment_and_is_as_before(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icons, "_SAID", 50)
    words, sign = QPushButton("Copy"), QToolButton()
    for button in (words, sign):
        qtbot.addWidget(button)
    sign.setIcon(icon("copy", words.palette().text().color()))
    before = sign.icon().cacheKey()
    for button in (words, sign, words, sign):  # a second press does not make "Copied" what it was
        show_copied(button)
    assert words.text() == "Copied"
    assert sign.icon().cacheKey() != before
    qtbot.waitUntil(lambda: words.text() == "Copy" and sign.icon().cacheKey() == before)


def test_windows_and_messages_say_it(qtbot: QtBot, theme: Theme) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    help_window = HelpWindow((HelpPage("a", "A", "text", copies=True),), theme, owner)
    difference = DifferenceWindow(theme, owner)
    bar, details = MessageBar(theme, owner), TrialDetails(theme, owner)
    bar.say(Message("a", "It failed."))
    (line,) = bar.findChildren(QToolButton, "")[:1]
    for button in (help_window.copy, difference.copy, details.copy, line):
        before = button.text(), button.icon().cacheKey()
        QApplication.clipboard().clear()
        button.click()
        assert (button.text(), button.icon().cacheKey()) != before, button.accessibleName()
