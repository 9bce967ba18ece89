"""From a line of a traceback to the line of the file in the editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.traceback_lines import TracebackLines
from mcgui.exact_text import ExactTextEdit
from mcgui.theme import Theme
from tests.gui.mouse import double_click
from tests.gui.panels import Answers

LINES = "\n".join(f"x{number} = {number}" for number in range(1, 31))
#: As a worker tells them: the main file by its place here, others by where they lay there.
FRAMES = """Traceback (most recent call last):
  File "{home}/main.py", line 3, in f
    return helper.g(x)
  File "/home/me/.cache/mcgui/projects/w1/7/helper.py", line 12, in g
    return deep.h(x)
  File "C:\\Users\\w\\projects\\7\\package\\deep.py", line 20, in h
    raise ValueError(x)
  File "/usr/lib/python3.11/site-packages/helper.py", line 4, in i
    raise IndexError
ValueError: File "{home}/main.py", line 1
"""


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[EnvironmentPanel]:
    (tmp_path / "package").mkdir()
    for name in ("helper.py", "package/deep.py"):
        (tmp_path / name).write_text(LINES)
    (tmp_path / "main.py").write_text(f"import helper\nimport package.deep\n{LINES}")
    threads = Background()
    made = EnvironmentPanel(theme, Answers(), threads)
    qtbot.addWidget(made)
    made.show()
    made.open_path(tmp_path / "main.py")
    qtbot.waitUntil(lambda: made.travels.place_of("helper.py") is not None)
    yield made
    made.end()
    threads.close()


@pytest.fixture
def text(qtbot: QtBot, panel: EnvironmentPanel, tmp_path: Path) -> ExactTextEdit:
    made = ExactTextEdit()
    qtbot.addWidget(made)
    made.setReadOnly(True)
    made.resize(900, 500)
    made.show_text(FRAMES.format(home=tmp_path))
    TracebackLines(panel, panel).follow(made)
    made.show()
    return made


def double_click_line(text: ExactTextEdit, line: int) -> None:
    place = text.cursorRect(QTextCursor(text.document().findBlockByNumber(line))).center() + QPoint(40, 0)
    double_click(text.viewport(), place)


def where(panel: EnvironmentPanel) -> tuple[str, int]:
    return Path(panel.filename).name, panel.editor.textCursor().blockNumber() + 1


@pytest.mark.parametrize(("line", "goes_to"), [(1, ("main.py", 3)), (3, ("helper.py", 12)), (5, ("deep.py", 20))])
def test_a_double_click_on_a_line_goes_there(
    panel: EnvironmentPanel, text: ExactTextEdit, line: int, goes_to: tuple[str, int]
) -> None:
    double_click_line(text, line)
    assert where(panel) == goes_to
    assert text.textCursor().selectedText() == ""
    assert panel.focusWidget() is panel.editor


@pytest.mark.parametrize("line", [0, 2, 7, 9])  # words, source, a file of a package that is called as one of ours
def test_no_other_line_leads_anywhere(panel: EnvironmentPanel, text: ExactTextEdit, line: int) -> None:
    double_click_line(text, line)
    assert where(panel) == ("main.py", 1)
    assert text.textCursor().selectedText() != ""  # a word, as in any text


def test_the_menu_of_the_text_goes_to_each_of_its_places_the_last_first(
    qtbot: QtBot, panel: EnvironmentPanel, text: ExactTextEdit
) -> None:
    text.customContextMenuRequested.emit(QPoint(5, 5))  # as the key of menus does
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    places: list[QAction] = [action for action in menu.actions() if action.text().startswith("Go to line")]
    assert [place.text() for place in places] == [
        "Go to line 20 of deep.py", "Go to line 12 of helper.py", "Go to line 3 of main.py",
    ]  # fmt: skip
    places[1].trigger()
    menu.close()
    assert where(panel) == ("helper.py", 12)


def test_a_text_without_a_file_is_gone_back_to(qtbot: QtBot, panel: EnvironmentPanel, text: ExactTextEdit) -> None:
    panel.new()
    panel.set_source(LINES)
    text.show_text('  File "<environment>", line 7, in f\n')
    panel.open_path(panel.tabs.pages[0].path or Path())
    double_click_line(text, 0)
    assert where(panel) == ("<environment>", 7)
