"""What stands in a panel while it is empty, and where the focus goes meanwhile."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.empty_state import EmptyStack, EmptyState


def test_the_focus_goes_along_with_what_is_shown_and_nowhere_else(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    content, empty = QWidget(), EmptyState("No results yet", "Run something.")
    inside, outside = QPushButton("inside", content), QPushButton("outside", window)
    panel = QWidget(window)
    stack = EmptyStack(content, empty)
    panel.setLayout(stack)
    column = QVBoxLayout(window)
    column.addWidget(panel)
    column.addWidget(outside)
    stack.show_content(True)
    window.show()
    window.activateWindow()
    inside.setFocus()
    qtbot.waitUntil(inside.hasFocus)
    went: list[QWidget | None] = []
    qapp.focusChanged.connect(lambda _old, new: went.append(new))
    stack.show_content(False)
    assert empty.hasFocus()
    stack.show_content(True)
    assert inside.hasFocus()
    assert outside not in went
    outside.setFocus()
    stack.show_content(False)
    assert outside.hasFocus(), "it is taken from nowhere else"


def test_while_it_is_seen_no_line_of_its_sentence_is_cut(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    content, empty = QWidget(), EmptyState("No results yet", "Whatever comes of a task appears here. " * 5)
    stack = EmptyStack(content, empty)
    panel = QWidget(window)
    panel.setLayout(stack)
    column = QVBoxLayout(window)
    column.addWidget(panel)
    column.addWidget(QWidget(window), 1)
    window.resize(260, 60)
    window.show()
    sentence = next(label for label in empty.findChildren(QLabel) if label.wordWrap())
    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))
    stack.show_content(True)
    qtbot.waitUntil(lambda: window.minimumSizeHint().height() < sentence.height())  # out of sight, it claims nothing
