"""Errors that nobody caught, and garbage: neither brings the window down."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.garbage_collection import GuiThreadCollector
from mcgui.theme import Theme
from mcgui.uncaught_errors import UncaughtErrors
from tests.collecting import no_collection
from tests.gui.consoles import console


@pytest.fixture
def uncaught(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[UncaughtErrors]:
    # What would print to the terminal, and what would fail the test, are what the hooks hand on to.
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    made = UncaughtErrors()
    yield made
    made.close()


def raise_it() -> None:
    raise RuntimeError("a mistake of ours")


def test_an_error_of_the_gui_thread_is_told_with_its_traceback(qtbot: QtBot, uncaught: UncaughtErrors) -> None:
    try:
        raise_it()
    except RuntimeError:
        with qtbot.waitSignal(uncaught.happened) as heard:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    assert heard.args[0] == "RuntimeError: a mistake of ours"
    assert "in raise_it" in heard.args[1]


def test_an_error_of_another_thread_is_told_here(qtbot: QtBot, uncaught: UncaughtErrors) -> None:
    with qtbot.waitSignal(uncaught.happened) as heard:
        threading.Thread(target=raise_it).start()
    assert heard.args[0] == "RuntimeError: a mistake of ours"


def test_an_error_while_an_error_is_told_ends_there(qtbot: QtBot, uncaught: UncaughtErrors) -> None:
    told: list[str] = []

    def fail(line: str, _text: str) -> None:
        told.append(line)
        uncaught._tell("another", "")

    uncaught.happened.connect(fail)
    uncaught._tell("first", "")
    assert told == ["first"]


def test_the_window_shows_the_error_and_goes_on(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        opened.window.on_fault("RuntimeError: a mistake of ours", "Traceback ...")
        assert "a mistake of ours" in opened.messages()
        assert "Traceback ..." in opened.window.parts.tabs.log.text.toPlainText()


class Knot(QObject):
    """Holds on to itself: only the collector can free it."""

    def __init__(self, deaths: list[int]) -> None:
        super().__init__()
        self._me = self
        self._deaths = deaths

    def __del__(self) -> None:
        self._deaths.append(threading.get_ident())


@pytest.fixture
def collector_on() -> Iterator[None]:
    with no_collection():  # as it is for all tests of windows, and again afterwards
        gc.enable()
        yield
        gc.disable()


def test_garbage_is_collected_in_the_gui_thread_only(qtbot: QtBot, collector_on: None) -> None:
    collector = GuiThreadCollector()
    try:
        assert not gc.isenabled()
        collector._look()  # the first time, which takes all that is there for the window's
        deaths: list[int] = []
        for _ in range(10):
            Knot(deaths)

        def allocate() -> None:
            junk: list[list[object]] = [[] for _ in range(5000)]
            for one in junk:
                one.append(one)

        thread = threading.Thread(target=allocate)
        thread.start()
        thread.join()
        assert deaths == []
        collector._look()
        assert set(deaths) == {threading.get_ident()}
    finally:
        collector.close()
    assert gc.isenabled()
