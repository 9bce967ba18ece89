"""Questions about source are answered beside the window: the latest counts, and nothing that is asked ends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from mcgui.console.analysis.jedi_completer import CallSignature, Completions, Described
from mcgui.console.analysis.source_analysis import SourceAnalysis
from mcgui.console.analysis.source_checker import Checked
from tests.gui.quiet import settle

PATIENCE = 30_000


@pytest.fixture
def checking(qtbot: QtBot) -> Iterator[SourceAnalysis]:
    made = SourceAnalysis("check")
    yield made
    made.close()


@pytest.fixture
def completing(qtbot: QtBot) -> Iterator[SourceAnalysis]:
    made = SourceAnalysis("complete")
    yield made
    made.close()


def answer(qtbot: QtBot, analysis: SourceAnalysis, method: str, *arguments: object) -> object:
    came: list[object] = []
    analysis.ask(method, *arguments, done=came.append)
    qtbot.waitUntil(lambda: bool(came), timeout=PATIENCE)
    return came[0]


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "analysis_child" in " ".join(one.cmdline())]


def test_functions_and_problems_come_from_another_process(qtbot: QtBot, checking: SourceAnalysis) -> None:
    checked = answer(qtbot, checking, "check", "def f(x): return y", "pi.py")
    assert isinstance(checked, Checked)
    assert checked.environment is not None
    assert checked.environment.functions[0].signature == "(x)"
    assert [one.text for one in checked.problems] == ["undefined name 'y'"]
    assert len(children()) == 1


def test_what_does_not_compile_comes_with_its_line(qtbot: QtBot, checking: SourceAnalysis) -> None:
    checked = answer(qtbot, checking, "check", "x = (", "pi.py")
    assert isinstance(checked, Checked)
    assert checked.invalid is not None
    assert (checked.invalid.problem, checked.invalid.line) == ("'(' was never closed", 1)


def test_only_the_latest_question_is_answered(qtbot: QtBot, checking: SourceAnalysis) -> None:
    came: list[tuple[int, object]] = []
    for number in range(50):
        checking.ask("check", f"def f{number}(x): 1", "pi.py", done=lambda one, n=number: came.append((n, one)))
    qtbot.waitUntil(lambda: bool(came) and not checking.busy, timeout=PATIENCE)
    ((number, checked),) = came
    assert number == 49
    assert isinstance(checked, Checked)
    assert checked.environment is not None
    assert checked.environment.functions[0].name == "f49"


def test_a_process_that_is_killed_gives_no_answer_and_the_next_question_has_another(
    qtbot: QtBot, checking: SourceAnalysis
) -> None:
    answer(qtbot, checking, "check", "x = 1", "pi.py")
    (child,) = children()
    child.kill()
    child.wait()
    assert answer(qtbot, checking, "check", "x = 2", "pi.py") is None
    assert isinstance(answer(qtbot, checking, "check", "x = 3", "pi.py"), Checked)


def test_a_question_that_takes_too_long_is_given_up(qtbot: QtBot) -> None:
    impatient = SourceAnalysis("check", patience=2000)
    try:
        # A process that has started, so that it can be held still: it cannot answer before the time is over.
        qtbot.waitUntil(lambda: answer(qtbot, impatient, "check", "x = 1", "pi.py") is not None, timeout=PATIENCE)
        (child,) = children()
        child.suspend()
        assert answer(qtbot, impatient, "check", "x = 2", "pi.py") is None
    finally:
        impatient.close()


def test_closing_leaves_no_process_and_no_thread_also_while_a_question_is_asked(qtbot: QtBot) -> None:
    made = SourceAnalysis("check")
    came: list[object] = []
    made.ask("check", "x = [" + "(1)," * 300_000 + "]", "pi.py", done=came.append)
    qtbot.waitUntil(lambda: bool(children()), timeout=PATIENCE)
    made.close()
    assert children() == []
    assert not any(thread.name == "mcgui-check" for thread in threading.enumerate())
    made.ask("check", "x", "pi.py", done=came.append)
    settle(made)
    assert (came, children()) == ([], [])


# Completion


def test_names_are_completed_with_what_they_are(qtbot: QtBot, completing: SourceAnalysis) -> None:
    source = "def throw(_):\n    '''One throw.'''\n\nthr"
    found = answer(qtbot, completing, "complete", source, 4, 3)
    assert isinstance(found, Completions)
    assert (found.prefix, found.units) == ("thr", 3)
    assert ("throw", "function") in [(one.name, one.kind) for one in found.names]
    described = answer(qtbot, completing, "describe", "throw")
    assert described == Described("throw", "throw(_)", "One throw.")


def test_a_place_is_counted_in_units_also_after_wide_characters(qtbot: QtBot, completing: SourceAnalysis) -> None:
    source = "apple = 1\nx = '𝕏𝕏', app"
    found = answer(qtbot, completing, "complete", source, 2, len(source.split("\n")[1]) + 2)
    assert isinstance(found, Completions)
    assert found.prefix == "app"
    assert "apple" in [one.name for one in found.names]


def test_the_parameter_that_is_being_written_is_known(qtbot: QtBot, completing: SourceAnalysis) -> None:
    found = answer(qtbot, completing, "signature", "def f(a, b=2): ...\nf(1, ", 2, 5)
    assert isinstance(found, CallSignature)
    assert (found.name, found.parameters, found.index) == ("f", ("a", "b=2"), 1)
    assert answer(qtbot, completing, "signature", "x = 1", 1, 5) is None


def test_completing_runs_nothing_of_the_source_nor_of_what_lies_beside_it(
    qtbot: QtBot, completing: SourceAnalysis, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    (tmp_path / "helper.py").write_text(f"open({str(trace)!r}, 'w')\ndef help_me(): ...\n")
    (tmp_path / ".jedi").mkdir()
    (tmp_path / ".jedi" / "project.json").write_text('[1, {"environment_path": "/bin/false", "path": "."}]')
    source = f"import helper\nopen({str(trace)!r}, 'w')\nhelper.hel"
    found = answer(qtbot, completing, "complete", source, 3, 10, str(tmp_path / "pi.py"))
    assert isinstance(found, Completions)
    assert "help_me" in [one.name for one in found.names]
    assert not trace.exists()
