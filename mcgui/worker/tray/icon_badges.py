"""What stands on the plate of a paused worker: the sign of a pause, or of the limit that asks for it.

pause, console  two bars
snooze          a crescent
mains           a battery
schedule        a clock
idle, in use    somebody's head and shoulders
programs, watching    a window
memory, load    a chip

All are drawn in the square of state_icon.py, 16 by 16, so that they can be told apart at that size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen


def paint_badge(painter: QPainter, limit: str, mark: QColor, plate: QColor) -> None:
    """The mark of a limit in the colour `mark`, on a plate of this colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mark)
    _MARKS.get(limit, _bars)(painter, plate)


def _bars(painter: QPainter, _plate: QColor) -> None:
    painter.drawRect(QRectF(5, 4.5, 2, 7))
    painter.drawRect(QRectF(9, 4.5, 2, 7))


def _crescent(painter: QPainter, _plate: QColor) -> None:
    whole, bite = QPainterPath(), QPainterPath()
    whole.addEllipse(QPointF(8, 8), 4.4, 4.4)
    bite.addEllipse(QPointF(10, 6.6), 3.8, 3.8)
    painter.drawPath(whole.subtracted(bite))


def _battery(painter: QPainter, plate: QColor) -> None:
    painter.drawRect(QRectF(3.5, 5.5, 8, 5))
    painter.drawRect(QRectF(11.5, 7, 1.3, 2))
    painter.setBrush(plate)
    painter.drawRect(QRectF(7, 6.5, 3.5, 3))  # the part that is empty


def _clock(painter: QPainter, plate: QColor) -> None:
    painter.drawEllipse(QPointF(8, 8), 4.6, 4.6)
    painter.setPen(QPen(plate, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QLineF(8, 8, 8, 5.2))
    painter.drawLine(QLineF(8, 8, 10.2, 8))


def _person(painter: QPainter, _plate: QColor) -> None:
    painter.drawEllipse(QPointF(8, 5.7), 2.2, 2.2)
    shoulders = QPainterPath(QPointF(3.8, 12.5))
    shoulders.cubicTo(QPointF(4, 7.6), QPointF(12, 7.6), QPointF(12.2, 12.5))
    shoulders.closeSubpath()
    painter.drawPath(shoulders)


def _window(painter: QPainter, plate: QColor) -> None:
    painter.drawRect(QRectF(3.5, 4, 9, 8))
    painter.setBrush(plate)
    painter.drawRect(QRectF(4.7, 6.6, 6.6, 4.2))


def _chip(painter: QPainter, plate: QColor) -> None:
    painter.drawRect(QRectF(5, 5, 6, 6))
    for place in (5.4, 7.5, 9.6):
        painter.drawRect(QRectF(place, 3, 1, 10))
        painter.drawRect(QRectF(3, place, 10, 1))
    painter.setBrush(plate)
    painter.drawRect(QRectF(6.8, 6.8, 2.4, 2.4))


_MARKS: Final[dict[str, Callable[[QPainter, QColor], None]]] = {
    "snooze": _crescent,
    "mains": _battery,
    "schedule": _clock,
    "idle": _person,
    "in use": _person,
    "programs": _window,
    "memory": _chip,
    "watching": _window,
    "load": _chip,
    "free memory": _chip,
    "disk": _chip,
    "users": _person,
}
