"""A small plot of tasks a second, painted by hand: a few hundred points need no plotting library in a tray app."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAccessible, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.format import duration, rate
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, faded
from mcgui.worker.session.throughput_history import BUCKET, BUCKETS, Rates

#: Buckets that the plot spans at first. It grows with what there is to show, up to all that is kept.
_FIRST_SPAN: Final = 30
_EMPTY: Final = "Tasks a second will be drawn here"


class ThroughputPlot(QWidget):
    """The last minutes, now on the right; failed tasks stand out as bars at the bottom."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rates: tuple[Rates, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(52 + 2 * self.fontMetrics().height())
        self.setMaximumHeight(220)
        give_role(self, QAccessible.Role.Chart)
        self.setAccessibleName("Throughput")
        self.setAccessibleDescription(_EMPTY)
        theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(360, self.minimumHeight())

    @property
    def rates(self) -> tuple[Rates, ...]:
        return self._rates

    def show_rates(self, rates: tuple[Rates, ...]) -> None:
        """Draw these; the last one is the newest."""
        self._rates = rates
        self.setAccessibleDescription(self._summary())
        self.update()

    def _summary(self) -> str:
        if not self._has_something():
            return _EMPTY
        now, peak = self._rates[-1].done, max(one.done for one in self._rates)
        span = duration(len(self._rates) * BUCKET)
        return f"{rate(now)} tasks a second now, {rate(peak)} at most in the last {span}"

    def _has_something(self) -> bool:
        return any(one.done or one.failed for one in self._rates)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._small_font())
        if not self._has_something():
            painter.setPen(self._theme.colours.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _EMPTY)
            return
        text = painter.fontMetrics().height()
        area = QRectF(0, text + 2, self.width(), self.height() - 2 * text - 6)
        top = nice_top(max(one.done for one in self._rates))
        self._paint_words(painter, area, top)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_done(painter, area, top)
        self._paint_failed(painter, area)

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() - 1, 6))
        return font

    def _paint_words(self, painter: QPainter, area: QRectF, top: float) -> None:
        colours = self._theme.colours
        painter.setPen(QPen(colours.border, 1))
        painter.drawLine(area.topLeft(), area.topRight())
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(colours.muted)
        text = painter.fontMetrics().height()
        above = QRectF(0, 0, area.width(), text)
        below = QRectF(0, area.bottom() + 4, area.width(), text)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        painter.drawText(above, left, f"{rate(top, short=True)} tasks/s")
        painter.drawText(above, right, f"now {rate(self._rates[-1].done, short=True)}")
        painter.drawText(below, left, f"{duration(self._span * BUCKET)} ago")
        painter.drawText(below, right, "now")

    def _paint_done(self, painter: QPainter, area: QRectF, top: float) -> None:
        points = [
            QPointF(self._x(place, area), area.bottom() - one.done / top * area.height())
            for place, one in enumerate(self._rates)
        ]
        if len(points) == 1:  # of one point, nothing would be drawn
            points.insert(0, QPointF(points[0].x() - area.width() / (self._span - 1), area.bottom()))
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        below = QPainterPath(line)
        below.lineTo(points[-1].x(), area.bottom())
        below.lineTo(points[0].x(), area.bottom())
        below.closeSubpath()
        accent = self._theme.colours.accent
        painter.fillPath(below, faded(accent, 0.30))
        painter.setPen(QPen(accent, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(line)

    def _paint_failed(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colours.bad)
        for place, one in enumerate(self._rates):
            if one.failed:
                painter.drawRect(QRectF(self._x(place, area) - 1, area.bottom() - 8, 2.5, 8))

    def _x(self, place: int, area: QRectF) -> float:
        """Where a bucket is drawn: the newest at the right end, whatever their number."""
        return area.right() - (len(self._rates) - 1 - place) * area.width() / (self._span - 1)

    @property
    def _span(self) -> int:
        return min(max(len(self._rates), _FIRST_SPAN), BUCKETS)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


def nice_top(peak: float) -> float:
    """A round number at or above `peak` for the top of the plot: 1, 1.5, 2, 3, 5 or 7.5 times a power of ten."""
    if peak <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(peak))
    return next(step * power for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0) if step * power >= peak * 0.999999)
