"""Jobs, log, messages, and what happened between two snapshots."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.jobs.job_model import JobModel, shares
from mcgui.console.jobs.jobs_panel import JobsPanel
from mcgui.console.log.snapshot_events import happened, history
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.protocol.messages import TaskStatus
from tests.gui.snapshots import NOW, job, node, snapshot

# Jobs


@pytest.fixture
def jobs(qtbot: QtBot, theme: Theme) -> JobsPanel:
    made = JobsPanel(theme, QLabel("nothing yet"))
    qtbot.addWidget(made)
    made.resize(860, 240)
    made.show()
    return made


def test_the_model_of_jobs_keeps_qts_rules(theme: Theme, qtmodeltester: ModelTester) -> None:
    model = JobModel(theme)
    qtmodeltester.check(model)
    model.show((job(1), job(2)), NOW)
    model.show((job(2, state="finished"), job(3)), NOW)


def test_the_newest_job_stands_on_top(jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1), job(2), job(3)), NOW)
    assert [jobs.proxy.index(row, 0).data() for row in range(3)] == ["3", "2", "1"]


def test_selecting_a_job_tells_which(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1), job(2)), NOW)
    with qtbot.waitSignal(jobs.selected) as heard:
        jobs.view.choose_row(1)
    assert heard.args == [1]


def test_jobs_that_come_and_change_select_nothing(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1),), NOW)
    jobs.select(1)
    with qtbot.assertNotEmitted(jobs.selected):
        jobs.show_jobs((job(1, state="finished"), job(2)), NOW)
        jobs.select(2)
    assert [index.data() for index in jobs.view.selectionModel().selectedRows()] == ["2"]


def test_a_job_that_comes_while_ctrl_is_held_is_selected_alone(jobs: JobsPanel) -> None:
    """As it is just after Ctrl+Enter has run it: Qt would add it to the job before, and Delete would then mean both."""
    jobs.show_jobs((job(1),), NOW)
    jobs.select(1)
    QTest.keyPress(jobs.windowHandle(), Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
        jobs.show_jobs((job(1, state="finished"), job(2)), NOW)
        jobs.select(2)
    finally:
        QTest.keyRelease(jobs.windowHandle(), Qt.Key.Key_Control, Qt.KeyboardModifier.NoModifier)
    assert [chosen.id for chosen in jobs.chosen] == [2]


def test_before_there_are_jobs_something_else_is_shown(jobs: JobsPanel) -> None:
    jobs.show_jobs((), NOW)
    assert not jobs.view.isVisible()


def test_a_job_of_another_day_shows_its_date(jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1, created=NOW - 9 * 86400, started=NOW - 9 * 86400),), NOW)
    assert jobs.proxy.index(0, 6).data() == f"{datetime.fromtimestamp(NOW - 9 * 86400).astimezone():%d %b %H:%M}"
    jobs.show_jobs((job(1, created=NOW - 400 * 86400, started=NOW - 400 * 86400),), NOW)
    assert jobs.proxy.index(0, 6).data() == f"{datetime.fromtimestamp(NOW - 400 * 86400).astimezone():%Y-%m-%d}"


def test_jobs_are_searched_by_name_and_state(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1, name="Pi"), job(2, name="Weather"), job(3, name="Pi", state="cancelled")), NOW)
    assert jobs.count.text() == "3 jobs, 2 not over"
    qtbot.keyClicks(jobs.filter, "weath")
    assert [jobs.proxy.index(row, 1).data() for row in range(jobs.proxy.rowCount())] == ["Weather · throw"]
    assert jobs.count.text() == "1 of 3 jobs, 2 not over"
    jobs.filter.setText("cancel")
    assert jobs.proxy.index(0, 0).data() == "3"
    jobs.filter.setText("no such thing")
    assert jobs.none_fits.isVisible()


def test_the_priority_of_the_selected_job_can_be_changed(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1, priority=3), job(2, state="finished")), NOW)
    jobs.select(1)
    assert jobs.priority.value() == 3
    with qtbot.waitSignal(jobs.priority_wanted) as heard:
        jobs.priority.stepUp()
    assert heard.args == [1, 4]
    with qtbot.assertNotEmitted(jobs.priority_wanted):
        jobs.select(2)
    assert not jobs.priority.isEnabled()


def test_several_jobs_stay_selected_while_the_shown_one_changes(jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1), job(2), job(3)), NOW)
    jobs.view.selectAll()
    jobs.show_jobs((job(1, done=5), job(2), job(3)), NOW + 1)
    jobs.select(3)
    assert {chosen.id for chosen in jobs.chosen} == {1, 2, 3}


def test_jobs_that_are_held_are_offered_with_resume(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs(
        (job(1, state="paused", reason="As it is said now.", reason_code="held"), job(2, state="paused")), NOW
    )
    assert jobs.held.isVisible()
    with qtbot.waitSignal(jobs.resume_wanted):
        jobs.resume.click()
    jobs.show_jobs((job(1), job(2, state="paused")), NOW)
    assert not jobs.held.isVisible()


def test_what_tasks_say_of_themselves_stands_beside_the_jobs(jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1), job(2)), NOW)
    jobs.select(1)
    jobs.show_tasks((TaskStatus(1, 7, "epoch 4", 0.4, "lab-3"), TaskStatus(2, 8, "other", None)), NOW)
    assert jobs.running.isVisible()
    proxy = jobs.running.proxy
    assert [proxy.index(0, column).data() for column in range(4)] == ["7", "epoch 4", "40 %", "lab-3"]
    assert proxy.rowCount() == 1
    jobs.show_tasks((), NOW)
    assert not jobs.running.isVisible()


def test_little_room_hides_what_one_can_do_without(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1),), NOW)
    titles = [column.title for column in jobs.model.columns]
    jobs.resize(1100, 240)
    qtbot.waitUntil(lambda: not jobs.view.isColumnHidden(titles.index("Priority")))
    jobs.resize(500, 240)
    qtbot.waitUntil(lambda: jobs.view.isColumnHidden(titles.index("Started")))
    assert not jobs.view.isColumnHidden(titles.index("Progress"))


def test_a_history_keeps_its_dates_where_there_is_room_for_few_columns(qtbot: QtBot, jobs: JobsPanel) -> None:
    jobs.show_jobs((job(1, created=NOW - 9 * 86400, started=NOW - 9 * 86400),), NOW)
    titles = [column.title for column in jobs.model.columns]
    started = titles.index("Started")
    jobs.resize(780, 240)  # narrower than in a window of 1440 pixels
    qtbot.waitUntil(lambda: jobs.view.isColumnHidden(titles.index("Took")))
    assert not jobs.view.isColumnHidden(started)
    date = jobs.proxy.index(0, started).data()
    assert jobs.view.fontMetrics().horizontalAdvance(date) < jobs.view.columnWidth(started)


@pytest.mark.parametrize("count", [1_000_000, 123_456_789])
def test_the_counts_of_a_job_are_never_cut(qtbot: QtBot, jobs: JobsPanel, count: int) -> None:
    jobs.show_jobs((job(1, total=count, done=count - 1, failed=1, state="finished", running=0, finished=NOW),), NOW)
    titles = [column.title for column in jobs.model.columns]
    text = jobs.proxy.index(0, titles.index("Progress")).data()
    assert text == f"{count:,} of {count:,}"
    needed = jobs.view.fontMetrics().horizontalAdvance(text) + 40 + 8 + 16  # beside the bar
    qtbot.waitUntil(lambda: jobs.view.columnWidth(titles.index("Progress")) >= needed)


def test_the_columns_of_jobs_are_chosen_and_remembered(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    first = JobsPanel(theme, QLabel("nothing yet"), settings=settings)
    qtbot.addWidget(first)
    first.resize(1100, 240)
    first.show()
    first.show_jobs((job(1),), NOW)
    titles = [column.title for column in first.model.columns]
    first.columns.click()
    menu = first.chooser._menu
    assert [action.text() for action in menu.actions() if action.isCheckable()] == titles[1:]
    next(action for action in menu.actions() if action.text() == "Name").trigger()
    menu.close()
    assert first.view.isColumnHidden(titles.index("Name"))
    first.chooser.save()
    second = JobsPanel(theme, QLabel("nothing yet"), settings=settings)
    qtbot.addWidget(second)
    assert second.view.isColumnHidden(titles.index("Name"))
    assert not second.view.isColumnHidden(titles.index("State"))


def test_the_bar_holds_failed_done_and_running() -> None:
    assert shares(job(total=10, failed=1, done=5, running=2)) == ((0.1, "bad"), (0.5, "good"), (0.2, "accent"))
    assert shares(job(total=0, done=0, failed=0, state="finished")) == ((1.0, "good"),)
    assert shares(job(total=10, failed=0, done=5, running=2, state="cancelled"))[2] == (0.0, "accent")


# Messages


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> MessageBar:
    made = MessageBar(theme)
    qtbot.addWidget(made)
    return made


def test_a_message_takes_the_place_of_the_one_about_the_same(bar: MessageBar) -> None:
    bar.say(Message("run", "first"))
    bar.say(Message("port", "other"))
    bar.say(Message("run", "second"))
    assert [message.text for message in bar.messages] == ["other", "second"]


def test_without_messages_the_bar_takes_no_room(bar: MessageBar) -> None:
    bar.say(Message("run", "first"))
    assert not bar.isHidden()
    bar.clear("run")
    assert bar.isHidden()


def test_a_message_can_be_copied_with_its_details(bar: MessageBar) -> None:
    bar.say(Message("fault", "It broke.", details="Traceback ..."))
    next(b for b in bar.findChildren(QToolButton) if b.accessibleName() == "Copy this message").click()
    assert QApplication.clipboard().text() == "It broke.\n\nTraceback ..."


def test_an_action_acts_and_the_message_goes(bar: MessageBar) -> None:
    acted: list[bool] = []
    bar.say(Message("port", "Taken.", actions=(("Use another", lambda: acted.append(True)),)))
    next(b for b in bar.findChildren(QPushButton) if b.text() == "Use another").click()
    assert acted == [True]
    assert bar.messages == ()


def test_what_only_confirms_goes_by_itself_but_not_while_somebody_is_at_it(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show()
    bar.say(Message("copied", "It is on the clipboard.", "info", passes=True))
    bar.say(Message("run", "It was not run."))
    copied, other = bar._lines["copied"], bar._lines["run"]
    assert copied._timer.isActive()
    assert not other._timer.isActive()
    with qtbot.waitActive(bar):
        bar.activateWindow()
    copied._close.setFocus()
    copied._timer.timeout.emit()
    assert [message.about for message in bar.messages] == ["copied", "run"]
    other._close.setFocus()
    copied._timer.timeout.emit()
    assert [message.about for message in bar.messages] == ["run"]


# What happened


def lines(before: object, after: object) -> list[str]:
    return [text for _, text in happened(before, after)]  # type: ignore[arg-type]


def test_who_is_there_at_first_is_said_and_old_jobs_are_not() -> None:
    first = snapshot(nodes=(node("lab-3"), node("old", state="left")), jobs=(job(),))
    assert lines(None, first) == ["lab-3 joined with 8 processors."]


def test_a_lost_node_is_a_warning_with_its_reason() -> None:
    before, after = (
        snapshot(nodes=(node("lab-3"),)),
        snapshot(2, nodes=(node("lab-3", state="lost", reason="silent for 10 s"),)),
    )
    assert happened(before, after) == ((logging.WARNING, "lab-3 is lost: silent for 10 s. Its tasks run elsewhere."),)
    assert lines(after, before) == ["lab-3 joined again with 8 processors."]


def test_a_job_is_told_of_from_its_start_to_its_end() -> None:
    none, running = snapshot(jobs=()), snapshot(2, jobs=(job(failed=0),))
    done = snapshot(3, jobs=(job(state="finished", done=999_997, failed=3, finished=NOW),))
    assert lines(none, running) == ["Job 1, Pi, was submitted: throw on 1,000,000 tasks."]
    assert lines(running, done) == ["Job 1, Pi, finished in 29 s: 1,000,000 tasks, 3 failed."]


def test_pausing_and_resizing_a_node_is_told() -> None:
    before = snapshot(nodes=(node("lab-3"),))
    paused = snapshot(2, nodes=(node("lab-3", state="paused", reason="on battery", nprocs=4),))
    assert lines(before, paused) == ["lab-3 now gives 4 processors.", "lab-3 is paused: on battery."]
    assert lines(paused, snapshot(3, nodes=(node("lab-3", nprocs=4),))) == ["lab-3 goes on."]


def test_a_node_that_retires_or_falls_silent_is_told() -> None:
    before = snapshot(nodes=(node("lab-3"),))
    retiring = snapshot(2, nodes=(node("lab-3", state="draining"),))
    silent = snapshot(3, nodes=(node("lab-3", state="silent"),))
    assert lines(before, retiring) == ["lab-3 retires: it ends the tasks that it runs, and takes no more."]
    assert happened(before, silent)[0] == (logging.WARNING, "lab-3 has not been heard of for a while.")
    assert lines(silent, before) == ["lab-3 goes on."]


def test_what_happened_before_the_window_was_there_is_told_with_its_times() -> None:
    gone = node("old", state="lost", reason="silent for 10 s", joined=NOW - 900, contact=NOW - 60)
    over = job(2, state="finished", done=999_997, failed=3, created=NOW - 500, started=NOW - 500, finished=NOW - 100)
    first = snapshot(nodes=(node("lab-3"), gone), jobs=(over, job(3, created=NOW - 30)))
    assert [(time - NOW, text) for _, time, text in history(first)] == [
        (-900, "old joined with 8 processors."),
        (-500, "Job 2, Pi, was submitted: throw on 1,000,000 tasks."),
        (-100, "Job 2, Pi, finished in 7 min: 1,000,000 tasks, 3 failed."),
        (-60, "old is lost: silent for 10 s. Its tasks run elsewhere."),
        (-30, "Job 3, Pi, was submitted: throw on 1,000,000 tasks."),
    ]
