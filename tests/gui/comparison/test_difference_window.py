"""What differs between two texts, and between two descriptions of a job."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.comparison.compared_tasks import ComparedTasks
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.comparison.file_differences import with_texts, words_of
from mcgui.console.comparison.line_differences import MOST_LINES, changed, line_differences
from mcgui.console.comparison.spec_differences import Fact, facts_that_differ
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobSpec, ProjectFile
from mcgui_core.protocol.queries import ComparedTask, Comparison
from mcgui_core.workbench.code_difference import FileDifference

BEFORE = "import math\n\n\ndef f(x):\n    return math.sqrt(x)\n"


def test_lines_that_went_and_came_are_told_with_their_place() -> None:
    lines = line_differences(BEFORE, BEFORE.replace("math.sqrt(x)", "x ** 0.5"))
    assert [(line.kind, line.text) for line in lines if line.kind != "same"] == [
        ("place", "from line 2"),
        ("gone", "    return math.sqrt(x)"),
        ("new", "    return x ** 0.5"),
    ]
    assert changed(lines) == 2


def test_lines_that_look_like_the_head_of_a_difference_are_lines() -> None:
    lines = line_differences("++ a\n-- b\n", "-- b\n++ c\n")
    assert [(line.kind, line.text) for line in lines[1:]] == [("gone", "++ a"), ("same", "-- b"), ("new", "++ c")]


def test_texts_that_are_the_same_differ_in_nothing() -> None:
    assert line_differences(BEFORE, BEFORE) == ()


def test_texts_that_are_too_long_are_not_compared_for_minutes() -> None:
    long = "x = 1\n" * MOST_LINES
    (line,) = line_differences(long, long + "y = 2\n")
    assert "too long to be compared" in line.text


def test_options_and_arguments_that_differ_are_told_as_the_form_calls_them() -> None:
    one = JobSpec("pi", BEFORE, "f", source='[arguments]\nkind = "expression"\ntext = "range(3)"\n')
    other = JobSpec("pi", BEFORE, "g", retries=2, timeout=1.5, source="", note="not compared")
    assert facts_that_differ(one, other) == (
        Fact("Function", "f", "g"),
        Fact("Retries", "0", "2"),
        Fact("Time limit", "none", "1.5"),
        Fact("Arguments", 'kind = "expression", text = "range(3)"', "brought by a program"),
    )


def test_the_window_shows_and_copies_what_differs(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = DifferenceWindow(theme, parent)
    window.show_difference(
        "Job 3 and now", ("job 3", "now"), (BEFORE, BEFORE + "RATE = 2\n"), (Fact("Retries", "0", "2"),)
    )
    assert window.words.text() == "1 line of code differs. - is job 3, + is now."
    assert not window.results.isVisible()  # and lies over nothing
    assert "+ RATE = 2" in window.text.toPlainText()
    assert len(window.text.extraSelections()) == 2  # where it is, and the line that came
    texts = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert texts[-6:] == ["", "job 3", "now", "Retries", "0", "2"]
    # Enter, by which people end what they type in a field of it, presses nothing.
    assert [button.text() for button in window.findChildren(QPushButton) if button.isDefault()] == []
    window.copy.click()
    assert "Retries\t0\t2" in QApplication.clipboard().text()
    assert "+ RATE = 2" in QApplication.clipboard().text()
    window.show_difference("Two jobs", ("job 3", "job 4"), (BEFORE, BEFORE))
    assert window.words.text() == "The code is the same."
    assert not window.text.isVisible()


def test_files_that_travel_along_are_named_and_the_lines_of_texts_shown(qtbot: QtBot, theme: Theme) -> None:
    contents = {"1": b"a\nb\n", "2": b"a\nc\n", "3": b"\0x", "4": b"\0y"}

    def file(name: str, digest: str) -> ProjectFile:
        return ProjectFile(name, len(contents.get(digest, b"")), digest)

    differ = (
        FileDifference("old.csv", file("old.csv", "1"), None),
        FileDifference("helpers.py", file("helpers.py", "1"), file("helpers.py", "2")),
        FileDifference("table.bin", file("table.bin", "3"), file("table.bin", "4")),
        FileDifference("lost.py", file("lost.py", "1"), file("lost.py", "nowhere")),
        FileDifference("new.csv", None, file("new.csv", "1")),
    )
    assert words_of(differ).endswith("table.bin has changed, and 2 more files differ")
    found = with_texts(differ, lambda one: contents[one.sha256], lambda one: contents[one.sha256])
    parent = QWidget()
    qtbot.addWidget(parent)
    window = DifferenceWindow(theme, parent)
    window.show_difference("Job 3 and now", ("job 3", "now"), (BEFORE, BEFORE), (), found)
    assert window.words.text().startswith(
        "2 lines of code differ. Of the files that travel along, old.csv does not travel any more, "
    )
    text = window.text.toPlainText()
    assert "- b\n+ c" in text
    assert text.count("Its content differs.") == 2  # no text, and nowhere to be had
    window.show_difference("Job 3 and now", ("job 3", "now"), (BEFORE, BEFORE), (Fact("Retries", "0", "2"),))
    assert window.words.text() == "No line of the code differs; what does is below."


def test_numbers_of_two_jobs_stand_on_the_right(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    compared = ComparedTasks(theme, parent)
    rows = (
        ComparedTask("{'x': 1}", 0, 0, "1.5", "-2e+300", "differs", "-2e+300", -2e300),
        ComparedTask("{'x': 2}", 1, -1, "nan", "", "only"),
    )
    compared.show_comparison(("job 3", "job 4"), Comparison(rows, 1, 0, 1, 0))
    assert [compared.model.is_right(column) for column in range(4)] == [False, True, True, True]
    rows = (replace(rows[0], before="'a'", difference="'a' is not -2e+300", amount=None),)
    compared.show_comparison(("job 3", "job 4"), Comparison(rows, 1, 0, 0, 0))
    assert [compared.model.is_right(column) for column in range(4)] == [False, False, True, False]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert set(compared.findChildren(QAbstractItemModel)) == {compared.model, compared.proxy}  # none of before
    assert compared.view.model() is compared.proxy


def test_a_compared_row_is_shown_and_copied_whole(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    compared = ComparedTasks(theme, parent)
    long = "{'metres': 0.8716109666811128, 'height': 0.03842213252681677, 'kind': 'low'}"
    rows = (
        ComparedTask("{'x': 1}", 0, 0, long, "two\nlines\tand \u202e", "differs", "kind: 'low', 'high'"),
        ComparedTask('"it\'s"', 1, -1, "1", "", "only"),
    )
    compared.show_comparison(("job 3", "job 4"), Comparison(rows, 1, 0, 1, 0))
    whole = f"Argument\n{{'x': 1}}\n\nJob 3\n{long}\n\nJob 4\ntwo\nlines\tand \u202e\n\n"
    assert compared.whole.exact == whole + "Difference\nkind: 'low', 'high'\n"
    compared.view.choose_row(1)
    assert compared.whole.exact == 'Argument\n"it\'s"\n\nJob 3\n1\n\nDifference\nin one only\n'
    compared.view.clearSelection()
    compared.copy()
    titles, first, second, third = QApplication.clipboard().text().split("\n")
    assert titles == "Argument\tJob 3\tJob 4\tDifference"
    assert f"{first}\n{second}" == f"{{'x': 1}}\t{long}\t\"two\nlines\tand \u202e\"\tkind: 'low', 'high'"
    assert third == '"""it\'s"""\t1\t\tin one only'


def test_facts_are_copied_whole(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = DifferenceWindow(theme, parent)
    window.show_difference("t", ("job 3", "now"), (BEFORE, BEFORE), (Fact("Note", "a\u202eb", "long " * 40),))
    window.copy.click()
    assert "\tjob 3\tnow\nNote\ta\u202eb\t" + "long " * 40 in QApplication.clipboard().text()
