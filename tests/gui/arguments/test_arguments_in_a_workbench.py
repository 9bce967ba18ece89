"""The argument loader on a real workbench: expressions run in another process, and none of them can hurt the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mcgui.console.arguments.arguments_section import ArgumentLoader
from mcgui.theme import Theme
from mcgui_core.workbench.workbench import Workbench
from tests.gui.panels import background, state_of


@pytest.fixture
def loader(theme: Theme, qtbot: QtBot) -> Iterator[ArgumentLoader]:
    with background() as threads, Workbench() as workbench:
        made = ArgumentLoader(theme, threads, workbench.preview, workbench.restart)
        qtbot.addWidget(made)
        made.show()
        yield made


def enter(loader: ArgumentLoader, qtbot: QtBot, expression: str) -> None:
    loader.fields.expression.clear()
    qtbot.keyClicks(loader.fields.expression, expression)


def is_shown(loader: ArgumentLoader, text: str) -> bool:
    return text in loader.line.text().replace("\u00a0", " ")


def test_an_expression_is_evaluated_there(loader: ArgumentLoader, qtbot: QtBot) -> None:
    enter(loader, qtbot, "range(1_000_000)")
    qtbot.waitUntil(lambda: is_shown(loader, "1,000,000 tasks: 0, 1, 2, 3, 4 …"), timeout=20_000)


def test_an_expression_may_use_what_the_environment_defines(loader: ArgumentLoader, qtbot: QtBot) -> None:
    loader.set_environment(state_of("def make_nums(n):\n    return [999_999_999_999 + 2 * i for i in range(n + 1)]\n"))
    enter(loader, qtbot, "make_nums(5000)")
    qtbot.waitUntil(lambda: is_shown(loader, "5,001 tasks: 999999999999"), timeout=20_000)


def test_an_endless_expression_is_stopped_and_the_next_one_evaluated(loader: ArgumentLoader, qtbot: QtBot) -> None:
    enter(loader, qtbot, "[x for x in iter(int, 1)]")
    qtbot.waitUntil(loader.stop.isVisible, timeout=20_000)
    qtbot.mouseClick(loader.stop, Qt.MouseButton.LeftButton)
    assert "Stopped" in loader.problem
    enter(loader, qtbot, "range(3)")
    qtbot.waitUntil(lambda: is_shown(loader, "3 tasks: 0, 1, 2"), timeout=20_000)


def test_an_expression_that_kills_its_process_is_told_and_the_next_one_evaluated(
    loader: ArgumentLoader, qtbot: QtBot
) -> None:
    enter(loader, qtbot, "__import__('os')._exit(3)")
    qtbot.waitUntil(lambda: loader.problem != "", timeout=20_000)
    enter(loader, qtbot, "range(3)")
    qtbot.waitUntil(lambda: is_shown(loader, "3 tasks: 0, 1, 2"), timeout=20_000)
