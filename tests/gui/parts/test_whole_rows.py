"""What is covered at the edges of a panel that scrolls."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from mcgui.scrolling.whole_rows import WholeRows
from mcgui.theme import Theme


@pytest.mark.parametrize(("lacks", "covered"), [(2, False), (5, True)])
def test_a_row_is_in_sight_as_long_as_its_words_are_whole(
    qtbot: QtBot, theme: Theme, lacks: int, covered: bool
) -> None:
    area, panel = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    panel.resize(200, 1000)
    field = QLineEdit("words", panel)
    field.setGeometry(0, 100, 150, field.fontMetrics().height() + 10)
    area.setWidget(panel)
    WholeRows(area, panel)
    area.resize(240, field.geometry().bottom() + 1 - lacks + 2 * area.frameWidth())
    area.show()
    lower = area.findChildren(QFrame, "cover")[-1]
    qtbot.waitUntil(lambda: area.viewport().height() == 100 + field.height() - lacks)
    qtbot.waitUntil(lambda: lower.y() >= 100)
    assert lower.isVisible() == covered
