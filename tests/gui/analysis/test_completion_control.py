"""Completion and parameters while one types: offered, narrowed, put in, and never in the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.analysis.completion_popup import CompletionModel
from mcgui.console.analysis.jedi_completer import Completion
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.theme import Theme
from tests.gui.editors import CONTROL, PATIENCE, open_panel, press, type_in

SOURCE = "def throw_one(radius, seed=1):\n    '''One throw.'''\n\n\ndef throw_two(x): ...\n\n\n"


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme) as made:
        made.set_source(SOURCE)
        made.editor.moveCursor(made.editor.textCursor().MoveOperation.End)
        yield made


def offered(panel: EnvironmentPanel) -> tuple[str, ...]:
    popup = panel.completion.popup
    return popup.model.names if popup is not None and popup.isVisible() else ()


def hint(panel: EnvironmentPanel) -> str:
    made = panel.completion.hint
    return made.text() if made is not None and made.isVisible() else ""


def last_line(panel: EnvironmentPanel) -> str:
    return panel.source.splitlines()[-1]


def test_names_are_offered_while_one_types_and_narrow_with_each_letter(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "thr")
    qtbot.waitUntil(lambda: offered(panel) == ("throw_one", "throw_two"), timeout=PATIENCE)
    assert panel.editor.hasFocus()
    type_in(qtbot, "ow_t")
    assert offered(panel) == ("throw_two",)
    press(qtbot, Qt.Key.Key_Tab)
    assert last_line(panel) == "throw_two"
    assert offered(panel) == ()


def test_a_cache_that_was_left_half_written_ends_nothing(qtbot: QtBot, theme: Theme) -> None:
    """As a window leaves it that is closed while jedi writes."""
    import jedi

    for _ in range(2):
        with open_panel(qtbot, theme) as panel:
            panel.set_source(SOURCE)
            panel.editor.moveCursor(panel.editor.textCursor().MoveOperation.End)
            qtbot.waitUntil(panel.editor.hasFocus)
            type_in(qtbot, "thr")
            qtbot.waitUntil(lambda: offered(panel) == ("throw_one", "throw_two"), timeout=PATIENCE)
        written = list(Path(jedi.settings.cache_directory).rglob("*.pkl"))
        assert written
        for file in written:
            os.truncate(file, file.stat().st_size // 2)
    for file in written:
        file.unlink()


def test_keys_choose_and_enter_puts_in_as_one_step_to_undo(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "thr")
    qtbot.waitUntil(lambda: len(offered(panel)) == 2, timeout=PATIENCE)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    assert last_line(panel) == "throw_two"
    panel.editor.undo()
    assert last_line(panel) == "thr"


def test_a_click_puts_the_name_in(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "thr")
    qtbot.waitUntil(lambda: len(offered(panel)) == 2, timeout=PATIENCE)
    view = panel.completion.popup.view  # type: ignore[union-attr]
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert last_line(panel) == "throw_two"
    assert panel.editor.hasFocus()


def test_what_the_name_is_stands_below_the_list(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "throw_o")
    qtbot.waitUntil(lambda: offered(panel) == ("throw_one",), timeout=PATIENCE)
    popup = panel.completion.popup
    assert popup is not None
    qtbot.waitUntil(popup.heading.isVisible, timeout=PATIENCE)
    assert (popup.heading.text(), popup.doc.text()) == ("throw_one(radius, seed=1)", "One throw.")


def test_escape_takes_the_list_away_and_tab_indents_again(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "thr")
    qtbot.waitUntil(lambda: len(offered(panel)) == 2, timeout=PATIENCE)
    press(qtbot, Qt.Key.Key_Escape)
    assert offered(panel) == ()
    type_in(qtbot, " ")
    press(qtbot, Qt.Key.Key_Tab)
    assert last_line(panel) == "thr     "


def test_enter_after_a_name_that_is_written_out_goes_to_the_next_line(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "throw_o")
    qtbot.waitUntil(lambda: offered(panel) == ("throw_one",), timeout=PATIENCE)
    type_in(qtbot, "ne")
    press(qtbot, Qt.Key.Key_Return)
    type_in(qtbot, "x")
    assert panel.source.splitlines()[-2:] == ["throw_one", "x"]


def test_names_are_offered_at_once_after_a_full_stop_and_on_demand(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "''.")
    qtbot.waitUntil(lambda: "upper" in offered(panel), timeout=PATIENCE)
    press(qtbot, Qt.Key.Key_Escape)
    type_in(qtbot, "\rt")
    press(qtbot, Qt.Key.Key_Space, CONTROL)
    qtbot.waitUntil(lambda: "throw_one" in offered(panel), timeout=PATIENCE)


@pytest.mark.parametrize("text", ["# thr", "'thr", "def thr", "class thr", "123", "import random as thr"])
def test_where_no_name_is_wanted_none_is_offered(panel: EnvironmentPanel, qtbot: QtBot, text: str) -> None:
    type_in(qtbot, text)
    assert not panel.completion._timer.isActive()


def test_what_the_call_takes_is_shown_with_the_parameter_of_now_in_bold(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "throw_one(")
    qtbot.waitUntil(lambda: "<b>radius</b>, seed=1" in hint(panel), timeout=PATIENCE)
    shown = panel.completion.hint
    assert shown is not None
    document = QTextDocument(shown)
    document.setDocumentMargin(0)
    document.setDefaultFont(shown.font())
    document.setHtml(shown.text())
    assert shown.contentsRect().width() >= document.idealWidth()  # each in one line, and nothing is cut
    assert shown.contentsRect().height() >= document.size().height() - 1
    type_in(qtbot, "2, ")
    qtbot.waitUntil(lambda: "radius, <b>seed=1</b>" in hint(panel), timeout=PATIENCE)
    type_in(qtbot, "3)")
    qtbot.waitUntil(lambda: hint(panel) == "", timeout=PATIENCE)


def test_list_and_parameters_go_when_the_editor_is_left(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    type_in(qtbot, "throw_one(thr")
    qtbot.waitUntil(lambda: bool(hint(panel)) and bool(offered(panel)), timeout=PATIENCE)
    panel.find_bar.open()
    assert (offered(panel), hint(panel)) == ((), "")


def test_problems_are_marked_while_one_types_and_the_source_is_not_run(
    panel: EnvironmentPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    type_in(qtbot, f"open({str(tmp_path / 'trace')!r}, 'w')\rnowhere")
    qtbot.waitUntil(lambda: panel.editor.problems.by_line() == {9: "error"}, timeout=PATIENCE)
    assert panel._status.text() == "line 9: undefined name 'nowhere'"
    panel.editor.moveCursor(panel.editor.textCursor().MoveOperation.Start)
    press(qtbot, Qt.Key.Key_F4)
    assert panel.editor.textCursor().blockNumber() == 8
    panel.completion.complete()
    qtbot.waitUntil(lambda: panel._completing is not None and not panel._completing.busy, timeout=PATIENCE)
    assert not (tmp_path / "trace").exists()


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = CompletionModel()
    qtmodeltester.check(model)
    model.set_names((Completion("_a", "param"), Completion("Ab", "class"), Completion("ab", "function")), "a")
    qtmodeltester.check(model)
    assert model.names == ("ab", "Ab")
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "ab, function"
