"""Work off the GUI thread, and its outcome back on it."""

from __future__ import annotations

import gc
import threading
from functools import partial

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mcgui.background import Background


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


class Held:
    """Says in which thread it was let go of."""

    def __init__(self, deaths: list[int]) -> None:
        self._deaths = deaths

    def __del__(self) -> None:
        self._deaths.append(threading.get_ident())

    def answer(self, number: int) -> int:
        return 1 // (number % 2)


def test_what_work_and_callbacks_hold_is_let_go_of_in_this_thread(qtbot: QtBot, background: Background) -> None:
    """A widget that another thread lets go of last is destroyed there, and the program crashes."""
    deaths: list[int] = []
    seen: list[object] = []
    for number in range(500):
        held = Held(deaths)
        background.run(partial(held.answer, number), seen.append, seen.append)  # every other one raises
        del held
    qtbot.waitUntil(lambda: len(seen) == 500)
    seen.clear()
    gc.collect()
    assert (len(deaths), set(deaths)) == (500, {threading.get_ident()})
