"""Try one: in the form, with a real child process; what it says, what it opens, and that nothing holds it up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.arguments import file_watch
from mcgui.console.form.job_form import JobForm
from mcgui.console.trial import try_one
from mcgui.console.trial.several_trials import Tried, spread
from mcgui.console.trial.trial_words import (
    at_length,
    in_a_line,
    is_in_doubt,
    processors,
    several_in_a_line,
    shortened,
    while_it_runs,
    whole_job,
)
from mcgui.console.trial.try_one import Target, TryOne
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.trial import TrialOutcome, TrialRequest, TrialState
from tests.gui.hearing import heard_from
from tests.gui.panels import background, look, state_of
from tests.gui.snapshots import node

PATIENCE = 30_000
SQUARE = "def square(x):\n    print('squaring', x)\n    return x * x\n"


@pytest.fixture
def threads(qapp: object) -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture
def form(theme: Theme, qtbot: QtBot, threads: Background, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobForm]:
    monkeypatch.setattr(file_watch, "INTERVAL", 10)
    made = JobForm(theme, threads, look, lambda: None)
    qtbot.addWidget(made)
    made.try_one.wanted.connect(made.try_it)
    made.resize(500, 400)
    made.show()
    yield made
    made.try_one.stop()


def fill(form: JobForm, qtbot: QtBot, source: str, function: str, arguments: str = "range(4)") -> None:
    form.set_environment(state_of(source))
    form.function.choose(function)
    form.arguments.set_source(ArgumentSource("expression", arguments))
    qtbot.waitUntil(lambda: not form.arguments.waiting, timeout=PATIENCE)


def press(form: JobForm, qtbot: QtBot) -> None:
    """Press the button and wait for what comes of it."""
    qtbot.mouseClick(form.try_one.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)


def test_what_came_of_it_is_said_and_the_focus_stays_on_the_button(
    form: JobForm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = heard_from(try_one, monkeypatch)
    fill(form, qtbot, SQUARE, "square")
    form.activateWindow()
    button = form.try_one.button
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert form.try_one.running
    assert button.hasFocus()
    assert button.isEnabled()
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)
    assert button.hasFocus()
    assert heard == [(form.try_one.line.text(), False)]


def test_the_value_the_time_and_what_the_whole_job_takes_are_said(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square", "range(3, 10**9)")
    form.try_one.set_processors(26)
    press(form, qtbot)
    words = form.try_one.line.text()
    assert words.startswith("→ 9 in ")
    assert "the whole job: about " in words
    assert words.endswith(" on 26 processors")
    assert form.try_one.line.accessibleDescription() == words
    assert "The mean of " in form.try_one.line.toolTip()
    assert not form.try_one.details.isVisible()


def test_what_it_printed_is_a_click_away_and_can_be_copied(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square")
    press(form, qtbot)
    qtbot.mouseClick(form.try_one.more, Qt.MouseButton.LeftButton)
    assert form.try_one.details.isVisible()
    qtbot.mouseClick(form.try_one.details.copy, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert "Result: 0" in copied
    assert copied.endswith("Printed:\nsquaring 0")
    qtbot.mouseClick(form.try_one.details.close_button, Qt.MouseButton.LeftButton)
    assert not form.try_one.details.isVisible()
    assert not form.try_one.more.is_open


def test_a_traceback_opens_in_place_and_whole(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "def f(x):\n    return 1 / x\n", "f")
    press(form, qtbot)
    assert form.try_one.line.text().startswith("ZeroDivisionError: division by zero")
    assert form.try_one.line.property("tone") == "bad"
    assert form.try_one.details.isVisible()
    shown = form.try_one.details.text.toPlainText()
    assert shown.startswith("Argument: 0\n\nTraceback (most recent call last):")
    assert 'File "pi.py", line 2, in f' in shown
    assert shown.rstrip().endswith("ZeroDivisionError: division by zero")


def test_the_arguments_are_passed_as_the_job_passes_them(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "def f(a, b): return a - b\n", "f", "[(7, 2)]")
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 5 in ")


def test_an_answer_of_another_function_or_file_is_gone(form: JobForm, qtbot: QtBot) -> None:
    source = SQUARE + "\ndef fail(x):\n    raise ValueError(x)\n"
    fill(form, qtbot, source, "fail")
    press(form, qtbot)
    assert form.try_one.details.isVisible()
    form.function.choose("square")
    assert (form.try_one.line.text(), form.try_one.outcome) == ("", None)
    assert not form.try_one.details.isVisible()
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 0 in ")
    form.set_environment(replace(state_of("# a new file, without a function yet"), filename="new.py"))
    assert form.try_one.outcome is None
    assert "→" not in form.try_one.line.text()


def test_an_answer_to_what_has_changed_since_says_so(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square")
    press(form, qtbot)
    assert not form.try_one.stale
    form.set_environment(state_of(SQUARE.replace("x * x", "x + x")))
    assert form.try_one.stale
    assert form.try_one.line.text().startswith("before the last change: → 0 in ")
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 0 in ")


def test_an_answer_says_that_the_file_of_its_argument_was_written_since(
    form: JobForm, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n")
    fill(form, qtbot, "def f(x):\n    return x\n", "f")
    form.arguments.set_source(ArgumentSource("text", path=str(path)))
    qtbot.waitUntil(lambda: not form.arguments.waiting, timeout=PATIENCE)
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 'one' in ")
    path.write_text("two\n")
    qtbot.waitUntil(
        lambda: form.try_one.line.text().startswith("before the last change: → 'one' in "), timeout=PATIENCE
    )
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 'two' in ")


def test_a_change_while_it_runs_makes_its_answer_an_old_one(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "import time\ndef f(x):\n    time.sleep(0.5)\n    return 'slow'\n", "f")
    qtbot.mouseClick(form.try_one.button, Qt.MouseButton.LeftButton)
    form.set_environment(state_of("def f(x): return 'quick'\n"))
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)
    assert form.try_one.line.text().startswith("before the last change: → 'slow' in ")


def test_a_task_that_takes_longer_than_the_job_allows_is_warned_of(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "import time\ndef f(x):\n    time.sleep(0.5)\n", "f")
    press(form, qtbot)
    assert "the whole job" in form.try_one.line.text()
    form.options.form.field("timeout").choose(0.2)
    assert form.try_one.line.text().endswith(";  a task of the job is stopped after 200 ms (options)")
    assert form.try_one.line.property("tone") == "warn"


def test_an_endless_one_is_seen_to_run_and_can_be_stopped(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "def f(x):\n    print('round and round', flush=True)\n    while True: pass\n", "f")
    qtbot.mouseClick(form.try_one.button, Qt.MouseButton.LeftButton)
    assert form.try_one.button.isEnabled(), "the focus would go elsewhere, and the next press with it"
    qtbot.waitUntil(lambda: "running" in form.try_one.line.text(), timeout=PATIENCE)
    qtbot.waitUntil(form.try_one.stop_button.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(form.try_one.more.isVisible, timeout=PATIENCE)
    qtbot.mouseClick(form.try_one.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "round and round" in form.try_one.details.text.toPlainText(), timeout=PATIENCE)
    qtbot.mouseClick(form.try_one.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)
    assert form.try_one.line.text() == "It was stopped."
    assert form.try_one.button.isEnabled()


def test_another_try_while_one_hangs_says_what_ends_it(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "def f(x):\n    while True: pass\n", "f")
    form.try_it()
    form.try_it()  # at once, before Stop would be offered
    assert form.try_one.line.text().endswith(" Stop ends this one, and then another can begin.")
    assert form.try_one.stop_button.isVisible()
    assert form.focusWidget() is form.try_one.stop_button
    form.try_one.stop_button.click()
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)
    form.try_it()
    assert "Stop" not in form.try_one.line.text()
    form.try_one.stop()
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)


@pytest.mark.parametrize("ends", ["by itself", "stopped"])
def test_the_keyboard_comes_back_from_stop_to_where_it_was(
    form: JobForm, qtbot: QtBot, tmp_path: Path, ends: str
) -> None:
    go = tmp_path / "go"
    source = f"import os, time\ndef f(x):\n    while not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
    fill(form, qtbot, source, "f")
    entry = form.function.combo
    entry.setFocus()
    form.try_it()
    form.try_it()
    assert form.focusWidget() is form.try_one.stop_button
    form.try_one.stop_button.click() if ends == "stopped" else go.touch()
    qtbot.waitUntil(lambda: not form.try_one.running, timeout=PATIENCE)
    assert form.focusWidget() is entry


def test_the_keyboard_goes_from_try_several_to_stop_and_then_to_the_try(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square", "range(9)")
    press(form, qtbot)
    trial = form.try_one
    trial.several_button.setFocus()
    trial.several_button.click()
    assert form.focusWidget() is trial.stop_button
    qtbot.waitUntil(lambda: not trial.several.running, timeout=PATIENCE)
    assert form.focusWidget() is trial.button


def test_a_crash_is_told_and_the_window_lives_on(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, "import os\ndef f(x):\n    os._exit(7)\n", "f")
    press(form, qtbot)
    assert form.try_one.line.text() == "Its process ended with exit code 7."
    fill(form, qtbot, SQUARE, "square")
    press(form, qtbot)
    assert form.try_one.line.text().startswith("→ 0 in ")


@pytest.mark.parametrize(
    ("source", "function", "arguments", "problem"),
    [
        ("def f(x", "f", "range(3)", "The environment has a problem"),
        ("def f(x): ...", "g", "range(3)", "There is no function 'g'"),
        ("def f(x): ...", "f", "", "Give the arguments first."),
        ("def f(x): ...", "f", "1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_is_missing_is_said_beside_the_button(
    form: JobForm, qtbot: QtBot, source: str, function: str, arguments: str, problem: str
) -> None:
    fill(form, qtbot, source, function, arguments)
    press(form, qtbot)
    assert problem in form.try_one.line.text()
    assert form.try_one.outcome is None


def test_a_row_of_the_preview_is_tried_where_one_is_selected(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square", "[5, 6, 7]")
    qtbot.mouseClick(form.arguments.show_rows, Qt.MouseButton.LeftButton)
    form.arguments.rows.view.choose_row(2)
    assert form.try_one.button.text() == "Try #2"
    press(form, qtbot)
    assert form.try_one.line.text().startswith("#2 → 49 in ")
    fill(form, qtbot, SQUARE, "square", "[8, 9]")
    assert form.try_one.button.text() == "Try one"


def test_the_argument_of_a_task_is_tried_where_one_is_chosen(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SQUARE, "square")
    form.choose_task(3, 712_003, "mcgui://link")
    assert form.try_one.button.text() == "Try task 712,003"
    assert form.try_one.task == (3, 712_003)
    form.try_one.choose()
    assert form.try_one.button.text() == "Try one"


class Scripted:
    """A try whose end the test decides."""

    def __init__(self, _request: TrialRequest, hear: Callable[[TrialState], None]) -> None:
        self.hear = hear
        self.ended = threading.Event()

    def run(self) -> TrialOutcome:
        self.ended.wait()
        return TrialOutcome("stopped", message="It was stopped.")

    def stop(self) -> None:
        self.ended.set()


def test_what_it_reports_is_shown_while_it_runs(theme: Theme, qtbot: QtBot, threads: Background) -> None:
    made: list[Scripted] = []

    def make(request: TrialRequest, hear: Callable[[TrialState], None]) -> Scripted:
        made.append(Scripted(request, hear))
        return made[-1]

    trying = TryOne(threads, theme, make)  # type: ignore[arg-type]
    qtbot.addWidget(trying)
    trying.set_target(Target(TrialRequest(JobSpec("", "", "f"))))
    trying.begin()
    # From another thread, as the real one tells it.
    teller = threading.Thread(target=made[0].hear, args=(TrialState("1", status="fold 3 of 5", fraction=0.6),))
    teller.start()
    teller.join()
    qtbot.waitUntil(lambda: "fold 3 of 5, 60 %" in trying.line.text(), timeout=PATIENCE)
    trying.begin()
    assert len(made) == 1
    trying.stop()
    qtbot.waitUntil(lambda: not trying.running, timeout=PATIENCE)


# --- the words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "count", "at_once", "words"),
    [
        (1e-6, 10**6, 26, "the whole job: under 1 s on 26 processors"),
        (52e-6, 10**6, 26, "the whole job: about 2 s on 26 processors"),
        (60.0, 10, 26, "the whole job: about 1 min on 26 processors"),
        (60.0, 10, 9, "the whole job: about 2 min on 9 processors"),
        (60.0, 10, 1, "the whole job: about 10 min on 1 processor"),
        (60.0, 10, 0, "the whole job: about 10 min on one processor, and no worker is here yet"),
        (60.0, 1, 4, "that is the whole job"),
        (60.0, None, 4, "how many tasks there are is not known yet"),
    ],
)
def test_the_time_of_the_whole_job_goes_by_rounds(seconds: float, count: int | None, at_once: int, words: str) -> None:
    assert whole_job(seconds, count, at_once) == words


def test_only_workers_that_take_tasks_count() -> None:
    nodes = tuple(
        replace(node(f"n{i}"), state=state, nprocs=4)
        for i, state in enumerate(("idle", "working", "paused", "draining", "silent", "lost", "left"))
    )
    assert processors(nodes) == 8


def test_long_values_and_messages_are_cut_in_the_line_and_whole_below() -> None:
    outcome = TrialOutcome("done", "1", "x" * 500, "out", seconds=0.25, calls=1)
    assert in_a_line(outcome, 5, 1).startswith(f"→ {'x' * 39}… in 250 ms;  ")
    assert "x" * 500 in at_length(outcome)
    assert "One call, on this computer." in at_length(outcome)
    assert shortened("first\nsecond") == "first …"


def test_files_that_would_not_travel_are_said_instead_of_how_long_the_job_takes() -> None:
    outcome = TrialOutcome("done", "1", "2", seconds=0.25, calls=1, staying=("data/a.csv",))
    assert in_a_line(outcome, 5, 1) == "→ 2 in 250 ms;  it reads data/a.csv, which does not travel with the job"
    assert is_in_doubt(outcome, None)
    more = replace(outcome, staying=("a.csv", "b.csv", "c.csv"))
    assert in_a_line(more, 5, 1).endswith("it reads a.csv and 2 more, which do not travel with the job")
    assert "picked in Travels with this job:\na.csv\nb.csv\nc.csv" in at_length(more)
    several = [Tried(0, replace(outcome, staying=())), Tried(4, more)]
    assert several_in_a_line(several, 2, 5, 1).endswith(
        ";  it reads a.csv and 2 more, which do not travel with the job"
    )
    assert not is_in_doubt(replace(outcome, staying=()), None)


def test_the_state_of_a_try_is_said_in_words() -> None:
    assert while_it_runs(TrialState(), 0.1) == "starting…"
    assert while_it_runs(TrialState(), 5) == "loading the environment and the argument for 5 s…"
    assert while_it_runs(TrialState("1"), 0.5) == "running…"
    assert while_it_runs(TrialState("1", status="half", fraction=0.5), 3.7) == "running for 3 s: half, 50 %"
    assert while_it_runs(TrialState("1", "42"), 1) == "→ 42, and timing it…"


@pytest.mark.parametrize(
    ("count", "indices"),
    [(0, ()), (1, (0,)), (4, (0, 1, 2, 3)), (5, (0, 1, 2, 3, 4)), (101, (0, 25, 50, 75, 100))],
)
def test_several_are_spread_from_the_first_to_the_last(count: int, indices: tuple[int, ...]) -> None:
    assert spread(count) == indices


def test_several_arguments_tell_what_the_first_alone_does_not(form: JobForm, qtbot: QtBot) -> None:
    source = "import time\ndef nap(x):\n    if x == 50: raise ValueError('half way')\n    time.sleep(x / 500)\n    return x\n"
    fill(form, qtbot, source, "nap", "range(101)")
    trial = form.try_one
    assert not trial.several_button.isVisible()  # one first
    press(form, qtbot)
    assert trial.several_button.isVisible()
    assert "under 1 s" in trial.line.text()
    trial.several_button.click()
    qtbot.waitUntil(lambda: len(trial.several.tried) == 5 and not trial.several.running, timeout=PATIENCE)
    assert [one.index for one in trial.several.tried] == [0, 25, 50, 75, 100]
    line = trial.line.text()
    assert line.startswith("5 tried, from the first to the last: ")
    assert "1 failed, #50 with ValueError" in line
    assert "the whole job: about" in line
    assert "#75" in trial.details.text.toPlainText()
    press(form, qtbot)  # the one again, which says nothing of the five
    assert "tried" not in trial.line.text()


def test_several_tries_are_stopped_by_the_button(form: JobForm, qtbot: QtBot) -> None:
    source = "import time\ndef nap(x):\n    time.sleep(60 if x else 0)\n    return x\n"
    fill(form, qtbot, source, "nap", "range(9)")
    press(form, qtbot)
    form.try_one.more.set_open(True)
    form.try_one.several_button.click()
    qtbot.waitUntil(lambda: len(form.try_one.several.tried) == 1, timeout=PATIENCE)
    form.try_one.stop_button.click()
    qtbot.waitUntil(lambda: not form.try_one.several.running, timeout=PATIENCE)
    assert len(form.try_one.several.tried) == 1
    assert form.try_one.button.isEnabled()
    assert form.try_one.details.isVisible(), "they were unfolded"
