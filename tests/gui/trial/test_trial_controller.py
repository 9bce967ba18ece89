"""Try one in the whole window: by its key, on a task of an earlier job, and with the workers that are here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.consoles import console

SOURCE = "def half(x):\n    return x / 2\n"


def test_an_argument_is_tried_before_and_after_a_job(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts = opened.window.parts
        trying = parts.form.try_one
        opened.write(SOURCE, "[5, 6, 7]", "half")
        # What was typed just now is what is tried, though the editor has not been looked through since.
        parts.environment.editor.setPlainText(SOURCE.replace("/ 2", "/ 4"))
        qtbot.keyClick(opened.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        opened.wait(lambda: trying.outcome is not None)
        assert trying.line.text().startswith("→ 1.25 in ")
        here = sum(one.nprocs for one in opened.session.cluster.nodes())
        assert f" on {here} processor" in trying.line.text()

        opened.run()
        results = parts.tabs.results
        opened.wait(lambda: results.model.rowCount() == 3)
        results.view.choose_row(2)
        assert trying.button.text() == "Try task 2"
        parts.environment.editor.setPlainText(SOURCE.replace("x / 2", "1 / 0"))
        qtbot.mouseClick(trying.button, Qt.MouseButton.LeftButton)
        opened.wait(lambda: trying.outcome is not None)
        assert trying.outcome is not None
        assert (trying.outcome.argument, trying.outcome.type) == ("7", "ZeroDivisionError")
        assert trying.details.isVisible()

        parts.form.arguments.set_source(ArgumentSource("expression", text="[8]"))
        opened.wait(lambda: not parts.form.arguments.waiting)
        assert trying.button.text() == "Try one"


def test_a_task_that_failed_is_tried_here_with_the_function_as_it_is_now(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts = opened.window.parts
        opened.write("def part(a, b):\n    return a / b\n", "[(1, 2), (3, 0)]", "part")
        assert opened.run().failed == 1
        failures = parts.tabs.failures
        parts.tabs.bring(failures)
        opened.wait(lambda: failures.selected() is not None)
        parts.environment.editor.setPlainText("def part(a, b):\n    return a / (b or 4)\n")
        here = next(button for button in failures.findChildren(QPushButton) if button.text() == "Try here")
        qtbot.mouseClick(here, Qt.MouseButton.LeftButton)
        trying = parts.form.try_one
        opened.wait(lambda: trying.outcome is not None)
        assert trying.outcome is not None
        assert (trying.outcome.argument, trying.outcome.value) == ("(3, 0)", "0.75")


def test_a_failed_task_is_tried_with_the_function_that_its_job_ran(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts, trying = opened.window.parts, opened.window.parts.form.try_one
        opened.write("def bad(x):\n    return 1 / x\n\n\ndef other(x):\n    return 'no'\n", "[0]", "bad")
        job = opened.run()
        parts.form.function.choose("other")
        opened.window.trials.try_task(job.id, 0)
        opened.wait(lambda: trying.outcome is not None)
        assert trying.outcome is not None
        assert trying.outcome.type == "ZeroDivisionError"
        assert parts.form.function.name == "bad"

        opened.write("def third(x):\n    return 'no'\n", "[0]", "third")
        opened.window.trials.try_task(job.id, 0)
        assert trying.line.text().startswith(f"Job {job.id} ran bad, which this environment does not define.")
        assert trying.outcome is None
        assert not trying.running


def test_a_row_that_is_selected_no_more_is_not_what_is_tried(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts = opened.window.parts
        trying, results = parts.form.try_one, parts.tabs.results
        opened.write(SOURCE, "[5, 6, 7]", "half")
        first = opened.run()
        second = opened.run()
        opened.wait(lambda: results.job is not None and results.job.id == second.id)  # not the first run's rows
        opened.wait(lambda: results.model.rowCount() == 3)
        results.view.choose_row(1)
        parts.actions["try_one"].trigger()
        opened.wait(lambda: trying.outcome is not None)
        results.view.choose_row(2)
        assert trying.line.text().startswith("#1 → 3.0 in ")  # another is chosen; this is as true as it was
        assert trying.button.text() == "Try task 2"
        results.view.selectAll()
        opened.wait(lambda: trying.button.text() == "Try one")  # none of them all is the one
        results.view.choose_row(2)
        parts.controller.show_job(first.id)
        opened.wait(lambda: results.job is not None and results.job.id == first.id)
        assert trying.button.text() == "Try one"


def test_of_a_row_that_is_not_there_yet_nobody_tries_a_task_before_it_is(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts = opened.window.parts
        trying, results = parts.form.try_one, parts.tabs.results
        opened.write(SOURCE, "[5, 6, 7]", "half")
        opened.run()
        parts.tabs.bring(results)
        opened.wait(lambda: results.model.rowCount() == 3)
        said: list[str] = []
        trying.choice_changed.connect(lambda: said.append(trying.button.text()))
        results.head.filter_by("result > 2.6")  # rows of which it has to be found first what they are
        opened.wait(lambda: results.model.rowCount() == 2)
        results.view.choose_row(1)
        opened.wait(lambda: said and said[-1] == "Try task 2")
        assert "Try task -1" not in said


def test_a_window_that_is_closed_ends_what_is_tried(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        opened.write("def f(x):\n    while True: pass\n", "[1]", "f")
        opened.window.parts.actions["try_one"].trigger()
        opened.wait(lambda: "running" in opened.window.parts.form.try_one.line.text())
    # That it has ended is looked at after every test: no process may be left.
