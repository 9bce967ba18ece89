"""Several files as tabs: opened, told apart, moved, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.theme import Theme
from tests.gui.editors import CONTROL, SHIFT, open_panel, press


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme) as made:
        yield made


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = []
    for name in ("a.py", "b.py", "c.py"):
        path = tmp_path / name
        path.write_text(f"def {path.stem}(x): ...\n")
        made.append(path)
    return made


def tabs(panel: EnvironmentPanel) -> list[str]:
    return [panel.tabs.bar.tabText(at) for at in range(panel.tabs.bar.count())]


def test_one_file_needs_no_tabs_and_two_have_them(panel: EnvironmentPanel, files: list[Path], qtbot: QtBot) -> None:
    panel.open_path(files[0])
    assert tabs(panel) == ["a.py"]  # the empty page that nobody would miss gave way
    assert not panel.tabs.bar.isVisible()
    assert panel._name.isVisible()
    panel.open_path(files[1])
    assert tabs(panel) == ["a.py", "b.py"]
    assert panel.tabs.bar.isVisible()
    assert not panel._name.isVisible()


def test_the_file_in_front_is_the_environment(panel: EnvironmentPanel, files: list[Path], qtbot: QtBot) -> None:
    panel.open_path(files[0])
    panel.open_path(files[1])
    with qtbot.waitSignals([panel.environment_changed, panel.file_changed]):
        panel.tabs.bar.setCurrentIndex(0)
    assert panel.path == files[0]
    assert Path(panel.state.filename).name == "a.py"
    assert panel.state.environment is not None
    assert [one.name for one in panel.state.environment.functions] == ["a"]


def test_each_file_has_its_own_text_number_so_that_it_is_not_taken_for_an_edit(
    panel: EnvironmentPanel, files: list[Path]
) -> None:
    panel.open_path(files[0])
    first = panel.state.text
    panel.open_path(files[1])
    assert panel.state.text != first
    panel.tabs.bar.setCurrentIndex(0)
    assert panel.state.text == first


def test_a_file_that_is_open_is_brought_to_the_front_and_not_opened_twice(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    for path in files[:2]:
        panel.open_path(path)
    qtbot.keyClicks(panel.tabs.pages[0].editor, "#")
    assert panel.open_path(files[0])
    assert tabs(panel) == ["a.py", "b.py"]
    assert panel.source.startswith("#")


def test_what_is_not_saved_is_told_by_a_dot_and_to_a_reader_by_a_word(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    for path in files[:2]:
        panel.open_path(path)
    bar = panel.tabs.bar
    button = bar.tabButton(0, QTabBar.ButtonPosition.RightSide)
    before = button.grab().toImage()
    qtbot.keyClicks(panel.tabs.pages[0].editor, "#")
    assert button.grab().toImage() != before
    assert bar.accessibleTabName(0) == "a.py, not saved"
    panel.tabs.bar.setCurrentIndex(0)
    assert panel.save()
    assert bar.accessibleTabName(0) == "a.py"
    assert button.grab().toImage() == before


def test_files_of_the_same_name_are_told_apart_by_their_folder(panel: EnvironmentPanel, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pi.py").write_text("")
        panel.open_path(tmp_path / folder / "pi.py")
    assert tabs(panel) == ["pi.py (one)", "pi.py (two)"]


def test_a_new_environment_stands_beside_what_is_open(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "x = 1")
    assert panel.new()
    qtbot.keyClicks(panel.editor, "y = 2")
    assert tabs(panel) == ["untitled", "untitled 2"]
    assert [page.source for page in panel.tabs.pages] == ["x = 1", "y = 2"]


def test_tabs_are_dragged_into_another_order(panel: EnvironmentPanel, files: list[Path], qtbot: QtBot) -> None:
    for path in files:
        panel.open_path(path)
    bar = panel.tabs.bar
    start, end = bar.tabRect(0).center(), bar.tabRect(2).center()
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(bar, QPoint(start.x() + (end.x() + 30 - start.x()) * step // 5, start.y()))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=end)
    assert tabs(panel) == ["b.py", "c.py", "a.py"]
    assert [page.path for page in panel.tabs.pages] == [files[1], files[2], files[0]]
    assert panel.path == files[0]


def test_a_file_is_closed_by_its_button_by_the_middle_of_the_mouse_and_by_keys(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    for path in files:
        panel.open_path(path)
    bar = panel.tabs.bar
    button = bar.tabButton(0, QTabBar.ButtonPosition.RightSide)
    assert isinstance(button, QToolButton)
    assert button.accessibleName() == "Close a.py"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert tabs(panel) == ["b.py", "c.py"]
    qtbot.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center())
    assert tabs(panel) == ["c.py"]
    panel.editor.setFocus()
    press(qtbot, Qt.Key.Key_W, CONTROL)
    assert (panel.path, panel.source) == (None, "")
    assert panel.editor.hasFocus()


def test_what_was_closed_comes_back_the_latest_first_with_its_changes_and_its_cursor(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    for path in files[:2]:
        panel.open_path(path)
    qtbot.keyClicks(panel.editor, "# mine\r")
    press(qtbot, Qt.Key.Key_W, CONTROL)
    press(qtbot, Qt.Key.Key_W, CONTROL)
    assert files[1].read_text() == "def b(x): ...\n"
    press(qtbot, Qt.Key.Key_T, CONTROL | SHIFT)
    assert panel.path == files[0]
    press(qtbot, Qt.Key.Key_T, CONTROL | SHIFT)
    assert panel.path == files[1]
    assert panel.source == "# mine\ndef b(x): ...\n"
    assert panel.modified
    qtbot.keyClicks(panel.editor, "|")
    assert panel.source == "# mine\n|def b(x): ...\n"
    press(qtbot, Qt.Key.Key_T, CONTROL | SHIFT)  # there is no more
    assert tabs(panel) == ["a.py", "b.py"]


def test_closing_a_file_with_changes_asks_nothing_and_offers_to_open_it_again(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    panel.open_path(files[0])
    qtbot.keyClicks(panel.editor, "#")
    panel.close_file()
    assert "a.py was closed with changes" in panel.notice.text
    (reopen,) = [one for one in panel.notice.findChildren(QPushButton) if one.text() == "Reopen"]
    qtbot.mouseClick(reopen, Qt.MouseButton.LeftButton)
    assert panel.source == "#def a(x): ...\n"
    assert panel.notice.text == ""


def test_keys_go_from_file_to_file_and_round(panel: EnvironmentPanel, files: list[Path], qtbot: QtBot) -> None:
    for path in files:
        panel.open_path(path)
    press(qtbot, Qt.Key.Key_PageDown, CONTROL)
    assert panel.path == files[0]
    assert panel.editor.hasFocus()
    press(qtbot, Qt.Key.Key_PageUp, CONTROL)
    assert panel.path == files[2]


def test_the_size_of_the_text_is_the_same_in_all_files(
    panel: EnvironmentPanel, files: list[Path], qtbot: QtBot
) -> None:
    for path in files[:2]:
        panel.open_path(path)
    usual = panel.editor.font_points
    press(qtbot, Qt.Key.Key_Equal, CONTROL)
    press(qtbot, Qt.Key.Key_Plus, CONTROL)
    assert [page.editor.font_points for page in panel.tabs.pages] == [usual + 2] * 2
    panel.new()
    assert panel.editor.font_points == usual + 2
    press(qtbot, Qt.Key.Key_Minus, CONTROL)
    assert panel.editor.font_points == usual + 1
    press(qtbot, Qt.Key.Key_0, CONTROL)
    assert panel.tabs.pages[0].editor.font_points == usual


def test_many_files_are_scrolled_through_and_not_squeezed(panel: EnvironmentPanel, tmp_path: Path) -> None:
    panel.resize(430, 500)
    panel.show()
    for name in ("steady_kinetics.py", "sensitivity_analysis.py", "bootstrap.py", "plots_of_all.py", "fit.py"):
        (tmp_path / name).write_text("x = 1\n")
        panel.open_path(tmp_path / name)
    bar = panel.tabs.bar
    for at in range(bar.count()):
        wanted = min(bar.fontMetrics().horizontalAdvance(bar.tabText(at)), 120)
        assert bar.tabRect(at).width() >= wanted, bar.tabText(at)
    arrows = [one for one in bar.findChildren(QToolButton) if one.objectName().startswith("Scroll")]
    assert [one.isVisible() for one in arrows] == [True, True]
    assert all(one.width() >= 24 for one in arrows), "which a shaking hand hits"


def test_the_buttons_that_scroll_the_tabs_show_where_to(panel: EnvironmentPanel, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(9):
        path = tmp_path / f"a_file_{number}.py"
        path.write_text("")
        panel.open_path(path)
    panel.setFixedWidth(300)
    arrows = [one for one in panel.tabs.bar.findChildren(QToolButton) if one.arrowType() != Qt.ArrowType.NoArrow]
    qtbot.waitUntil(lambda: len(arrows) == 2 and all(arrow.isVisible() for arrow in arrows))
    panel.tabs.bar.setCurrentIndex(4)  # then there is something on both sides
    for arrow in arrows:
        image, middle = arrow.grab().toImage(), arrow.rect().center()
        colours = {image.pixel(middle + QPoint(x, y)) for x in range(-3, 4) for y in range(-3, 4)}  # far from its edge
        assert len(colours) > 1, "a box with nothing in it"
