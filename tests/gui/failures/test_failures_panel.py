"""The failures: each in one line, one of them whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.failures.failure_words import summary, whole
from mcgui.console.failures.failures_panel import STEP, FailuresPanel
from mcgui.theme import Theme
from mcgui_core.errors import ServerFailed
from mcgui_core.protocol.messages import TaskFailure
from mcgui_core.protocol.queries import FailureGroup
from tests.gui.snapshots import job

TRACE = 'Traceback (most recent call last):\n  File "pi.py", line 3, in throw\nValueError: unlucky 13\n'


def failure(index: int = 13, **changes: object) -> TaskFailure:
    values: dict[str, object] = {
        "index": index,
        "kind": "raised",
        "type": "ValueError",
        "message": f"unlucky {index}",
        "traceback": TRACE,
        "argument": repr(index),
        "node": "lab-3",
    }
    return TaskFailure(**(values | changes))  # type: ignore[arg-type]


class Source:
    """Groups failures by their types, as the master does by their tracebacks too."""

    def __init__(self, *failures: TaskFailure) -> None:
        self.all = failures
        self.asked: list[int] = []
        self.error: Exception | None = None

    def groups(self, job: int) -> tuple[FailureGroup, ...]:
        self.asked.append(job)
        if self.error is not None:
            raise self.error
        made = []
        for type in dict.fromkeys(failure.type for failure in self.all):
            alike = sorted((f for f in self.all if f.type == type), key=lambda f: f.index)
            made.append(FailureGroup(alike[0].kind, type, None, len(alike), alike[0].index, alike[0].message))
        return tuple(made)

    def failures(self, job: int, group: FailureGroup, limit: int) -> tuple[TaskFailure, ...]:
        return tuple(failure for failure in self.all if failure.type == group.type)[:limit]

    def printed(self, job: int, task: int) -> str:
        return f"hello from {task}\n" if task % 2 and task != 7 else ""


@pytest.fixture
def source() -> Source:
    return Source(failure(13), failure(7), failure(99, kind="died", type="", message="", traceback=""))


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, background: Background, source: Source) -> FailuresPanel:
    made = FailuresPanel(background, source, theme)
    qtbot.addWidget(made)
    made.resize(840, 240)
    made.show()
    return made


def test_failures_are_listed_by_their_task(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    lines = [[panel.proxy.index(row, column).data() for column in range(4)] for row in range(2)]
    assert lines == [["7", "7", "ValueError: unlucky 7", "lab-3"], ["13", "13", "ValueError: unlucky 13", "lab-3"]]


def test_a_job_that_was_stopped_before_a_task_could_fail_says_why_in_their_place(panel: FailuresPanel) -> None:
    why = "The environment does not load on any worker. ModuleNotFoundError: No module named 'climate'"
    panel.show_job(job(state="stopped", failed=0, reason=why, reason_code="does not load"))
    assert {label.text() for label in panel.findChildren(QLabel) if label.isVisible()} >= {why}
    panel.show_job(job(id=2, failed=0))
    assert "No failures" in {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}


def test_failures_stand_in_groups_with_their_numbers(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    groups = [[panel.group_proxy.index(row, column).data() for column in range(3)] for row in range(2)]
    died = "The task killed the process that ran it, each time it was tried."
    assert groups == [["2", "ValueError: unlucky 7", "7"], ["1", died, "99"]]
    assert panel._title.whole == "Pi  ·  3 failed tasks of 2 kinds"
    panel.group_view.choose_row(1)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1 and died in panel.details.toPlainText())


def test_a_failure_can_be_tried_here_and_shown_among_the_results(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(4, failed=3))
    qtbot.waitUntil(lambda: panel.selected() is not None)
    with qtbot.waitSignal(panel.try_wanted) as heard:
        panel._try.click()
    assert heard.args == [4, 7]
    with qtbot.waitSignal(panel.task_wanted) as wanted:
        panel.view.activated.emit(panel.view.currentIndex())
    assert wanted.args == [7]


def test_the_first_is_shown_whole_and_can_be_copied(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.details.toPlainText() != "")
    assert TRACE.strip() in panel.details.toPlainText()
    assert "Argument: 7" in panel.details.toPlainText()
    assert panel.details.toPlainText().splitlines()[1] == "The function raised ValueError: unlucky 7"
    panel._copy.click()
    assert QApplication.clipboard().text() == whole(failure(7))


def test_what_a_failed_task_printed_stands_below_its_traceback(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    panel.view.choose_row(1)
    qtbot.waitUntil(lambda: "Printed" in panel.details.toPlainText())
    assert panel.details.toPlainText() == f"{whole(failure(13))}\nPrinted:\nhello from 13\n"
    panel._copy.click()
    assert QApplication.clipboard().text().endswith("hello from 13\n")
    panel.view.choose_row(0)
    assert panel.details.toPlainText() == whole(failure(7))


def test_what_is_read_stays_when_more_fail(qtbot: QtBot, panel: FailuresPanel, source: Source) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    panel.view.choose_row(1)
    source.all = (*source.all, failure(1))
    panel.show_job(job(failed=4))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    selected = panel.selected()
    assert selected is not None
    assert selected.index == 13


def test_an_unchanged_job_is_not_asked_about_again(qtbot: QtBot, panel: FailuresPanel, source: Source) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    panel.show_job(job(failed=3, done=999))
    assert len(source.asked) == 1


def test_more_failures_than_one_step_are_shown_step_by_step(qtbot: QtBot, panel: FailuresPanel, source: Source) -> None:
    source.all = tuple(failure(index) for index in range(STEP + 5))
    panel.show_job(job(failed=STEP + 5))
    qtbot.waitUntil(lambda: panel.model.rowCount() == STEP)
    assert panel._more.isVisible()
    panel._more.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() == STEP + 5)
    assert not panel._more.isVisible()


def test_failed_tasks_can_be_run_again(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(5, failed=3))
    with qtbot.waitSignal(panel.retry_wanted) as heard:
        panel._retry.click()
    assert heard.args == [5]


def test_a_job_without_failures_says_what_would_be_there(panel: FailuresPanel) -> None:
    panel.show_job(job(failed=0))
    assert not panel.view.isVisible()


def test_another_job_empties_the_panel(qtbot: QtBot, panel: FailuresPanel) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    panel.show_job(job(2, failed=0))
    assert (panel.model.rowCount(), panel.details.toPlainText()) == (0, "")


def test_failures_that_cannot_be_fetched_are_told_of(qtbot: QtBot, panel: FailuresPanel, source: Source) -> None:
    source.error = ServerFailed("it is gone")
    with qtbot.waitSignal(panel.trouble) as heard:
        panel.show_job(job(failed=3))
    assert "it is gone" in heard.args[0]


def test_a_message_of_many_lines_is_cut_to_its_first() -> None:
    assert summary(failure(message="one\ntwo")) == "ValueError: one"


def test_retrying_empties_the_panel_until_something_fails_again(
    qtbot: QtBot, panel: FailuresPanel, source: Source
) -> None:
    panel.show_job(job(failed=3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    panel.show_job(job(failed=0))
    assert (panel.groups.rowCount(), panel.details.toPlainText()) == (0, "")
    source.all = (failure(8),)
    panel.show_job(job(failed=1))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
