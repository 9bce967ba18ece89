"""What a mouse does that Qt's own tests leave half done."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def double_click(widget: QWidget, place: QPoint | None = None) -> None:
    """Also let go after the second time, which `mouseDClick` does not: the button would be held in all later tests."""
    at = widget.rect().center() if place is None else place
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(widget, left, none, at)
    QTest.mouseRelease(widget, left, none, at)
