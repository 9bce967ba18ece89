"""Several things, each in a turn of the event loop of its own."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mcgui.console.parts.turns import Turns


def test_things_are_done_in_order_and_not_in_one_go(qtbot: QtBot) -> None:
    turns, done = Turns(), []  # type: ignore[var-annotated]
    turns.take(lambda: done.append(1), lambda: done.append(2))
    assert (done, turns.at_rest) == ([], False)
    turns._next()
    assert (done, turns.at_rest) == ([1], False)
    qtbot.waitUntil(lambda: turns.at_rest)
    assert done == [1, 2]


def test_what_is_out_of_date_is_dropped(qtbot: QtBot) -> None:
    turns, done = Turns(), []  # type: ignore[var-annotated]
    turns.take(lambda: done.append("old"), lambda: done.append("older still"))
    turns.take(lambda: done.append("new"))
    qtbot.waitUntil(lambda: turns.at_rest)
    turns.take(lambda: done.append("never"))
    turns.stop()
    assert (done, turns.at_rest) == (["new"], True)
