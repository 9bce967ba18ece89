"""Several things, each in a turn of the event loop of its own."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mcgui.console.parts.time_slices import TimeSlices


def test_things_are_done_in_order_and_not_in_one_go(qtbot: QtBot) -> None:
    time_slices, done = TimeSlices(), []  # type: ignore[var-annotated]
    time_slices.put("one", lambda: done.append(1))
    time_slices.put("two", lambda: done.append(2))
    assert (done, time_slices.at_rest) == ([], False)
    time_slices._next()
    assert (done, time_slices.at_rest) == ([1], False)
    qtbot.waitUntil(lambda: time_slices.at_rest)
    assert done == [1, 2]


def test_what_is_out_of_date_is_dropped(qtbot: QtBot) -> None:
    time_slices, done = TimeSlices(), []  # type: ignore[var-annotated]
    time_slices.put("news", lambda: done.append("old"))
    time_slices.put("other", lambda: done.append("other"))
    time_slices.put("news", lambda: done.append("new"))
    qtbot.waitUntil(lambda: time_slices.at_rest)
    time_slices.put("news", lambda: done.append("never"))
    time_slices.stop()
    assert (done, time_slices.at_rest) == (["new", "other"], True)


def test_what_fails_is_told_of_and_holds_nobody_up(qtbot: QtBot) -> None:
    time_slices, done = TimeSlices(), []  # type: ignore[var-annotated]
    time_slices.put("bad", lambda: 1 / 0)
    time_slices.put("good", lambda: done.append("good"))
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: time_slices.at_rest)
    assert done == ["good"]
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
