"""Who hears the window instead of seeing it is told everything: in every panel and dialog, full, empty and in error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.palette.palette_model import ENTRY
from mcgui.console.tables.table_model import TableModel
from mcgui.theme import Theme
from tests.gui.window.test_accessibility import CONTROLS, described, heard, is_part_of_another
from tests.pictures.panels import PANELS
from tests.pictures.situations import SITUATIONS, Situation
from tests.pictures.situations import stage as bring
from tests.pictures.stage import Stage, stopped_clock

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path, situation: Situation) -> Iterator[Stage]:
    with stopped_clock():
        made = Stage(theme, tmp_path)
        bring(made, situation)
        yield made
        made.close()


def widgets(stage: Stage, situation: Situation) -> Iterator[tuple[str, QWidget]]:
    """(panel, widget) of everything in sight, panel after panel."""
    for name, (show, situations) in PANELS.items():
        if situation in situations:
            panel = show(stage, situation)
            yield from ((name, one) for one in [panel, *panel.findChildren(QWidget)] if one.isVisible())


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_control_is_without_a_name(stage: Stage, situation: Situation) -> None:
    found = [
        f"{name}: {described(widget)}"
        for name, widget in widgets(stage, situation)
        if isinstance(widget, CONTROLS) and not is_part_of_another(widget) and not heard(widget)
    ]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("situation", ["full"])
def test_a_window_is_one_and_buttons_say_what_they_are_and_do(stage: Stage, situation: Situation) -> None:
    def role(widget: QWidget) -> QAccessible.Role:
        return QAccessible.queryAccessibleInterface(widget).role()

    found = list(widgets(stage, situation))
    silent = [
        f"{name}: {heard(widget)}"
        for name, widget in found
        if isinstance(widget, QToolButton) and not widget.text() and not widget.icon().isNull() and not widget.toolTip()
    ]
    assert silent == []
    buttons = {widget for _, widget in found if isinstance(widget, QAbstractButton) and widget.isCheckable()}
    groups = {button: group for button in buttons if (group := button.group()) is not None}
    choices = {button for button, group in groups.items() if group.exclusive()}
    assert choices
    assert {role(button) for button in choices} == {QAccessible.Role.RadioButton}
    assert role(stage.window) == QAccessible.Role.Window


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_plot_has_its_picture_in_words(stage: Stage, situation: Situation) -> None:
    plots = [widget for _, widget in widgets(stage, situation) if isinstance(widget, pg.PlotWidget)]
    assert plots
    for plot in plots:
        assert plot.accessibleName()
        assert len(plot.accessibleDescription().split()) > 3
        assert QAccessible.queryAccessibleInterface(plot).role() == QAccessible.Role.Chart


@pytest.mark.parametrize("situation", ["full", "error"])
def test_what_has_the_colour_of_a_state_has_a_word_or_a_number_too(stage: Stage, situation: Situation) -> None:
    seen = 0
    for view in stage.window.findChildren(QAbstractItemView):
        model = view.model()
        source = getattr(model, "sourceModel", lambda model=model: model)()
        if not isinstance(source, TableModel):
            continue
        for row in range(source.rowCount()):
            for column in range(source.columnCount()):
                cell = source.cell(row, column)
                if cell.tone or cell.sign:
                    seen += 1
                    assert cell.text, f"{view.accessibleName()}, row {row}, column {column}"
    assert seen > 3


@pytest.mark.parametrize("situation", ["full"])
def test_the_palette_says_of_each_action_its_menu_and_keys(stage: Stage, situation: Situation) -> None:
    palette = stage.window.command_palette
    palette.open()
    model = palette.model
    assert model.rowCount() > 30
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        text = index.data(Qt.ItemDataRole.AccessibleTextRole)
        entry = index.data(ENTRY)
        assert text.startswith(entry.text)
        assert entry.path in text
