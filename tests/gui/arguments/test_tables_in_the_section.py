"""Tables as people have them, in the argument loader: what each column is, how text is encoded, and both changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionHeader
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.arguments.arguments_section import ArgumentsSection
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentKind, ArgumentSource
from mcgui_core.environment.environment_source import Environment, FunctionInfo
from tests.gui.panels import Answers, background, look

EUROPEAN = "Label;Volt;On;Day;\nMüller;20,5;True;2024-01-31;\nJosé;7;False;2024-02-01;\n"


@pytest.fixture
def threads(qapp: object) -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture
def loader(theme: Theme, qtbot: QtBot, threads: Background) -> ArgumentsSection:
    made = ArgumentsSection(theme, threads, look, lambda: None, Answers())
    qtbot.addWidget(made)
    made.resize(520, 400)
    made.show()
    return made


def function(source: str) -> FunctionInfo:
    return Environment.parse(source).functions[-1]


def load(loader: ArgumentsSection, qtbot: QtBot, path: Path, data: bytes, kind: ArgumentKind = "csv") -> None:
    path.write_bytes(data)
    loader.set_source(ArgumentSource(kind, path=str(path)))
    qtbot.waitUntil(lambda: not loader.waiting)


def heads(loader: ArgumentsSection) -> list[str]:
    model = loader.rows.model
    return [model.headerData(column, Qt.Orientation.Horizontal) for column in range(1, model.columnCount())]


def cells(loader: ArgumentsSection, row: int) -> list[str]:
    model = loader.rows.model
    return [model.index(row, column).data() for column in range(1, model.columnCount())]


def press_down_to(qtbot: QtBot, loader: ArgumentsSection, column: str, words: str) -> None:
    """Choose a type with the keyboard. The list stays the same one, so that the keyboard stays in it."""
    combo = loader.names.type_combos[column]
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    while combo.currentText() != words:
        before = combo.currentIndex()
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() > before, f"{words} is not offered"
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.names.type_combos[column] is combo


# --- what each column is ----------------------------------------------------------------------------------------------


def test_the_rows_say_what_each_column_is(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    loader.show_rows.set_open(True)
    load(loader, qtbot, tmp_path / "a.csv", EUROPEAN.encode())
    assert heads(loader) == ["Label\ntext", "Volt\nnumber", "On\nyes or no", "Day\ndate"]
    assert cells(loader, 0) == ["'Müller'", "20.5", "True", "2024-01-31"]
    assert loader.problem == ""
    model = loader.rows.model
    right = Qt.AlignmentFlag.AlignRight
    assert [bool(model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) & right) for column in (1, 2, 3)] == [
        False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("width", [300, 360, 520])
def test_both_lines_of_a_title_are_whole_where_there_is_room(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path, width: int
) -> None:
    loader.resize(width, 400)
    loader.show_rows.set_open(True)
    load(loader, qtbot, tmp_path / "a.csv", b"Angle,Speed\n10,5.0\n11,5.25\n")
    loader.names.set_chosen((("Angle", "angle"), ("Speed", "speed")), ())
    loader.names.changed.emit()
    qtbot.waitUntil(lambda: not loader.waiting and heads(loader)[0].startswith("Angle → angle"))
    assert heads(loader) == ["Angle → angle\nwhole number", "Speed → speed\nnumber"]
    head = loader.rows.view.horizontalHeader()
    for section, title in enumerate(heads(loader), 1):
        option = QStyleOptionHeader()
        head.initStyleOptionForIndex(option, section)
        assert option.text == title
    assert head.length() <= head.viewport().width()


def test_a_column_is_read_as_another_type_from_its_head(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    loader.show_rows.set_open(True)
    load(loader, qtbot, tmp_path / "a.csv", b"id,x\n1,2\n2,3\n")
    assert heads(loader) == ["id\nwhole number", "x\nwhole number"]
    head = loader.rows.view.horizontalHeader()
    where = QPoint(head.sectionViewportPosition(1) + 5, head.height() // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Whole number"]
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not loader.waiting and heads(loader)[0] == "id\ntext")
    assert cells(loader, 0) == ["'1'", "2"]
    assert loader.source.types == (("id", "text"),)
    loader.rows.type_menu(0).actions()[-1].trigger()  # as found
    qtbot.waitUntil(lambda: not loader.waiting and heads(loader)[0] == "id\nwhole number")
    assert loader.source.types == ()


def test_a_column_is_read_as_another_type_with_the_keyboard(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    load(loader, qtbot, tmp_path / "a.csv", b"id,x\n1,2.5\n2,3\n")
    loader.rename.set_open(True)
    types = loader.names.type_combos
    assert [types[column].currentText() for column in ("id", "x")] == ["whole number", "number"]
    press_down_to(qtbot, loader, "id", "text")
    assert (loader.source.types, loader.problem) == ((("id", "text"),), "")
    assert loader.line.text() == "2 tasks: {'id': '1', 'x': 2.5}, {'id': '2', 'x': 3.0}"
    press_down_to(qtbot, loader, "x", "whole number")
    assert "Line 2 of a.csv: '2.5' does not fit the column 'x' (whole number)" in loader.problem
    qtbot.keyClick(types["x"], Qt.Key.Key_End)  # as found
    qtbot.waitUntil(lambda: not loader.waiting)
    assert types["x"].currentText() == "number"
    assert (loader.source.types, loader.problem) == ((("id", "text"),), "")


def test_rows_that_do_not_fit_a_type_may_be_left_out(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    load(loader, qtbot, tmp_path / "a.csv", b"x\n1\noops\n3\n")
    loader.names.choose_type("x", "integer")
    qtbot.waitUntil(lambda: not loader.waiting)
    assert "Line 3 of a.csv: 'oops'" in loader.problem
    loader.fields.skip_bad.click()
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.problem == ""
    assert loader.line.text() == "2 tasks: {'x': 1}, {'x': 3}"


def test_types_belong_to_their_file_and_a_column_that_has_gone_can_be_told_otherwise(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    load(loader, qtbot, tmp_path / "a.csv", b"x,y\n1,2\n")
    loader.names.choose_type("x", "text")
    qtbot.waitUntil(lambda: not loader.waiting)
    (tmp_path / "a.csv").write_bytes(b"z,y\n1,2\n")
    loader.fields.changed.emit()
    qtbot.waitUntil(lambda: not loader.waiting)
    assert "a.csv has no column 'x' to read as text. It has: z, y." in loader.problem
    assert loader.rename.isVisible()
    qtbot.keyClick(loader.names.type_combos["x"], Qt.Key.Key_End)
    qtbot.waitUntil(lambda: not loader.waiting)
    assert (loader.problem, loader.source.types) == ("", ())
    loader.names.choose_type("z", "text")
    load(loader, qtbot, tmp_path / "b.csv", b"z\n1\n")
    assert loader.source.types == ()


def test_a_file_that_says_itself_what_its_columns_are_is_left_alone(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    loader.show_rows.set_open(True)
    loader.rename.set_open(True)
    load(loader, qtbot, tmp_path / "a.jsonl", b'{"x": 1}\n', "jsonl")
    assert (heads(loader), loader.names.type_combos) == (["x"], {})


# --- columns and parameters -------------------------------------------------------------------------------------------


def test_columns_find_the_parameters_that_their_names_read_like(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    load(loader, qtbot, tmp_path / "a.csv", b",Label,Start time\n0,a,1\n1,b,2\n")
    assert loader.columns.text() == "Columns: Label, Start time"
    loader.set_function(function("def f(label, start_time): ..."))
    assert (loader.problem, loader.columns.text()) == ("", "Columns: label, start_time")
    assert loader.source.columns == ()  # which is how it is found again for another function
    loader.set_function(function("def g(name, start_time): ..."))
    assert "'Label'" in loader.problem
    combo = loader.names.combos["Label"]
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert (combo.currentText(), loader.problem) == ("name", "")
    assert loader.source.columns == (("Label", "name"),)


def test_a_column_without_a_name_is_left_out_and_can_be_passed(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    loader.show_rows.set_open(True)
    loader.rename.set_open(True)
    load(loader, qtbot, tmp_path / "a.csv", b",x\n7,1\n")
    assert heads(loader) == ["(column 1)\nwhole number", "x\nwhole number"]
    assert loader.names.combos["column 1"].currentText() == "(left out)"
    loader.set_function(function("def f(x, row): ..."))
    assert "f needs 'row'" in loader.problem
    combo = loader.names.combos["column 1"]
    combo.setCurrentText("row")
    combo.activated.emit(combo.currentIndex())
    assert (loader.problem, loader.source.columns) == ("", (("column 1", "row"),))
    assert heads(loader)[0] == "column 1 → row\nwhole number"


def test_the_words_about_a_table_have_their_room_as_long_as_it_is_loaded(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    hints = loader.line.parentWidget()
    usual = hints.minimumHeight()
    loader.set_function(function("def f(a): ..."))
    names = ",".join(f"a_rather_long_name_{number}" for number in range(20))
    load(loader, qtbot, tmp_path / "a.csv", f"{names}\n{',1' * 19}\n".encode())
    layout = hints.layout()
    assert layout is not None
    assert hints.minimumHeight() >= layout.totalHeightForWidth(hints.width()) > usual
    loader.fields.kind_combo.setCurrentText("Expression")
    assert hints.minimumHeight() == usual


def test_all_columns_of_a_table_are_unfolded_and_folded_again_with_the_next_table(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    loader.resize(300, 900)
    loader.set_function(function("def f(a): ..."))
    names = [f"a_{number}" for number in range(12)]
    load(loader, qtbot, tmp_path / "a.csv", f"{','.join(names)}\n{','.join('1' * 12)}\n".encode())
    assert loader.rename.is_open
    choices = [*loader.names.combos.values(), *loader.names.type_combos.values()]
    assert len(choices) == 24
    qtbot.waitUntil(lambda: all(one.visibleRegion().boundingRect().height() == one.height() for one in choices))
    other = tmp_path / "b.csv"
    other.write_text("a\n1\n")
    loader.set_source(ArgumentSource("csv", path=str(other)))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert not loader.rename.is_open


# --- encodings --------------------------------------------------------------------------------------------------------


def test_an_unusual_encoding_is_said_and_can_be_changed(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    load(loader, qtbot, tmp_path / "a.csv", EUROPEAN.encode("cp1252"))
    choice = loader.fields.encoding
    assert choice.isVisible()
    assert choice.combo.currentText() == "Found: Windows-1252"
    assert "'Müller'" in loader.line.text()
    choice.combo.setFocus()
    qtbot.keyClicks(choice.combo, "mac")
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.source.encoding == "mac_roman"
    assert "'M¸ller'" in loader.line.text()


@pytest.mark.parametrize(("codec", "words"), [("utf-16", "Found: UTF-16"), ("utf-8-sig", "Found: UTF-8")])
def test_the_encoding_stands_by_the_rows(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path, codec: str, words: str
) -> None:
    load(loader, qtbot, tmp_path / "a.txt", "Müller\n".encode(codec), "text")
    loader.show_rows.set_open(True)
    assert loader.fields.encoding.isVisible()
    assert loader.fields.encoding.combo.currentText() == words
    assert loader.line.text() == "1 task: 'Müller'"
    loader.fields.kind_combo.setCurrentText("Expression")
    assert not loader.fields.encoding.isVisible()


def test_an_encoding_that_does_not_fit_can_be_chosen_anew(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    load(loader, qtbot, tmp_path / "a.csv", "name\nGün\n".encode("cp850"))  # which is no Windows-1252
    assert "is not Windows-1252 text (byte 0x81)" in loader.problem
    choice = loader.fields.encoding
    assert choice.isVisible()
    choice.choose("cp850")
    choice.changed.emit()
    qtbot.waitUntil(lambda: not loader.waiting)
    assert (loader.problem, loader.line.text()) == ("", "1 task: {'name': 'Gün'}")


def test_what_was_chosen_is_there_again_with_the_source(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(EUROPEAN.encode("koi8-r", "replace"))
    source = ArgumentSource(
        "csv", path=str(path), columns=(("Label", ""),), types=(("Volt", "text"),), encoding="koi8-r"
    )
    loader.set_source(source)
    qtbot.waitUntil(lambda: not loader.waiting)
    assert (loader.source, loader.problem) == (source, "")
    assert loader.fields.encoding.combo.currentText() == "koi8-r"


def test_a_row_of_units_that_is_left_out_is_told_until_it_is_had(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    load(loader, qtbot, tmp_path / "a.csv", b"t,m\ns,kg\n1,2\n")
    assert (loader.problem, loader.line.text()) == ("", "1 task: {'t': 1, 'm': 2}")
    assert "(s, kg) is left out. If it is data, read the column 't' as text." in loader.remark.text()
    loader.set_source(ArgumentSource("csv", path=str(tmp_path / "a.csv"), types=(("t", "text"),)))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.line.text().startswith("2 tasks: {'t': 's', 'm': 'kg'}")
    assert loader.remark.isHidden()


def test_columns_are_spoken_of_only_where_there_are_some(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    loader.set_function(function("def f(a, b):\n    return a"))
    load(loader, qtbot, tmp_path / "table.csv", b"a;c\n1;2\n")
    assert loader.remark.text().endswith("or leave it out.")
    assert loader.names.type_combos["a"].currentText() in loader.names.type_combos["a"].toolTip()
    loader.set_source(ArgumentSource("expression", text="range(3)"))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.remark.text() == loader.problem != ""


# --- which sheet of a workbook ---------------------------------------------------------------------------------------


def workbook(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)
    return path


def test_a_workbook_shows_its_first_sheet_and_another_is_chosen(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", May=[("x", "y"), (1, 2.5)], June=[("z",), ("a",), ("b",)])
    loader.show_rows.set_open(True)
    loader.set_source(ArgumentSource("xlsx", path=str(path), types=(("x", "text"),)))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert heads(loader) == ["x\ntext", "y\nnumber"]
    combo = loader.fields.sheet.combo
    assert combo.isVisible()
    assert [combo.itemText(at) for at in range(combo.count())] == ["The first", "May", "June"]
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert combo.isVisible(), "while it is looked at, the keyboard stays where it is"
    qtbot.waitUntil(lambda: not loader.waiting)
    assert (heads(loader), loader.problem) == (["z\ntext"], "")  # x, which was said to be text, is not there
    assert loader.source == ArgumentSource("xlsx", path=str(path), sheet="June")
    loader.fields.path.setText(str(workbook(tmp_path / "b.xlsx", only=[("x",), (1,)])))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert (loader.source.sheet, heads(loader)) == ("", ["x\nwhole number"])
    assert not combo.isVisible()


def test_a_sheet_that_is_gone_is_said_and_another_can_be_chosen(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", May=[("x",), (1,)])
    loader.set_source(ArgumentSource("xlsx", path=str(path), sheet="April"))
    qtbot.waitUntil(lambda: not loader.waiting)
    assert "has no sheet 'April'. It has: May" in loader.problem
    assert loader.fields.sheet.combo.isVisible()
    qtbot.keyClick(loader.fields.sheet.combo, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: not loader.waiting)
    assert loader.problem == ""
