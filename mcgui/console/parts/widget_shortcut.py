"""Keys that mean something in one widget alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def widget_key(
    keys: QKeySequence | QKeySequence.StandardKey | str, widget: QWidget, act: Callable[[], object]
) -> QShortcut:
    """Have `act` called for these keys while `widget` has the focus, and only then."""
    # Not as an argument of the constructor: PySide 6.11 drops it there, and the keys are the whole window's, where two
    # of them are ambiguous, and do nothing.
    shortcut = QShortcut(QKeySequence(keys), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
    shortcut.activated.connect(act)
    return shortcut
