"""A label for sentences that come from elsewhere: as many lines as they need, and never read as markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def wrapped_label(parent: QWidget, name: str) -> QLabel:
    """A label that grows downwards only, and whose text can be selected and copied."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    # Otherwise Qt takes a width that goes with the length of the text for the least one, and the window grows.
    label.setMinimumWidth(1)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
