"""What the tests of the environment editor share: a panel with all that works beside it, with its actions and keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.editor.editor_actions import connect_editor
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.recovery import Recovery
from mcgui.console.form.job_form import JobForm
from mcgui.theme import Theme
from tests.gui.panels import Answers, look
from tests.leaks import destroy_closed_windows

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
#: Milliseconds that what is done beside the window may take on a machine that does much else.
PATIENCE = 30_000


@contextmanager
def open_panel(
    qtbot: QtBot, theme: Theme, answers: Answers | None = None, kept: Path | None = None
) -> Iterator[EnvironmentPanel]:
    """The panel in a window, with the actions of the menu Edit; `kept` is the folder that its session is kept in."""
    background = Background()
    panel = EnvironmentPanel(theme, answers or Answers(), background)
    actions = ActionRegistry(theme, panel)
    form = JobForm(theme, background, look, lambda: None, parent=panel)
    form.hide()
    connect_editor(actions, panel, form)
    panel.environment_changed.connect(form.set_environment)
    panel.resize(520, 480)
    if kept is not None:
        panel.keep(Recovery(kept, panel))
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    panel.editor.setFocus()
    try:
        yield panel
    finally:
        panel.end()
        background.close()
        panel.close()
        panel.deleteLater()
        destroy_closed_windows()


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the keyboard is."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget), "something has the focus"
    qtbot.keyClick(widget, key, modifier)


def type_in(qtbot: QtBot, text: str) -> None:
    """Type wherever the keyboard is."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget), "something has the focus"
    qtbot.keyClicks(widget, text)
