"""Jobs of before: opened again, compared with now, retried with other code, the source of new ones, described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu, QPushButton

from mcgui.console.actions.action_registry import obstacle
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.comparison.jobs_plot import JobsPlot
from mcgui.console.form.job_options import JobOptions
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobStatus
from tests.gui.consoles import Opened

WORK = """\
def f(x, table=(0,)):
    if x % 10 == 3:
        raise ValueError(f"{x} is unlucky")
    return x * x + table[0]


def load():
    return [int(open("zero.txt").read())]


def total(results):
    return sum(results)
"""
MENDED = WORK.replace('raise ValueError(f"{x} is unlucky")', "return 0")


def press(opened: Opened, text: str) -> None:
    """Press a button, wherever in the window it is."""
    buttons = opened.window.findChildren(QPushButton)
    next(button for button in buttons if button.text() == text and button.isVisible()).click()


def ends(opened: Opened, after: int) -> JobStatus:
    """The next job, once it is over."""
    opened.wait(lambda: opened.job is not None and opened.job.id > after and opened.job.final)
    assert opened.job is not None
    return opened.job


def ended_again(opened: Opened, before: JobStatus) -> bool:
    """Whether this job is over once more."""
    now = opened.job
    return now is not None and now.id == before.id and now.final and now.finished != before.finished


@pytest.mark.timeout(180)
def test_a_job_opens_again_with_its_code_arguments_and_options(opened: Opened, tmp_path: Path) -> None:
    parts = opened.window.parts
    path = tmp_path / "work.py"
    path.write_text(WORK)
    (tmp_path / "zero.txt").write_text("0")
    parts.documents.open_path(path)
    opened.settle()
    travels = parts.environment.travels
    travels.add_named(travels.table.named)  # zero.txt, which the code names
    parts.form.function.choose("f")
    parts.form.reduce.choose("total")
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="[4, 5, 6]"))
    parts.form.options.set_options(JobOptions(name="squares", retries=2, timeout=9.0, shared="table = [0]"))
    opened.wait(lambda: parts.form.request is not None)
    job = opened.run()
    assert [file.path for file in opened.session.cluster.job(job.id).spec.files] == ["work.py", "zero.txt"]
    parts.environment.editor.setPlainText(MENDED)
    parts.environment.save()
    parts.form.function.choose("total")
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="range(9)"))
    parts.form.options.set_options(JobOptions())
    opened.settle()
    parts.actions["open_job"].trigger()
    opened.wait(lambda: parts.environment.source == WORK)
    page = parts.environment.tabs.current
    assert parts.environment.tabs.name_of(page) == f"work.py (job {job.id})"
    assert page.filename == "work.py"
    assert "2 lines differ" in page.notice.text or "3 lines differ" in page.notice.text
    opened.wait(lambda: parts.form.request is not None)
    request = parts.form.request
    assert request is not None
    assert (request.shared, request.files) == ((("table", "[0]"),), ("zero.txt",))
    assert request.spec.filename == str(path)  # so that it travels with what lies beside it, as it did
    assert (request.spec.function, request.spec.reduce, request.spec.name) == ("f", "total", "squares")
    assert (request.spec.retries, request.spec.timeout) == (2, 9.0)
    assert request.arguments == ArgumentSource("expression", text="[4, 5, 6]")
    press(opened, "Show the difference")
    opened.wait(lambda: any(window.isVisible() for window in opened.window.findChildren(DifferenceWindow)))
    (window,) = opened.window.findChildren(DifferenceWindow)
    assert "- " + WORK.splitlines()[2] in window.text.toPlainText()
    window.close()
    parts.actions["open_job"].trigger()  # a second time, it is there already
    opened.settle()
    assert len(parts.environment.tabs.pages) == 2


@pytest.mark.timeout(180)
def test_the_code_as_it_is_now_can_be_used_with_the_arguments_of_then(opened: Opened, tmp_path: Path) -> None:
    parts = opened.window.parts
    path = tmp_path / "work.py"
    path.write_text(WORK)
    parts.documents.open_path(path)
    parts.form.function.choose("f")
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="range(20)"))
    opened.wait(lambda: parts.form.request is not None)
    opened.run()
    parts.environment.editor.setPlainText(MENDED)
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="range(1)"))
    opened.settle()
    parts.actions["open_job"].trigger()
    opened.wait(lambda: parts.environment.source == WORK)
    press(opened, "Use it as it is now")
    assert (parts.environment.source, parts.environment.path) == (MENDED, path)
    assert len(parts.environment.tabs.pages) == 1
    assert parts.form.arguments.source == ArgumentSource("expression", text="range(20)")


@pytest.mark.timeout(180)
def test_failed_tasks_are_retried_with_the_code_as_it_is_now_or_as_it_was(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(40)", "f")
    first = opened.run()
    assert first.failed == 4
    parts.actions["retry"].trigger()  # the code is the same: no question
    opened.wait(lambda: ended_again(opened, first))
    assert opened.messages() == ""
    parts.environment.editor.setPlainText(MENDED)
    opened.settle()
    parts.actions["retry"].trigger()
    asked = f"is not what job {first.id} ran any more. Retry its 4 failed tasks"
    opened.wait(lambda: asked in opened.messages())
    press(opened, "With the code as it is now")
    opened.wait(lambda: opened.job is not None and opened.job.final and not opened.job.failed)
    assert opened.job is not None
    assert (opened.job.id, opened.job.done) == (first.id, 40)
    assert opened.session.cluster.job(first.id).results()[:5] == [0, 1, 4, 0, 16]
    assert opened.session.cluster.job(first.id).spec.environment == MENDED


@pytest.mark.timeout(180)
def test_failed_tasks_are_retried_as_they_were_where_that_is_wanted(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(40)", "f")
    before = opened.run()
    parts.environment.editor.setPlainText(MENDED)
    opened.settle()
    parts.actions["retry"].trigger()
    opened.wait(lambda: "Retry its 4 failed tasks" in opened.messages())
    press(opened, "As it was")
    opened.wait(lambda: ended_again(opened, before))
    assert opened.job is not None
    assert opened.job.failed == 4


@pytest.mark.timeout(180)
def test_failed_and_selected_tasks_become_a_new_job_that_can_be_changed_first(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(40)", "f")
    first = opened.run()
    parts.actions["new_job_of_failed"].trigger()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("tasks", text=f"{first.id}: failed"))
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 4)
    parts.environment.editor.setPlainText(MENDED)
    opened.wait(lambda: parts.form.request is not None and parts.form.request.spec.environment == MENDED)
    second = opened.run()
    assert opened.session.cluster.job(second.id).arguments(0, 4) == [3, 13, 23, 33]
    assert second.failed == 0
    parts.controller.show_job(first.id)
    parts.tabs.bring(parts.tabs.results)
    opened.wait(lambda: parts.tabs.results.model.rowCount() == 40)
    assert obstacle(parts.actions["new_job_of_selected"]) == "Select rows of the results first."
    view = parts.tabs.results.view
    opened.wait(lambda: view.model().index(4, 0).data() == "4")
    view.selectRow(4)
    parts.actions["new_job_of_selected"].trigger()
    opened.wait(lambda: parts.form.arguments.source.text == f"{first.id}: 4")
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 1)
    parts.actions["try_one"].trigger()  # the argument is at the master
    opened.wait(lambda: parts.form.try_one.outcome is not None)
    assert parts.form.try_one.outcome is not None
    assert (parts.form.try_one.outcome.argument, parts.form.try_one.outcome.value) == ("4", "16")


@pytest.mark.timeout(180)
def test_a_job_that_a_program_brought_opens_with_the_arguments_of_its_tasks(opened: Opened) -> None:
    parts = opened.window.parts
    cluster = opened.session.cluster
    first = cluster.submit(WORK, "f", [4, 5, 6])
    first.wait(30)
    opened.wait(lambda: parts.tabs.jobs.model.rowCount() == 1)
    parts.actions["open_job"].trigger()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("tasks", text=str(first.id)))
    assert parts.environment.source == WORK
    second = cluster.submit(abs, [4, 5, 6])
    second.wait(30)
    opened.wait(lambda: parts.tabs.jobs.model.rowCount() == 2)
    parts.controller.show_job(second.id)
    parts.actions["open_job"].trigger()
    opened.wait(lambda: "came from a program as an object" in opened.messages())


@pytest.mark.timeout(180)
def test_name_and_note_are_typed_shown_and_found(opened: Opened) -> None:
    parts = opened.window.parts
    jobs = parts.tabs.jobs
    opened.write(WORK, "range(3)", "f")
    job = opened.run()
    parts.actions["describe_job"].trigger()
    assert jobs.description.isVisible()
    jobs.description.name.setText("squares")
    jobs.description.note.setText("first try")
    press(opened, "Keep")
    opened.wait(lambda: jobs.job(job.id) is not None and jobs.job(job.id).note == "first try")  # type: ignore[union-attr]
    assert not jobs.description.isVisible()
    shown = {jobs.model.headerData(column, jobs.view.horizontalHeader().orientation()): column for column in range(11)}
    assert [jobs.model.index(0, shown[title]).data() for title in ("Name", "Note")] == ["squares · f", "first try"]
    assert not jobs.view.isColumnHidden(shown["Note"])
    jobs.filter.setText("FIRST")
    assert jobs.proxy.rowCount() == 1
    jobs.filter.setText("second")
    assert jobs.proxy.rowCount() == 0


@pytest.mark.timeout(180)
def test_two_jobs_are_compared_and_old_ones_deleted(opened: Opened) -> None:
    parts = opened.window.parts
    jobs = parts.tabs.jobs
    opened.write(WORK, "range(3)", "f")
    one = opened.run().id
    opened.write(MENDED, "range(4)", "f")
    two = opened.run().id
    assert "Select two jobs" in obstacle(parts.actions["compare_jobs"])
    parts.tabs.bring(jobs)
    jobs.view.selectAll()
    parts.actions["compare_jobs"].trigger()
    opened.wait(lambda: bool(opened.window.findChildren(DifferenceWindow)))
    (window,) = opened.window.findChildren(DifferenceWindow)
    opened.wait(window.isVisible)
    assert f"- is job {one}, + is job {two}" in window.words.text()
    assert [window.pages.tabText(at) for at in range(3)] == ["Results", "Plot", "Code and options"]
    (plot,) = window.findChildren(JobsPlot)
    window.pages.setCurrentWidget(plot)
    opened.wait(lambda: plot.view.shown is not None and plot.view.shown.legend == (f"job {one}", f"job {two}"))
    plot.task_wanted.emit(one, 2)
    opened.wait(lambda: parts.tabs.results.job is not None and parts.tabs.results.job.id == one)
    opened.wait(lambda: parts.tabs.results.detail.task == 2 and parts.tabs.results.isVisible())
    parts.tabs.bring(jobs)
    window.close()
    opened.wait(lambda: "KB" in jobs.count.whole or "MB" in jobs.count.whole)  # the journal's size
    parts.actions["delete_old_jobs"].trigger()
    assert "No job ended more than a day ago. The journal takes" in jobs.question.text
    jobs.now += 8 * 86_400
    parts.actions["delete_old_jobs"].trigger()
    press(opened, "2 older than a week")  # by our clock; by the master's, none is
    opened.wait(lambda: "0 jobs deleted" in opened.messages())


def test_what_the_journal_takes_is_told_while_a_job_is_not_over(opened: Opened) -> None:
    source = "import threading\ndef f(x):\n    if x:\n        threading.Event().wait()\n    return bytes(30_000_000)\n"
    opened.write(source, "range(2)", "f")
    actions, count = opened.window.parts.actions, opened.window.parts.tabs.jobs.count
    actions["run"].trigger()
    opened.wait(lambda: opened.job is not None and not opened.job.final and opened.job.done == 1)
    actions["pause"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.state == "paused")
    opened.wait(lambda: re.search(r"  ·  [3-9][0-9](?:\.[0-9])? MB", count.whole))
    actions["cancel"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.final)


def test_the_menu_of_a_job_says_of_what_a_new_one_is_made(opened: Opened) -> None:
    """Beside "Open again", "The failed tasks…" alone told nobody what became of them."""
    menu = opened.window.parts.tabs.jobs.menu
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert "The failed tasks…" not in texts
    assert texts.index("New job of") == texts.index("Open again") + 1
    (below,) = (one for action in menu.actions() if isinstance(one := action.menu(), QMenu))
    assert [action.text() for action in below.actions()] == [
        "The failed tasks…",
        "The selected tasks…",
        "The filtered tasks…",
    ]
