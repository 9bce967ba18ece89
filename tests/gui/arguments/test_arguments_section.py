"""The argument loader: what is typed is previewed or refused in words, and nothing that hangs holds it up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.arguments.argument_fields import ArgumentFields
from mcgui.console.arguments.arguments_section import ArgumentsSection
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.environment.environment_source import Environment, FunctionInfo
from mcgui_core.protocol.messages import ArgumentsPreview
from tests.gui.panels import Answers, background, look, state_of
from tests.gui.quiet import settle

BODIES = "name,mass,speed\nsun,1.0,2.5\nmoon,0.5,3.5\nmars,broken\nvenus,4.0,5.5\n"


@pytest.fixture
def threads(qapp: object) -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def asked() -> list[tuple[ArgumentSource, str]]:
    return []


@pytest.fixture
def loader(
    theme: Theme, qtbot: QtBot, threads: Background, answers: Answers, asked: list[tuple[ArgumentSource, str]]
) -> ArgumentsSection:
    def preview(source: ArgumentSource, environment: str, filename: str, *, seconds: float = 1.0) -> ArgumentsPreview:
        asked.append((source, environment))
        return look(source, environment, filename, seconds=seconds)

    made = ArgumentsSection(theme, threads, preview, lambda: None, answers)
    qtbot.addWidget(made)
    made.resize(440, 200)
    made.show()
    return made


def function(source: str) -> FunctionInfo:
    return Environment.parse(source).functions[-1]


def type_expression(loader: ArgumentsSection, qtbot: QtBot, text: str) -> None:
    loader.fields.expression.clear()
    qtbot.keyClicks(loader.fields.expression, text)
    wait(loader, qtbot)


def choose_file(loader: ArgumentsSection, qtbot: QtBot, kind: str, path: Path) -> None:
    loader.fields.kind_combo.setCurrentText(kind)
    loader.fields.path.clear()
    qtbot.keyClicks(loader.fields.path, str(path))
    wait(loader, qtbot)


def wait(loader: ArgumentsSection, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not loader.waiting)


def test_an_expression_is_counted_and_its_first_values_shown(loader: ArgumentsSection, qtbot: QtBot) -> None:
    type_expression(loader, qtbot, "range(1_000_000)")
    assert loader.line.text().replace("\u00a0", " ") == "1,000,000 tasks: 0, 1, 2, 3, 4 …"
    assert loader.problem == ""
    assert loader.source == ArgumentSource("expression", "range(1_000_000)")


def test_a_single_task_is_shown_whole(loader: ArgumentsSection, qtbot: QtBot) -> None:
    type_expression(loader, qtbot, "['a']")
    assert loader.line.text() == "1 task: 'a'"


def test_long_values_are_cut_between_two_of_them(loader: ArgumentsSection, qtbot: QtBot) -> None:
    type_expression(loader, qtbot, "['a' * 30, 'b' * 30, 'c' * 30, 'd' * 30]")
    assert loader.line.text().endswith("b', '" + "c" * 30 + "'\u00a0…")


def test_a_generator_is_not_run_to_its_end_to_be_shown(loader: ArgumentsSection, qtbot: QtBot) -> None:
    type_expression(loader, qtbot, "(x * x for x in range(10**12))")
    assert loader.line.text().startswith("Tasks, counted while they run: 0, 1, 4")
    assert loader.problem == ""


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("range(", "not Python"),
        ("nonsense", "NameError"),
        ("1 / 0", "ZeroDivisionError"),
        ("7", "range(7)"),
        ("'abc'", "each piece of it would be an argument"),
        ("[]", "no arguments"),
    ],
)
def test_what_gives_no_arguments_is_told_in_words(
    loader: ArgumentsSection, qtbot: QtBot, expression: str, part: str
) -> None:
    type_expression(loader, qtbot, expression)
    assert part in loader.line.text()
    assert loader.problem == loader.line.text()
    assert loader.line.property("tone") == "bad"


def test_only_what_was_typed_last_is_evaluated(
    loader: ArgumentsSection, qtbot: QtBot, asked: list[tuple[ArgumentSource, str]]
) -> None:
    type_expression(loader, qtbot, "range(12345)")
    assert [source.text for source, _ in asked] == ["range(12345)"]


def test_markup_in_a_value_is_shown_as_it_is(loader: ArgumentsSection, qtbot: QtBot) -> None:
    type_expression(loader, qtbot, "['<b>bold</b>']")
    assert loader.line.textFormat() == Qt.TextFormat.PlainText
    assert "<b>bold</b>" in loader.line.text()


def test_nothing_is_asked_about_an_empty_field(
    loader: ArgumentsSection, qtbot: QtBot, threads: Background, asked: list[tuple[ArgumentSource, str]]
) -> None:
    type_expression(loader, qtbot, "range(3)")
    asked.clear()
    qtbot.keyClick(loader.fields.expression, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(loader.fields.expression, Qt.Key.Key_Delete)
    settle(loader, threads)
    assert asked == []
    assert loader.preview is None
    assert "one task for each value" in loader.line.text()


def test_lines_of_a_text_file_are_tasks(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("alpha\nbeta\n", encoding="utf-8")
    choose_file(loader, qtbot, "Text file", path)
    assert loader.line.text() == "2 tasks: 'alpha', 'beta'"


def test_a_file_that_is_not_there_is_told(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    choose_file(loader, qtbot, "CSV file", tmp_path / "gone.csv")
    assert "There is no file" in loader.problem


def test_a_file_is_chosen_by_the_dialog(
    loader: ArgumentsSection, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    answers.path = tmp_path / "words.txt"
    answers.path.write_text("alpha\n", encoding="utf-8")
    loader.fields.kind_combo.setCurrentText("Text file")
    qtbot.mouseClick(loader.fields.browse, Qt.MouseButton.LeftButton)
    wait(loader, qtbot)
    assert answers.asked == ["arguments text"]
    assert loader.line.text() == "1 task: 'alpha'"
    assert str(answers.path) in loader.fields.path.toolTip()  # of a long one, only the end is seen in the field


def test_each_kind_keeps_its_own_entry(loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path) -> None:
    type_expression(loader, qtbot, "range(3)")
    choose_file(loader, qtbot, "Text file", tmp_path / "a.txt")
    choose_file(loader, qtbot, "CSV file", tmp_path / "b.csv")
    loader.fields.kind_combo.setCurrentText("Text file")
    assert loader.source == ArgumentSource("text", path=str(tmp_path / "a.txt"))
    loader.fields.kind_combo.setCurrentText("Expression")
    assert loader.source == ArgumentSource("expression", "range(3)")


@pytest.fixture
def bodies(tmp_path: Path) -> Path:
    path = tmp_path / "bodies.csv"
    path.write_text(BODIES, encoding="utf-8")
    return path


def test_a_bad_row_is_named_with_its_line_and_may_be_skipped(
    loader: ArgumentsSection, qtbot: QtBot, bodies: Path
) -> None:
    choose_file(loader, qtbot, "CSV file", bodies)
    assert "line 4" in loader.problem.lower()
    assert loader.fields.skip_bad.isVisible()
    qtbot.mouseClick(loader.fields.skip_bad, Qt.MouseButton.LeftButton, pos=loader.fields.skip_bad.rect().center() / 8)
    wait(loader, qtbot)
    assert loader.source.skip_bad
    assert loader.problem == ""
    assert loader.line.text().startswith("3 tasks: ")
    assert "line 4" in loader.remark.text().lower()


def test_a_file_without_bad_rows_offers_no_skipping(loader: ArgumentsSection, qtbot: QtBot, bodies: Path) -> None:
    bodies.write_text("x\n1\n", encoding="utf-8")
    choose_file(loader, qtbot, "CSV file", bodies)
    assert not loader.fields.skip_bad.isVisible()


def test_columns_are_shown_and_checked_against_the_function(
    loader: ArgumentsSection, qtbot: QtBot, bodies: Path
) -> None:
    bodies.write_text("mass,speed\n1.0,2.5\n", encoding="utf-8")
    loader.set_function(function("def energy(mass, speed): ..."))
    choose_file(loader, qtbot, "CSV file", bodies)
    assert loader.columns.text() == "Columns: mass, speed"
    assert (loader.call, loader.problem) == ("kwargs", "")
    with qtbot.waitSignal(loader.changed):
        loader.set_function(function("def energy(mass, velocity): ..."))
    assert "'speed'" in loader.problem
    assert loader.remark.text().startswith(loader.problem)
    assert "leave it out" in loader.remark.text()
    loader.set_function(function("def energy(**any): ..."))
    assert loader.problem == ""


def test_a_tuple_is_spread_over_a_function_that_needs_more_than_one_argument(
    loader: ArgumentsSection, qtbot: QtBot
) -> None:
    loader.set_function(function("def add(a, b): ..."))
    type_expression(loader, qtbot, "[(1, 2), (3, 4)]")
    assert loader.call == "args"
    assert loader.call_combo.isVisible()
    assert loader.call_combo.currentText() == "Automatic: add(*value)"
    loader.set_function(function("f = lambda x: x[0] + x[1]"))
    assert loader.call == "single"


def test_the_user_may_say_how_arguments_are_passed(loader: ArgumentsSection, qtbot: QtBot) -> None:
    loader.set_function(function("def add(a, b): ..."))
    type_expression(loader, qtbot, "[(1, 2)]")
    assert loader.call_combo.currentText() == "Automatic: add(*value)"
    with qtbot.waitSignal(loader.changed):
        qtbot.keyClick(loader.call_combo, Qt.Key.Key_Down)
    assert loader.call_combo.currentText() == "add(value)"
    assert loader.call == "single"
    assert "2 arguments" in loader.problem


def test_how_arguments_are_passed_is_not_shown_where_it_goes_without_saying(
    loader: ArgumentsSection, qtbot: QtBot, bodies: Path
) -> None:
    loader.set_source(ArgumentSource("csv", path=str(bodies)), "kwargs")
    wait(loader, qtbot)
    assert not loader.call_combo.isVisible()
    loader.set_source(ArgumentSource("csv", path=str(bodies)), "single")
    wait(loader, qtbot)
    assert loader.call_combo.isVisible()


def test_a_number_for_a_function_that_takes_none_is_told(loader: ArgumentsSection, qtbot: QtBot) -> None:
    loader.set_function(function("def now(): ..."))
    type_expression(loader, qtbot, "range(3)")
    assert "takes no argument" in loader.problem
    assert loader.line.text().startswith("3 tasks")
    assert loader.remark.text() == loader.problem


def test_what_does_not_fit_moves_no_field_from_below_a_click(
    loader: ArgumentsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"a picture of the sky, number {number}.png").touch()
    loader.set_function(function("def develop_negative(name, content): ..."))
    loader.set_source(ArgumentSource("folder", path=str(tmp_path)))
    qtbot.waitUntil(lambda: bool(loader.remark.text()))
    assert "needs 2 arguments" in loader.remark.text()
    settle()
    room, words = loader._hints.minimumHeight(), loader._hints.layout()
    needed = words.totalHeightForWidth(350)  # as wide as in a window of 1440 pixels
    assert needed - room < loader.fontMetrics().lineSpacing() / 2  # the button beside the words is higher than a line
    assert loader.line.text() == "3 tasks"


def test_an_expression_may_use_the_environment_which_is_only_run_then(
    loader: ArgumentsSection, qtbot: QtBot, asked: list[tuple[ArgumentSource, str]]
) -> None:
    loader.set_environment(state_of("def make(n):\n    return list(range(n))\n"))
    type_expression(loader, qtbot, "range(3)")
    type_expression(loader, qtbot, "make(2)")
    assert [bool(environment) for _, environment in asked] == [False, True]
    assert loader.line.text() == "2 tasks: 0, 1"


def test_half_typed_environments_are_never_run(
    loader: ArgumentsSection, qtbot: QtBot, asked: list[tuple[ArgumentSource, str]]
) -> None:
    loader.set_environment(state_of("n = 2"))
    type_expression(loader, qtbot, "range(n)")
    loader.set_environment(state_of("n = 20"))
    assert not loader.waiting
    loader.set_environment(state_of("n = 200"))
    loader.settle()
    wait(loader, qtbot)
    assert [environment for _, environment in asked] == ["n = 2", "n = 200"]
    assert loader.preview is not None
    assert loader.preview.count == 200


def test_settling_an_environment_that_did_not_change_asks_nothing(
    loader: ArgumentsSection, qtbot: QtBot, asked: list[tuple[ArgumentSource, str]]
) -> None:
    loader.set_environment(state_of("n = 2"))
    type_expression(loader, qtbot, "range(n)")
    loader.settle()
    assert not loader.waiting
    assert len(asked) == 1


def test_an_environment_with_a_problem_is_waited_for(loader: ArgumentsSection, qtbot: QtBot) -> None:
    loader.set_environment(state_of("n = ("))
    type_expression(loader, qtbot, "range(n)")
    assert "environment" in loader.problem
    loader.set_environment(state_of("n = 4"))
    loader.settle()
    wait(loader, qtbot)
    assert loader.problem == ""


class Hanging:
    """A preview that hangs at "hang" until it is restarted, as an endless expression in another process would."""

    def __init__(self) -> None:
        self._killed = threading.Event()
        self.restarts = 0

    def preview(
        self, source: ArgumentSource, environment: str, filename: str, *, seconds: float = 1.0
    ) -> ArgumentsPreview:
        if source.text == "hang":
            self._killed.wait()
            self._killed.clear()
            raise RuntimeError("the process was ended")
        return look(source, environment, filename, seconds=seconds)

    def restart(self) -> None:
        self.restarts += 1
        self._killed.set()


def test_an_expression_that_hangs_can_be_stopped_and_the_next_one_works(
    theme: Theme, qtbot: QtBot, threads: Background
) -> None:
    hanging = Hanging()
    loader = ArgumentsSection(theme, threads, hanging.preview, hanging.restart)
    qtbot.addWidget(loader)
    loader.show()
    qtbot.keyClicks(loader.fields.expression, "hang")
    qtbot.waitUntil(loader.stop.isVisible)
    assert loader.line.text() == "still evaluating…"
    qtbot.mouseClick(loader.stop, Qt.MouseButton.LeftButton)
    assert "Stopped" in loader.problem
    assert not loader.stop.isVisible()
    type_expression(loader, qtbot, "range(2)")
    assert loader.line.text() == "2 tasks: 0, 1"
    assert hanging.restarts == 1


def test_an_expression_that_hangs_is_mended_by_typing_on(theme: Theme, qtbot: QtBot, threads: Background) -> None:
    hanging = Hanging()
    loader = ArgumentsSection(theme, threads, hanging.preview, hanging.restart)
    qtbot.addWidget(loader)
    loader.show()
    qtbot.keyClicks(loader.fields.expression, "hang")
    qtbot.waitUntil(loader.stop.isVisible)
    type_expression(loader, qtbot, "range(2)")
    assert loader.line.text() == "2 tasks: 0, 1"


def test_a_source_that_is_set_tells_once(loader: ArgumentsSection, qtbot: QtBot, bodies: Path) -> None:
    told: list[None] = []
    loader.changed.connect(lambda: told.append(None))
    loader.set_source(ArgumentSource("csv", path=str(bodies), skip_bad=True), "kwargs")
    assert len(told) == 1
    wait(loader, qtbot)
    assert loader.source == ArgumentSource("csv", path=str(bodies), skip_bad=True)
    assert loader.call_combo.currentData() == "kwargs"


def test_every_field_has_a_name_for_readers_and_is_reached_by_tab(loader: ArgumentsSection) -> None:
    fields = loader.fields
    for widget in (fields.kind_combo, fields.expression, fields.path, fields.browse, loader.stop, loader.call_combo):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


# --- other kinds of sources ---------------------------------------------------------------------------------------


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"len": 1.5, "angle": 10, "note": "x"}\n{"len": 2.5, "angle": 20, "note": "y"}\n')
    return path


def choose_name(loader: ArgumentsSection, qtbot: QtBot, column: str, text: str) -> None:
    """Choose as which parameter a column is passed, with the keyboard."""
    combo = loader.names.combos[column]
    while combo.currentText() != text:
        before = combo.currentIndex()
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        combo = loader.names.combos[column]
        assert combo.currentIndex() > before, f"{text} is not offered for {column}"


def test_columns_of_other_names_are_passed_as_the_user_says(
    loader: ArgumentsSection, qtbot: QtBot, lines: Path
) -> None:
    loader.set_function(function("def swing(length, angle): ..."))
    choose_file(loader, qtbot, "JSON Lines file", lines)
    assert "'len', 'note'" in loader.problem
    assert loader.names.isVisible()
    choose_name(loader, qtbot, "len", "length")
    choose_name(loader, qtbot, "note", "(left out)")
    assert loader.problem == ""
    assert loader.columns.text() == "Columns: length, angle"
    assert loader.source == ArgumentSource("jsonl", path=str(lines), columns=(("len", "length"), ("note", "")))
    assert "{'length': 1.5, 'angle': 10}" in loader.line.text()


def test_a_parameter_that_no_column_is_passed_as_is_said(loader: ArgumentsSection, qtbot: QtBot, lines: Path) -> None:
    loader.set_function(function("def swing(len, angle, note, mass): ..."))
    choose_file(loader, qtbot, "JSON Lines file", lines)
    assert loader.problem == "swing needs 'mass', and nothing is passed by that name."


def test_two_columns_for_one_parameter_are_refused_and_can_be_mended(
    loader: ArgumentsSection, qtbot: QtBot, lines: Path
) -> None:
    loader.set_function(function("def swing(length, angle): ..."))
    choose_file(loader, qtbot, "JSON Lines file", lines)
    choose_name(loader, qtbot, "len", "angle")
    assert "would both be passed as 'angle'" in loader.problem
    choose_name(loader, qtbot, "angle", "(left out)")
    choose_name(loader, qtbot, "note", "(left out)")
    assert loader.problem == "swing needs 'length', and nothing is passed by that name."


def test_names_of_columns_belong_to_their_file(
    loader: ArgumentsSection, qtbot: QtBot, lines: Path, bodies: Path
) -> None:
    source = ArgumentSource("jsonl", path=str(lines), columns=(("len", "length"),))
    loader.set_source(source)
    wait(loader, qtbot)
    assert loader.source == source
    assert loader.columns.text() == "Columns: length, angle, note"
    choose_file(loader, qtbot, "CSV file", bodies)
    assert loader.source.columns == ()


def test_the_first_rows_are_a_table_of_which_one_is_chosen(
    loader: ArgumentsSection, qtbot: QtBot, lines: Path, qtmodeltester: ModelTester
) -> None:
    choose_file(loader, qtbot, "JSON Lines file", lines)
    assert not loader.rows.isVisible()
    qtbot.mouseClick(loader.show_rows, Qt.MouseButton.LeftButton)
    assert loader.rows.isVisible()
    model = loader.rows.model
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert heads == ["#", "len", "angle", "note"]
    assert [model.index(1, column).data() for column in range(4)] == ["1", "2.5", "20", "'y'"]
    qtmodeltester.check(model)
    with qtbot.waitSignal(loader.row_chosen) as told:
        loader.rows.view.choose_row(1)
    assert told.args == [1]


def test_a_sweep_is_previewed_as_it_is_typed(loader: ArgumentsSection, qtbot: QtBot) -> None:
    loader.set_function(function("def swing(length, angle): ..."))
    loader.fields.kind_combo.setCurrentText("Sweep")
    assert "one task for each combination" in loader.line.text().lower()
    loader.fields.sweep.set_axes((("length", "1, 2"), ("angle", "5, 15, 45")), "product")
    wait(loader, qtbot)
    assert loader.line.text().startswith("6 tasks: {'length': 1, 'angle': 5}")
    assert (loader.call, loader.problem) == ("kwargs", "")
    loader.fields.sweep.model.setData(loader.fields.sweep.model.index(0, 0), "width")
    wait(loader, qtbot)
    assert "no parameter 'width'" in loader.problem


def test_files_of_a_folder_are_arguments(
    loader: ArgumentsSection, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt", "c.csv"):
        (tmp_path / name).write_text(f"in {name}")
    answers.path = tmp_path
    loader.fields.kind_combo.setCurrentText("Folder")
    qtbot.mouseClick(loader.fields.browse, Qt.MouseButton.LeftButton)
    assert answers.asked == ["folder"]
    loader.fields.pattern.clear()
    qtbot.keyClicks(loader.fields.pattern, "*.txt")
    qtbot.keyClick(loader.fields.content, Qt.Key.Key_Down)
    wait(loader, qtbot)
    assert loader.source == ArgumentSource("folder", path=str(tmp_path), pattern="*.txt", content="text")
    assert loader.line.text() == "2 tasks: 'in a.txt', 'in b.txt'"


def test_a_path_with_the_keyboard_does_not_keep_its_kind(loader: ArgumentsSection, qtbot: QtBot, lines: Path) -> None:
    with qtbot.waitExposed(loader):
        loader.show()
    loader.set_source(ArgumentSource("text", path=str(lines)))
    loader.fields.path.setFocus()
    qtbot.waitUntil(loader.fields.path.hasFocus)
    loader.set_source(ArgumentSource("expression", text="range(10)"))
    assert loader.fields.source.kind == "expression"


def test_a_file_brings_its_kind_along(loader: ArgumentsSection, qtbot: QtBot, answers: Answers, lines: Path) -> None:
    answers.path = lines
    loader.fields.kind_combo.setCurrentText("Text file")
    qtbot.mouseClick(loader.fields.browse, Qt.MouseButton.LeftButton)
    wait(loader, qtbot)
    assert loader.source.kind == "jsonl"
    loader.fields.kind_combo.setCurrentText("CSV file")
    qtbot.keyClicks(loader.fields.path, str(lines))
    qtbot.keyClick(loader.fields.path, Qt.Key.Key_Return)
    assert loader.source.kind == "jsonl"


def test_a_long_file_is_shown_at_once_and_counted_afterwards(theme: Theme, qtbot: QtBot, threads: Background) -> None:
    counting = threading.Event()
    asked: list[float] = []

    def preview(source: ArgumentSource, environment: str, filename: str, *, seconds: float = 0.3) -> ArgumentsPreview:
        asked.append(seconds)
        if len(asked) == 1:
            return ArgumentsPreview(None, ("'a'", "'b'"))
        counting.wait()
        return ArgumentsPreview(7_000_000, ("'a'", "'b'"))

    loader = ArgumentsSection(theme, threads, preview, lambda: None)
    qtbot.addWidget(loader)
    loader.show()
    loader.set_source(ArgumentSource("text", path="/long.txt"))
    try:
        qtbot.waitUntil(lambda: len(asked) == 2)
        assert loader.line.text() == "Counting the tasks: 'a', 'b'\u00a0…"
        assert loader.problem == ""
        assert asked[1] > asked[0]
    finally:
        counting.set()
    wait(loader, qtbot)
    assert len(asked) == 2
    assert loader.line.text() == "7,000,000 tasks: 'a', 'b'\u00a0…"


def test_a_long_entry_is_not_cut(theme: Theme, qtbot: QtBot) -> None:
    fields = ArgumentFields(Answers(), theme)
    qtbot.addWidget(fields)
    for source in (
        ArgumentSource("expression", text=repr(list(range(20_000)))),
        ArgumentSource("tasks", text="3: " + ", ".join(map(str, range(0, 40_000, 2)))),
    ):
        fields.set_source(source)
        assert fields.source == source


def test_of_an_entry_that_is_too_long_the_beginning_is_seen(theme: Theme, qtbot: QtBot) -> None:
    fields = ArgumentFields(Answers(), theme)
    qtbot.addWidget(fields)
    fields.resize(240, 60)
    fields.show()
    for source in (
        ArgumentSource("expression", text="[number / 2 for number in range(1_000_000)]"),
        ArgumentSource("tasks", text="3: " + ", ".join(map(str, range(0, 4_000, 2)))),
    ):
        fields.set_source(source)
        entry = fields._entry
        entry.grab()  # which scrolls it to its cursor
        assert entry.cursorPositionAt(QPoint(6, entry.height() // 2)) == 0, "its end: _000)]"


def test_how_arguments_are_passed_is_chosen_for_them_and_not_for_those_of_another_kind(
    loader: ArgumentsSection, qtbot: QtBot
) -> None:
    loader.set_function(function("def slow(n): ..."))
    loader.set_source(ArgumentSource("expression", "[{'n': 1}]"), "kwargs")
    wait(loader, qtbot)
    type_expression(loader, qtbot, "[{'n': 2}]")
    assert loader.call == "kwargs"
    loader.fields.kind_combo.setCurrentText("Sweep")
    loader.fields.kind_combo.setCurrentText("Expression")
    type_expression(loader, qtbot, "range(3)")
    assert loader.call == "single"
