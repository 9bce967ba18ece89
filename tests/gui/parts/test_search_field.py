"""A field to search in: the button that empties it."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from mcgui.console.parts.search_field import SearchField


def test_what_is_typed_is_emptied_by_a_button_that_is_there_while_there_is_something(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    field.show()
    assert field.findChildren(QToolButton) == []
    qtbot.keyClicks(field, "abc")
    (button,) = field.findChildren(QToolButton)
    qtbot.waitUntil(button.isVisible)
    heard: list[str] = []
    field.textEdited.connect(heard.append)
    button.click()
    assert (field.text(), heard) == ("", [""])
    qtbot.waitUntil(lambda: not button.isVisible())
    qtbot.keyClicks(field, "d")
    qtbot.waitUntil(button.isVisible)
