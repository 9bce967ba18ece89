"""One line of words, in a place that is narrower than they are."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.elided_label import ElidedLabel


@pytest.mark.parametrize("kept", ["", " · 400 of 400 results"])
@pytest.mark.parametrize("width", [300, 90, 39, 30, 24])
def test_words_are_cut_by_dots_and_not_by_the_edge_also_below_the_width_that_they_want(
    qtbot: QtBot, width: int, kept: str
) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    label = ElidedLabel(row, least=40)
    row.show()
    label.say("400 results: mean 9.5, median 9.5, from 0 to 19", kept=kept)
    label.resize(width, 20)  # as a layout does that has less than the least of all that is in it
    assert label.fontMetrics().horizontalAdvance(label.text()) <= width
    assert "…" in label.text() or label.text() == label.whole
    assert label.toolTip()
