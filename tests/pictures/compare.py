"""How much two pictures differ, as an eye sees it: letters that a pixel's fraction apart are the same."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from tests.pictures.stage import FONT, MONOSPACE

#: Pixels of the side of the squares that are compared by their mean colour.
SQUARE: Final = 12
#: Steps of 256 by which the mean colour of a square may differ.
STEPS: Final = 20.0


def different_share(one: QImage, other: QImage) -> float:
    """The share of the squares whose colours differ, 0 to 1; 1 where the sizes do."""
    if one.size() != other.size():
        return 1.0
    first, second = _squares(one), _squares(other)
    return float((np.abs(first - second).max(axis=2) > STEPS).mean())


def _squares(image: QImage) -> np.ndarray:
    """The mean colour of each square, of those at the edge too."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = image.width(), image.height()
    data = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width, :3]
    padded = np.pad(data.astype(float), ((0, -height % SQUARE), (0, -width % SQUARE), (0, 0)), mode="edge")
    rows, columns = padded.shape[0] // SQUARE, padded.shape[1] // SQUARE
    means: np.ndarray = padded.reshape(rows, SQUARE, columns, SQUARE, 3).mean(axis=(1, 3))
    return means


def font_sample() -> QImage:
    """Text in both fonts: where this looks different, a picture of a window does for no fault of the window's."""
    image = QImage(420, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    for line, (family, bold) in enumerate(((FONT, False), (FONT, True), (MONOSPACE, False))):
        font = QFont(family, 9)
        font.setBold(bold)
        painter.setFont(font)
        painter.drawText(QRect(6, 6 + 26 * line, 408, 24), "Workers 712,003 of 1,000,000 def throw(_): gjpqy")
    painter.end()
    return image
