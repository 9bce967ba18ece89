"""The sweep editor: axes are added, typed into, removed and put in order, and the count follows at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.console.arguments.sweep_axes_model import COUNT, PARAMETER, VALUES, AxesModel, count_in_words
from mcgui.console.arguments.sweep_editor import SweepEditor
from mcgui.theme import Theme

NONE, ALT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
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
    model.bring_back()
    model.remove(0)
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


def choose(editor: SweepEditor, qtbot: QtBot, row: int) -> None:
    """Have the keyboard in the table, at this axis."""
    editor.activateWindow()
    editor.view.setFocus()
    qtbot.waitUntil(editor.view.hasFocus)
    editor.view.setCurrentIndex(editor.model.index(row, PARAMETER))


def test_the_keys_of_the_axes_mean_them_only_while_the_table_has_the_focus(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_axes(AXES, "product")
    other = QLineEdit("words", editor)
    other.show()
    choose(editor, qtbot, 1)
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    for key, modifier in ((Qt.Key.Key_Up, ALT), (Qt.Key.Key_Delete, NONE), (Qt.Key.Key_Z, CONTROL)):
        qtbot.keyClick(other, key, modifier)
        assert editor.axes == AXES
    choose(editor, qtbot, 0)
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    qtbot.keyClick(other, Qt.Key.Key_Down, ALT)
    assert editor.axes == AXES
    choose(editor, qtbot, 0)
    qtbot.keyClick(editor.view, Qt.Key.Key_Down, ALT)
    assert editor.axes == AXES[::-1]
    qtbot.keyClick(editor.view, Qt.Key.Key_Up, ALT)
    assert editor.axes == AXES
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert editor.axes == AXES[1:]


def test_a_removed_axis_is_brought_back_where_it_was(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.set_axes((*AXES, ("mass", "1, 2")), "product")
    before = editor.axes
    choose(editor, qtbot, 1)
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    editor.view.setCurrentIndex(editor.model.index(0, PARAMETER))
    qtbot.mouseClick(editor.remove, Qt.MouseButton.LeftButton)
    assert editor.axes == before[2:]
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClick(editor.view, Qt.Key.Key_Z, CONTROL)
    assert editor.axes == (before[0], before[2])
    qtbot.keyClick(editor.view, Qt.Key.Key_Z, CONTROL)
    assert editor.axes == before
    assert editor.view.currentIndex().row() == 1
    assert editor.count.text() == "40 × 3 × 2 = 240 tasks"
    qtbot.keyClick(editor.view, Qt.Key.Key_Z, CONTROL)  # there is no other
    assert editor.axes == before
    for told in (editor.view.accessibleDescription(), editor.remove.toolTip()):
        assert "Ctrl+Z in the table brings the axis back" in told


def test_the_axis_that_was_removed_last_is_there_again_also_in_an_empty_table(
    editor: SweepEditor, qtbot: QtBot
) -> None:
    editor.set_axes(AXES[:1], "product")
    choose(editor, qtbot, 0)
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert editor.is_empty
    qtbot.keyClick(editor.view, Qt.Key.Key_Z, CONTROL)
    assert editor.axes == AXES[:1]
    editor.set_axes((), "product")
    qtbot.keyClick(editor.view, Qt.Key.Key_Z, CONTROL)  # axes of another source are none of these
    assert editor.is_empty


def test_an_empty_table_says_what_to_do_and_shows_that_it_has_the_focus(
    editor: SweepEditor, theme: Theme, qtbot: QtBot
) -> None:
    def has_frame() -> bool:
        image = editor.view.viewport().grab().toImage()
        return bool(image.pixelColor(0, image.height() // 2) == theme.colours.accent)

    def has_words() -> bool:
        image = editor.view.viewport().grab().toImage()
        middle = range(image.width() // 3, image.width() * 2 // 3)
        return len({image.pixel(x, image.height() // 2) for x in middle}) > 1

    editor.activateWindow()
    editor.add.setFocus()
    qtbot.waitUntil(editor.add.hasFocus)
    assert has_words()
    assert not has_frame()
    editor.view.setFocus()
    qtbot.waitUntil(editor.view.hasFocus)
    assert has_frame()
    assert "type its name here" in editor.view.accessibleDescription()
    add(editor, "1, 2, 5")
    assert not has_frame()


def test_a_name_typed_into_an_empty_table_makes_the_first_axis(editor: SweepEditor, qtbot: QtBot) -> None:
    editor.activateWindow()
    editor.view.setFocus()
    qtbot.waitUntil(editor.view.hasFocus)
    for key, modifier in ((Qt.Key.Key_Space, NONE), (Qt.Key.Key_5, NONE), (Qt.Key.Key_F, ALT)):
        qtbot.keyClick(editor.view, key, modifier)
    assert editor.is_empty
    qtbot.keyClick(editor.view, "m")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "ass")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.axes == (("mass", "1, 2, 5"),))


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
