"""The icon of each state: told apart by shape as much as by colour, at 16 pixels and on a tray of any colour.

off         a hollow plate with a bar through it
connecting  a hollow plate with three dots
idle        a hollow plate with one dot
working     a full plate with an arrowhead
paused      a full plate with two bars, or with the sign of the limit that asks for it (icon_badges.py)
draining    a full plate with an arrow down to a line
trouble     a triangle with an exclamation mark
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from mcgui.colours import Colours
from mcgui.worker.state import Kind
from mcgui.worker.tray.icon_badges import paint_badge

#: Pixels; a tray asks for 16 to 24, a window switcher for more.
_SIZES: Final = (16, 18, 20, 22, 24, 32, 40, 48, 64, 128)
#: Side of the square that everything is drawn in; the painter is scaled to the picture.
_SIDE: Final = 16.0


def state_colour(kind: Kind, colours: Colours) -> QColor:
    """The colour that goes with a state."""
    return {
        "off": colours.idle,
        "connecting": colours.accent,
        "idle": colours.good,
        "working": colours.good,
        "paused": colours.warn,
        "draining": colours.accent,
        "trouble": colours.bad,
    }[kind]


def state_icon(kind: Kind, colours: Colours, limit: str = "") -> QIcon:
    """The icon of a state in every size that is asked for; of a pause with the sign of the limit that asks for it.

    The same one each time: Qt keeps what it has scaled of each icon that there ever was, up to 10 MB.
    """
    return _icon(kind, state_colour(kind, colours).rgba(), colours.panel.rgba(), limit)


@lru_cache(maxsize=64)  # there are some fifteen, and a theme has a set of its own
def _icon(kind: Kind, colour: int, inside: int, limit: str) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(kind, QColor.fromRgba(colour), QColor.fromRgba(inside), size, limit))
    return made


def state_pixmap(kind: Kind, colours: Colours, size: int, ratio: float = 1.0, limit: str = "") -> QPixmap:
    """The icon of a state as one picture of `size` logical pixels on a screen of this device pixel ratio: the same one
    each time, as above."""
    return _picture(kind, state_colour(kind, colours).rgba(), colours.panel.rgba(), size, ratio, limit)


@lru_cache(maxsize=64)
def _picture(kind: Kind, colour: int, inside: int, size: int, ratio: float, limit: str) -> QPixmap:
    made = _pixmap(kind, QColor.fromRgba(colour), QColor.fromRgba(inside), round(size * ratio), limit)
    made.setDevicePixelRatio(ratio)
    return made


def _pixmap(kind: Kind, colour: QColor, inside: QColor, size: int, limit: str) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / _SIDE, size / _SIDE)
    # A hollow plate is filled too, with the colour of a panel: a tray's own colour is not known.
    if kind == "paused":
        _full(painter, colour, inside)
        paint_badge(painter, limit, inside, colour)
    else:
        _PAINT[kind](painter, colour, inside)
    painter.end()
    return made


def _hollow(painter: QPainter, colour: QColor, inside: QColor) -> None:
    painter.setPen(QPen(colour, 2))
    painter.setBrush(inside)
    painter.drawRoundedRect(QRectF(2, 2, 12, 12), 3, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)


def _full(painter: QPainter, colour: QColor, mark: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(1, 1, 14, 14), 4, 4)
    painter.setBrush(mark)


def _paint_off(painter: QPainter, colour: QColor, inside: QColor) -> None:
    _hollow(painter, colour, inside)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QLineF(5, 8, 11, 8))


def _paint_connecting(painter: QPainter, colour: QColor, inside: QColor) -> None:
    _hollow(painter, colour, inside)
    for x in (5.0, 8.0, 11.0):
        painter.drawEllipse(QPointF(x, 8), 1.1, 1.1)


def _paint_idle(painter: QPainter, colour: QColor, inside: QColor) -> None:
    _hollow(painter, colour, inside)
    painter.drawEllipse(QPointF(8, 8), 2.5, 2.5)


def _paint_working(painter: QPainter, colour: QColor, inside: QColor) -> None:
    _full(painter, colour, inside)
    painter.setPen(QPen(inside, 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolygon(QPolygonF([QPointF(6, 4.5), QPointF(11.5, 8), QPointF(6, 11.5)]))


def _paint_draining(painter: QPainter, colour: QColor, inside: QColor) -> None:
    _full(painter, colour, inside)
    painter.drawRect(QRectF(7, 3.5, 2, 3.5))
    painter.drawPolygon(QPolygonF([QPointF(4.5, 6.5), QPointF(11.5, 6.5), QPointF(8, 10)]))
    painter.drawRect(QRectF(4.5, 11, 7, 1.6))


def _paint_trouble(painter: QPainter, colour: QColor, inside: QColor) -> None:
    triangle = QPainterPath(QPointF(8, 2))
    for corner in (QPointF(14.5, 13.5), QPointF(1.5, 13.5)):
        triangle.lineTo(corner)
    triangle.closeSubpath()
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour)
    painter.drawPath(triangle)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inside)
    painter.drawRect(QRectF(7, 5, 2, 5))
    painter.drawRect(QRectF(7, 11, 2, 2))


_PAINT: Final[dict[Kind, Callable[[QPainter, QColor, QColor], None]]] = {
    "off": _paint_off,
    "connecting": _paint_connecting,
    "idle": _paint_idle,
    "working": _paint_working,
    "draining": _paint_draining,
    "trouble": _paint_trouble,
}
