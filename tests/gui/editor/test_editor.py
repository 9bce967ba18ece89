"""The editor, used by keys as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QKeyEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.editor.editor import LARGEST, CodeEditor, Problem
from mcgui.theme import Theme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> CodeEditor:
    made = CodeEditor(theme)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def put_cursor(editor: CodeEditor, start: int, end: int | None = None) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(start)
    if end is not None:
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def press(
    qtbot: QtBot, editor: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(editor, key, modifier)


def test_a_function_is_typed_without_a_space_bar(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "def f(x):\rif x:\rreturn 1\rreturn 2\rf(1)")
    assert editor.source == "def f(x):\n    if x:\n        return 1\n    return 2\nf(1)"


def typed_with(editor: CodeEditor, modifiers: Qt.KeyboardModifier, text: str) -> str:
    """What the editor holds once this character came with these keys held, as a keyboard sends it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(editor, QKeyEvent(kind, Qt.Key.Key_F, modifiers, text))
    return editor.source


def test_alt_with_a_letter_that_no_menu_knows_types_nothing(
    editor: CodeEditor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    monkeypatch.setattr("mcgui.console.editor.editor.ON_MAC", False)
    with qtbot.assertNotEmitted(editor.typed):
        assert typed_with(editor, alt, "f") == ""
        assert typed_with(editor, alt | Qt.KeyboardModifier.ShiftModifier, "F") == ""
    # AltGr, on Windows and on Linux, and Option on a Mac
    assert typed_with(editor, alt | CONTROL, "{") == "{"
    assert typed_with(editor, Qt.KeyboardModifier.GroupSwitchModifier, "[") == "{["
    monkeypatch.setattr("mcgui.console.editor.editor.ON_MAC", True)
    assert typed_with(editor, alt, "ƒ") == "{[ƒ"


def test_enter_in_a_docstring_keeps_the_indentation(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, 'def f():\r"""Takes:\rnothing')
    assert editor.source.splitlines()[2] == "    nothing"


def test_shift_enter_breaks_the_line_as_enter_does(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "a")
    press(qtbot, editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor, "b")
    assert editor.source == "a\nb"


def test_tab_fills_up_to_the_next_stop_and_backspace_takes_it_back(editor: CodeEditor, qtbot: QtBot) -> None:
    press(qtbot, editor, Qt.Key.Key_Tab)
    qtbot.keyClicks(editor, "ab")
    press(qtbot, editor, Qt.Key.Key_Tab)
    assert editor.source == "    ab  "
    editor.clear()
    press(qtbot, editor, Qt.Key.Key_Tab)
    press(qtbot, editor, Qt.Key.Key_Tab)
    press(qtbot, editor, Qt.Key.Key_Backspace)
    assert editor.source == "    "


def test_backspace_takes_one_whole_character_of_two_units(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("𝕏")
    put_cursor(editor, 2)
    press(qtbot, editor, Qt.Key.Key_Backspace)
    assert editor.source == ""


def test_tab_indents_the_selected_lines_and_shift_tab_takes_it_back(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("a\nb\nc")
    put_cursor(editor, 0, 4)  # up to the start of the third line, which is not touched
    press(qtbot, editor, Qt.Key.Key_Tab)
    assert editor.source == "    a\n    b\nc"
    press(qtbot, editor, Qt.Key.Key_Backtab)
    assert editor.source == "a\nb\nc"


def test_shift_tab_without_a_selection_keeps_the_cursor_where_it_was_in_the_text(
    editor: CodeEditor, qtbot: QtBot
) -> None:
    editor.setPlainText("        abc")
    put_cursor(editor, 10)
    press(qtbot, editor, Qt.Key.Key_Backtab)
    qtbot.keyClicks(editor, "|")
    assert editor.source == "    ab|c"


def test_lines_are_commented_out_and_in_in_one_step_to_undo(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("def f():\n    return 1")
    editor.selectAll()
    editor.toggle_comment()
    assert editor.source == "# def f():\n#     return 1"
    editor.toggle_comment()
    assert editor.source == "def f():\n    return 1"
    editor.undo()
    assert editor.source == "# def f():\n#     return 1"


def test_zoom_goes_by_steps_and_by_wheel_and_back(editor: CodeEditor, qtbot: QtBot) -> None:
    usual = editor.font_points
    with qtbot.waitSignal(editor.zoomed):
        editor.zoom(1)
    assert editor.font_points == usual + 1
    assert editor.fontInfo().pointSizeF() == pytest.approx(usual + 1, abs=0.5)
    middle = QPointF(editor.viewport().rect().center())
    wheel = QWheelEvent(
        middle, editor.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CONTROL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(editor.viewport(), wheel)
    assert editor.font_points == usual + 2
    editor.zoom(-1)
    editor.zoom(0)
    assert editor.font_points == usual


def test_zoom_ends_somewhere(editor: CodeEditor) -> None:
    editor.zoom(1000)
    assert editor.font_points == LARGEST


def test_escape_and_tab_leave_the_editor_by_keyboard(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    editor, field = CodeEditor(theme, window), QLineEdit(window)
    layout.addWidget(editor)
    layout.addWidget(field)
    window.show()
    window.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    press(qtbot, editor, Qt.Key.Key_Escape)
    press(qtbot, editor, Qt.Key.Key_Tab)
    assert field.hasFocus()
    assert editor.source == ""


def test_the_gutter_grows_with_the_number_of_lines(editor: CodeEditor) -> None:
    before = editor.viewport().geometry().left()
    editor.setPlainText("\n" * 1200)
    assert editor.viewport().geometry().left() > before


def test_the_line_with_a_problem_is_marked_in_the_gutter_and_in_the_text(editor: CodeEditor, theme: Theme) -> None:
    editor.setPlainText("a\nb = (\nc")

    def gutter_reds() -> int:
        image = editor.grab().toImage()
        bad = theme.colours.bad.name()
        width = editor.viewport().geometry().left()
        return sum(image.pixelColor(x, y).name() == bad for x in range(width) for y in range(image.height()))

    assert gutter_reds() == 0
    editor.set_problems((Problem(2, "'(' was never closed"),))
    assert gutter_reds() > 10
    assert [one.cursor.selectedText() for one in editor.marks["problems"]] == ["b = ("]
    editor.set_problems(())
    assert gutter_reds() == 0


def test_a_problem_is_marked_where_it_is_in_its_line_and_stays_there_while_lines_come_above(
    editor: CodeEditor, qtbot: QtBot
) -> None:
    editor.setPlainText("a\nb = 𝕏 + foo")
    editor.set_problems((Problem(2, "undefined name 'foo'", "error", 9, 12),))
    assert editor.marks["problems"][0].cursor.selectedText() == "foo"
    put_cursor(editor, 0)
    qtbot.keyClicks(editor, "\r\r")
    assert editor.problems.by_line() == {4: "error"}
    assert editor.problems.text_of_line(4) == "undefined name 'foo'"


def test_an_error_and_a_warning_differ_in_the_gutter_by_more_than_their_colour(
    editor: CodeEditor, theme: Theme
) -> None:
    editor.setPlainText("a\nb")

    def shape(severity: str) -> set[tuple[int, int]]:
        editor.set_problems((Problem(2, "?", severity),))  # type: ignore[arg-type]
        image = editor.gutter.grab().toImage()
        field = theme.colours.field.name()
        rect = dict(editor.visible_lines())[2]
        return {
            (x, y)
            for x in range(14)
            for y in range(rect.top(), rect.bottom())
            if image.pixelColor(x, y).name() != field
        }

    assert len(shape("error") ^ shape("warning")) > 10


def test_the_next_problem_is_gone_to_and_after_the_last_comes_the_first(editor: CodeEditor) -> None:
    editor.setPlainText("a\nb\nc\nd")
    assert not editor.go_to_problem()
    editor.set_problems((Problem(4, "fourth"), Problem(2, "second")))
    lines = []
    for forwards in (True, True, True, False):
        assert editor.go_to_problem(forwards)
        lines.append(editor.textCursor().blockNumber() + 1)
    assert lines == [2, 4, 2, 4]


def test_home_goes_to_the_code_of_the_line_and_then_to_its_start(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("    abc")
    put_cursor(editor, 6)
    columns = []
    for _ in range(3):
        press(qtbot, editor, Qt.Key.Key_Home)
        columns.append(editor.textCursor().position())
    press(qtbot, editor, Qt.Key.Key_End)
    press(qtbot, editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert columns == [4, 0, 4]
    assert editor.textCursor().selectedText() == "abc"


def test_lines_move_up_and_down_with_what_is_selected_in_them(editor: CodeEditor) -> None:
    editor.setPlainText("a\nbee\ncee\nd")
    put_cursor(editor, 3, 7)
    editor.move_lines_up()
    assert editor.source == "bee\ncee\na\nd"
    assert editor.textCursor().selectedText() == "ee\u2029c"
    editor.move_lines_up()  # there is nothing above
    editor.move_lines_down()
    editor.move_lines_down()
    assert editor.source == "a\nd\nbee\ncee"
    editor.move_lines_down()
    assert editor.source == "a\nd\nbee\ncee"
    assert editor.textCursor().selectedText() == "ee\u2029c"
    editor.undo()
    assert editor.source == "a\nbee\ncee\nd"


def test_a_line_is_duplicated_below_and_the_cursor_goes_there(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("ab\nc")
    put_cursor(editor, 1)
    editor.duplicate()
    qtbot.keyClicks(editor, "|")
    assert editor.source == "ab\na|b\nc"


def test_a_click_on_a_line_number_selects_the_line(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("first\nsecond\nthird")
    rect = dict(editor.visible_lines())[2]
    qtbot.mouseClick(editor.gutter, Qt.MouseButton.LeftButton, pos=QPoint(4, rect.center().y()))
    assert editor.textCursor().selectedText() == "second\u2029"


def test_going_to_a_line_puts_the_cursor_on_its_code_and_in_sight(editor: CodeEditor) -> None:
    editor.setPlainText("x\n" * 500 + "    y\n" + "z\n" * 500)
    editor.go_to(501)
    assert (editor.textCursor().blockNumber(), editor.textCursor().positionInBlock()) == (500, 4)
    assert 501 in dict(editor.visible_lines())


def test_a_non_breaking_space_in_a_string_stays_one(editor: CodeEditor) -> None:
    editor.setPlainText('x = "1\u00a0000"')
    assert editor.source == 'x = "1\u00a0000"'


def test_a_file_that_is_dropped_is_told_and_not_inserted(editor: CodeEditor, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "pi.py"))])
    assert editor.canInsertFromMimeData(data)
    with qtbot.waitSignal(editor.file_dropped) as told:
        editor.insertFromMimeData(data)
    assert Path(told.args[0]) == tmp_path / "pi.py"
    assert editor.source == ""


def test_colours_follow_the_theme(editor: CodeEditor, theme: Theme, qtbot: QtBot) -> None:
    editor.setPlainText("def f(): pass")
    theme.set_scheme("dark")
    qtbot.waitUntil(lambda: editor.highlighter.is_settled)
    first = editor.document().firstBlock().layout().formats()[0]
    assert first.format.foreground().color() == theme.colours.keyword
    assert editor.grab().toImage().pixelColor(300, 300).name() == theme.colours.field.name()


def test_a_reader_hears_what_the_editor_is_and_how_to_leave_it(editor: CodeEditor) -> None:
    assert "Python" in editor.accessibleName()
    assert "Escape" in editor.accessibleDescription()


def test_what_a_problem_says_is_text_whatever_it_quotes_of_the_source(editor: CodeEditor) -> None:
    editor.setPlainText("first\nsecond")
    editor.set_problems((Problem(2, "unused argument '<img src=x>'"),))
    editor.go_to_problem()
    assert "&lt;img src=x&gt;" in QToolTip.text()
    assert "<img" not in QToolTip.text()
    QToolTip.hideText()


def test_a_line_is_in_sight_whole_or_not_at_all(editor: CodeEditor) -> None:
    editor.setPlainText("\n".join(["x" * 200] * 40))
    for points in (editor.font_points, 17.0):
        editor.set_font_points(points)
        for height in range(160, 190):
            editor.resize(500, height)
            view, places = editor.viewport().height(), [rect for _, rect in editor.visible_lines()]
            last = [rect for rect in places if rect.top() < view][-1]
            assert last.bottom() <= view < last.bottom() + last.height()
            assert editor.gutter.height() == view
