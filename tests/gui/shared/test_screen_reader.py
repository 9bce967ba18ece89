"""What appears by itself is said by itself, to who does not see it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QGraphicsView, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from mcgui import screen_reader
from mcgui.console.parts import window_message_bar
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.screen_reader import announce, give_role
from mcgui.theme import Theme


@pytest.fixture
def listening() -> Iterator[None]:
    """As if a screen reader ran."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.fixture
def own_garbage_only() -> Iterator[None]:
    """Collections look through what the test makes, and not through all that there is, which takes half a second each."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def test_nothing_is_said_where_nobody_listens(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    QAccessible.setActive(False)
    assert not announce(widget, "Something went wrong.")


def test_a_message_is_said_when_it_appears_and_an_error_at_once(
    qtbot: QtBot, theme: Theme, listening: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, bool, bool]] = []

    def hear(widget: QWidget, text: str, urgent: bool = False) -> bool:
        said.append((text, urgent, screen_reader.announce(widget, text, urgent)))
        return True

    monkeypatch.setattr(window_message_bar, "announce", hear)
    bar = MessageBar(theme)
    qtbot.addWidget(bar)
    bar.say(Message("run", "Give the arguments."))
    bar.say(Message("run", "Give the arguments."))  # it stands there already
    bar.say(Message("export", "5 rows written.", "info"))
    assert said == [("Error: Give the arguments.", True, True), ("Info: 5 rows written.", False, True)]


@pytest.mark.usefixtures("listening", "own_garbage_only")
@pytest.mark.parametrize("kind", [QWidget, QGraphicsView])
def test_what_paints_itself_says_what_it_is_as_long_as_it_is_there(qtbot: QtBot, kind: type[QWidget]) -> None:
    for _ in range(20):
        above = QWidget()
        qtbot.addWidget(above)
        plot = kind(above)
        give_role(plot, QAccessible.Role.Chart)
        plot.setAccessibleName("A plot")
        heard = QAccessible.queryAccessibleInterface(plot)
        assert (heard.role(), heard.text(QAccessible.Text.Name)) == (QAccessible.Role.Chart, "A plot")
        assert QAccessible.queryAccessibleInterface(above).childCount() == 1
        gc.collect()
        delete(plot)
        assert QAccessible.queryAccessibleInterface(above).childCount() == 0


@pytest.mark.usefixtures("listening", "own_garbage_only")
def test_what_paints_itself_may_become_garbage(qtbot: QtBot) -> None:
    for heard in [True, False] * 5:
        plot = QWidget()
        give_role(plot, QAccessible.Role.Chart)
        plot.__dict__["itself"] = plot
        if heard:
            assert QAccessible.queryAccessibleInterface(plot).role() == QAccessible.Role.Chart
        del plot
        gc.collect()
    QWidget().show()
    assert not screen_reader._KEPT
