"""The details of a try: read from top to bottom, however narrow the form is."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mcgui.console.trial.trial_details import TrialDetails
from mcgui.theme import Theme


def test_lines_that_are_too_long_go_on_below_and_have_room_for_it(qtbot: QtBot, theme: Theme) -> None:
    details = TrialDetails(theme)
    qtbot.addWidget(details)
    details.say(f"Argument: 10\n\n{'words ' * 30}\nthe last line")
    details.resize(300, 400)
    details.show()
    text = details.text
    qtbot.waitUntil(lambda: text.width() < 300 and text.verticalScrollBar().maximum() == 0)
    assert text.horizontalScrollBar().maximum() == 0
    low = text.height()
    details.resize(900, 400)
    qtbot.waitUntil(lambda: text.height() < low)


def test_of_what_is_scrolled_no_line_is_seen_in_part(qtbot: QtBot, theme: Theme) -> None:
    details = TrialDetails(theme)
    qtbot.addWidget(details)
    details.resize(400, 300)
    details.say("\n".join(map(str, range(40))))
    details.show()
    text = details.text
    block = text.firstVisibleBlock()
    line, top = text.line_height, text.blockBoundingGeometry(block).translated(text.contentOffset()).top()
    qtbot.waitUntil(lambda: 0 <= text.viewport().height() - top - 12 * line < 1)
