"""Which keys of the window a field for text would keep for itself, so that nothing happens while somebody types."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from mcgui.console.actions.action_registry import DECLARED


def taken_keys() -> list[str]:
    """Those of actions that are to work wherever the focus is, on the platform of the QApplication that there is.

    (Undo, for one, is an action of the editor's: its keys are to be the field's own where a field has the focus.)
    """
    fields: tuple[QWidget, ...] = (QLineEdit("text"), QPlainTextEdit("text"))
    window = [declared for declared in DECLARED if declared.scope == "window"]
    return [
        f"{declared.name}: {QKeySequence(declared.shortcut).toString()}, by a {type(field).__name__}"
        for declared in window
        for field in fields
        if _takes(field, QKeySequence(declared.shortcut))
    ]


def _takes(field: QWidget, keys: QKeySequence) -> bool:
    """Qt asks the widget that has the focus before it lets keys be a shortcut."""
    pressed = keys[0]
    event = QKeyEvent(QEvent.Type.ShortcutOverride, pressed.key(), pressed.keyboardModifiers())
    event.ignore()
    QApplication.sendEvent(field, event)
    return event.isAccepted()
