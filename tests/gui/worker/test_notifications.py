"""What the desktop tells the owner of, and that each kind can be switched off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from mcgui.settings import Settings
from mcgui.worker.session import work_spells
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.work_spells import REST
from mcgui.worker.state import WorkerState
from mcgui.worker.tray import notifications
from mcgui.worker.tray.notifications import LONG, LOST, NOTICE_KINDS, NOTICE_TITLES, NotificationRules, Notifications
from tests.gui.quiet import nothing_of

LOOKING = WorkerState(kind="connecting", master="lab:8888", nprocs=2, cpus=8, running=True)
IDLE = replace(LOOKING, kind="idle", since=1.0)
WORKING = replace(IDLE, kind="working", busy=2)


def told(*states: WorkerState | float) -> list[tuple[str, str]]:
    """All that is told while the state becomes one after the other; a number lets so many seconds pass."""
    rules, now, state = NotificationRules(), 1000.0, WorkerState()
    found: list[tuple[str, str]] = []
    for one in states:
        now, state = (now + one, state) if isinstance(one, float) else (now, one)
        found += rules.after(state, now)
    return found


def test_joining_is_told_once_with_the_master() -> None:
    assert told(LOOKING, IDLE, WORKING) == [("joined", "This computer works for lab with 2 processors.")]


@pytest.mark.parametrize("message", ["", "The connection is lost."])
def test_losing_the_master_is_told_with_the_reason(message: str) -> None:
    ((kind, text),) = told(IDLE, replace(LOOKING, message=message), LOST)[1:]
    assert kind == "lost"
    assert text == (message or "lab does not answer. It is looked for until it does.")


def test_a_master_that_is_back_after_a_moment_was_not_lost_and_is_not_joined_anew() -> None:
    assert [kind for kind, _ in told(IDLE, LOOKING, LOST / 2, IDLE, LOST, LOOKING, LOST / 2, IDLE)] == ["joined"]


def test_that_the_master_refuses_is_told_at_once() -> None:
    refused = replace(LOOKING, kind="trouble", message="The key of the link is not the master's.")
    assert told(IDLE, refused)[1:] == [("lost", refused.message)]


def test_leaving_on_purpose_is_not_told_as_a_loss() -> None:
    assert [kind for kind, _ in told(IDLE, replace(IDLE, leaving=True), WorkerState())] == ["joined"]


def test_the_end_of_the_work_is_told_with_what_was_done() -> None:
    assert told(IDLE, WORKING, LONG, replace(IDLE, done=1), REST)[1:] == [("finished", "1 task done for lab.")]
    first = (IDLE, WORKING, LONG, replace(IDLE, done=1000), REST)
    again = told(*first, replace(WORKING, done=1000), LONG, replace(IDLE, done=3000), REST, REST)
    assert again[1:] == [("finished", "1,000 tasks done for lab."), ("finished", "2,000 tasks done for lab.")]


def test_work_in_which_nothing_was_done_is_not_told() -> None:
    assert [kind for kind, _ in told(IDLE, WORKING, LONG, IDLE, REST, WORKING, LONG, IDLE, REST)] == ["joined"]


def test_the_end_of_work_of_a_moment_is_not_told() -> None:
    jobs = [step for n in range(1, 100) for step in (WORKING, 0.01, replace(IDLE, done=n), REST)]
    assert [kind for kind, _ in told(IDLE, *jobs)] == ["joined"]


def test_moments_between_two_leases_are_not_the_end_of_the_work() -> None:
    leases = [step for n in range(1, 41) for step in (replace(WORKING, done=n - 1), 2.0, replace(IDLE, done=n), 0.1)]
    assert told(IDLE, *leases)[1:] == []
    assert told(IDLE, *leases, REST)[1:] == [("finished", "40 tasks done for lab.")]


def test_work_that_was_broken_off_is_not_told_as_done() -> None:
    lost = told(IDLE, WORKING, LONG, replace(LOOKING, done=5), REST, replace(IDLE, done=5), REST)
    assert [kind for kind, _ in lost] == ["joined", "lost", "joined"]


def test_that_tasks_fail_here_which_others_can_do_is_told_once() -> None:
    aside = "It was set aside for job 3: 10 tasks that failed here were done by others."
    found = told(IDLE, replace(IDLE, aside=aside), replace(WORKING, aside=aside))
    assert [kind for kind, _ in found] == ["joined", "failing"]
    assert found[1][1].startswith(aside)


def test_every_kind_has_a_title_in_the_preferences() -> None:
    assert set(NOTICE_TITLES) == set(NOTICE_KINDS)


class Icon(QSystemTrayIcon):
    """A tray icon that notes what it is to show."""

    def __init__(self) -> None:
        super().__init__(QIcon(QPixmap(16, 16)))
        self.shown: list[str] = []

    def isVisible(self) -> bool:
        return True

    def showMessage(self, title: str, text: str, *_: object) -> None:  # type: ignore[override]
        self.shown.append(text)


def test_a_kind_that_is_switched_off_is_not_told(qtbot: QtBot, tmp_path: Path) -> None:
    remembered = SavedState(Settings(tmp_path / "worker.ini"))
    icon = Icon()
    notices = Notifications(icon, remembered)
    remembered.quiet = frozenset({"joined"})
    notices.show_state(IDLE)
    assert icon.shown == []
    notices.show_state(replace(LOOKING, kind="trouble"))
    assert icon.shown == ["lab does not answer. It is looked for until it does."]
    assert SavedState(Settings(tmp_path / "worker.ini")).quiet == {"joined"}


def test_the_end_of_the_work_is_told_though_nothing_more_happens(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "LONG", 0.0)
    monkeypatch.setattr(work_spells, "REST", 0.05)
    icon = Icon()
    notices = Notifications(icon, SavedState(Settings(tmp_path / "worker.ini")))
    for state in (IDLE, WORKING, replace(IDLE, done=3)):
        notices.show_state(state)
    qtbot.waitUntil(lambda: icon.shown[-1:] == ["3 tasks done for lab."])
    with nothing_of(notices._again.timeout, notices):
        notices.show_state(replace(IDLE, done=3))
