"""The slider of the tray worker, moved by a mouse on a real screen, as the console in front of the same master shows it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # the console's; the worker is on the virtual screen

from mcgui.console.master.master_startup import Wish
from mcgui.theme import Theme
from tests.desktop.conftest import Desktop
from tests.desktop.test_tray_for_real import Screen, worker
from tests.gui.consoles import console

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(120)]


def test_the_console_shows_the_processors_that_the_mouse_leaves_the_worker(
    desktop: Desktop, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = Screen(desktop, tmp_path)
    wish = Wish(port=0, journal=tmp_path / "console.journal", worker=False)
    with console(qtbot, Theme(qapp, "light"), tmp_path, wish) as opened:
        table = opened.window.parts.workers.model
        column = [column.title for column in table.columns].index("Processors")

        def shown() -> list[str]:
            return [table.index(row, column).data() for row in range(table.rowCount())]

        with worker(desktop, opened.session.cluster, "--nprocs=4"):
            opened.wait(lambda: shown() == ["0 / 4"])
            screen.slide_from_four(lambda count: opened.wait(lambda: shown() == [f"0 / {count}"]))
