"""The environment panel: its file, its changes, and the first problem in it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.analysis.problem import Problem
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.files.file_dialogs import Answer, FileDialogs
from mcgui.console.parts.panel_notice import Notice
from mcgui.theme import Theme
from tests.gui.editors import CONTROL, PATIENCE, open_panel, press, type_in
from tests.gui.panels import PI, Answers
from tests.gui.quiet import settle


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot, answers: Answers) -> EnvironmentPanel:
    made = EnvironmentPanel(theme, answers)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def pi_file(tmp_path: Path) -> Path:
    path = tmp_path / "pi.py"
    path.write_text(PI, encoding="utf-8")
    return path


def status(panel: EnvironmentPanel) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.property("link"))


def shown_name(panel: EnvironmentPanel) -> str:
    return panel._name.whole


def names(state: EnvironmentState) -> list[str]:
    assert state.environment is not None
    return [one.name for one in state.environment.functions if one.kind != "import"]


def test_what_an_empty_editor_says_is_read_in_three_short_lines(panel: EnvironmentPanel) -> None:
    """As many as are in sight in a window of 1280 x 680 pixels whose text has twice its size: 26 letters wide."""
    assert len(textwrap.wrap(panel.editor.placeholderText(), 24)) <= 3


def test_functions_are_found_as_they_are_typed(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.environment_changed) as told:
        qtbot.keyClicks(panel.editor, "def f(x): return x")
    assert names(told.args[0]) == ["f"]
    assert status(panel).text() == "no problems"


def test_a_pause_in_typing_is_awaited_before_the_source_is_looked_through(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    told: list[EnvironmentState] = []
    panel.environment_changed.connect(told.append)
    for piece in ("def f(x)", ": return", " x"):
        qtbot.keyClicks(panel.editor, piece)
        QApplication.processEvents()
        assert told == []
    settle(panel)
    assert len(told) == 1


def test_who_asks_before_the_pause_gets_what_is_there_now(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "g = lambda x: x")
    assert names(panel.state) == ["g"]


def test_the_first_problem_is_named_with_its_line_and_marked(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "x = 1\ry = (")
    qtbot.waitUntil(lambda: panel.editor.problems.problems != ())
    assert panel.editor.problems.by_line() == {2: "error"}
    assert status(panel).text() == "line 2: '(' was never closed"
    assert panel.state.environment is None


def test_a_click_on_the_problem_goes_there(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.set_source("x = (\n" + "\n" * 200)
    panel.editor.go_to(150)
    qtbot.mouseClick(status(panel), Qt.MouseButton.LeftButton)
    assert panel.editor.textCursor().blockNumber() == 0
    qtbot.waitUntil(panel.editor.hasFocus)


def write(panel: EnvironmentPanel, source: str) -> None:
    """Have this in place of the text, as who selects all and types."""
    panel.editor.selectAll()
    panel.editor.insertPlainText(source)
    panel.look_through()
    layout = panel.layout()
    assert layout is not None
    layout.activate()


def test_whatever_the_head_says_the_panel_can_be_as_narrow_as_before(panel: EnvironmentPanel) -> None:
    narrowest = {panel.minimumSizeHint().width()}
    said = set()
    for source in ("#", "", "x = 1", "x = (", "def square(x):\nclass Square:", "from __future__ import long_name"):
        write(panel, source)
        said.add(status(panel).text())
        narrowest.add(panel.minimumSizeHint().width())
    assert len(said) == 5
    assert len(narrowest) == 1


def test_a_message_that_is_too_long_for_the_head_has_lines_below_it_and_is_whole_in_its_tip(
    panel: EnvironmentPanel, qtbot: QtBot
) -> None:
    panel.resize(panel.minimumSizeHint().width() + 60, 300)
    name = "a_name_of_the_length_of_the_head"
    panel.editor.set_problems((Problem(1, f"undefined name '{name}' & more"), Problem(1, "undefined name 'b'")))
    panel.tabs.current.marked.emit()
    button, whole = status(panel), f"line 1: undefined name '{name}' & more (+1)"
    qtbot.waitUntil(
        lambda: panel.body.indexOf(button) == 0 and button.height() >= button.heightForWidth(button.width())
    )
    lines = button.lines(button.width())
    assert len(lines) > 1
    assert " ".join(lines).replace("&&", "&") == whole
    assert button.accessibleName() == whole
    panel.editor.set_problems((Problem(1, f"undefined name '{name}' " * 9), Problem(1, "undefined name 'b'")))
    panel.tabs.current.marked.emit()
    assert button.lines(button.width())[-1].endswith("… (+1)")
    assert button.toolTip().splitlines()[0] == button.accessibleName()
    write(panel, "x = (")
    assert panel.body.indexOf(button) == 0  # it stays, while somebody types
    panel.resize(900, 300)
    panel.tabs.current.settle()
    qtbot.waitUntil(lambda: panel.header.indexOf(button) > 0)


def test_an_emptied_editor_has_no_problem_any_more(theme: Theme, qtbot: QtBot) -> None:
    with open_panel(qtbot, theme) as panel:
        qtbot.waitUntil(panel.editor.hasFocus)
        type_in(qtbot, "def square(x):")
        qtbot.waitUntil(lambda: "expected an indented block" in status(panel).text(), timeout=PATIENCE)
        press(qtbot, Qt.Key.Key_A, CONTROL)
        press(qtbot, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: panel.tabs.current.known.source == "")
        assert panel.editor.problems.problems == ()
        assert status(panel).text() == ""
        assert not status(panel).isVisible()


def test_the_seed_s_example_without_its_closing_quote_names_the_line(panel: EnvironmentPanel) -> None:
    panel.set_source('def f(n):\n    assert False, "unreachabl\n')
    assert status(panel).text() == "line 2: unterminated string literal"


def test_source_is_never_run_by_looking_at_it(panel: EnvironmentPanel, tmp_path: Path) -> None:
    panel.set_source(f"open({str(tmp_path / 'trace')!r}, 'w')\nraise SystemExit\n")
    settle(panel)
    assert panel.state.problem is None
    assert not (tmp_path / "trace").exists()


def test_a_file_is_opened_by_the_dialog(panel: EnvironmentPanel, answers: Answers, pi_file: Path, qtbot: QtBot) -> None:
    answers.path = pi_file
    with qtbot.waitSignals([panel.file_changed, panel.settled, panel.environment_changed]):
        assert panel.open()
    assert panel.source == PI
    assert (panel.path, panel.filename, panel.modified) == (pi_file, str(pi_file), False)
    assert shown_name(panel) == "pi.py"
    assert names(panel.state) == ["throw", "estimate"]
    assert panel.state.filename == str(pi_file)


def test_an_opened_file_cannot_be_undone_into_the_one_before(panel: EnvironmentPanel, pi_file: Path) -> None:
    panel.set_source("old = 1")
    panel.open_path(pi_file)
    panel.editor.undo()
    assert panel.source == PI


def test_changes_are_marked_and_saved(panel: EnvironmentPanel, pi_file: Path, qtbot: QtBot) -> None:
    panel.open_path(pi_file)
    with qtbot.waitSignal(panel.modified_changed, check_params_cb=lambda modified: modified):
        qtbot.keyClicks(panel.editor, "#")
    assert shown_name(panel) == "pi.py  •"
    with qtbot.waitSignal(panel.modified_changed, check_params_cb=lambda modified: not modified):
        assert panel.save()
    assert pi_file.read_text(encoding="utf-8") == "#" + PI
    assert shown_name(panel) == "pi.py"


def test_what_has_no_file_yet_is_saved_under_the_name_that_is_chosen(
    panel: EnvironmentPanel, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.editor, "f = abs")
    answers.path = tmp_path / "new.py"
    with qtbot.waitSignal(panel.file_changed):
        assert panel.save()
    assert answers.path.read_text(encoding="utf-8") == "f = abs"
    assert panel.path == answers.path
    assert Path(panel.state.filename).name == "new.py"


def test_a_save_that_the_user_calls_off_saves_nothing(panel: EnvironmentPanel, answers: Answers, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "x")
    assert not panel.save()
    assert answers.asked == ["save environment.py"]
    assert panel.modified


@pytest.mark.parametrize(
    ("answer", "lost", "on_disk"), [("save", True, "#" + PI), ("discard", True, PI), ("cancel", False, PI)]
)
def test_changes_are_not_lost_without_asking(
    panel: EnvironmentPanel, answers: Answers, pi_file: Path, qtbot: QtBot, answer: Answer, lost: bool, on_disk: str
) -> None:
    panel.open_path(pi_file)
    qtbot.keyClicks(panel.editor, "#")
    answers.changes = answer
    assert panel.may_lose_changes() is lost
    assert answers.asked == ["changes of pi.py"]
    assert pi_file.read_text(encoding="utf-8") == on_disk


def test_what_is_saved_is_not_asked_about(panel: EnvironmentPanel, answers: Answers, pi_file: Path) -> None:
    panel.open_path(pi_file)
    assert panel.may_lose_changes()
    assert answers.asked == []


@pytest.mark.parametrize("content", [None, b"\x89PNG\r\n"])
def test_a_file_that_cannot_be_opened_is_told_in_the_panel_and_changes_nothing(
    panel: EnvironmentPanel, pi_file: Path, tmp_path: Path, content: bytes | None
) -> None:
    panel.open_path(pi_file)
    bad = tmp_path / "bad.py"
    if content is not None:
        bad.write_bytes(content)
    assert not panel.open_path(bad)
    assert "bad.py" in panel.notice.text
    assert panel.notice.isVisible()
    assert (panel.path, panel.source) == (pi_file, PI)
    panel.open_path(pi_file)
    assert not panel.notice.isVisible()


def test_a_file_that_cannot_be_written_is_told_and_the_changes_stay(
    panel: EnvironmentPanel, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.editor, "x = 1")
    answers.path = tmp_path / "missing" / "pi.py"
    assert not panel.save()
    assert "was not saved" in panel.tabs.current.notice.text
    assert panel.modified


def test_changes_of_another_program_are_overwritten_only_by_a_second_save(
    panel: EnvironmentPanel, pi_file: Path, qtbot: QtBot
) -> None:
    panel.open_path(pi_file)
    qtbot.keyClicks(panel.editor, "#")
    pi_file.write_text("theirs = 1\n", encoding="utf-8")
    assert not panel.save()
    assert "another program" in panel.tabs.current.notice.text
    assert pi_file.read_text(encoding="utf-8") == "theirs = 1\n"
    assert panel.save()
    assert pi_file.read_text(encoding="utf-8") == "#" + PI


def test_a_dropped_file_is_opened(panel: EnvironmentPanel, pi_file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pi_file))])
    panel.editor.insertFromMimeData(data)
    assert panel.path == pi_file


@pytest.mark.parametrize("name", ["pi.mcjob", "PI.MCJOB"])
def test_a_dropped_job_document_is_told_and_not_opened_as_source(
    panel: EnvironmentPanel, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    with qtbot.waitSignal(panel.job_dropped) as told:
        panel.editor.insertFromMimeData(data)
    assert told.args == [tmp_path / name]
    assert panel.notice.text == ""


def test_another_text_is_told_from_an_edited_one(panel: EnvironmentPanel, pi_file: Path, qtbot: QtBot) -> None:
    panel.open_path(pi_file)
    opened = panel.state.text
    qtbot.keyClicks(panel.editor, "#")
    assert panel.state.text == opened
    panel.open_path(pi_file)  # the user keeps the changes
    assert panel.state.text == opened
    panel.set_source("x = 1")
    assert panel.state.text != opened


def test_leaving_the_editor_settles_what_it_holds(panel: EnvironmentPanel, qtbot: QtBot) -> None:
    panel.editor.setFocus()
    qtbot.waitUntil(panel.editor.hasFocus)
    qtbot.keyClicks(panel.editor, "f = abs")
    with qtbot.waitSignals([panel.environment_changed, panel.settled]):
        panel.editor.clearFocus()


def test_a_message_goes_away_by_its_button(theme: Theme, qtbot: QtBot) -> None:
    notice = Notice(theme)
    qtbot.addWidget(notice)
    notice.say("There is no file pi.py.")
    assert notice.isVisible()
    assert notice.accessibleName() == "There is no file pi.py."
    qtbot.mouseClick(notice._close, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()
    assert notice.text == ""


@pytest.mark.parametrize(
    ("button", "answer"),
    [
        (QMessageBox.StandardButton.Save, "save"),
        (QMessageBox.StandardButton.Discard, "discard"),
        (QMessageBox.StandardButton.Cancel, "cancel"),
    ],
)
def test_the_real_question_about_changes_has_three_answers(
    qtbot: QtBot, button: QMessageBox.StandardButton, answer: Answer
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert "pi.py has changes that are not saved" in box.text()
        box.button(button).click()

    QTimer.singleShot(0, press)
    assert FileDialogs().about_changes(parent, "pi.py") == answer


def test_another_text_has_none_of_the_problems_of_the_one_before(theme: Theme, qtbot: QtBot) -> None:
    with open_panel(qtbot, theme) as panel:
        panel.set_source("def f(x):\n    return undefined_name(x)\n")
        qtbot.waitUntil(lambda: panel._status.text().startswith("line 2"), timeout=PATIENCE)
        panel.set_source("def f(x):\n    return x\n")
        assert (panel.editor.problems.problems, panel._status.text()) == ((), "no problems")
        assert panel.header.indexOf(panel._status) >= 0, "it stands where a long problem stood"
        panel.editor.setPlainText("def f(x):\n    return x + 1\n")
        panel.editor.document().setModified(True)
        assert shown_name(panel) == "not saved yet"
