"""Parts of the throughput plot: its axes, and the coloured bands that lie on each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from mcgui import format
from mcgui.console.parts.axis_ticks import OUT, with_room
from mcgui.plain_text import unturned
from mcgui.scale import scaled

#: Pixels that a band needs at its name for the name to be shown in it.
_ROOM = 15
#: Pixels up and down that a label of the rates needs.
_LABEL = 20
#: Points of a line that is thicker where the text is larger.
_FEW = 300
#: How far from the left, in parts of the whole, the bands' names stand.
_NAME_AT = 0.16


class TimeAxis(pg.AxisItem):
    """Seconds before now, as people say them: "30 s", "5 min", "now"."""

    def __init__(self) -> None:
        super().__init__("bottom")
        # The outermost labels stand half outside of the axis: there is a margin for them.
        self.setStyle(tickLength=4, tickTextOffset=4, hideOverlappingLabels=scaled(15))

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        span = max(high - low, 1.0)
        room = max(int(size // scaled(110)), 2)
        step = next((step for step in _STEPS if span / step <= room), _STEPS[-1])
        first = int(-low // step)
        return [(step, [-step * number for number in range(first, -1, -1) if -step * number <= high])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return ["now" if value == 0 else format.duration(-value) for value in values]


_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800)


class RateAxis(pg.AxisItem):
    """Tasks a second: "0", "500", "20k"."""

    def __init__(self) -> None:
        self._out = scaled(OUT)
        super().__init__("left")
        self.setStyle(tickLength=0, tickTextOffset=6, maxTickLevel=0)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        return with_room(super().tickValues(low, high, size), int(size // scaled(_LABEL)) + 1)

    def boundingRect(self) -> QRectF:
        found: QRectF = super().boundingRect()
        return found.adjusted(0, -self._out, 0, self._out)

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [
            format.rate(value, short=True).replace(".0k", "k").replace(".0M", "M").replace(".0", "") for value in values
        ]


class _Name(pg.TextItem):
    """Words that keep their place while the drawing has no height or width.

    Then there is no inverse of its scale. pyqtgraph takes a pseudo-inverse, with which nothing can be painted, in a way
    that numpy deprecates (from 2.5 on): where warnings are errors, this one is kept by Qt's binding and rises at the
    next call, in the painter of an axis, which makes an UnboundLocalError of it.
    """

    def updateTransform(self, force: bool = False) -> None:
        parent = self.parentItem()
        if parent is None or parent.sceneTransform().determinant():
            super().updateTransform(force)


class Band:
    """One node's part of the stack: an area from 0 up to the sum of what lies below it and itself.

    The areas are opaque and drawn from the highest down, so each covers what is below and nothing adds up by mistake.
    Lines of few points are as thick as the size of the text wants them (8 of 120 take 3 ms a frame in place of 1.6); of
    thousands, a thick one takes pyqtgraph ten times as long. Made once; afterwards only `setData`.
    """

    def __init__(self, plot: pg.PlotItem, depth: int) -> None:
        self._curve = pg.PlotCurveItem(fillLevel=0, skipFiniteCheck=True)
        self._curve.setZValue(-depth)
        self._name = _Name(anchor=(0, 0.5))
        self._name.setZValue(100)
        self._painted: tuple[QColor, QColor, int] | None = None
        self._said: tuple[str, QColor] | None = None
        plot.addItem(self._curve, ignoreBounds=True)
        plot.addItem(self._name, ignoreBounds=True)
        self.hide()

    def hide(self) -> None:
        self._curve.hide()
        self._name.hide()

    def show(self, times: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Draw from `low` to `high`; both are sums over the bands below."""
        self._curve.setData(times, high)
        self._curve.setVisible(bool(np.any(high > low)))

    def paint(self, line: QColor, fill: QColor, points: int) -> None:
        """Put these colours on a band of so many points."""
        wide = scaled(1) if points <= _FEW else 1
        if (line, fill, wide) != self._painted:
            self._painted = (line, fill, wide)
            self._curve.setPen(pg.mkPen(line, width=wide))
            self._curve.setBrush(pg.mkBrush(fill))

    def name(
        self, text: str, colour: QColor, times: np.ndarray, low: np.ndarray, high: np.ndarray, per_pixel: float
    ) -> None:
        """Write the node's name into its band, where the band is thick enough for all of it."""
        at = self._place(text, (high - low) / per_pixel) if text and per_pixel > 0 else -1
        self._name.setVisible(at >= 0)
        if at < 0:
            return
        if (text, colour) != self._said:
            self._said = (text, colour)
            self._name.setText(unturned(text), colour)
        self._name.setPos(float(times[at]), float((low[at] + high[at]) / 2))

    def _place(self, text: str, thick: np.ndarray) -> int:
        """The point at which the name begins, at the same part of the plot where that is possible; -1: nowhere.

        `thick` is the band's height at each point, in pixels.
        """
        view = self._name.getViewBox()
        width = view.width() if view is not None else 0.0
        if width <= 0:
            return -1
        needed = int(QFontMetricsF(self._name.textItem.font()).horizontalAdvance(text) / width * len(thick)) + 2
        if needed > len(thick):
            return -1
        least = np.lib.stride_tricks.sliding_window_view(thick, needed).min(axis=1)
        usual = min(int(len(thick) * _NAME_AT), len(least) - 1)
        room = scaled(_ROOM)
        place = usual if least[usual] >= room else int(least.argmax())
        return place if least[place] >= room else -1


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """The colour `share` of the way from the first to the second."""
    one, two = (first.redF(), first.greenF(), first.blueF()), (second.redF(), second.greenF(), second.blueF())
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in zip(one, two, strict=True)))


def nice_top(most: float) -> float:
    """The top of an axis that shows up to `most`: a little above it."""
    return max(most * 1.08, 4.0)


def plain(widget: Any) -> None:
    """Take from a plot what belongs to data that is explored, not watched: panning, the menu, the A button."""
    item = widget.getPlotItem()
    item.hideButtons()
    item.setMenuEnabled(False)
    item.setMouseEnabled(False, False)
    item.disableAutoRange()
    item.layout.setContentsMargins(0, scaled(6), scaled(16), 0)  # half of the outermost labels stand there
    widget.setFrameShape(widget.Shape.NoFrame)
    widget.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the plot itself has it
