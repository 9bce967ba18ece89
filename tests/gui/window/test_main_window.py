"""The whole console on a real master, with this computer as its worker."""

from __future__ import annotations

import csv
import json
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from mcgui.console.master.master_startup import OWN_NAME, Wish
from mcgui.theme import Theme
from mcgui_core.client.agent_process import AgentEvent, AgentProcess
from mcgui_core.client.master import Master
from mcgui_core.errors import KeyRefused
from tests.gui.consoles import PATIENCE, Opened, Service, console, service
from tests.gui.mouse import double_click
from tests.leaks import looked_after

SQUARE = '''
def square(x):
    """The square of a number."""
    if x == 13:
        raise ValueError("unlucky 13")
    return x * x


def total(squares):
    """The sum of all squares."""
    return sum(squares)
'''

SLOW = """
import time

def slow(x):
    time.sleep(0.02)
    return x
"""


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(surroundings: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Looked at when the last test is over: what they share opens connections as it needs them."""
    yield from looked_after(request)


@pytest.fixture(scope="module")
def shared(nothing_left_behind: None, one_theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("service")) as made:
        yield made


@pytest.fixture
def opened(shared: Service, qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    with shared.window(qtbot, theme, tmp_path) as made:
        yield made


@pytest.fixture
def alone(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    """A console whose master and worker no other test has."""
    with console(qtbot, theme, tmp_path) as made:
        yield made


def test_the_window_is_there_before_the_master_is(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as made:
        assert made.window.isVisible()
        assert not made.session.is_open
        assert "Starting to serve" in made.window.serving.text
        made.wait(lambda: made.session.is_open)


def test_the_window_says_where_it_serves_and_to_whom(opened: Opened) -> None:
    opened.wait(lambda: "1 worker" in opened.window.serving.text)
    assert opened.window.serving.text.startswith(f"Serving on {opened.session.cluster.address} encrypted · 1 worker")
    model = opened.window.parts.workers.model
    assert model.item(0).name == OWN_NAME


def test_a_job_is_run_from_the_form_to_its_reduced_result(opened: Opened) -> None:
    opened.write(SQUARE, "range(10)", "square", "total")
    job = opened.run()
    assert (job.state, job.done, job.failed) == ("finished", 10, 0)
    results = opened.window.parts.tabs.results
    opened.wait(lambda: results.reduced.value.whole == "square: 285")
    opened.wait(lambda: results.model.index(9, 2).data() == "81")
    assert [results.model.index(9, column).data() for column in (0, 1, 3)] == ["9", "9", OWN_NAME]
    assert "done in" in opened.window.parts.strip.lines[0].left.text()
    opened.wait(lambda: opened.window.parts.history.nodes)  # for the plot


def test_the_job_that_was_run_last_is_the_one_that_is_shown(opened: Opened) -> None:
    opened.write(SQUARE, "range(10)", "square", "total")
    ids = []
    for _ in range(3):
        ids.append(opened.run().id)
        selected = opened.window.parts.tabs.jobs.view.selectionModel().selectedRows()
        assert [index.data() for index in selected] == [str(ids[-1])]
    opened.window.parts.tabs.jobs.view.choose_row(2)  # the oldest: the newest stands on top
    opened.wait(lambda: opened.job is not None and opened.job.id == ids[0])
    opened.wait(lambda: opened.window.parts.tabs.results.reduced.value.whole == "square: 285")


def test_a_failure_is_shown_with_its_whole_traceback(opened: Opened) -> None:
    opened.write(SQUARE, "range(20)", "square")
    job = opened.run()
    assert (job.done, job.failed) == (19, 1)
    failures = opened.window.parts.tabs.failures
    opened.wait(lambda: "unlucky 13" in failures.details.toPlainText())
    text = failures.details.toPlainText()
    assert "Traceback (most recent call last):" in text
    assert 'raise ValueError("unlucky 13")' in text
    assert opened.window.parts.tabs._tabs.tabText(2) == "Failures  1"
    # Whose lines are a way back to the editor.
    opened.window.parts.tabs.bring(failures)
    failures.details.setTextCursor(failures.details.document().find('File "<environment>", line '))
    place = failures.details.cursorRect().center()
    double_click(failures.details.viewport(), place)
    line = opened.window.parts.environment.editor.textCursor().block().text()
    assert line.strip() == 'raise ValueError("unlucky 13")'


def test_failed_tasks_can_be_tried_again(opened: Opened, tmp_path: Path) -> None:
    flag = tmp_path / "mended"
    source = f"""
from pathlib import Path
def check(x):
    if x == 3 and not Path({str(flag)!r}).exists():
        raise RuntimeError("not mended yet")
    return x
"""
    opened.write(source, "range(5)", "check")
    assert opened.run().failed == 1
    flag.touch()
    opened.window.parts.actions["retry"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.done == 5)
    assert opened.job is not None
    assert opened.job.failed == 0


@pytest.mark.parametrize(
    ("source", "arguments", "said"),
    [
        ("def f(x): return (", "range(3)", "has a problem in line 1"),
        ("def f(x): return x", "range(", "never closed"),
        ("def f(x): return x", "", "arguments"),
        ("", "range(3)", "no function"),
    ],
)
def test_what_is_missing_is_said_in_place_and_nothing_is_lost(
    opened: Opened, source: str, arguments: str, said: str
) -> None:
    parts = opened.window.parts
    parts.environment.set_source(source)
    parts.form.arguments.fields.expression.setText(arguments)
    opened.wait(lambda: not parts.form.arguments.waiting)
    parts.actions["run"].trigger()
    opened.settle()
    assert said in opened.messages()
    assert parts.environment.source == source
    assert parts.form.arguments.source.text == arguments
    assert (opened.job, parts.tabs.jobs.model.rowCount()) == (None, 0)


def test_a_job_is_paused_resumed_and_cancelled(opened: Opened) -> None:
    opened.write(SLOW, "range(100_000)", "slow")
    actions = opened.window.parts.actions
    actions["run"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.done > 0)
    actions["pause"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.state == "paused")
    assert actions["pause"].text() == "Resume"
    actions["pause"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.state == "running")
    actions["cancel"].trigger()
    opened.wait(lambda: opened.job is not None and opened.job.state == "cancelled")
    assert not actions["cancel"].isEnabled()


def test_results_are_written_to_files(opened: Opened, tmp_path: Path) -> None:
    opened.write(SQUARE, "range(5)", "square")
    opened.run()
    for kind in ("csv", "jsonl"):
        opened.window.parts.tabs.results.head.export_wanted.emit(str(tmp_path / f"out.{kind}"), kind)
        opened.wait(lambda kind=kind: f"5 rows written to out.{kind}" in opened.messages())
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert len(rows) == len(lines) == 5
    assert any("16" in value for value in rows[4].values())


def test_who_presses_run_while_typing_does_not_have_to_press_it_again(opened: Opened) -> None:
    parts = opened.window.parts
    parts.environment.set_source(SQUARE)
    parts.form.function.choose("square")
    parts.form.arguments.fields.expression.setText("range(8)")
    assert parts.form.arguments.waiting
    parts.actions["run"].trigger()
    assert "as soon as" in opened.messages()
    opened.wait(lambda: opened.job is not None and opened.job.final)
    assert opened.job is not None
    assert (opened.job.total, opened.messages()) == (8, "")


def test_who_presses_run_before_the_environment_was_looked_through_does_not_have_to_press_it_again(
    opened: Opened,
) -> None:
    """On a busy computer a function is not known yet when the last word is typed: it was not run, and said why."""
    parts = opened.window.parts
    parts.environment.editor.setPlainText(SQUARE)
    parts.form.arguments.fields.expression.setText("range(8)")
    parts.actions["run"].trigger()
    assert "It runs as soon as that is done." in opened.messages()
    opened.wait(lambda: opened.job is not None and opened.job.final)
    assert opened.job is not None
    assert (opened.job.total, opened.messages()) == (8, "")


def test_who_presses_run_before_the_master_has_started_does_not_have_to_press_it_again(opened: Opened) -> None:
    opened.write(SQUARE, "range(8)", "square")
    opened.session.open(opened.session.state.wish)
    assert opened.session.state.kind == "starting"
    opened.window.parts.actions["run"].trigger()
    assert opened.messages() == "The master is still starting. It runs as soon as that is done."
    opened.wait(lambda: opened.job is not None and opened.job.final)
    assert opened.job is not None
    assert (opened.job.total, opened.messages()) == (8, "")


def test_what_was_to_run_at_a_master_that_does_not_start_runs_at_no_other(opened: Opened, tmp_path: Path) -> None:
    opened.write(SQUARE, "range(8)", "square")
    before = opened.session.state.wish
    opened.session.open(replace(before, journal=tmp_path))
    opened.window.parts.actions["run"].trigger()
    opened.wait(lambda: opened.session.state.kind == "serving")
    assert opened.session.state.wish.journal == before.journal
    assert "It runs as soon" not in opened.messages()
    assert opened.session.cluster.jobs() == []


def test_what_turns_out_to_be_wrong_as_the_environment_is_looked_through_is_said_and_not_run(opened: Opened) -> None:
    parts = opened.window.parts
    parts.environment.editor.setPlainText("def square(x:")
    parts.form.arguments.fields.expression.setText("range(8)")
    parts.actions["run"].trigger()
    opened.wait(lambda: "Not run yet. The environment has a problem in line 1." in opened.messages())
    assert opened.job is None


def test_a_job_that_is_long_in_coming_is_said_to_come(opened: Opened) -> None:
    slow, said = opened.window.parts.controller._slow, []
    slow.setInterval(0)  # any is too long
    slow.timeout.connect(lambda: said.append(opened.messages()))
    opened.write(SQUARE, "range(8)", "square")
    opened.run()
    assert said == ["The job begins as soon as its arguments and files have been read."]
    assert opened.messages() == ""


def test_who_presses_run_on_arguments_that_turn_out_wrong_is_told(opened: Opened) -> None:
    parts = opened.window.parts
    parts.environment.set_source(SQUARE)
    parts.form.arguments.fields.expression.setText("1 / 0")
    parts.actions["run"].trigger()
    opened.wait(lambda: "Not run yet" in opened.messages())
    assert "division by zero" in opened.messages()


def test_what_kept_a_job_from_running_is_no_longer_said_once_it_could_run(opened: Opened) -> None:
    parts = opened.window.parts
    opened.write(SQUARE + "\ndef two(a, b):\n    return a + b\n", "range(3)", "square")
    parts.form.function.choose("two")
    parts.actions["run"].trigger()
    assert opened.messages().startswith("Not run yet.")
    assert "two" in opened.messages()
    parts.form.options.form.name.setText("sums")  # which mends nothing
    assert opened.messages().startswith("Not run yet.")
    parts.form.function.choose("square")
    opened.settle()
    assert opened.messages() == ""
    assert opened.job is None


def test_no_arguments_are_no_job(opened: Opened) -> None:
    parts = opened.window.parts
    parts.environment.set_source(SQUARE)
    parts.form.arguments.fields.expression.setText("[]")
    opened.wait(lambda: not parts.form.arguments.waiting)
    parts.actions["run"].trigger()
    opened.settle()
    assert "There are no arguments" in opened.messages()
    assert opened.job is None


def test_jobs_of_before_are_there_when_the_window_is_opened_again(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as first:
        first.write(SQUARE, "range(5)", "square", "total")
        first.run()
    with console(qtbot, theme, tmp_path) as second:
        second.wait(lambda: second.job is not None)
        assert second.job is not None
        assert (second.job.name, second.job.done) == ("square", 5)
        second.wait(lambda: second.window.parts.tabs.results.reduced.value.whole == "square: 30")


def test_a_worker_that_is_killed_is_told_of_and_can_be_started_again(alone: Opened) -> None:
    opened_worker = alone.session._there().worker
    assert opened_worker is not None
    psutil.Process(opened_worker.pid).kill()
    alone.wait(lambda: "ended" in alone.messages())
    model = alone.window.parts.workers.model
    alone.wait(lambda: model.item(0).state == "lost")
    alone.window.sharing.restart_worker()
    alone.wait(lambda: any(item.state == "idle" for item in model.items))
    alone.wait(lambda: "ended" not in alone.messages())


def test_what_the_worker_said_of_a_master_that_died_is_gone_when_that_is_started_again(alone: Opened) -> None:
    wish = alone.session.state.wish
    told: list[AgentEvent] = []
    alone.session.worker_told.connect(told.append)
    master = alone.session.cluster
    assert isinstance(master, Master)
    psutil.Process(master.pid).kill()
    alone.wait(lambda: any("No master answers" in event.message for event in told))
    alone.session.open(wish)
    alone.wait(lambda: told[-1].state == "idle")
    alone.settle()
    assert alone.messages() == ""


def test_this_computer_can_stop_being_a_worker(alone: Opened) -> None:
    action = alone.window.parts.actions["worker"]
    assert action.isChecked()
    action.trigger()
    model = alone.window.parts.workers.model
    alone.wait(lambda: model.item(0).state == "left")
    action.trigger()
    alone.wait(lambda: any(item.state == "idle" for item in model.items))


def test_this_computer_works_again_also_where_it_takes_long_to_stop(
    alone: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the master told meanwhile of the worker that was about to end switched off the next one, for good."""
    told, leave = threading.Event(), AgentProcess.leave

    def leave_slowly(agent: AgentProcess, timeout: float = 5.0) -> None:
        leave(agent, timeout)
        told.wait(50)

    monkeypatch.setattr(AgentProcess, "leave", leave_slowly)
    action = alone.window.parts.actions["worker"]
    model = alone.window.parts.workers.model
    action.trigger()
    alone.wait(lambda: model.item(0).state == "left")
    action.trigger()
    with alone.qtbot.waitSignal(alone.session.snapshot_arrived, timeout=PATIENCE):
        alone.session.cluster.submit("def f(x): return x", "f", [1])
    told.set()
    alone.wait(lambda: any(item.state == "idle" for item in model.items))
    assert action.isChecked()


def test_other_computers_are_let_in_and_the_results_stay(alone: Opened) -> None:
    alone.write(SQUARE, "range(5)", "square")
    alone.run()
    port = alone.session.cluster.address.rpartition(":")[2]
    alone.window.show_add_workers()
    alone.window.parts.add_workers.share.click()
    alone.wait(lambda: alone.session.state.kind == "serving" and alone.session.state.wish.shared)
    assert alone.session.cluster.address.endswith(f":{port}")
    alone.wait(lambda: alone.job is not None and alone.job.done == 5)
    assert alone.session.cluster.worker_link in alone.window.parts.add_workers.link
    alone.window.parts.actions["share"].trigger()
    alone.wait(lambda: alone.session.state.kind == "serving" and not alone.session.state.wish.shared)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_master_that_dies_is_told_of_and_can_be_started_again(alone: Opened) -> None:
    alone.write(SQUARE, "range(5)", "square")
    alone.run()
    master = alone.session.cluster
    assert isinstance(master, Master)
    psutil.Process(master.pid).send_signal(signal.SIGKILL)
    alone.wait(lambda: alone.session.state.kind == "lost")
    assert "does not answer" in alone.window.serving.text
    alone.session.open(alone.session.state.wish)
    alone.wait(lambda: alone.session.state.kind == "serving")
    alone.wait(lambda: alone.job is not None and alone.job.done == 5)


def test_a_console_attaches_to_a_master_that_runs_elsewhere(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with Master() as master:
        wish = Wish(link=master.console_link, worker=False)
        job = master.submit(environment="def f(x): return -x", function="f", args=range(3))
        with console(qtbot, theme, tmp_path, wish) as attached:
            assert attached.window.serving.text.startswith(f"Connected to {master.address}")
            attached.wait(lambda: attached.job is not None and attached.job.id == job.id)
            assert not attached.window.parts.actions["share"].isVisible()
        assert master.jobs()[0].status.total == 3  # the console is gone, the master is not


def test_a_wrong_key_is_said_and_a_master_here_is_offered(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with Master() as master:
        link = f"mcgui://{master.address}#c.{'x' * 32}"
        with console(qtbot, theme, tmp_path, Wish(link=link, worker=False), serving=False) as refused:
            refused.wait(lambda: refused.session.state.kind == "failed")
            assert str(KeyRefused(master.address)) in refused.messages()
            offers = [label for label, _ in refused.window.parts.messages.messages[0].actions]
            assert offers == ["Start a master here", "Try again"]
            assert "x" * 32 not in refused.messages()
