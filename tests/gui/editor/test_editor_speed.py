"""Long files: a key press costs what it costs in a short one, and a hundred thousand lines are pasted in slices."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.theme import Theme
from tests.gui.editors import CONTROL, PATIENCE, open_panel, press
from tests.gui.panels import PI


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme) as made:
        made.resize(490, 800)
        yield made


def paste(panel: EnvironmentPanel, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    panel.editor.insertFromMimeData(data)


def median_key_press(panel: EnvironmentPanel, qtbot: QtBot, lines: int) -> float:
    """Processor time of this thread in the middle of so many lines, which other work of the machine lengthens little."""
    panel.set_source(PI * (lines // PI.count("\n")))
    qtbot.waitUntil(lambda: panel.editor.highlighter.is_settled, timeout=PATIENCE)
    panel.editor.go_to_place(lines // 2)
    times = []
    for key in "x = throw(1, [2])\r" * 3:
        started = time.thread_time()
        qtbot.keyClicks(panel.editor, key)
        QApplication.processEvents()
        times.append(time.thread_time() - started)
    return sorted(times)[len(times) // 2]


def test_a_key_press_in_five_thousand_lines_costs_little_more_than_in_fifty(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    # 1.5 to 3 times as much. What goes over the whole text at each key would be a hundred times as much.
    assert median_key_press(panel, qtbot, 5_000) < 10 * median_key_press(panel, qtbot, 50)


@pytest.mark.timeout(180)
def test_a_hundred_thousand_lines_are_pasted_in_slices_as_one_step_to_undo(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    text = PI * (100_000 // PI.count("\n")) + "end"
    panel.set_source("begin|end")
    panel.editor.go_to_place(1, 6)
    press(qtbot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    paste(panel, text)
    time_slices = 0

    def go_on() -> bool:
        nonlocal time_slices
        QApplication.processEvents()
        time_slices += 1
        return not panel.editor.isReadOnly()

    qtbot.waitUntil(go_on, timeout=120_000)
    assert panel.source == "begin" + text + "end"
    assert time_slices > 20
    assert panel.editor.textCursor().position() == len("begin" + text)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert panel.source == "begin|end"


def test_looking_through_ten_thousand_lines_is_done_beside_the_window(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.set_source(PI * (10_000 // PI.count("\n")))
    assert panel.state.reading
    qtbot.waitUntil(lambda: panel.state.environment is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: panel.editor.highlighter.is_settled, timeout=PATIENCE)
    qtbot.keyClicks(panel.editor, "x = nowhere\r")
    qtbot.waitUntil(lambda: "nowhere" in panel._status.text(), timeout=PATIENCE)
