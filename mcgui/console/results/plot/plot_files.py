"""A plot as a file: a picture, a drawing that can be enlarged, or the numbers in it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from mcgui_core.protocol.queries import Series

#: Pixels of a picture for each on the screen.
FINER: Final = 2

PATTERNS: Final = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "csv": "CSV (*.csv)"}


def picture(plot: QGraphicsView) -> QImage:
    made = QImage(plot.size() * FINER, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(FINER)  # by which legends, points and lines grow too, which no view enlarges
    _paint(plot, made)
    made.setDevicePixelRatio(1)
    return made


def save_svg(plot: QGraphicsView, path: Path) -> None:
    """Raises OSError."""
    path.touch()
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(QSize(plot.width(), plot.height()))
    made.setViewBox(QRectF(0, 0, plot.width(), plot.height()))
    _paint(plot, made)


def _paint(plot: QGraphicsView, device: QPaintDevice) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    plot.render(painter, QRectF(0, 0, plot.width(), plot.height()))
    painter.end()


def save_numbers(series: Series, titles: Sequence[str], tasks: Sequence[Sequence[object]], path: Path) -> None:
    """A line for each task that is drawn: what it is called, and its columns. Raises OSError."""
    columns = []
    for data, words in zip(series.columns, series.words, strict=True):
        values = np.frombuffer(data).tolist()
        columns.append(["" if isnan(value) else words[int(value)] if words else repr(value) for value in values])
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles)
        for task, *values in zip(tasks, *columns, strict=True):
            writer.writerow([*task, *values])
