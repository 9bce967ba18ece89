"""Asking something slow: only the latest question counts, and one that never ends holds nothing up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.parts.latest_request import LatestRequest
from tests.gui.panels import background
from tests.gui.quiet import nothing_of, settle


class Oracle:
    """Answers at once, or only when it is told to go on or to give up."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.restarts = 0
        self.go_on = threading.Event()
        self._given_up = threading.Event()

    def at_once(self, answer: object) -> Callable[[], object]:
        def question() -> object:
            self.asked.append(answer)
            return answer

        return question

    def slowly(self, answer: object) -> Callable[[], object]:
        def question() -> object:
            self.asked.append(answer)
            while not self.go_on.wait(0.01):
                if self._given_up.is_set():
                    self._given_up.clear()
                    raise RuntimeError("restarted")
            return answer

        return question

    def restart(self) -> None:
        self.restarts += 1
        self._given_up.set()


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture
def threads(qapp: QApplication, oracle: Oracle) -> Iterator[Background]:
    with background() as made:
        yield made
        oracle.go_on.set()


@pytest.fixture
def latest(threads: Background, oracle: Oracle) -> LatestRequest:
    return LatestRequest(threads, oracle.restart, patience=50)


def test_a_question_is_answered(latest: LatestRequest, oracle: Oracle, qtbot: QtBot) -> None:
    with qtbot.waitSignal(latest.answered) as told:
        latest.ask(oracle.at_once(42))
        assert latest.busy
    assert told.args == [42]
    assert not latest.busy


def test_a_question_that_fails_says_why(latest: LatestRequest, qtbot: QtBot) -> None:
    def fail() -> None:
        raise ValueError("no such thing")

    with qtbot.waitSignal(latest.refused) as told:
        latest.ask(fail)
    assert str(told.args[0]) == "no such thing"


def test_of_many_questions_only_the_first_and_the_last_are_put_and_only_the_last_is_answered(
    latest: LatestRequest, oracle: Oracle, qtbot: QtBot
) -> None:
    answers: list[object] = []
    latest.answered.connect(answers.append)
    latest.ask(oracle.slowly("first"))
    for number in range(100):
        latest.ask(oracle.at_once(number))
    oracle.go_on.set()
    qtbot.waitUntil(lambda: not latest.busy)
    assert answers == [99]
    assert oracle.asked == ["first", 99]


def test_a_late_answer_is_told_to_be_late_and_still_counts(latest: LatestRequest, oracle: Oracle, qtbot: QtBot) -> None:
    with qtbot.waitSignal(latest.late):
        latest.ask(oracle.slowly("worth it"))
    with qtbot.waitSignal(latest.answered) as told:
        oracle.go_on.set()
    assert told.args == ["worth it"]
    assert oracle.restarts == 0


def test_a_question_that_never_ends_is_interrupted_for_a_newer_one(
    latest: LatestRequest, oracle: Oracle, threads: Background, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(latest.late):
        latest.ask(oracle.slowly("never"))
    with nothing_of(latest.refused, threads), qtbot.waitSignal(latest.answered) as told:
        latest.ask(oracle.at_once("new"))
    assert told.args == ["new"]
    assert oracle.restarts == 1


def test_a_question_that_hangs_is_interrupted_when_it_is_late_and_a_newer_one_waits(
    latest: LatestRequest, oracle: Oracle, threads: Background, qtbot: QtBot
) -> None:
    latest.ask(oracle.slowly("never"))
    with nothing_of(latest.late, threads, latest), qtbot.waitSignal(latest.answered) as told:
        latest.ask(oracle.at_once("new"))
    assert told.args == ["new"]


def test_what_is_stopped_gives_no_answer_and_the_next_question_does(
    latest: LatestRequest, oracle: Oracle, threads: Background, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(latest.late):
        latest.ask(oracle.slowly("never"))
    with nothing_of(latest.refused, threads), nothing_of(latest.answered, threads):
        latest.stop()
        assert not latest.busy
    with nothing_of(latest.refused, threads), qtbot.waitSignal(latest.answered) as told:
        latest.ask(oracle.at_once("next"))
    assert told.args == ["next"]
    assert oracle.restarts == 1


def test_a_dropped_question_is_not_answered(latest: LatestRequest, oracle: Oracle, threads: Background) -> None:
    with nothing_of(latest.answered, threads):
        latest.ask(oracle.at_once("dropped"))
        latest.drop()
        assert not latest.busy
    assert oracle.asked == ["dropped"]


def test_after_a_dropped_question_the_next_one_is_answered(
    latest: LatestRequest, oracle: Oracle, threads: Background
) -> None:
    answers: list[object] = []
    latest.answered.connect(answers.append)
    latest.ask(oracle.at_once("dropped"))
    latest.drop()
    latest.ask(oracle.at_once("kept"))
    settle(threads)
    assert answers == ["kept"]


def test_a_restart_that_fails_is_told(qapp: QApplication, oracle: Oracle, qtbot: QtBot) -> None:
    def restart() -> None:
        oracle.go_on.set()
        raise OSError("no process can be started")

    with background() as threads:
        latest = LatestRequest(threads, restart, patience=20)
        with qtbot.waitSignal(latest.late):
            latest.ask(oracle.slowly("never"))
        with qtbot.waitSignal(latest.refused) as told:
            latest.ask(oracle.at_once("new"))
    assert str(told.args[0]) == "no process can be started"


def test_a_question_that_an_answer_leads_to_is_put_once(latest: LatestRequest, oracle: Oracle, qtbot: QtBot) -> None:
    answers: list[object] = []

    def on_answered(answer: object) -> None:
        answers.append(answer)
        if answer == "first":
            latest.ask(oracle.at_once("second"))

    latest.answered.connect(on_answered)
    latest.ask(oracle.at_once("first"))
    qtbot.waitUntil(lambda: answers == ["first", "second"])
    qtbot.waitUntil(lambda: not latest.busy)
    assert oracle.asked == ["first", "second"]
