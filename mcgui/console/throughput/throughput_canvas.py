"""The picture of the throughput: bands on each other, marks for failures, and a line at what is being read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mcgui.console.throughput.plot_parts import Band, RateAxis, TimeAxis, mixed, nice_top, plain
from mcgui.console.throughput.throughput_history import Window
from mcgui.scale import scaled
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, set_tone

#: Bands at most. The nodes that do least share the last one.
BANDS: Final = 8
#: Part of the plot's height at which a mark for failures stands at least.
_LEAST: Final = 0.04
#: Part of the time that is shown after now, so that the last mark is whole.
_AFTER: Final = 0.008
#: Pixels above a reading.
_AIR: Final = 8
#: A share: (node, its name, its rates). Node "" is the sum of all that have no band of their own.
Share = tuple[str, str, np.ndarray]


class ThroughputCanvas(pg.PlotWidget):
    """Draws shares of a window. `pointed(point)`: this point of the window is being read, -1 for none.

    The mouse reads by resting on the plot; the keyboard by the arrows, Home, End and, to stop, Escape.
    """

    pointed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"bottom": TimeAxis(), "left": RateAxis()}, enableMenu=False)
        self._theme = theme
        self._times = np.zeros(0)
        self._point = -1
        self._is_empty = True  # nothing is drawn
        self._by_key = False  # then the mouse, which rests somewhere, does not take the reading away
        plain(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        give_role(self, QAccessible.Role.Chart)
        self.setAccessibleName("Plot of the throughput")
        item = self.getPlotItem()
        self.bands: list[Band] = []  # made as they are needed: all of them at once hold the window for 20 ms
        self._colours: dict[str, int] = {}  # node -> number of its colour, as long as it is drawn
        self._failed = pg.ScatterPlotItem(symbol="t1", size=8, pen=None)
        self._failed.setZValue(50)
        item.addItem(self._failed, ignoreBounds=True)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.setZValue(60)
        self._line.hide()
        item.addItem(self._line, ignoreBounds=True)
        self.reading = QLabel(self)
        self.reading.setObjectName("reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.reading.setProperty("html", True)
        self.reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.reading.setAccessibleName("Values at the line")
        self.reading.hide()
        self.nothing = QLabel("Completed tasks are drawn here.", self)
        self.nothing.setWordWrap(True)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_tone(self.nothing, "muted")
        item.getViewBox().sigResized.connect(self._place_words)
        theme.changed.connect(self.dress)
        self.dress()

    @Slot()
    def _place_words(self) -> None:
        """Where the drawing would be."""
        area = self.mapFromScene(self.getPlotItem().getViewBox().sceneBoundingRect()).boundingRect()
        air = scaled(8)
        self.nothing.setGeometry(area.adjusted(air, air, -air, 0))

    def show_axes(self, shown: bool) -> None:
        """Show what stands along the drawing, or the drawing alone."""
        item = self.getPlotItem()
        if shown == item.getAxis("left").isVisible():
            return
        for side in ("left", "bottom"):
            item.showAxis(side, shown)
        self.nothing.setVisible(shown and self._is_empty)

    # Drawing

    def show_window(self, window: Window, shares: Sequence[Share]) -> None:
        """Draw this."""
        self._times = window.times
        most = float(max(sum((rates for _, _, rates in shares), window.failed * 0).max(initial=0.0), 0.0))
        top = nice_top(max(most, float(window.failed.max(initial=0.0))))
        nothing = self._is_empty = not most and not window.failed.any()
        item = self.getPlotItem()
        self.nothing.setVisible(nothing and item.getAxis("left").isVisible())
        item.getAxis("left").setStyle(showValues=not nothing)  # of no rates there is no scale
        begin = float(window.times[0])
        item.getViewBox().setRange(xRange=(begin, -begin * _AFTER), yRange=(0, top), padding=0, disableAutoRange=False)
        self._draw_bands(window, shares, top)
        some = window.failed > 0
        # As high as their rate, but never so low that they cannot be seen.
        self._failed.setData(window.times[some], np.maximum(window.failed[some], top * _LEAST))
        if self._point >= 0:
            self._point_at(min(self._point, len(self._times) - 1))

    def _draw_bands(self, window: Window, shares: Sequence[Share], top: float) -> None:
        height = self.getPlotItem().getViewBox().height()
        per_pixel = top / height if height > 0 else 0.0
        self._choose_colours([node for node, _, _ in shares])
        low = np.zeros(len(window.times))
        while len(self.bands) < len(shares):
            self.bands.append(Band(self.getPlotItem(), len(self.bands)))
        for band, (node, name, rates) in zip(self.bands, shares, strict=False):
            high = low + rates
            colour = self.colour_of(node, len(shares))
            band.paint(colour, mixed(self._theme.colours.panel, colour, 0.45), len(window.times))
            band.show(window.times, low, high)
            band.name(name, self._theme.colours.text, window.times, low, high, per_pixel)
            low = high
        for band in self.bands[len(shares) :]:
            band.hide()

    def _choose_colours(self, nodes: Sequence[str]) -> None:
        """A node keeps its colour while it is drawn, whoever comes and goes beside it."""
        self._colours = {node: number for node, number in self._colours.items() if node in nodes}
        free = [n for n in range(len(self._theme.colours.series)) if n not in self._colours.values()]
        for node in nodes:
            if node not in self._colours and node and free:
                self._colours[node] = free.pop(0)

    def colour_of(self, node: str, bands: int) -> QColor:
        """The colour of a node's band; of what others do together, a quiet one."""
        colours = self._theme.colours
        if not node:
            return colours.muted if bands > 1 else colours.series[0]
        return colours.series[self._colours.get(node, 0)]

    @Slot()
    def dress(self) -> None:
        """Take on the theme's colours."""
        colours = self._theme.colours
        self.setBackground(colours.panel)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(colours.border, width=1))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(self.font())
        self.getPlotItem().getAxis("left").setWidth(scaled(44))
        self.showGrid(x=False, y=True, alpha=0.15)
        self._failed.setBrush(pg.mkBrush(colours.bad))
        self._line.setPen(pg.mkPen(colours.muted, width=1))
        self.reading.setStyleSheet(
            f"#reading {{ background: {colours.panel.name()}; border: 1px solid {colours.border.name()};"
            f" border-radius: 5px; padding: 5px 8px; color: {colours.text.name()}; }}"
        )

    # Reading

    @property
    def point(self) -> int:
        """The point that is being read; -1 for none."""
        return self._point

    @property
    def lines(self) -> int:
        """Lines that a reading may have."""
        return max((self.height() - 2 * _AIR - 14) // (self.reading.fontMetrics().height() + 4), 0)

    def show_reading(self, text: str) -> None:
        """Show these values beside the line; "" shows none."""
        self.reading.setVisible(bool(text))
        if not text:
            return
        self.reading.setText(text)
        self.reading.adjustSize()
        x = self._pixel_of(self._point)
        left = x + 12 if x + 12 + self.reading.width() <= self.width() - 4 else x - 12 - self.reading.width()
        self.reading.move(QPoint(max(left, 0), _AIR))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._by_key = False
        box = self.getPlotItem().getViewBox()
        spot = box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        inside = box.sceneBoundingRect().contains(self.mapToScene(event.position().toPoint()))
        self._read(int(np.abs(self._times - spot.x()).argmin()) if inside and len(self._times) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self._by_key:
            self._read(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and len(self._times):
            self._by_key = True  # where the focus is, is seen by what is read
            self._read(len(self._times) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._by_key:
            self._by_key = False
            self._read(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._times) - 1
        here = self._point if self._point >= 0 else last + 1
        places = {
            Qt.Key.Key_Left: max(here - 1, 0),
            Qt.Key.Key_Right: min(here + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Escape: -1,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None or last < 0:
            event.ignore()
            return
        self._by_key = place >= 0
        self._read(place)

    def _read(self, point: int) -> None:
        if point != self._point:
            self._point_at(point)
            self.pointed.emit(point)

    def _point_at(self, point: int) -> None:
        self._point = point
        self._line.setVisible(point >= 0)
        if point >= 0:
            self._line.setPos(float(self._times[point]))

    def _pixel_of(self, point: int) -> int:
        box = self.getPlotItem().getViewBox()
        return int(self.mapFromScene(box.mapViewToScene(pg.Point(float(self._times[point]), 0))).x())
