"""A long job that ends while nobody looks is told by the desktop; nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.jobs.job_notifications import DesktopNotifier, EndedJobs, JobNotifications, sentence
from mcgui.console.preferences.preferences import Preferences
from mcgui_core.protocol.messages import JobStatus, Snapshot
from tests.gui.snapshots import NOW, job


class Ear(DesktopNotifier):
    """Hears what the desktop is told."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.heard: list[tuple[str, str]] = []

    def tell(self, title: str, text: str) -> None:
        self.heard.append((title, text))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def snapshot(*jobs: JobStatus) -> Snapshot:
    return replace(Snapshot(version=1, time=NOW, nodes=(), jobs=(), samples=()), jobs=jobs)


def over(seconds: float, state: str = "finished") -> JobStatus:
    return replace(job(), state=state, started=NOW - seconds, finished=NOW, done=10, failed=2, total=12)  # type: ignore[arg-type]


def test_a_job_that_was_over_when_the_window_opened_is_no_news() -> None:
    ended = EndedJobs()
    assert ended.after(snapshot(over(90))) == ()
    assert ended.after(snapshot(over(90))) == ()


def test_a_job_that_ends_is_news_once() -> None:
    ended = EndedJobs()
    ended.after(snapshot(job()))
    assert ended.after(snapshot(over(90))) == ((over(90), 90),)
    assert ended.after(snapshot(over(90))) == ()


def test_who_cancels_a_job_knows_of_it() -> None:
    ended = EndedJobs()
    ended.after(snapshot(job()))
    assert ended.after(snapshot(over(90, "cancelled"))) == ()


@pytest.mark.parametrize(
    ("preferences", "seconds", "told"),
    [
        (Preferences(), 31, True),
        (Preferences(), 29, False),
        (Preferences(notify=False), 500, False),
        (Preferences(long=0), 0.01, True),
    ],
)
def test_only_a_long_job_is_told_and_only_to_who_wants_it(
    window: QWidget, preferences: Preferences, seconds: float, told: bool
) -> None:
    ear = Ear(window)
    notices = JobNotifications(Preferences(), window, ear)
    notices.set_preferences(preferences)
    notices.show_snapshot(snapshot(job()))
    notices.show_snapshot(snapshot(over(seconds)))
    assert [title for title, _ in ear.heard] == (["A job has ended"] if told else [])


def test_a_retry_of_a_moment_is_none_of_a_long_job(window: QWidget) -> None:
    ear = Ear(window)
    notices = JobNotifications(Preferences(), window, ear)
    again = replace(job(), started=NOW - 3600)
    for shown in (over(3600), again, replace(over(3600), started=NOW - 3602)):  # of which two seconds are the retry's
        notices.show_snapshot(snapshot(shown))
    assert ear.heard == []
    for shown in (again, replace(over(3600), started=NOW - 3642)):
        notices.show_snapshot(snapshot(shown))
    assert len(ear.heard) == 1


def test_of_many_jobs_that_end_at_once_some_are_named(window: QWidget) -> None:
    ear = Ear(window)
    notices = JobNotifications(Preferences(), window, ear)
    notices.show_snapshot(snapshot(*(replace(job(), id=number) for number in range(40))))
    notices.show_snapshot(snapshot(*(replace(over(90), id=number) for number in range(40))))
    ((title, text),) = ear.heard
    assert title == "40 jobs have ended"
    assert len(text.splitlines()) == 6
    assert text.endswith("And 35 more.")


def test_who_looks_at_the_window_is_not_told(qtbot: QtBot, window: QWidget) -> None:
    ear = Ear(window)
    notices = JobNotifications(Preferences(), window, ear)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    notices.show_snapshot(snapshot(job()))
    notices.show_snapshot(snapshot(over(500)))
    assert ear.heard == []


def test_the_message_says_what_became_of_the_job() -> None:
    assert sentence(over(90)) == f"{job().name} finished after 2 min: 10 of 12 tasks done, 2 failed."
    assert "was stopped at its first failure" in sentence(over(90, "stopped"))


def test_a_pressed_message_brings_the_window_to_the_front(qtbot: QtBot, window: QWidget) -> None:
    ear = Ear(window)
    JobNotifications(Preferences(), window, ear)
    window.hide()
    ear.clicked.emit()
    assert window.isVisible()
