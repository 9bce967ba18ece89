"""Find and replace in the editor, and going to a line: by keys, in a bar, with one step to undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.settings import Settings
from mcgui.theme import Theme
from tests.gui.editors import CONTROL, SHIFT, open_panel, press, type_in

TEXT = "hit = 1\nhits = Hit\nprint(hit)\n"


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme) as made:
        made.set_source(TEXT)
        yield made


def selected(panel: EnvironmentPanel) -> tuple[int, str]:
    cursor = panel.editor.textCursor()
    return cursor.selectionStart(), cursor.selectedText()


def count(panel: EnvironmentPanel) -> str:
    return panel.find_bar.count.text()


def test_what_is_typed_is_found_letter_by_letter_and_counted(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F, CONTROL)
    assert panel.find_bar.field.hasFocus()
    assert not panel.find_bar.replacement.isVisible()
    type_in(qtbot, "h")
    assert selected(panel) == (0, "h")
    type_in(qtbot, "its")
    assert selected(panel) == (8, "hits")
    qtbot.waitUntil(lambda: count(panel) == "1 of 1")
    assert len(panel.editor.marks["matches"]) == 1


def test_enter_goes_on_and_shift_enter_back_and_round(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F, CONTROL)
    type_in(qtbot, "hit")
    places = []
    for _ in range(4):
        places.append((selected(panel)[0], count(panel)))
        press(qtbot, Qt.Key.Key_Return)
    assert places == [(0, "1 of 4"), (8, "2 of 4"), (15, "3 of 4"), (25, "4 of 4")]
    assert selected(panel)[0] == 0
    press(qtbot, Qt.Key.Key_Return, SHIFT)
    assert selected(panel)[0] == 25


def test_case_whole_words_and_expressions_narrow_it(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F, CONTROL)
    type_in(qtbot, "hit")
    qtbot.mouseClick(panel.find_bar.case, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: count(panel).endswith("3"))
    qtbot.mouseClick(panel.find_bar.whole, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: count(panel).endswith("2"))
    qtbot.mouseClick(panel.find_bar.regex, Qt.MouseButton.LeftButton)
    panel.find_bar.field.setText(r"^\w+(?= = )")
    qtbot.waitUntil(lambda: count(panel).endswith("2"))
    panel.find_bar.field.setText("(")
    assert "parenthesis" in count(panel)
    assert panel.find_bar.count.property("tone") == "bad"
    assert not panel.find_bar.replace_all.isEnabled()


def test_what_is_selected_is_looked_for(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.editor.go_to_place(2, 8)
    cursor = panel.editor.textCursor()
    cursor.select(cursor.SelectionType.WordUnderCursor)
    panel.editor.setTextCursor(cursor)
    press(qtbot, Qt.Key.Key_F, CONTROL)
    assert panel.find_bar.field.text() == "Hit"
    qtbot.waitUntil(lambda: count(panel) == "3 of 4")  # counted in slices


def test_escape_takes_bar_and_marks_away_and_goes_on_at_the_match(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F, CONTROL)
    type_in(qtbot, "print")
    press(qtbot, Qt.Key.Key_Escape)
    assert not panel.find_bar.isVisible()
    assert panel.editor.hasFocus()
    assert panel.editor.marks["matches"] == []
    assert selected(panel) == (19, "print")
    panel.editor.go_to_place(1, 1)
    press(qtbot, Qt.Key.Key_F3)
    assert selected(panel) == (19, "print")


def test_one_match_after_the_other_is_replaced(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_H, CONTROL)
    type_in(qtbot, "hit")
    press(qtbot, Qt.Key.Key_Tab)
    panel.find_bar.replacement.setFocus()
    type_in(qtbot, "shot")
    press(qtbot, Qt.Key.Key_Return)
    assert panel.source == "shot = 1\nhits = Hit\nprint(hit)\n"
    assert selected(panel) == (9, "hit")
    press(qtbot, Qt.Key.Key_Return)
    assert panel.source == "shot = 1\nshots = Hit\nprint(hit)\n"


def test_all_are_replaced_in_one_step_to_undo_and_counted(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_H, CONTROL)
    type_in(qtbot, "hit")
    panel.find_bar.replacement.setText("𝕏")
    qtbot.mouseClick(panel.find_bar.replace_all, Qt.MouseButton.LeftButton)
    assert panel.source == "𝕏 = 1\n𝕏s = 𝕏\nprint(𝕏)\n"
    assert count(panel) == "4 replaced"
    panel.editor.undo()
    assert panel.source == TEXT


def test_groups_are_put_in_place_and_one_that_is_not_there_is_told(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_H, CONTROL)
    panel.find_bar.regex.setChecked(True)
    panel.find_bar.field.setText(r"(\w+) = (\w+)")
    panel.find_bar.replacement.setText(r"\3")
    assert count(panel) == "There is no group 3 in what is searched for."
    assert not panel.find_bar.replace_all.isEnabled()
    panel.find_bar.replacement.setText(r"\2 = \1")
    qtbot.mouseClick(panel.find_bar.replace_all, Qt.MouseButton.LeftButton)
    assert panel.source == "1 = hit\nHit = hits\nprint(hit)\n"


def test_an_edit_of_the_text_is_counted_anew(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F, CONTROL)
    type_in(qtbot, "print")
    panel.editor.setPlainText("print print")
    qtbot.waitUntil(lambda: count(panel).endswith("2"))


def test_the_bar_searches_the_file_in_front(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "#")
    press(qtbot, Qt.Key.Key_F, CONTROL)
    type_in(qtbot, "hit")
    panel.new()
    qtbot.waitUntil(lambda: count(panel) == "No match")
    assert panel.tabs.pages[0].editor.marks["matches"] == []
    panel.previous_file()
    qtbot.waitUntil(lambda: count(panel).endswith("4"))


def test_a_hundred_thousand_matches_hold_no_key_press_and_are_replaced_in_one_go(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    panel.set_source("x = 1  # x\n" * 50_000)
    press(qtbot, Qt.Key.Key_H, CONTROL)
    panel.find_bar.field.setText("x")
    qtbot.waitUntil(lambda: count(panel) == "1 of 100,000", timeout=30_000)
    assert len(panel.editor.marks["matches"]) < 500
    panel.find_bar.replacement.setText("yy")
    qtbot.mouseClick(panel.find_bar.replace_all, Qt.MouseButton.LeftButton)
    assert panel.source == "yy = 1  # yy\n" * 50_000
    panel.editor.undo()
    assert panel.source == "x = 1  # x\n" * 50_000


def test_how_it_searches_stays_over_restarts(tmp_path: Path, qtbot: QtBot, theme: Theme) -> None:
    before = EnvironmentPanel(theme, settings=Settings(tmp_path / "mcgui.ini")).find_bar
    for toggle in (before.case, before.regex):
        qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    after = EnvironmentPanel(theme, settings=Settings(tmp_path / "mcgui.ini")).find_bar
    assert [toggle.isChecked() for toggle in (after.case, after.whole, after.regex)] == [True, False, True]
    qtbot.mouseClick(after.regex, Qt.MouseButton.LeftButton)
    again = EnvironmentPanel(theme, settings=Settings(tmp_path / "mcgui.ini")).find_bar
    assert [toggle.isChecked() for toggle in (again.case, again.whole, again.regex)] == [True, False, False]


# Going to a line


def test_a_line_is_gone_to_by_its_number_while_it_is_typed(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.set_source("x = 1\n" * 499 + "    last = 1")
    press(qtbot, Qt.Key.Key_G, CONTROL)
    assert panel.go_to_bar.remark.text() == "of 500"
    type_in(qtbot, "500")
    assert panel.editor.textCursor().blockNumber() == 499
    assert 500 in dict(panel.editor.visible_lines())
    type_in(qtbot, ":7")
    press(qtbot, Qt.Key.Key_Return)
    assert not panel.go_to_bar.isVisible()
    assert panel.editor.hasFocus()
    assert panel.editor.textCursor().positionInBlock() == 6


def test_escape_goes_back_to_where_one_was(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.editor.go_to_place(2, 3)
    press(qtbot, Qt.Key.Key_G, CONTROL)
    type_in(qtbot, "3")
    press(qtbot, Qt.Key.Key_Escape)
    cursor = panel.editor.textCursor()
    assert (cursor.blockNumber(), cursor.positionInBlock()) == (1, 2)


@pytest.mark.parametrize(("typed", "said"), [("x", "A line is a number"), ("99999", "There are 4 lines.")])
def test_what_is_no_line_is_told(panel: EnvironmentPanel, qtbot: QtBot, typed: str, said: str) -> None:
    press(qtbot, Qt.Key.Key_G, CONTROL)
    type_in(qtbot, typed)
    assert said in panel.go_to_bar.remark.text()
