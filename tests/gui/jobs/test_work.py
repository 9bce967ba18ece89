"""Jobs, results, failures and the log of a real master, by the actions and buttons of the window."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.actions.action_registry import obstacle
from mcgui.console.jobs.loss_warning import Question
from mcgui.console.master.master_startup import Wish
from mcgui.console.results.export_strip import ExportStrip
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.console.results.results_header import ResultsHeader
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.errors import BadInput, ExportStopped
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export_formats import ExportOptions
from tests.gui.consoles import Opened, console
from tests.gui.snapshots import job

WRITABLE = "Choose a folder that you may write to."
WORK = """
import sys
import mcgui_core

def f(x):
    if x % 100 == 13:
        print("lost with", x)
        raise ValueError(f"{x} is unlucky")
    if x == 7:
        print("hello from", x)
        print("oh dear", file=sys.stderr)
    return x * x

def wait(folder):
    import pathlib, time
    mcgui_core.report("waiting", 0.5)
    while not pathlib.Path(folder, "go").exists():
        time.sleep(0.02)
    return "went"
"""


def press(opened: Opened, text: str) -> None:
    """Press a button of a message, or of the question about jobs."""
    parts = opened.window.parts
    buttons = [one for place in (parts.messages, parts.tabs.jobs.question) for one in place.findChildren(QPushButton)]
    next(button for button in buttons if button.text() == text and button.isVisible()).click()


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """What a user answers who is asked for a file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


@pytest.mark.timeout(180)
def test_results_are_searched_exported_and_loaded_again_by_the_snippet(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parts = opened.window.parts
    assert obstacle(parts.actions["export"]) == "There is no job yet."
    opened.write(WORK, "range(1000)", "f")
    opened.run()
    parts.tabs.bring(parts.tabs.results)
    parts.tabs.results.head.state.setCurrentText("Failed")
    opened.wait(lambda: parts.tabs.results.model.rowCount() == 10)
    choose(monkeypatch, tmp_path / "failed.jsonl")
    parts.actions["export"].trigger()
    opened.wait(lambda: "10 rows written to failed.jsonl" in opened.messages())
    menu = {action.text(): action for action in parts.tabs.results.head.export.menu().actions()}
    assert menu["As shown: 10 rows"].isChecked()
    menu["All tasks"].trigger()
    choose(monkeypatch, tmp_path / "out.jsonl")
    parts.actions["export"].trigger()
    opened.wait(lambda: "1,000 rows written to out.jsonl" in opened.messages())
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1000
    press(opened, "Copy as Python")
    script = QApplication.clipboard().text() + "\nprint(len(rows), rows[7]['result'])\n"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "1000 49\n"
    parts.actions["copy_python"].trigger()
    script = QApplication.clipboard().text()
    assert "MCGUI_LINK" in script
    assert opened.session.cluster.console_link not in script
    script += "\nprint(len(results), results[7])\n"
    link = {"MCGUI_LINK": opened.session.cluster.console_link, "PATH": ""}
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=link)
    assert ran.stdout == "1000 49\n"


