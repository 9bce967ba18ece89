"""Whoever does not see the window hears what is in it: each control has a name, and the Tab key reaches each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.files.examples import examples
from mcgui.console.main_window import MainWindow
from mcgui.console.master.session import Session
from mcgui.console.parts.window_message_bar import Message
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.workbench.workbench import Workbench
from tests.gui.snapshots import NOW, job, room

#: What a person acts on, or reads as a whole.
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window with everything in it, and no master."""
    background, preview = Background(), Workbench()
    session = Session(background)
    made = MainWindow(theme, Settings(tmp_path / "mcgui.ini"), background, preview, session, examples())
    qtbot.addWidget(made)
    made.show()
    made.parts.messages.say(Message("run", "Something is missing.", actions=(("Do it", lambda: None),)))
    made.parts.workers.show_nodes(room(), NOW)
    made.parts.tabs.jobs.show_jobs((job(),), NOW)
    made.show_add_workers()
    yield made
    made.end()
    session.begin_close()
    preview.close()
    background.close()
    session.close()


def described(widget: QWidget) -> str:
    chain: list[str] = []
    one: QWidget | None = widget
    while one is not None:
        chain.append(f"{type(one).__name__}({one.objectName()})")
        one = one.parentWidget()
    return " in ".join(chain)


def is_part_of_another(widget: QWidget) -> bool:
    """Qt's own parts of a control: the field in a spin box, the list of a combo box, the arrows of a tab bar."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractSpinBox | QComboBox | QTabBar | QLineEdit):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_") or type(widget).__name__ == "QTableCornerButton"


def heard(widget: QWidget) -> str:
    """What a screen reader calls it: its accessible name, its text, or the label that it is the buddy of."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip() if interface is not None else ""


def test_every_control_has_a_name(window: MainWindow) -> None:
    controls = [w for w in window.findChildren(QWidget) if isinstance(w, CONTROLS) and not is_part_of_another(w)]
    assert len(controls) > 40
    pictures = [label for label in window.findChildren(QLabel) if not label.pixmap().isNull()]
    assert pictures
    assert [described(widget) for widget in (*controls, *pictures) if not heard(widget)] == []


def test_the_tab_key_reaches_the_controls_of_every_panel(window: MainWindow) -> None:
    reached = set()
    widget: QWidget = window
    for _ in range(4000):
        widget = widget.nextInFocusChain()
        if widget is window:
            break
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
    parts = window.parts
    for panel in (parts.environment, parts.form, parts.workers, parts.plot, parts.tabs, parts.add_workers):
        assert any(panel.isAncestorOf(one) for one in reached), panel.accessibleName()


def test_the_plot_and_the_progress_have_words_for_what_they_draw(qtbot: QtBot, window: MainWindow) -> None:
    plot = window.parts.plot

    def said() -> str:
        """Once the plot has been made, beside the window."""
        plot.draw()
        return plot.canvas.accessibleDescription()

    qtbot.waitUntil(lambda: said() != "", timeout=20_000)
    window.parts.strip.show_job(job())
    assert "712,003 of 1,000,000" in window.parts.strip.accessibleDescription()


def test_each_state_of_a_node_has_a_word_and_not_only_a_colour(window: MainWindow) -> None:
    model = window.parts.workers.model
    words = {model.index(row, 1).data() for row in range(model.rowCount())}
    assert all(words)
