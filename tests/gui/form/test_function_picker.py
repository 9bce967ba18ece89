"""The function picker: follows the editor, keeps the choice, and says what is wrong with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from mcgui.console.form.function_delegate import KIND, PURPOSE, UNFIT
from mcgui.console.form.function_picker import FunctionPicker
from mcgui.theme import Theme
from mcgui_core.arguments.argument_fit import misfit_of_results
from mcgui_core.environment.environment_source import Environment
from tests.gui.panels import PI


@pytest.fixture
def picker(theme: Theme, qtbot: QtBot) -> FunctionPicker:
    made = FunctionPicker("Function")
    qtbot.addWidget(made)
    made.resize(400, 80)
    made.show()
    return made


def show(picker: FunctionPicker, source: str) -> None:
    picker.set_environment(Environment.parse(source))


def entries(picker: FunctionPicker) -> list[str]:
    return [picker.combo.itemText(row) for row in range(picker.combo.count())]


def test_functions_are_listed_with_their_signatures_and_the_first_is_chosen(picker: FunctionPicker) -> None:
    show(picker, PI)
    assert entries(picker)[:2] == ["throw(_)", "estimate(hits)"]
    assert picker.name == "throw"
    assert picker.combo.currentText() == "throw(_)"
    assert picker.remark.text() == "One throw at the unit square: did it hit the circle?"
    assert picker.problem == ""


def test_the_keyboard_chooses_and_the_choice_is_told(picker: FunctionPicker, qtbot: QtBot) -> None:
    show(picker, PI)
    with qtbot.waitSignal(picker.changed):
        qtbot.keyClick(picker.combo, Qt.Key.Key_Down)
    assert picker.name == "estimate"
    assert picker.remark.text() == "Pi from all throws."


def test_the_choice_stays_while_functions_come_before_it(picker: FunctionPicker) -> None:
    show(picker, "def a(x): 1\ndef b(x): 2")
    picker.choose("b")
    show(picker, "def zero(x): 0\ndef a(x): 1\ndef b(x): 2")
    assert picker.combo.currentText() == "b(x)"


def test_a_choice_that_is_renamed_is_followed_letter_by_letter(picker: FunctionPicker) -> None:
    show(picker, "def a(x): 1\ndef b(x): 2")
    picker.choose("b")
    for name in ("bi", "bin", "bing"):
        show(picker, f"def a(x): 1\ndef {name}(x): 2")
    assert picker.name == "bing"


def test_a_choice_that_is_gone_is_missed_and_never_replaced_unasked(picker: FunctionPicker, qtbot: QtBot) -> None:
    show(picker, "def a(x): 1\ndef b(x): 2")
    picker.choose("b")
    with qtbot.waitSignal(picker.changed):
        show(picker, "def a(x): 1")
    assert picker.name == "b"
    assert picker.function is None
    assert picker.combo.currentText() == "b"
    assert "'b'" in picker.problem
    assert picker.remark.text() == picker.problem
    show(picker, "def a(x): 1\ndef b(x, y): 2")
    assert picker.problem == ""
    assert picker.combo.currentText() == "b(x, y)"


def test_an_async_function_is_refused_with_the_reason(picker: FunctionPicker) -> None:
    show(picker, "async def fetch(url): pass")
    assert picker.name == ""
    picker.choose("fetch")
    assert "it is async" in picker.problem
    assert picker.remark.text() == picker.problem
    assert picker.remark.property("tone") == "bad"


def test_an_environment_without_functions_says_so_calmly(picker: FunctionPicker) -> None:
    show(picker, "x = 1")
    assert "no function" in picker.problem
    assert picker.remark.property("tone") == "muted"


def test_an_imported_name_is_offered_but_not_chosen_unasked(picker: FunctionPicker) -> None:
    show(picker, "from math import sqrt")
    assert picker.name == ""
    picker.choose("sqrt")
    assert picker.problem == ""


def test_a_name_that_only_running_could_tell_of_is_let_through(picker: FunctionPicker) -> None:
    show(picker, "from things import *")
    picker.choose("run")
    assert picker.problem == ""


def test_a_name_that_is_no_function_is_told_for_what_it_is(picker: FunctionPicker) -> None:
    show(picker, "import math\ndef f(x): 1")
    picker.choose("math")
    assert "module" in picker.problem


def test_a_new_signature_of_the_same_function_is_told(picker: FunctionPicker, qtbot: QtBot) -> None:
    show(picker, "def f(x): 1")
    with qtbot.waitSignal(picker.changed):
        show(picker, "def f(x, y): 1")
    assert picker.combo.currentText() == "f(x, y)"


def test_an_edit_inside_a_function_tells_nothing(picker: FunctionPicker, qtbot: QtBot) -> None:
    show(picker, "def f(x): 1")
    with qtbot.assertNotEmitted(picker.changed):
        show(picker, "def f(x): 2")


def test_starting_over_chooses_the_first_again(picker: FunctionPicker) -> None:
    show(picker, "def a(x): 1\ndef b(x): 2")
    picker.choose("b")
    picker.start_over()
    show(picker, "def c(x): 1\ndef d(x): 2")
    assert picker.name == "c"


def test_a_picker_that_may_choose_none_does_so_at_first(theme: Theme, qtbot: QtBot) -> None:
    picker = FunctionPicker("Reduce function", none="(none)")
    qtbot.addWidget(picker)
    show(picker, PI)
    assert picker.combo.currentText() == "(none)"
    assert (picker.name, picker.problem) == ("", "")
    picker.choose("estimate")
    assert picker.combo.currentText() == "estimate(hits)"
    picker.choose("")
    assert picker.combo.currentText() == "(none)"


def test_a_reader_hears_what_is_chosen_and_its_purpose(picker: FunctionPicker) -> None:
    show(picker, PI)
    assert picker.combo.accessibleName() == "Function"
    assert picker.combo.accessibleDescription().startswith("One throw")


def rows(picker: FunctionPicker) -> list[tuple[str, str, str, bool]]:
    """Text, kind, what stands below, and whether it does not suit, of each entry."""
    return [
        (picker.combo.itemText(row), *(picker.combo.itemData(row, role) for role in (KIND, PURPOSE, UNFIT)))
        for row in range(picker.combo.count())
        if picker.combo.itemText(row)
    ]


def test_every_callable_is_listed_in_the_order_of_the_source_and_then_what_is_imported(picker: FunctionPicker) -> None:
    show(
        picker,
        "from math import sqrt\nfrom functools import partial\n"
        "async def fetch(url): 'Gets it.'\ndef f(x, y=2): 'Adds.'\n"
        "half = partial(f, y=0.5)\nsquare = lambda x: x * x\nclass Model:\n    def __init__(self, seed): ...\ng = f\nn = 3\n",
    )
    assert [row[:2] for row in rows(picker)] == [
        ("fetch(url)", "async"),
        ("f(x, y=2)", ""),
        ("half(x, *, y=0.5)", "partial"),
        ("square(x)", "lambda"),
        ("Model(seed)", "class"),
        ("g(x, y=2)", "assigned"),
        ("sqrt(...)", "imported"),
        ("partial(...)", "imported"),
    ]
    assert rows(picker)[0][2].startswith("cannot be run: it is async")
    assert rows(picker)[0][3]
    assert rows(picker)[1][2:] == ("Adds.", False)


def test_the_button_goes_to_the_line_of_the_chosen_function(picker: FunctionPicker, qtbot: QtBot) -> None:
    assert not picker.jump_button.isVisible()
    show(picker, PI)
    picker.choose("estimate")
    assert picker.jump_button.toolTip() == "Go to line 10, where it is defined"
    with qtbot.waitSignal(picker.jump_wanted) as told:
        qtbot.mouseClick(picker.jump_button, Qt.MouseButton.LeftButton)
    assert told.args == [10]


SQUARE = '''\
def square(side, unit="m"):
    """The area of a square.

    side: the length of one side,
        as a number.
    """
'''


def test_the_whole_docstring_is_in_the_tips(picker: FunctionPicker) -> None:
    whole = "square(side, unit='m')\n\nThe area of a square.\n\nside: the length of one side,\n    as a number."
    show(picker, SQUARE)
    assert picker.remark.text() == "The area of a square."
    assert picker.remark.toolTip() == picker.combo.toolTip() == whole
    assert picker.combo.itemData(0, Qt.ItemDataRole.ToolTipRole) == whole
    show(picker, SQUARE.replace("as a number", "in metres"))
    assert picker.remark.toolTip() == whole.replace("as a number", "in metres")
    picker.set_notes(lambda _function: "It needs two.")
    assert picker.combo.itemData(0, Qt.ItemDataRole.ToolTipRole).split("\n\n")[:2] == [
        "square(side, unit='m')",
        "It needs two.",
    ]


def test_a_docstring_that_looks_like_html_is_shown_as_it_is_written(picker: FunctionPicker) -> None:
    show(picker, "class Bold:\n    'Puts <b> and </b> around.'\n    def __init__(self, tag='<b>'): ...")
    picker.choose("Bold")
    tip = QTextDocument()
    tip.setHtml(picker.remark.toolTip())
    assert tip.toPlainText() == "Bold(tag='<b>')\n\nPuts <b> and </b> around."


def test_what_does_not_suit_the_arguments_says_so_in_the_list(picker: FunctionPicker) -> None:
    show(picker, "def one(x): 'One.'\ndef two(x, y): 'Two.'")
    picker.set_notes(lambda function: "needs two" if function.name == "two" else "")
    assert [row[2:] for row in rows(picker)] == [("One.", False), ("needs two", True)]
    assert picker.problem == ""


def test_a_function_that_cannot_take_the_list_of_results_is_no_reduce_function(theme: Theme, qtbot: QtBot) -> None:
    picker = FunctionPicker("Reduce function", none="(none)", fit=misfit_of_results)
    qtbot.addWidget(picker)
    show(picker, "def two(a, b): ...\ndef total(values, start=0): ...\ndef named(*, a): ...\nfrom math import fsum")
    problems = []
    for name in ("two", "total", "named", "fsum"):
        picker.choose(name)
        problems.append(picker.problem)
    assert "has to take one argument, the list of all results" in problems[0]
    assert problems[1] == problems[3] == ""
    assert "named(*, a) cannot reduce" in problems[2]
    picker.choose("two")
    assert picker.remark.property("tone") == "bad"


def test_the_list_is_painted_in_both_themes(picker: FunctionPicker, theme: Theme, qtbot: QtBot) -> None:
    show(picker, PI)
    picker.combo.showPopup()
    view = picker.combo.view()
    qtbot.waitUntil(view.isVisible)
    light = view.grab().toImage()
    picker.combo.hidePopup()
    theme.set_scheme("dark")
    picker.combo.showPopup()
    qtbot.waitUntil(view.isVisible)
    dark = view.grab().toImage()
    picker.combo.hidePopup()
    assert light.pixelColor(light.width() - 5, light.height() - 5).lightness() > 200
    assert dark.pixelColor(dark.width() - 5, dark.height() - 5).lightness() < 80
