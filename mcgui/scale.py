"""Measures that go with the size of the text, for who needs it large."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFontMetrics, QGuiApplication

#: Pixels of the height of a line of text for which all measures in the program are given.
_USUAL: Final = 16


def scaled(pixels: int) -> int:
    """So many pixels where text has its usual size, and more in step with larger text."""
    height = QFontMetrics(QGuiApplication.font()).height()
    return round(pixels * max(1.0, height / _USUAL))
