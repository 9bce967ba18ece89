"""Measures that go with the size of the text, for who needs it large."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFontMetrics, QGuiApplication

#: Pixels of the height of a line of text for which all measures in the program are given.
_USUAL: Final = 16


def scaled(pixels: int) -> int:
    """So many pixels where text has its usual size, and more in step with larger text."""
    return round(pixels * _share())


def unscaled(pixels: int) -> int:
    """What `scaled` makes so many pixels of: for what is remembered until text has another size."""
    return round(pixels / _share())


def _share() -> float:
    return max(1.0, QFontMetrics(QGuiApplication.font()).height() / _USUAL)