@pytest.mark.timeout(180)
def test_a_job_is_run_again_put_first_and_deleted_once_that_is_confirmed(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(300)", "f")
    first = opened.run()
    parts.actions["run_again"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.id > first.id and opened.job.final)
    second = opened.job
    assert second is not None
    assert (second.total, second.failed) == (300, 3)
    assert obstacle(parts.actions["raise_priority"]) == "The job that is shown is over."
    parts.tabs.bring(parts.tabs.jobs)
    parts.actions["delete_job"].trigger()
    question = f"Delete job {second.id}, f, with 297 results? This cannot be undone."
    asked = parts.tabs.jobs.question
    assert asked.text == question
    assert parts.tabs.jobs.view.isVisible()
    assert asked.geometry().bottom() <= parts.tabs.jobs._split.geometry().top()  # what it asks about is in sight
    parts.controller.show_job(first.id)
    opened.wait(lambda: opened.job is not None and opened.job.id == first.id)
    assert asked.text == ""  # it was about what is looked at no more
    parts.controller.show_job(second.id)
    opened.wait(lambda: opened.job is not None and opened.job.id == second.id)
    parts.actions["delete_job"].trigger()
    assert asked.text == question
    assert parts.tabs.jobs.job(second.id) is not None
    press(opened, "Delete")
    opened.wait(lambda: parts.tabs.jobs.job(second.id) is None)
    assert [job.id for job in opened.session.cluster.jobs()] == [first.id]


@pytest.mark.timeout(180)
def test_a_running_job_shows_what_its_tasks_say_and_takes_a_priority(opened: Opened, tmp_path: Path) -> None:
    parts = opened.window.parts
    opened.write(WORK, repr([str(tmp_path)]), "wait")
    parts.actions["run"].trigger()
    opened.wait(lambda: parts.tabs.current is parts.tabs.results)  # where a job that is submitted is shown
    parts.tabs.bring(parts.tabs.jobs)
    running = parts.tabs.jobs.running
    opened.wait(lambda: running.isVisible() and running.proxy.index(0, 1).data() == "waiting")
    parts.tabs.bring(parts.tabs.results)
    opened.wait(lambda: parts.tabs.results.model.index(0, 2).data() == "waiting")
    parts.actions["raise_priority"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.priority == 1)
    parts.actions["delete_job"].trigger()
    assert "There is" not in opened.messages()
    assert "Cancel it first" in obstacle(parts.actions["delete_job"])
    (tmp_path / "go").touch()
    opened.wait(lambda: opened.job is not None and opened.job.final)
    opened.wait(lambda: parts.tabs.results.model.index(0, 2).data() == "went")
    assert not running.isVisible()


@pytest.mark.timeout(180)
def test_jobs_that_were_not_over_wait_for_the_person_after_a_restart(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    wish = Wish(port=0, journal=tmp_path / "kept.journal")
    with console(qtbot, theme, tmp_path, wish) as opened:
        opened.write(WORK, repr([str(tmp_path)] * 3), "wait")
        opened.window.parts.actions["run"].trigger()
        opened.wait(lambda: opened.job is not None and opened.job.running > 0)
    with console(qtbot, theme, tmp_path, wish) as opened:
        jobs = opened.window.parts.tabs.jobs
        opened.wait(lambda: opened.job is not None and opened.job.reason_code == "held")
        opened.window.parts.tabs.bring(jobs)
        assert jobs.held.isVisible()
        (tmp_path / "go").touch()
        jobs.resume.click()
        opened.wait(lambda: opened.job is not None and opened.job.state == "finished")
        assert opened.job is not None
        assert opened.job.done == 3
        opened.wait(lambda: not jobs.held.isVisible())


@pytest.mark.timeout(180)
def test_failures_and_what_was_printed_are_those_of_the_master(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(1000)", "f")
    opened.run()
    failures, log, results = parts.tabs.failures, parts.tabs.log, parts.tabs.results
    parts.tabs.bring(failures)
    opened.wait(lambda: "13 is unlucky" in failures.details.toPlainText())
    opened.wait(lambda: "Printed:\nlost with 13\n" in failures.details.toPlainText())
    assert failures.group_proxy.index(0, 0).data() == "10"
    parts.actions["copy_failure"].trigger()
    assert "ValueError: 13 is unlucky" in QApplication.clipboard().text()
    failures.view.activated.emit(failures.view.currentIndex())
    assert parts.tabs.current is results
    opened.wait(lambda: "Traceback" in results.detail.text.toPlainText())
    results.go_to(7)
    opened.wait(lambda: "hello from 7" in results.detail.text.toPlainText())
    parts.actions["find_log"].trigger()
    opened.wait(lambda: "task 7  hello from 7" in log.text.toPlainText())
    log.head.filter.setText("OH DEAR")
    opened.wait(lambda: "stderr  oh dear" in log.text.toPlainText() and "hello" not in log.text.toPlainText())


@pytest.mark.timeout(180)
def test_a_failed_task_is_tried_here_on_its_own_argument(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(WORK, "range(1000)", "f")
    opened.run()
    failures = parts.tabs.failures
    parts.tabs.bring(failures)
    opened.wait(lambda: failures.model.rowCount() == 10)
    failures.view.choose_row(2)
    opened.wait(lambda: "213 is unlucky" in failures.details.toPlainText())
    failures._try.click()
    opened.wait(lambda: "ValueError: 213 is unlucky" in parts.form.try_one.line.text())


@pytest.mark.timeout(180)
def test_a_task_that_killed_its_process_is_shown_with_its_argument(opened: Opened) -> None:
    opened.write("import os\ndef f(x):\n    os._exit(3)\n", "['the culprit']", "f")
    opened.run()
    failures = opened.window.parts.tabs.failures
    opened.window.parts.tabs.bring(failures)
    opened.wait(lambda: "Argument: 'the culprit'" in failures.details.toPlainText())


@pytest.mark.timeout(120)
def test_a_file_that_cannot_be_written_is_named_with_what_to_do(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened.write(WORK, "range(3)", "f")
    opened.run()
    choose(monkeypatch, tmp_path / "no folder" / "out.csv")
    opened.window.parts.actions["export"].trigger()
    opened.wait(opened.messages)
    assert opened.messages().endswith("out.csv cannot be written: No such file or directory. " + WRITABLE)


# Exports, with a writer that does as a workbench does


class Writer:
    """Writes when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.error: Exception | None = None

    def __call__(
        self,
        job: int,
        path: str,
        format: str,
        progress: Callable[[float], None],
        stop: threading.Event,
        options: ExportOptions,
    ) -> Exported:
        progress(0.4)
        while not self.go.wait(0.01):
            if stop.is_set():
                raise ExportStopped
        if self.error is not None:
            raise self.error
        Path(path).write_text(json.dumps([job, format, *astuple(options)]))
        return Exported(7, path)


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.go.set()


class Refusal(Question):
    """A user who goes on with nothing that loses something, and what they were asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, parent: QWidget, text: str, what: str) -> bool:
        self.asked.append(text)
        return False


@pytest.fixture
def exporter(qtbot: QtBot, writer: Writer) -> Iterator[ResultExporter]:
    background = Background()
    yield ResultExporter(background, writer)
    writer.go.set()
    background.close()


def test_an_export_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, exporter: ResultExporter, tmp_path: Path
) -> None:
    strip = ExportStrip(exporter)
    qtbot.addWidget(strip)
    with qtbot.waitSignal(exporter.progressed):
        assert exporter.start(1, tmp_path / "a.csv", "csv")
    assert strip.isVisible()
    assert strip._bar.value() == 400
    for _ in range(5):
        exporter.progressed.emit(0.4)
    assert strip._bar.maximum() == 0  # that it goes on is all that is known
    assert strip._bar.accessibleDescription() == "40%, still at it"
    exporter.progressed.emit(0.5)
    assert (strip._bar.maximum(), strip._bar.value()) == (1000, 500)
    assert not exporter.start(2, tmp_path / "b.csv", "csv")
    with qtbot.waitSignal(exporter.stopped):
        strip.stop.click()
    assert not strip.isVisible()
    assert not exporter.busy


@pytest.mark.parametrize("ends", ["written", "stopped"])
def test_the_keyboard_comes_back_from_the_button_that_stops_an_export(
    qtbot: QtBot, exporter: ResultExporter, writer: Writer, tmp_path: Path, ends: str
) -> None:
    window = QWidget()
    rows = QLineEdit(window)
    strip = ExportStrip(exporter, window)
    other = QLineEdit(window)  # what comes next in the window
    qtbot.addWidget(window)
    window.show()
    rows.setFocus()
    with qtbot.waitSignal(exporter.progressed):
        assert exporter.start(1, tmp_path / "a.csv", "csv")
    strip.stop.setFocus()
    assert window.focusWidget() is strip.stop
    with qtbot.waitSignal(getattr(exporter, ends)):
        strip.stop.click() if ends == "stopped" else writer.go.set()
    assert window.focusWidget() is not other
    assert window.focusWidget() is rows


def test_an_export_is_as_it_was_chosen(qtbot: QtBot, exporter: ResultExporter, writer: Writer, tmp_path: Path) -> None:
    writer.go.set()
    with qtbot.waitSignal(exporter.written) as heard:
        exporter.start(1, tmp_path / "a.csv", "csv", ExportOptions("all", True, "left > 3", ("left", True), ("left",)))
    assert heard.args == [Exported(7, str(tmp_path / "a.csv"))]
    assert json.loads((tmp_path / "a.csv").read_text()) == [
        1,
        "csv",
        "all",
        True,
        "left > 3",
        ["left", True],
        ["left"],
        False,
    ]


def test_the_menu_offers_a_format_for_each_reader_and_which_arguments(qtbot: QtBot, theme: Theme) -> None:
    head = ResultsHeader(theme)
    qtbot.addWidget(head)
    actions = {action.text(): action for action in head.export.menu().actions()}
    assert [text for text in actions if text.endswith("…")] == [
        "CSV for Excel…", "CSV for Excel, with 1,5…", "CSV, exact…", "Excel…", "JSON Lines…", "Parquet…", "NumPy…", "Pickle…",
        "Files in a folder…",
    ]  # fmt: skip
    assert head.exported_arguments == "short"
    actions["No arguments"].trigger()
    assert head.exported_arguments == "none"
    assert not actions["Short arguments"].isChecked()


def test_what_was_chosen_for_exports_is_chosen_at_the_next_start(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    file = tmp_path / "mcgui.ini"
    for arguments, shown in (("No arguments", "All tasks"), ("All arguments", "As shown")):
        first = ResultsHeader(theme, settings=Settings(file))
        qtbot.addWidget(first)
        actions = {action.text(): action for action in first.export.menu().actions()}
        for label in (arguments, shown):
            actions[label].trigger()
        second = ResultsHeader(theme, settings=Settings(file))
        qtbot.addWidget(second)
        assert {action.text() for action in second.export.menu().actions() if action.isChecked()} == {arguments, shown}
    Settings(file).set("results/export_arguments", "some")  # by hand
    third = ResultsHeader(theme, settings=Settings(file))
    qtbot.addWidget(third)
    assert third.exported_arguments == "short"


def test_csv_is_offered_first_as_this_computer_writes_numbers(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: asked.append(args[3]) or ("out", ""))
    for place, first in (("de_DE", "csv-comma"), ("en_GB", "csv"), ("fr_FR", "csv-comma")):
        monkeypatch.setattr(QLocale, "system", lambda place=place: QLocale(place))
        head = ResultsHeader(theme)
        qtbot.addWidget(head)
        head.show_job(job())
        with qtbot.waitSignal(head.export_wanted) as heard:
            head.ask_for_file()
        assert heard.args == ["out.csv", first]
        assert asked[-1].startswith("CSV for Excel, with 1,5" if first == "csv-comma" else "CSV for Excel (")
        assert head.export.menu().actions()[0].text().startswith(asked[-1].partition(" (")[0])


@pytest.mark.parametrize(
    ("name", "suggested"),
    [("../a/b: <c>?", ".._a_b_ _c__-1"), ("x" * 300, "x" * 120), ("/", "_-1"), ("speed \\\\ angle", "speed _ angle-1")],
)
def test_a_job_of_any_name_is_exported_under_one_that_every_system_takes(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, suggested: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: asked.append(args[2]) or ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("en_GB"))
    head = ResultsHeader(theme)
    qtbot.addWidget(head)
    head.show_job(job(name=name))
    head.ask_for_file()
    assert asked == [f"{suggested}.csv"]
    with qtbot.waitSignal(head.export_wanted) as heard:
        head._ask_for_folder()
    assert heard.args[0] == str(tmp_path / suggested)


@pytest.mark.timeout(120)
def test_an_earlier_file_stays_where_there_is_nothing_to_write_and_what_does_not_fit_is_named(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened.write("def f(x):\n    raise ValueError(x)\ndef g(x):\n    return object()\n", "range(3)", "f")
    opened.run()
    (tmp_path / "out.csv").write_text("of yesterday")
    choose(monkeypatch, tmp_path / "out.csv")
    opened.window.parts.actions["export"].trigger()
    opened.wait(lambda: "There is no result to write, so the earlier out.csv stays." in opened.messages())
    assert (tmp_path / "out.csv").read_text() == "of yesterday"
    opened.write("def g(x):\n    return object()\n", "range(3)", "g")
    opened.run()
    opened.window.parts.actions["export"].trigger()
    opened.wait(lambda: "all 3 rows are in" in opened.messages())
    assert "'result' of task 0 is an object" in opened.messages()
    assert (tmp_path / "out.csv").read_text() == "of yesterday"
    assert len(pickle.loads((tmp_path / "out.pickle").read_bytes())["result"]) == 3


@pytest.mark.timeout(120)
def test_an_export_is_in_sight_and_no_window_closes_over_it_unasked(
    opened: Opened, writer: Writer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window, tabs = opened.window, opened.window.parts.tabs
    refusal = window.loss_warning._question = Refusal()
    tabs.results.exporter._export = writer
    opened.write(WORK, "range(3)", "f")
    opened.run()
    tabs.bring(tabs.jobs)
    choose(monkeypatch, tmp_path / "out.csv")
    window.parts.actions["export"].trigger()
    assert tabs.current is tabs.results
    window.close()
    assert window.isVisible()
    assert refusal.asked == ["Results are being written to out.csv. Quit and leave the file unwritten?"]
    writer.go.set()
    opened.wait(lambda: "7 rows written to out.csv" in opened.messages())
    window.close()
    assert not window.isVisible()
    assert len(refusal.asked) == 1


def test_an_export_that_fails_says_why(qtbot: QtBot, exporter: ResultExporter, writer: Writer, tmp_path: Path) -> None:
    writer.error = BadInput("The disk is full.")
    writer.go.set()
    with qtbot.waitSignal(exporter.failed) as heard:
        exporter.start(1, tmp_path / "a.csv", "csv")
    assert heard.args == ["The disk is full."]
