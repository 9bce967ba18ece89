"""Several things, each in a turn of the event loop of its own."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mcgui.console.parts.time_slices import TimeSlices


def test_things_are_done_in_order_and_not_in_one_go(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []  # type: ignore[var-annotated]
    turns.put("one", lambda: done.append(1))
    turns.put("two", lambda: done.append(2))
    assert (done, turns.at_rest) == ([], False)
    turns._next()
    assert (done, turns.at_rest) == ([1], False)
    qtbot.waitUntil(lambda: turns.at_rest)
    assert done == [1, 2]


def test_what_is_out_of_date_is_dropped(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []  # type: ignore[var-annotated]
    turns.put("news", lambda: done.append("old"))
    turns.put("other", lambda: done.append("other"))
    turns.put("news", lambda: done.append("new"))
    qtbot.waitUntil(lambda: turns.at_rest)
    turns.put("news", lambda: done.append("never"))
    turns.stop()
    assert (done, turns.at_rest) == (["new", "other"], True)


def test_what_fails_is_told_of_and_holds_nobody_up(qtbot: QtBot) -> None:
    turns, done = TimeSlices(), []  # type: ignore[var-annotated]
    turns.put("bad", lambda: 1 / 0)
    turns.put("good", lambda: done.append("good"))
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: turns.at_rest)
    assert done == ["good"]
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
