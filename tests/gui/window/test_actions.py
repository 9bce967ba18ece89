"""Everything that the window can do is declared once, stands in a menu, and has keys of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.actions.action_registry import DECLARED, obstacle
from mcgui.console.main_window import MainWindow
from mcgui.console.palette.command_palette import CommandPalette
from mcgui.theme import Theme
from tests.gui.consoles import console
from tests.gui.snapshots import job
from tests.gui.taken_keys import taken_keys


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window, without a master."""
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        qtbot.waitExposed(opened.window)
        yield opened.window


@pytest.fixture
def palette(qtbot: QtBot, window: MainWindow) -> CommandPalette:
    """The command palette, opened by its keys."""
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    made = window.command_palette
    qtbot.waitUntil(made.isVisible)
    return made


def texts(palette: CommandPalette) -> list[str]:
    return [palette.model.entry(row).text for row in range(palette.model.rowCount())]


def test_every_action_has_keys_that_no_other_one_has() -> None:
    keys = Counter(
        (QKeySequence(declared.shortcut).toString(), declared.scope == "panel" and declared.menu)
        for declared in DECLARED
    )
    assert not [pressed for pressed, _ in keys if not pressed]
    assert not [pressed for (pressed, _), times in keys.items() if times > 1]
    # What holds in the whole window would make a panel's keys ambiguous.
    whole = {QKeySequence(one.shortcut).toString() for one in DECLARED if one.scope == "window"}
    panels = {QKeySequence(one.shortcut).toString() for one in DECLARED if one.scope == "panel"}
    assert not whole & panels


def test_no_keys_of_the_window_write_a_letter_on_any_keyboard() -> None:
    """AltGr is Ctrl+Alt on Windows: with E it writes €, with O it writes ó."""
    whole = {QKeySequence(one.shortcut).toString() for one in DECLARED if one.scope == "window"}
    assert [keys for keys in whole if keys.startswith("Ctrl+Alt+") and len(keys) == len("Ctrl+Alt+X")] == []


def test_no_keys_of_the_window_are_kept_by_a_field_for_text(window: MainWindow) -> None:
    """On this platform; tests/desktop asks the same on X11, where a line edit has other keys."""
    assert taken_keys() == []


def test_every_action_stands_in_a_menu_and_says_what_it_does(window: MainWindow) -> None:
    actions = window.parts.actions
    found = {action.objectName() for _, action in window.menu.leaves()}
    hidden = {declared.name for declared in DECLARED if not actions[declared.name].isVisible()}
    assert {declared.name for declared in DECLARED} <= found | hidden
    assert all(declared.text and declared.tip for declared in DECLARED)


def test_the_menus_open_by_one_key_and_lead_to_every_action(qtbot: QtBot, window: MainWindow) -> None:
    titles = [action.text() for action in window.menu.actions() if action.isVisible()]
    assert titles[:2] == ["File", "Job"] or titles[:2] == ["File", "Edit"]
    assert "View" in titles
    view = window.menu.menu("View")
    assert isinstance(view, QMenu)
    assert [action.text() for action in view.actions() if action.menu()] == ["Colours", "Go to", "Panels"]


def test_what_cannot_be_used_says_why_until_it_can(window: MainWindow) -> None:
    actions = window.parts.actions
    assert obstacle(actions["pause"]) == "There is no job yet."
    assert "There is no job yet." in actions["pause"].toolTip()
    actions.set_job(job().state)
    assert obstacle(actions["pause"]) == ""
    assert "There is no job" not in actions["pause"].toolTip()


def test_the_palette_finds_an_action_by_a_few_letters_and_does_it(
    qtbot: QtBot, window: MainWindow, palette: CommandPalette
) -> None:
    qtbot.keyClicks(palette.typed, "addwo")
    assert texts(palette)[0] == "Add workers…"
    qtbot.keyClick(palette.typed, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.parts.add_workers.isVisible()


def test_the_palette_shows_keys_and_why_an_action_is_grey_and_does_not_do_it(
    qtbot: QtBot, window: MainWindow, palette: CommandPalette
) -> None:
    qtbot.keyClicks(palette.typed, "cancel")
    entry = palette.model.entry(0)
    assert (entry.text, entry.path, entry.keys, entry.why_not) == ("Cancel", "Job", "Ctrl+.", "There is no job yet.")
    qtbot.keyClick(palette.typed, Qt.Key.Key_Return)
    assert palette.isVisible()
    heard = palette.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Cancel, Job, Ctrl+., not now: There is no job yet."


def test_the_palette_finds_what_comes_and_goes_examples_and_panels(
    qtbot: QtBot, window: MainWindow, palette: CommandPalette
) -> None:
    qtbot.keyClicks(palette.typed, "throughput")
    assert "Throughput" in texts(palette)
    palette.typed.clear()
    qtbot.keyClicks(palette.typed, "mandel")
    assert palette.model.entry(0).path == "File > Examples"
    palette.typed.clear()
    qtbot.keyClicks(palette.typed, "qqqq")
    assert texts(palette) == []


def test_the_palette_shows_whole_rows(window: MainWindow, palette: CommandPalette) -> None:
    for height in range(440, 500, 5):
        window.setFixedHeight(height)
        QApplication.processEvents()
        viewport = palette.list.viewport()
        row = palette.list.visualRect(palette.list.indexAt(QPoint(5, viewport.height() - 1)))
        seen = viewport.height() - row.top()
        assert 3 * row.height() < viewport.height()
        assert seen <= row.height() // 4 or seen >= 3 * row.height() // 4, f"{seen} of {row.height()} pixels of a row"


def test_the_palette_gives_the_focus_back(qtbot: QtBot, window: MainWindow, palette: CommandPalette) -> None:
    qtbot.keyClick(palette.typed, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    window.parts.form.arguments.fields.expression.setFocus()
    before = window.focusWidget()
    palette.open()
    qtbot.keyClicks(palette.typed, "zz")
    qtbot.keyClick(palette.typed, Qt.Key.Key_Escape)
    assert window.focusWidget() is before


def test_the_arrow_keys_move_the_choice_while_letters_are_typed(qtbot: QtBot, palette: CommandPalette) -> None:
    first = palette.list.currentIndex().row()
    qtbot.keyClick(palette.typed, Qt.Key.Key_Down)
    qtbot.keyClick(palette.typed, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == first + 2
    qtbot.keyClick(palette.typed, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == first + 1


def test_the_model_of_the_palette_is_a_good_one(qtmodeltester: ModelTester, palette: CommandPalette) -> None:
    qtmodeltester.check(palette.model)
    palette.model.find("run")
    qtmodeltester.check(palette.model)
