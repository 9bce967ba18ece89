"""What differs between two texts, and between two descriptions of a job."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.comparison.line_differences import MOST_LINES, changed, line_differences
from mcgui.console.comparison.spec_differences import Fact, facts_that_differ
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobSpec

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
