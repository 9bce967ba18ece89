"""Who hears the window instead of seeing it is told everything: in every panel and dialog, full, empty and in error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QTabWidget,
    QToolButton,
    QWidget,
)
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


def is_to_be_heard(widget: QWidget) -> bool:
    """It is acted on, or shows a picture; the field of a choice that can be typed into is what has the focus there."""
    if isinstance(widget, QLabel):
        return not widget.pixmap().isNull()
    typed_into = isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QComboBox)
    return isinstance(widget, CONTROLS) and (typed_into or not is_part_of_another(widget))


def silent_cells(view: QAbstractItemView) -> Iterator[str]:
    """Cells in sight of which nothing is heard."""
    model, top = view.model(), QModelIndex()
    columns = 1 if isinstance(view, QListView) else model.columnCount(top)
    for row in range(min(model.rowCount(top), 60)):
        for column in range(columns):
            index = model.index(row, column)
            if not index.data(Qt.ItemDataRole.AccessibleTextRole) and not index.data():
                yield f"row {row}, column {column} of {heard(view)!r}"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_control_no_picture_and_no_cell_is_without_words(stage: Stage, situation: Situation) -> None:
    found, pictures, cells = [], 0, 0
    for name, widget in widgets(stage, situation):
        if is_to_be_heard(widget) and not heard(widget):
            found.append(f"{name}: {described(widget)}")
        if isinstance(widget, QAbstractItemView):
            found += [f"{name}: {cell}" for cell in silent_cells(widget)]
            cells += 1
        pictures += isinstance(widget, QLabel) and not widget.pixmap().isNull()
    assert "\n".join(found) == ""
    assert pictures
    assert cells


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
    pages = [widget for _, widget in found if isinstance(widget, QTabWidget)]
    assert pages
    policies = {(one.tabBar().focusPolicy(), one.focusPolicy()) for one in pages}
    assert policies == {(Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.NoFocus)}
    buttons = {widget for _, widget in found if isinstance(widget, QAbstractButton) and widget.isCheckable()}
    groups = {button: group for button in buttons if (group := button.group()) is not None}
    assert groups
    assert all(group.exclusive() for group in groups.values()), "what is grouped is a choice"
    assert {role(button) for button in groups} == {QAccessible.Role.RadioButton}
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
