"""A file that another program changes is offered anew, in a line above its text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.theme import Theme
from tests.gui.editors import PATIENCE, open_panel


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme) as made:
        yield made


@pytest.fixture
def file(panel: EnvironmentPanel, tmp_path: Path) -> Path:
    path = tmp_path / "pi.py"
    path.write_text("mine = 1\n")
    panel.open_path(path)
    return path


def said(panel: EnvironmentPanel) -> str:
    return panel.tabs.current.notice.text


def click(qtbot: QtBot, panel: EnvironmentPanel, name: str) -> None:
    (button,) = [
        one for one in panel.tabs.current.notice.findChildren(QPushButton) if one.text() == name and one.isVisible()
    ]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def wait_for_offer(qtbot: QtBot, panel: EnvironmentPanel) -> None:
    qtbot.waitUntil(lambda: "changed on the disk" in said(panel), timeout=PATIENCE)


def test_reload_takes_what_is_on_the_disk_and_undo_brings_mine_back(
    panel: EnvironmentPanel, file: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.editor, "# typed\r")
    file.write_text("theirs = 2\n")
    wait_for_offer(qtbot, panel)
    assert "undo brings them back" in said(panel)
    assert panel.source == "# typed\nmine = 1\n"  # nothing happens unasked
    click(qtbot, panel, "Reload")
    assert (panel.source, panel.modified, said(panel)) == ("theirs = 2\n", False, "")
    panel.editor.undo()
    assert panel.source == "# typed\nmine = 1\n"
    assert panel.modified


def test_keep_keeps_mine_as_a_change_that_can_be_saved_at_once(
    panel: EnvironmentPanel, file: Path, qtbot: QtBot
) -> None:
    file.write_text("theirs = 2\n")
    wait_for_offer(qtbot, panel)
    click(qtbot, panel, "Keep")
    assert panel.modified
    assert panel.save()
    assert file.read_text() == "mine = 1\n"


def test_an_offer_that_was_closed_is_made_again_only_for_another_change(
    panel: EnvironmentPanel, file: Path, qtbot: QtBot
) -> None:
    file.write_text("theirs = 2\n")
    wait_for_offer(qtbot, panel)
    panel.tabs.current.notice.clear()
    file.write_text("theirs = 33\n")
    wait_for_offer(qtbot, panel)
    click(qtbot, panel, "Reload")
    assert panel.source == "theirs = 33\n"


def test_a_file_that_was_written_anew_with_the_same_text_is_no_news(
    panel: EnvironmentPanel, file: Path, qtbot: QtBot
) -> None:
    before = panel.tabs.current.stamp
    file.unlink()
    file.write_text("mine = 1\n")
    qtbot.waitUntil(lambda: panel.tabs.current.stamp != before, timeout=PATIENCE)
    assert said(panel) == ""


def test_saving_from_here_is_no_change_of_another_program(panel: EnvironmentPanel, file: Path, qtbot: QtBot) -> None:
    told: list[object] = []
    assert panel._changes is not None
    panel._changes.watch.changed.connect(told.append)
    for _ in range(5):
        qtbot.keyClicks(panel.editor, "#")
        assert panel.save()
        panel._changes.watch.look()
    qtbot.waitUntil(lambda: not panel._changes.watch._looking)  # type: ignore[union-attr]
    assert said(panel) == ""


def test_a_file_that_is_gone_is_told_and_saving_writes_it_again(
    panel: EnvironmentPanel, file: Path, qtbot: QtBot
) -> None:
    file.unlink()
    qtbot.waitUntil(lambda: "not on the disk any more" in said(panel), timeout=PATIENCE)
    assert panel.modified
    assert panel.save()
    assert file.read_text() == "mine = 1\n"
    assert said(panel) == ""


def test_a_file_in_another_tab_is_watched_too(
    panel: EnvironmentPanel, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.py"
    other.write_text("x = 1")
    panel.open_path(other)
    file.write_text("theirs = 2\n")
    first = panel.tabs.pages[0]
    qtbot.waitUntil(lambda: "changed on the disk" in first.notice.text, timeout=PATIENCE)
    assert said(panel) == ""
