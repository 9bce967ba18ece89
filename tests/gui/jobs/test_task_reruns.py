"""Tasks that are run again from the menu on the rows of the results: these, those that a filter keeps, the failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from pytestqt.qtbot import QtBot

from mcgui.console.actions.action_registry import obstacle
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.consoles import Opened, Service
from tests.gui.jobs.test_remembered_jobs import MENDED, WORK, ends, press


@pytest.fixture
def opened(shared: Service, qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    """With a job of 40 tasks that is over, of which 3, 13, 23 and 33 have failed."""
    with shared.window(qtbot, theme, tmp_path) as made:
        made.write(WORK, "range(40)", "f")
        assert made.run().failed == 4
        made.wait(lambda: made.window.parts.tabs.results.model.rowCount() == 40)
        yield made


def number(opened: Opened) -> int:
    """Of the job that is shown."""
    assert opened.job is not None
    return opened.job.id


def choose(opened: Opened, *rows: int) -> None:
    """Select these rows of the results, and open the menu on them."""
    results = opened.window.parts.tabs.results
    opened.window.parts.tabs.bring(results)
    for row in rows:
        opened.wait(lambda row=row: results.model.index(row, 0).data() not in ("", "…"))  # type: ignore[misc]
    results.view.clearSelection()
    flag = QItemSelectionModel.SelectionFlag
    for row in rows:
        results.view.selectionModel().setCurrentIndex(results.model.index(row, 0), flag.Select | flag.Rows)
    results.view.customContextMenuRequested.emit(QPoint(-1, -1))
    assert results.menu.menu.isVisible()


@pytest.mark.timeout(180)
def test_the_selected_rows_run_again_as_a_new_job(opened: Opened) -> None:
    parts = opened.window.parts
    first = number(opened)
    choose(opened, 2, 3, 7)
    menu = parts.tabs.results.menu
    assert not menu.try_here.isEnabled()  # there are three
    texts = [action.text() for action in menu.menu.actions() if not action.isSeparator()]
    assert texts[:7] == [
        "Copy", "Copy exactly", "Details", "Run the selected tasks again", "Try here", "Open the argument", "New job of",
    ]  # fmt: skip
    parts.actions["run_selected"].trigger()
    menu.menu.close()
    second = ends(opened, first)
    assert opened.session.cluster.job(second.id).arguments(0, 3) == [2, 3, 7]
    assert (second.total, second.failed, second.note) == (3, 1, f"3 tasks of job {first}.")


@pytest.mark.timeout(180)
def test_all_rows_that_are_selected_become_a_new_job_though_few_of_them_were_ever_in_sight(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write("def f(x): return -x if x % 7 else 'odd'", "range(3000)", "f")
    first, results = opened.run().id, parts.tabs.results
    parts.tabs.bring(results)
    results.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    opened.wait(lambda: results.query.at_rest and results.model.view)
    results.view.selectAll()
    parts.actions["new_job_of_selected"].trigger()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("tasks", text=f"{first}: 0-2999"))
    results.head.filter_by("result < -1500")
    opened.wait(lambda: results.model.rowCount() < 1500 and results.query.at_rest)
    count = results.model.rowCount()
    results.view.selectAll()
    parts.actions["run_selected"].trigger()
    second = ends(opened, first)
    assert second.total == count == sum(1 for x in range(1501, 3000) if x % 7)


@pytest.mark.timeout(180)
def test_rows_run_again_with_the_code_as_it_is_now_where_that_is_wanted(opened: Opened) -> None:
    parts = opened.window.parts
    parts.environment.editor.setPlainText(MENDED)
    opened.settle()
    first = number(opened)
    choose(opened, 2, 3)
    parts.actions["run_selected"].trigger()
    parts.tabs.results.menu.menu.close()
    opened.wait(lambda: "Run 2 tasks of it again with the code as it is now" in opened.messages())
    press(opened, "With the code as it is now")
    second = ends(opened, first)
    assert opened.session.cluster.job(second.id).results() == [4, 0]
    assert second.note == f"2 tasks of job {first}, with other code."


@pytest.mark.timeout(180)
def test_one_row_is_tried_here_and_its_argument_opened_to_be_changed(opened: Opened) -> None:
    parts = opened.window.parts
    choose(opened, 13)
    menu = parts.tabs.results.menu
    menu.try_here.trigger()
    menu.menu.close()
    opened.wait(lambda: parts.form.try_one.outcome is not None)
    assert parts.form.try_one.outcome is not None
    assert (parts.form.try_one.outcome.argument, parts.form.try_one.outcome.type) == ("13", "ValueError")
    choose(opened, 12)
    menu.argument.trigger()
    menu.menu.close()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("expression", text="[12]"))
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 1)


@pytest.mark.timeout(180)
def test_an_argument_that_nobody_could_type_is_opened_as_that_of_its_task(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write("from fractions import Fraction\ndef f(x):\n    return x * 2\n", "[Fraction(1, 3)]", "f")
    job = opened.run()
    choose(opened, 0)
    parts.tabs.results.menu.argument.trigger()
    parts.tabs.results.menu.menu.close()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("tasks", text=f"{job.id}: 0"))


@pytest.mark.timeout(180)
def test_the_tasks_that_a_filter_keeps_become_a_new_job(opened: Opened) -> None:
    parts, first = opened.window.parts, number(opened)
    results = parts.tabs.results
    assert obstacle(parts.actions["new_job_of_filtered"]) == "Filter the results first."
    results.head.filter_by("result > 1000 or failed")
    opened.wait(lambda: results.query.count == 11 and results.query.at_rest)
    assert obstacle(parts.actions["new_job_of_filtered"]) == ""
    parts.actions["new_job_of_filtered"].trigger()
    opened.wait(lambda: parts.form.arguments.source == ArgumentSource("tasks", text=f"{first}: 3, 13, 23, 32-39"))
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 11)
    parts.reruns.run_where(opened.job, "result > 1000", 7)  # type: ignore[arg-type]  # as where they are too many
    second = ends(opened, first)
    assert opened.session.cluster.job(second.id).arguments(0, 7) == [32, 34, 35, 36, 37, 38, 39]


@pytest.mark.timeout(180)
def test_failures_of_a_retry_take_the_place_of_those_before_however_soon_it_ends(opened: Opened) -> None:
    parts = opened.window.parts
    failures, first = parts.tabs.failures, opened.job
    assert first is not None
    parts.tabs.bring(failures)
    opened.wait(lambda: "unlucky" in failures.details.toPlainText())
    parts.environment.editor.setPlainText(WORK.replace("is unlucky", "is out of luck"))
    opened.settle()
    opened.session.cluster.job(first.id).retry_failed(parts.environment.source)
    opened.wait(lambda: "out of luck" in failures.details.toPlainText())
    parts.tabs.bring(parts.tabs.results)
    opened.wait(lambda: parts.tabs.results.model.index(3, 2).data() == "ValueError: 3 is out of luck")
