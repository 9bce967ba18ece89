"""Who needs text of twice the size can use the whole window: nothing is cut off that cannot be seen some other way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDockWidget, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.theme import Theme
from tests.pictures.panels import PANELS
from tests.pictures.situations import stage as bring
from tests.pictures.stage import POINTS, Stage, missing_font, one_font, stopped_clock


@pytest.fixture
def large(qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Stage]:
    """The full window, with text of twice the usual size."""
    missing = missing_font()
    if missing:
        pytest.skip(f"The font {missing}, by which the size is doubled, is not installed")
    with one_font(qapp, 2 * POINTS), stopped_clock():
        made = Stage(theme, tmp_path)
        bring(made, "full")
        yield made
        made.close()


def cut(widget: QWidget) -> str:
    """What of the text of a label or button there is no room for; "" where there is."""
    text = re.sub("<[^>]+>", "", widget.text()) if isinstance(widget, QLabel | QAbstractButton) else ""
    if not text or isinstance(widget, ElidedLabel):
        return ""
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
    else:
        needed = QFontMetrics(widget.font()).height()
        if widget.width() < QFontMetrics(widget.font()).horizontalAdvance(text.replace("&", "")):
            return f"{text!r} is {widget.width()} pixels wide"
    return f"{text!r} is {widget.height()} of {needed} pixels high" if widget.height() < needed else ""


@pytest.mark.timeout(120)
def test_every_word_of_labels_and_buttons_is_there(large: Stage) -> None:
    found = []
    for name, (show, situations) in PANELS.items():
        if "full" not in situations:
            continue
        panel = show(large, "full")
        visible = [one for one in panel.findChildren(QWidget) if one.isVisible()]
        problems = [cut(one) for one in visible if not isinstance(one.parentWidget(), QComboBox)]
        found += [f"{name}: {problem}" for problem in problems if problem]
    assert "\n".join(found) == ""


@pytest.mark.timeout(120)
def test_rows_are_as_high_as_their_text(large: Stage) -> None:
    tables = [view for view in large.window.findChildren(QTableView) if view.model().rowCount()]
    assert tables
    for view in tables:
        assert view.rowHeight(0) >= QFontMetrics(view.font()).height(), view.accessibleName()


@pytest.mark.timeout(120)
def test_no_panel_reaches_out_of_the_window(large: Stage) -> None:
    window = large.window
    for dock in window.docks.findChildren(QDockWidget):
        inside = dock.widget().mapTo(window, dock.widget().rect().bottomRight())
        assert inside.x() <= window.width(), f"{dock.windowTitle()} ends at {inside.x()} of {window.width()}"
