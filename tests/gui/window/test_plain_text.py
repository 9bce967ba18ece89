"""Names, errors and values of others are text, whatever they look like: in every label, tip, table and message box."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.master.master_startup import Wish
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme
from tests.gui.consoles import Opened, console
from tests.support import worker

NASTY = "<b>x</b><img src='https://example.org/seen'>"
SOURCE = f'''def f(x):
    """{NASTY}"""
    if x == 1:
        raise ValueError({NASTY!r})
    return {{{NASTY!r}: {NASTY!r}}}
'''


def taken_for_html(tip: str | None) -> bool:
    """Whether a tool tip would show a tag as something else: any, but for one in which all tags are written out."""
    return bool(tip) and "<" in tip and (not tip.startswith("<p style=") or tip.count("<") > 2)


def found_in(window: QWidget) -> list[str]:
    """What of a window, in sight or not, would show text of others as HTML."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        widget.ensurePolished()
        if taken_for_html(widget.toolTip()):
            found.append(f"tip of {widget!r}: {widget.toolTip()}")
        plain = not isinstance(widget, QLabel) or widget.textFormat() == Qt.TextFormat.PlainText
        if not plain and not widget.property("html"):
            found.append(f"a label: {widget!r}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for row in range(min(model.rowCount(), 10)):
                for column in range(model.columnCount()):
                    tip = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
                    if isinstance(tip, str) and taken_for_html(tip):
                        found.append(f"tip in {widget.accessibleName()}: {tip}")
    return found


def fill(opened: Opened, folder: Path) -> None:
    """Names of others everywhere: of a file, a function's description, a job, a worker, results and errors."""
    path = folder / "<b>x<b>.py"
    path.write_text(SOURCE)
    parts = opened.window.parts
    parts.documents.open_path(path)
    opened.write(SOURCE, f"[0, 1, {NASTY!r}]", "f")
    parts.form.options.set_options(parts.form.options.options)
    opened.run()
    opened.settle()


def test_nothing_in_the_window_takes_text_of_others_for_html(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    wish = Wish(port=0, journal=tmp_path / "console.journal", worker=False)
    with (
        console(qtbot, theme, tmp_path / "settings", wish) as opened,
        worker(opened.session.cluster.worker_link, name=NASTY),
    ):
        fill(opened, tmp_path)
        assert "\n".join(found_in(opened.window)) == ""


def test_what_looks_like_html_is_found(qtbot: QtBot, theme: Theme) -> None:
    """So that the other test shows something."""
    window = QWidget()
    qtbot.addWidget(window)
    window.setToolTip(NASTY)
    assert found_in(window) == [f"tip of {window!r}: {NASTY}"]
    window.setToolTip(plain_tip(NASTY))
    assert found_in(window) == []


def test_labels_and_message_boxes_are_plain_in_both_programs(qtbot: QtBot, theme: Theme) -> None:
    """By the style sheet that both have."""
    box = QMessageBox(QMessageBox.Icon.Question, "Title", NASTY)
    box.setInformativeText(NASTY)
    label = QLabel(NASTY)
    for widget in (box, label):
        qtbot.addWidget(widget)
        widget.show()
    shown = [label, *(one for one in box.findChildren(QLabel) if one.text() == NASTY)]
    assert len(shown) == 3
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in shown)
