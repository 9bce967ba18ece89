"""The form: what it describes, and what it says is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.form.function_delegate import PURPOSE
from mcgui.console.form.job_form import JobForm
from mcgui.console.form.job_options import JobOptions
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.client.job_document import JobDocument
from mcgui_core.protocol.messages import JobSpec
from tests.gui.panels import PI, background, look, state_of


@pytest.fixture
def form(theme: Theme, qtbot: QtBot) -> Iterator[JobForm]:
    with background() as threads:
        made = JobForm(theme, threads, look, lambda: None)
        qtbot.addWidget(made)
        made.resize(460, 320)
        made.show()
        yield made


def fill(form: JobForm, qtbot: QtBot, source: str = PI, expression: str = "range(10)") -> None:
    form.set_environment(state_of(source))
    form.arguments.fields.expression.clear()
    qtbot.keyClicks(form.arguments.fields.expression, expression)
    qtbot.waitUntil(lambda: not form.arguments.waiting)


def test_a_filled_form_describes_the_job(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.reduce.choose("estimate")
    assert form.missing == ()
    assert form.request is not None
    assert form.request.spec == JobSpec("pi", PI, "throw", reduce="estimate", filename="pi.py")
    assert form.request.arguments == ArgumentSource("expression", "range(10)")
    assert form.request.count == 10


def test_an_empty_form_says_what_is_missing(form: JobForm) -> None:
    form.set_environment(state_of(""))
    assert form.request is None
    assert form.missing == ("The environment defines no function at its top level yet.", "Give the arguments.")


def test_functions_that_nobody_knows_yet_are_not_said_to_be_none(form: JobForm) -> None:
    form.set_environment(EnvironmentState("def f(x): ...", "long.py", None, None, 1))
    assert form.function.problem == (
        "The environment is still being looked through, so its functions are not known yet."
    )
    form.set_environment(replace(state_of("def f(x: ..."), text=2))
    assert form.function.problem == "The environment has a problem, so its functions are not known yet."
    form.set_environment(replace(state_of("x = 1"), text=2))
    assert form.function.problem == "The environment defines no function at its top level yet."
    form.set_environment(replace(state_of("def f(x): ..."), text=2))
    assert form.function.name == "f"


def test_an_environment_with_a_problem_is_named_with_its_line_and_keeps_the_choice(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.set_environment(state_of(PI + "\nx = ("))
    assert form.missing == ("The environment has a problem in line 13.".replace("13", str(PI.count("\n") + 2)),)
    assert form.function.name == "throw"
    form.set_environment(state_of(PI))
    assert form.missing == ()


def test_a_function_that_cannot_be_run_is_missing_with_the_reason(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, source="async def fetch(url): ...\n")
    form.function.choose("fetch")
    assert form.request is None
    assert "it is async" in form.missing[0]


def test_a_reduce_function_that_is_gone_is_missing(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.reduce.choose("estimate")
    form.set_environment(state_of(PI.split("def estimate")[0]))
    assert "'estimate'" in form.missing[0]


def test_arguments_that_do_not_evaluate_are_missing_with_the_reason(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, expression="range(x)")
    assert "NameError" in form.missing[0]


def test_each_change_is_told(form: JobForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.changed):
        form.set_environment(state_of(PI))
    with qtbot.waitSignal(form.changed):
        form.reduce.choose("estimate")
    with qtbot.waitSignal(form.changed):
        form.arguments.set_source(ArgumentSource("expression", "range(3)"))
    with qtbot.waitSignal(form.changed):
        form.options.form.field("retries").choose(2)
    qtbot.waitUntil(lambda: form.request is not None)


def test_the_arguments_are_checked_against_the_function_that_is_chosen(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, source="def one(x): ...\ndef two(x, y): ...\n")
    assert form.missing == ()
    form.function.choose("two")
    assert "2 arguments" in form.missing[0]


def test_an_unsaved_environment_names_the_job_after_its_function(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    state = state_of(PI)
    form.set_environment(type(state)(state.source, "<environment>", state.environment, None))
    assert form.request is not None
    assert form.request.spec.name == "throw"


def test_options_are_folded_away_and_reach_the_job(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    assert not form.options.form.isVisible()
    assert form.options.toggle.text() == "Options"
    qtbot.mouseClick(form.options.toggle, Qt.MouseButton.LeftButton)
    assert form.options.form.isVisible()
    qtbot.keyClicks(form.options.form.name, "Pi")
    form.options.form.field("retries").choose(2)
    form.options.form.field("timeout").choose(30)
    form.options.form.field("on_error").choose("stop")
    form.options.form.field("priority").choose(5)
    assert form.options.toggle.text() == "Options: “Pi”, 2 retries, 30 s a task, stops at a failure, priority 5"
    assert form.request is not None
    spec = form.request.spec
    assert (spec.name, spec.retries, spec.timeout, spec.on_error, spec.priority) == ("Pi", 2, 30.0, "stop", 5)


def test_the_tab_key_goes_along_the_line_of_the_options_and_then_into_their_fields(form: JobForm) -> None:
    line = [form.options.toggle, form.try_one.several_button, form.try_one.more, form.options.form.name]
    found, one = [], form.nextInFocusChain()
    while one is not form:
        found += [widget for widget in line if widget is one]
        one = one.nextInFocusChain()
    assert found == line


def test_a_document_is_shown_and_given_back_as_it_was(form: JobForm, qtbot: QtBot, tmp_path: Path) -> None:
    document = JobDocument(
        environment=str(tmp_path / "pi.py"),
        function="throw",
        arguments=ArgumentSource("expression", "range(10)"),
        name="Pi",
        description="Throws at a circle.",
        reduce="estimate",
        call="args",
        retries=1,
        timeout=2.5,
        on_error="stop",
        priority=-1,
    )
    form.show_document(document, wait=False)
    form.set_environment(state_of(PI))
    assert form.document(tmp_path / "pi.py") == document
    assert form.options.options == JobOptions(name="Pi", retries=1, timeout=2.5, on_error="stop", priority=-1)


def test_a_document_whose_function_is_not_there_says_so_until_it_is(form: JobForm, qtbot: QtBot) -> None:
    form.show_document(JobDocument("pi.py", "estimate", ArgumentSource("expression", "range(3)")), wait=False)
    assert "no function" in form.missing[0]
    form.set_environment(state_of(PI))
    qtbot.waitUntil(lambda: form.missing == ())
    assert form.function.name == "estimate"


def test_a_form_that_is_not_filled_says_so(form: JobForm) -> None:
    assert not form.is_filled


def test_another_file_chooses_its_first_function(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.function.choose("estimate")
    form.set_environment(replace(state_of("def other(x): ..."), text=1))
    assert form.function.name == "other"


def test_every_row_has_a_label_that_leads_to_its_field(form: JobForm) -> None:
    form.options.toggle.set_open(True)
    buddies = {label.text().replace("&", ""): label.buddy() for label in form.findChildren(QLabel) if label.buddy()}
    assert buddies["Function"] is form.function.combo
    assert buddies["Arguments"] is form.arguments.fields.kind_combo
    assert buddies["Reduce"] is form.reduce.combo
    for text in ("Name", "Retries", "Time limit", "When a task fails", "Priority", "Passed as"):
        assert buddies[text].accessibleName()


def test_the_keyboard_goes_through_the_form_from_top_to_bottom(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.activateWindow()
    form.function.combo.setFocus()
    qtbot.waitUntil(form.function.combo.hasFocus)
    order = [
        form.arguments.fields.kind_combo,
        form.arguments.fields.expression,
        form.arguments.show_rows,
        form.reduce.combo,
        form.try_one.button,
        form.options.toggle,
    ]
    for widget in order:
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        assert widget.hasFocus()


# What does not fit is said before Run


def loaded(form: JobForm, qtbot: QtBot, source: str, function: str, arguments: str) -> str:
    """What stands in the way of running this."""
    form.set_environment(state_of(source))
    form.function.choose(function)
    form.arguments.fields.set_source(ArgumentSource("expression", text=arguments))
    qtbot.waitUntil(lambda: form.arguments.preview is not None)
    return " ".join(form.missing)


TWO = "def two(x, y): ...\ndef one(x): ...\ndef three(a, b, c): ..."


def test_tuples_of_another_length_than_the_function_takes_are_told(form: JobForm, qtbot: QtBot) -> None:
    assert loaded(form, qtbot, TWO, "two", "[(1, 2), (3, 4)]") == ""
    assert loaded(form, qtbot, TWO, "three", "[(1, 2), (3, 4)]") == "three takes 3 arguments, and gets 2."
    assert "Argument 2: two takes 2 arguments, and gets 3." in loaded(form, qtbot, TWO, "two", "[(1, 2), (3, 4, 5)]")
    notes = {form.function.combo.itemText(row): form.function.combo.itemData(row, PURPOSE) for row in range(3)}
    assert notes["three(a, b, c)"] == "three takes 3 arguments, and gets 2."


def test_dicts_whose_names_the_function_does_not_have_are_told(form: JobForm, qtbot: QtBot) -> None:
    assert loaded(form, qtbot, TWO, "two", "[{'x': 1, 'y': 2}]") == ""
    assert "two has no parameter 'z'" in loaded(form, qtbot, TWO, "two", "[{'x': 1, 'z': 2}]")


def test_a_reduce_function_that_cannot_take_the_results_stands_in_the_way(form: JobForm, qtbot: QtBot) -> None:
    assert loaded(form, qtbot, TWO, "one", "range(3)") == ""
    form.reduce.choose("two")
    assert "two(x, y) cannot reduce" in " ".join(form.missing)
    assert form.request is None


def test_what_was_filled_in_for_a_file_is_there_again_when_it_comes_to_the_front(form: JobForm, qtbot: QtBot) -> None:
    loaded(form, qtbot, TWO, "one", "range(3)")
    form.reduce.choose("one")
    form.options.form.field("retries").choose(4)
    first = state_of(TWO)
    other = replace(state_of("def other(x): ..."), text=99)
    form.set_environment(other)
    assert (form.function.name, form.reduce.name) == ("other", "")
    form.arguments.fields.set_source(ArgumentSource("expression", text="range(9)"))
    form.options.form.field("retries").choose(1)
    form.set_environment(first)
    assert (form.function.name, form.reduce.name, form.options.options.retries) == ("one", "one", 4)
    assert form.arguments.source.text == "range(3)"
    form.set_environment(other)
    assert (form.function.name, form.arguments.source.text) == ("other", "range(9)")


def test_a_file_that_is_opened_newly_has_arguments_of_its_own_or_none(form: JobForm) -> None:
    given = ArgumentSource("csv", path="/data/throws.csv")
    form.arguments.set_source(given)  # dropped on the window before there was any source
    first, other = replace(state_of(TWO), text=7), replace(state_of("def other(x): ..."), text=8)
    form.set_environment(first)
    assert form.arguments.source == given
    form.set_environment(other)
    assert form.arguments.source == ArgumentSource("expression")
    assert form.arguments.fields.is_empty
    form.set_environment(first)
    assert form.arguments.source == given
    form.set_environment(other)
    assert form.arguments.fields.is_empty


SHARING = "def f(x, table, seed): return table[x]\ndef load(): return [1, 2]\ndef ready(): ...\n"


def test_what_the_options_give_to_each_call_is_asked_of_no_argument_and_is_tried(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SHARING)
    assert "'seed'" in form.missing[0] or "3 arguments" in form.missing[0]
    form.options.form.shared.choose("table = load()")
    form.options.form.field("seed").choose("7")  # type: ignore[arg-type]
    form.options.form.field("setup").choose("ready")  # type: ignore[arg-type]
    assert form.missing == ()
    assert form.request is not None
    assert form.request.shared == (("table", "load()"),)
    tried = form.try_one._target.request
    assert tried is not None
    assert (tried.shared, tried.spec.seed, tried.spec.setup) == (form.request.shared, "7", "ready")


def test_a_shared_value_that_is_wrong_is_missing_in_words_and_not_tried(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SHARING.replace(", seed", ""))
    form.options.form.shared.choose("table = lode()")
    said = "table = lode() uses lode, which the environment does not define."
    assert form.missing[-1] == said
    assert form.try_one._target.problem == said
    form.set_environment(state_of(SHARING.replace(", seed", "").replace("load", "lode")))
    assert said not in form.missing


def test_options_are_checked_while_they_are_typed(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot, SHARING.replace("table, seed", "seed"))
    options = form.options.form
    options.field("seed").choose("seven")  # type: ignore[arg-type]
    assert form.missing == ("Seed: seven is no whole number of 0 or more.",)
    assert (options.remark.text(), options.remark.property("tone")) == (form.missing[0], "bad")
    assert options.field("seed").property("tone") == "bad"
    assert options.field("seed").accessibleDescription() == form.missing[0]
    options.field("seed").choose("7")  # type: ignore[arg-type]
    assert (form.missing, options.remark.property("tone")) == ((), "muted")
    options.field("setup").choose("raedy")  # type: ignore[arg-type]
    assert "Did you mean 'ready'?" in form.missing[0]
    assert form.try_one._target.problem == form.missing[0]


@pytest.mark.parametrize(
    ("arguments", "shared"), [("range(3)", "x = 1"), ("[(1, 2)]", "y = 1"), ("[{'x': 1, 'y': 2}]", "y = 1")]
)
def test_no_shared_value_is_named_like_what_the_argument_is_passed_as(
    form: JobForm, qtbot: QtBot, arguments: str, shared: str
) -> None:
    fill(form, qtbot, "def f(x, y=2): return x\n")
    form.arguments.set_source(
        ArgumentSource("expression", arguments), "args" if "(1" in arguments else "kwargs" if "{" in arguments else None
    )
    qtbot.waitUntil(lambda: not form.arguments.waiting and form.missing == ())
    form.options.form.shared.choose(shared)
    (said,) = form.missing
    assert "so no shared value can have that name." in said


@pytest.mark.parametrize("shared_first", [True, False])
def test_what_is_shared_is_no_part_of_the_arguments_whichever_is_typed_first(
    form: JobForm, qtbot: QtBot, shared_first: bool
) -> None:
    fill(form, qtbot, "def f(point, table): return point\n")
    if shared_first:
        form.options.form.shared.choose("table = 3")
    form.arguments.set_source(ArgumentSource("expression", "[(1, 2), (3, 4)]"))
    qtbot.waitUntil(lambda: not form.arguments.waiting)
    form.options.form.shared.choose("table = 3")
    assert (form.arguments.call, form.missing) == ("single", ())
    form.arguments.call_choice.choose("args")
    form.arguments.changed.emit()
    assert "so no shared value can have that name." in form.missing[0]
    form.arguments.call_choice.choose("single")
    form.arguments.changed.emit()
    assert form.missing == ()


def test_shared_values_and_picked_files_are_of_one_text_and_of_its_document(
    form: JobForm, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "one.py"
    path.write_text(SHARING)
    one = replace(state_of(SHARING), text=1, path=str(path))
    form.set_environment(one)
    told: list[object] = []
    form.files_changed.connect(told.append)
    form.arguments.set_source(ArgumentSource("expression", "range(2)"))
    form.options.form.shared.choose("table = load()")
    form.set_files(("data/*.csv",))
    document = form.document(path)
    assert (document.shared, document.files) == ((("table", "load()"),), ("data/*.csv",))
    form.set_environment(replace(state_of(PI), text=2))
    assert (form.shared, form.document(path).files, form.options.options.shared) == ((), (), "")
    form.set_environment(one)
    assert (form.shared, form.document(path).files) == (document.shared, document.files)
    assert form.filled_in[0].files == ("data/*.csv",)
    form.set_environment(replace(state_of(PI), text=3))
    form.show_document(document, wait=False)
    assert (form.shared, form.document(path).files) == (document.shared, document.files)
    assert told == [("data/*.csv",), (), ("data/*.csv",), (), ("data/*.csv",)]


def test_files_are_picked_beside_an_environment_that_has_a_file(form: JobForm, qtbot: QtBot) -> None:
    fill(form, qtbot)
    form.set_files(("a.csv",))
    assert form.missing == ("Save the environment: the files that travel along lie beside it.",)
    form.set_environment(replace(state_of(PI), path="/somewhere/pi.py"))
    assert form.missing == ()
    assert form.request is not None
    assert form.request.files == ("a.csv",)
