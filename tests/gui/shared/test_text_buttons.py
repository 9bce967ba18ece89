"""Buttons that read as text."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mcgui.fold_button import FoldButton
from mcgui.theme import Theme

LONG = "Options: “throws”, 2 retries, 9 s a task, 2.0 GB a process, priority 3, shared G"


def test_what_is_too_long_for_a_line_has_more_of_them_up_to_three(qtbot: QtBot, theme: Theme) -> None:
    button = FoldButton(LONG, "Options", theme, wraps=True)
    qtbot.addWidget(button)
    whole = button.sizeHint().width()
    assert button.lines(whole) == (LONG,)
    assert len(button.lines(whole // 2)) > 1
    assert " ".join(button.lines(whole // 2)) == LONG
    assert button.heightForWidth(whole // 2) > button.heightForWidth(whole)
    assert len(button.lines(whole // 6)) == 3
    assert button.lines(whole // 6)[-1].endswith("…")


def test_or_shorter_words(qtbot: QtBot, theme: Theme) -> None:
    button = FoldButton("Travels with this job: 1 file", "What travels", theme)
    button.short = "Travels: 1 file"
    qtbot.addWidget(button)
    assert button.lines(button.sizeHint().width()) == ("Travels with this job: 1 file",)
    assert button.lines(button.sizeHint().width() - 9) == ("Travels: 1 file",)
