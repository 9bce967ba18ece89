"""Work off the GUI thread, and its outcome back on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mcgui.background import Background


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_the_work_is_done_elsewhere_and_its_value_delivered_here(qtbot: QtBot, background: Background) -> None:
    seen: list[object] = []
    background.run(threading.get_ident, lambda ident: seen.append((ident, QThread.currentThread())))
    qtbot.waitUntil(lambda: bool(seen))
    ident, thread = seen[0]  # type: ignore[misc]
    assert ident != threading.get_ident()
    assert thread is QThread.currentThread()


def test_an_error_goes_to_whoever_asked_to_hear_of_it(qtbot: QtBot, background: Background) -> None:
    failed: list[Exception] = []
    background.run(lambda: 1 / 0, failed=failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], ZeroDivisionError)


def test_an_error_that_nobody_asked_for_is_told_all_the_same(qtbot: QtBot, background: Background) -> None:
    with qtbot.waitSignal(background.trouble) as heard:
        background.run(lambda: 1 / 0)
    assert isinstance(heard.args[0], ZeroDivisionError)


def test_work_that_blocks_does_not_hold_up_other_work(qtbot: QtBot, background: Background) -> None:
    hold, done = threading.Event(), []
    background.run(hold.wait)
    background.run(lambda: "quick", done.append)
    qtbot.waitUntil(lambda: done == ["quick"])
    assert background.busy
    hold.set()
    qtbot.waitUntil(lambda: not background.busy)


def test_nothing_is_called_back_after_the_close(qtbot: QtBot, background: Background) -> None:
    called: list[object] = []
    hold = threading.Event()
    background.run(hold.wait, called.append)
    hold.set()
    background.close()
    background.run(lambda: 1, called.append)
    qtbot.waitUntil(lambda: not background.busy)
    assert called == []
