"""The two small buttons of the console's panels, which the style sheet knows by their property; and what a button says
that has copied something."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.screen_reader import announce

#: Milliseconds for which a button says that something is copied.
_SAID: Final = 1_500
_COPIED: Final = "Copied"


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


def show_copied(button: QAbstractButton) -> None:
    """Say for a moment, in the place of what stands on the button, that it has copied: nothing else tells of that."""
    announce(button, _COPIED)
    if button.text() == _COPIED or button.property("copied"):
        return
    text, sign = button.text(), button.icon()
    if text:
        button.setText(_COPIED)
    else:
        button.setIcon(icon("check", button.palette().buttonText().color()))
    button.setProperty("copied", True)

    def as_before() -> None:
        button.setProperty("copied", False)
        button.setText(text)
        if not text:
            button.setIcon(sign)

    QTimer.singleShot(_SAID, button, as_before)
