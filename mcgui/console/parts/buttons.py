"""The two small buttons of the console's panels, which the style sheet knows by their property."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from mcgui.scale import scaled


def icon_button(name: str, parent: QWidget, tip: str = "", size: int = 14) -> QToolButton:
    """A button that is nothing but an icon of `size` pixels, which whoever made it sets. `tip`, if it says more than
    its name."""
    button = QToolButton(parent)
    button.setProperty("flat", True)
    button.setIconSize(QSize(scaled(size), scaled(size)))
    button.setAccessibleName(name)
    button.setToolTip(tip or name)
    return button


def segment_button(text: str, tip: str, parent: QWidget) -> QPushButton:
    """One of a row of choices, which stays down."""
    button = QPushButton(text, parent)
    button.setProperty("segment", True)
    button.setCheckable(True)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    return button
