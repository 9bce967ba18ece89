"""A big slider: easy to grab, goes where it is clicked, and shows its steps."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from mcgui.theme import Theme

_RADIUS: Final = 9.0  # of the handle, pixels
_TRACK: Final = 6.0  # thickness
_MOST_STEPS: Final = 32  # more than this many would be a smear


class BigSlider(QSlider):
    """A horizontal slider, painted in the theme's colours; a click on the track moves the handle there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(200, round(2 * _RADIUS) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, round(2 * _RADIUS) + 8)

    def position_of(self, value: int) -> QPointF:
        """Where the middle of the handle is for a value, in pixels of this widget."""
        span = max(self.maximum() - self.minimum(), 1)
        share = (value - self.minimum()) / span if self.maximum() > self.minimum() else 1.0
        left, right = self._ends()
        return QPointF(left + share * (right - left), self.height() / 2)

    def _ends(self) -> tuple[float, float]:
        return _RADIUS + 1, self.width() - _RADIUS - 1

    def _value_at(self, x: float) -> int:
        left, right = self._ends()
        share = min(max((x - left) / max(right - left, 1.0), 0.0), 1.0)
        return self.minimum() + round(share * (self.maximum() - self.minimum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.setValue(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, handle = self.height() / 2, self.position_of(self.sliderPosition())
        track = QRectF(0, middle - _TRACK / 2, self.width(), _TRACK)
        painter.setBrush(colours.border)
        painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)
        painter.setBrush(colours.accent if self.isEnabled() else colours.muted)
        given = QRectF(0, track.top(), handle.x(), _TRACK)
        painter.drawRoundedRect(given, _TRACK / 2, _TRACK / 2)
        self._paint_steps(painter, handle.x())
        painter.setBrush(colours.accent if self.isEnabled() else colours.muted)
        painter.drawEllipse(handle, _RADIUS, _RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(colours.panel, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(handle, _RADIUS - 3, _RADIUS - 3)

    def _paint_steps(self, painter: QPainter, handle: float) -> None:
        if self.maximum() - self.minimum() > _MOST_STEPS:
            return
        colours = self._theme.colours
        for value in range(self.minimum() + 1, self.maximum()):
            place = self.position_of(value)
            painter.setBrush(colours.on_accent if place.x() < handle else colours.muted)
            painter.drawEllipse(place, 1.2, 1.2)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
