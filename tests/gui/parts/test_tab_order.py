"""The Tab key comes to what is made late in its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.tab_order import put_after


def stops(window: QWidget) -> Iterator[str]:
    one = window.nextInFocusChain()
    while one is not window:
        if one.objectName() and not one.objectName().startswith("qt_"):
            yield one.objectName()
        one = one.nextInFocusChain()


def named(widget: QWidget, name: str) -> QWidget:
    widget.setObjectName(name)
    return widget


@pytest.mark.parametrize("takes_focus", [True, False])
def test_what_is_made_late_comes_where_it_stands_also_after_what_takes_no_focus(
    qtbot: QtBot, takes_focus: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    named(QPushButton(window), "first")
    place = named(QPushButton(window) if takes_focus else QWidget(window), "place")
    named(QPushButton(window), "last")
    late = QWidget(window)
    named(QComboBox(late), "choice")
    named(QSpinBox(late), "number")
    named(QPushButton(late), "button")
    QMenu("pops up", late)
    put_after(place, late)
    found = [name for name in stops(window) if name != "place"]
    assert found == ["first", "choice", "number", "button", "last"]


def test_where_nothing_takes_the_focus_there_is_no_order(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    place, late = QWidget(window), QWidget(window)
    put_after(place, late)
    assert window.nextInFocusChain() is place
    assert place.nextInFocusChain() is late
