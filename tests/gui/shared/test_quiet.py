"""Waiting until all is quiet, which tests of "nothing happens" stand on: what is on its way is noticed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mcgui.background import Background
from tests.gui.panels import background
from tests.gui.quiet import SOON, nothing_of, settle


class Teller(QObject):
    told = Signal(str)
    passed_on = Signal(str)


@pytest.fixture
def threads(qapp: QApplication) -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture
def teller(qapp: QApplication) -> Teller:
    return Teller()


def test_what_is_done_in_the_background_has_been_told_of(threads: Background) -> None:
    told: list[str] = []
    blocked = threading.Event()

    def first(_: bool) -> None:
        threads.run(lambda: "second", told.append)

    threads.run(lambda: blocked.wait(0.2), first)
    settle(threads)
    assert told == ["second"]


def test_what_goes_from_queue_to_queue_has_arrived(teller: Teller) -> None:
    told: list[str] = []
    teller.told.connect(teller.passed_on, Qt.ConnectionType.QueuedConnection)
    teller.passed_on.connect(told.append, Qt.ConnectionType.QueuedConnection)
    teller.told.emit("a word")
    settle()
    assert told == ["a word"]


def test_a_timer_that_is_about_to_fire_once_has_fired_and_one_of_later_is_not_waited_for(teller: Teller) -> None:
    fired: list[str] = []
    for name, delay in (("soon", SOON // 5), ("later", 100 * SOON)):
        timer = QTimer(teller, singleShot=True, interval=delay)
        timer.timeout.connect(lambda name=name: fired.append(name))
        timer.start()
    settle(teller)
    assert fired == ["soon"]


def test_what_never_ends_is_no_quiet(threads: Background) -> None:
    go_on = threading.Event()
    threads.run(go_on.wait)
    with pytest.raises(TimeoutError, match="quiet"):
        settle(threads, timeout=0.1)
    go_on.set()


def test_a_signal_that_comes_late_is_noticed(threads: Background, teller: Teller) -> None:
    with pytest.raises(AssertionError), nothing_of(teller.told, threads):
        threads.run(lambda: "late", teller.told.emit)
    with nothing_of(teller.told, threads):
        threads.run(lambda: "late", teller.passed_on.emit)
