"""A panel that opens above the others takes the focus, and gives it back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.card import Card
from mcgui.console.parts.drawer_focus import DrawerFocus


def test_the_focus_goes_into_it_and_escape_brings_it_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, panel = QLineEdit(window), QWidget(window)
    first, second = QPushButton("first", panel), QPushButton("second", panel)
    inside = QVBoxLayout(panel)
    below = QLineEdit(window)  # where the focus would go by itself
    for place, part in ((column, field), (column, panel), (column, below), (inside, first), (inside, second)):
        place.addWidget(part)
    DrawerFocus(panel, first, panel.hide)
    panel.hide()
    first.hide()  # as what is of no use at the moment
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    panel.show()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is second)
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    assert not panel.isVisible()


def test_the_tab_key_goes_through_the_head_of_a_card_first_whatever_was_made_first(qtbot: QtBot) -> None:
    card = Card("Title")
    qtbot.addWidget(card)
    made = [QPushButton(name, card) for name in ("body 1", "head 1", "body 2", "head 2")]
    for place, button in zip((card.body, card.header, card.body, card.header), made, strict=True):
        place.addWidget(button)
    card.show()
    qtbot.waitExposed(card)
    stops, one = [], card.nextInFocusChain()
    while one is not card:
        if isinstance(one, QPushButton):
            stops.append(one.text())
        one = one.nextInFocusChain()
    assert stops == ["head 1", "head 2", "body 1", "body 2"]
