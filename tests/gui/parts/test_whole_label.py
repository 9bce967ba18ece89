"""Words that wrap, in a place that is too low for all that is in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.console.parts.hint_room import WholeLabel
from mcgui.console.parts.panel_notice import Notice
from mcgui.theme import Theme

LONG = "This is the environment as job 6 ran it. 12 lines differ from it as it is now."


def look() -> None:
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def notice_above_editor(qtbot: QtBot, theme: Theme) -> tuple[QWidget, Notice]:
    """A panel that is seen, and the notice in it."""
    panel = QWidget()
    qtbot.addWidget(panel)
    notice, editor = Notice(theme, panel), QPlainTextEdit(panel)
    editor.setMinimumHeight(60)
    column = QVBoxLayout(panel)
    column.addWidget(notice)
    column.addWidget(editor, 1)
    panel.show()
    return panel, notice


def words_of(notice: Notice) -> QLabel:
    (text,) = [label for label in notice.findChildren(QLabel) if label.wordWrap()]
    return text


@pytest.mark.parametrize("width", [420, 260])
def test_three_lines_of_a_notice_are_seen_where_there_is_little_room(qtbot: QtBot, theme: Theme, width: int) -> None:
    panel, notice = notice_above_editor(qtbot, theme)
    panel.resize(width, 80)
    notice.say(LONG, "info", (("Show", int),))
    look()
    text = words_of(notice)
    assert text.height() >= min(text.heightForWidth(text.width()), 3 * text.fontMetrics().lineSpacing())
    assert text.geometry().bottom() <= notice.height()


@pytest.mark.parametrize("room", [80, 300])
def test_a_notice_has_not_the_height_of_the_one_before(qtbot: QtBot, theme: Theme, room: int) -> None:
    panel, notice = notice_above_editor(qtbot, theme)
    panel.resize(260, room)
    heights = []
    for words in ("Saved.", LONG, "Saved.", LONG):
        notice.say(words, "info")
        look()
        heights.append(words_of(notice).height())
        notice.clear()
        look()
    assert heights[0] < heights[1]
    assert heights[:2] == heights[2:]


def test_words_that_are_cut_begin_with_their_first_line_and_are_whole_in_the_tip(qtbot: QtBot) -> None:
    label = WholeLabel()
    qtbot.addWidget(label)
    label.resize(120, 3 * label.fontMetrics().lineSpacing())
    label.show()
    label.say("short")
    assert label.toolTip() == ""
    label.say(f"<b> {LONG}")
    assert LONG in label.toolTip()
    assert "&lt;b&gt;" in label.toolTip()
    whole = label.grab().toImage()
    label.resize(120, 400)
    assert label.toolTip() == ""
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    seen = QRect(0, 0, 120, 2 * label.fontMetrics().lineSpacing())  # the third ends in dots
    assert label.grab().toImage().copy(seen) == whole.copy(seen)
    label.resize(120, 20)
    label.say("short")
    assert label.toolTip() == ""


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
        look()
        assert len({button.y() for button in buttons}) == lines
        assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_buttons_are_whole_where_text_grows_while_a_message_is_shown(qtbot: QtBot, theme: Theme) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    notice = Notice(theme, panel)
    column = QVBoxLayout(panel)
    column.addWidget(notice)
    panel.setFixedWidth(520)
    panel.show()
    notice.say("Delete jobs?", "warning", (("22 jobs older than a month", int), ("All", int)))
    look()
    first, second = notice.findChildren(QPushButton)
    assert first.y() == second.y()
    for button in (first, second):
        font = button.font()
        font.setPointSizeF(2.5 * font.pointSizeF())
        button.setFont(font)
    look()
    assert all(button.width() >= button.sizeHint().width() for button in (first, second))
    assert first.y() < second.y()


def bottom_of(label: QLabel) -> int:
    """The lowest row of pixels with something in it."""
    image = label.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    rows = range(image.height() - 1, -1, -1)
    return next(y for y in rows if any(image.pixel(x, y) != ground for x in range(image.width())))


@pytest.mark.parametrize("height", [24, 31, 38])
def test_no_line_is_cut_through_and_the_last_ends_in_dots(qtbot: QtBot, height: int) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.resize(160, height)
    label.setText(LONG)
    label.show()
    lines, spacing = label.shown_lines(), label.fontMetrics().lineSpacing()
    assert len(lines) == height // spacing
    assert lines[-1].endswith("…")
    assert label.text() == LONG
    assert bottom_of(label) < len(lines) * spacing


@pytest.mark.parametrize("before", ["200 tasks: ", "🙂🙂🙂 and 😀: ", "👩‍🔬 🙂\n"])
def test_a_word_that_is_wider_than_its_place_is_broken_and_not_cut(qtbot: QtBot, before: str) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setText(f"{before}'pneumonoultramicroscopicsilicovolcanoconiosis_of_the_left_lung', 'b'")
    for width in (90, 200):
        high = label.heightForWidth(width)
        assert high >= label.fontMetrics().horizontalAdvance(label.text()) // width * label.fontMetrics().lineSpacing()
        assert "".join(label.lines(width)) == label.text().replace("\n", "")
        assert all(label.fontMetrics().horizontalAdvance(line.rstrip()) <= width for line in label.lines(width))
        label.resize(width, high)
        assert bottom_of(label) > high - label.fontMetrics().lineSpacing()


def test_lines_end_with_words_also_behind_letters_of_which_qt_counts_two(qtbot: QtBot) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setText(40 * "🙂 word ")
    lines = label.lines(200)
    assert len(lines) > 3
    assert all(set(line.split()) <= {"🙂", "word"} for line in lines)


@pytest.mark.parametrize("text", [120_000 * "x", 30_000 * "abc ", 60_000 * "🙂"])
def test_of_a_text_that_is_too_long_for_any_label_the_beginning_is_laid_out_once(qtbot: QtBot, text: str) -> None:
    """One word of 120,000 letters, as the name of a column, held the window for seven seconds."""
    label = WholeLabel()
    qtbot.addWidget(label)
    label.resize(300, 60)
    label.show()
    label.say(text)
    lines = label.lines(300)
    assert sum(map(len, lines)) < 10_000
    assert label.lines(300) is lines
    label.resize(300, label.heightForWidth(300))
    assert label.shown_lines()[-1].endswith("…")
    assert label.toolTip() == label.text() == text
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    assert len(label.lines(300)) > len(lines)


@pytest.mark.parametrize(
    ("text", "height", "by_mouse"), [(LONG, 100, True), (LONG, 24, False), ("ValueError: " + 60 * "x", 100, False)]
)
def test_text_is_selected_by_the_mouse_where_it_stands_as_qt_has_it_and_else_copied_whole(
    qtbot: QtBot, text: str, height: int, by_mouse: bool
) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setText("short")
    label.resize(160, height)
    label.show()
    label.setText(text)
    before = label.grab().toImage()
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(2, height // 2))
    QTest.mouseMove(label, QPoint(100, height // 2))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(100, height // 2))
    assert label.hasSelectedText() == by_mouse
    assert (label.grab().toImage() != before) == by_mouse, "what is selected is seen"
    assert (label.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu) != by_mouse
    (copy,) = label.actions()
    copy.trigger()
    assert QApplication.clipboard().text() == text
    label.resize(2000, 100)
    assert label.textInteractionFlags() == Qt.TextInteractionFlag.TextSelectableByMouse
    assert label.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu


def test_no_line_ends_between_a_number_and_its_unit(qtbot: QtBot) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    said = "5 tried, from the first to the last: 12 µs to 3.5 s;  the whole job: 703 bytes, 40 %, about 2 min 5 s"
    label.setText(said)
    assert label.text() == said
    for width in range(60, 400, 7):
        ends = [line.rstrip() for line in label.lines(width)[:-1]]
        assert [end for end in ends if end[-1:].isdigit() and not end.endswith("5")] == [], width
    label.clear()
    assert label.text() == ""
