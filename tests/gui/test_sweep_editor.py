"""The sweep editor: axes are added, typed into, removed and put in order, and the count follows at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.form.axes_model import COUNT, PARAMETER, VALUES, AxesModel, count_in_words
from mcgui.console.form.sweep_editor import SweepEditor
from mcgui.theme import Theme

AXES = (("length", "0.1 to 4 in 40"), ("angle", "5, 15, 45"))


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> SweepEditor:
    made = SweepEditor(theme)
    qtbot.addWidget(made)
    qtbot.addWidget(made.combine)
    made.resize(420, 200)
    made.show()
    return made


def add(editor: SweepEditor, form: str) -> None:
    """Choose this form in the menu of "Add axis"."""
    menu = editor.add.menu()
    next(action for action in menu.actions() if action.data() == form).trigger()


def type_into(editor: SweepEditor, qtbot: QtBot, row: int, column: int, text: str) -> None:
    """Type into a cell and press Return, as with the keyboard."""
    editor.view.setFocus()
    editor.view.setCurrentIndex(editor.model.index(row, column))
    editor.view.edit(editor.model.index(row, column))
    field = editor.view.findChildren(QLineEdit)[-1]  # the one before may not be gone yet
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_model_of_the_axes_is_a_sound_one(qtmodeltester: ModelTester) -> None:
    model = AxesModel()
    model.set_axes(AXES)
    qtmodeltester.check(model)
    model.add("mass", "1, 2")
    model.move(2, -1)
    model.move(0, 1)
    model.remove(0)
    qtmodeltester.check(model)
    assert model.axes == (("length", "0.1 to 4 in 40"), ("angle", "5, 15, 45"))


def test_axes_are_added_with_the_names_of_the_parameters_that_are_left(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_parameters(("length", "angle"))
    add(editor, "0 to 1 in 11")
    add(editor, "1, 2, 5")
    assert editor.axes == (("length", "0 to 1 in 11"), ("angle", "1, 2, 5"))
    assert editor.count.text() == "11 × 3 = 33 tasks"


def test_the_count_follows_what_is_typed(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_axes(AXES, "product")
    assert editor.count.text() == "40 × 3 = 120 tasks"
    with qtbot.waitSignal(editor.changed):
        type_into(editor, qtbot, 1, VALUES, "log 1 to 1000")
    assert editor.axes[1] == ("angle", "log 1 to 1000")
    assert editor.model.index(1, COUNT).data() == "4"
    assert editor.count.text() == "40 × 4 = 160 tasks"
    with qtbot.waitSignal(editor.changed):
        type_into(editor, qtbot, 1, PARAMETER, "mass")
    assert editor.axes[1][0] == "mass"


def test_axes_are_moved_and_removed_by_buttons_and_keys(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_axes(AXES, "product")
    editor.view.setCurrentIndex(editor.model.index(1, PARAMETER))
    assert editor.up.isEnabled()
    assert not editor.down.isEnabled()
    qtbot.mouseClick(editor.up, Qt.MouseButton.LeftButton)
    assert [name for name, _ in editor.axes] == ["angle", "length"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [name for name, _ in editor.axes] == ["length", "angle"]
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert [name for name, _ in editor.axes] == ["length"]
    qtbot.mouseClick(editor.remove, Qt.MouseButton.LeftButton)
    assert editor.is_empty
    assert not editor.remove.isEnabled()


def test_values_may_go_together(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_axes((("x", "1 to 3"), ("y", "a, b, c")), "product")
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClick(editor.combine, Qt.Key.Key_Down)
    assert editor.combination == "zip"
    assert editor.count.text() == "3 tasks"


def test_an_axis_that_cannot_be_read_says_why(editor: SweepEditor) -> None:
    editor.set_axes((("x", "0 to 1 step 0"),), "product")
    cell = editor.model.index(0, COUNT)
    assert cell.data() == "?"
    assert "A step of 0 leads nowhere" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert editor.count.text() == ""
    assert count_in_words(editor.axes, "product") == (
        "Axis 'x': a step of 0 leads nowhere. " + cell.data(Qt.ItemDataRole.ToolTipRole).partition(". ")[2],
        False,
    )


def test_everything_in_it_is_named_and_reached_by_tab(editor: SweepEditor) -> None:
    for widget in (editor.combine, editor.view, editor.add, editor.remove, editor.up, editor.down):
        assert widget.accessibleName()
    assert editor.model.index(0, 0, QModelIndex()).isValid() is False
