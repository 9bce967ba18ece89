"""Words that wrap, in a place that is too low for all that is in it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.panel_notice import Notice
from mcgui.theme import Theme


@pytest.mark.parametrize("width", [420, 260])
def test_every_line_of_a_notice_is_seen_where_there_is_little_room(qtbot: QtBot, theme: Theme, width: int) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    notice, editor = Notice(theme, panel), QPlainTextEdit(panel)
    editor.setMinimumHeight(60)
    column = QVBoxLayout(panel)
    column.addWidget(notice)
    column.addWidget(editor, 1)
    panel.show()
    panel.resize(width, 80)
    notice.say(
        "This is the environment as job 6 ran it. 12 lines differ from it as it is now.", "info", (("Show", int),)
    )
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    (text,) = [label for label in notice.findChildren(QLabel) if label.wordWrap()]
    assert text.height() >= min(text.heightForWidth(text.width()), 3 * text.fontMetrics().lineSpacing())
    assert text.geometry().bottom() <= notice.height()


def test_buttons_that_have_no_room_beside_each_other_stand_below_each_other(qtbot: QtBot, theme: Theme) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    notice = Notice(theme, panel)
    column = QVBoxLayout(panel)
    column.addWidget(notice)
    panel.show()
    notice.say("Delete jobs?", "warning", tuple((f"{count} jobs older than a month", int) for count in (1, 22, 333)))
    buttons = notice.findChildren(QPushButton)
    for width, lines in ((900, 1), (300, 3), (900, 1)):
        panel.setFixedWidth(width)
        for _ in range(3):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        assert len({button.y() for button in buttons}) == lines
        assert all(button.width() >= button.sizeHint().width() for button in buttons)
