"""The items of one plot, made once; what is not shown is hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from mcgui.colours import Colours
from mcgui.console.results.plot.chart_content import COLOURS, SHADES, Area, Bars, Box, Drawing, Points
from mcgui.console.throughput.plot_parts import mixed


class Charts:
    """Paints drawings into a plot."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._boxes = pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[])
        self._whiskers = pg.PlotCurveItem(connect="pairs")
        self._line = pg.PlotCurveItem()
        self._points = pg.ScatterPlotItem(size=5, pen=None)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._chosen = pg.ScatterPlotItem(size=13, brush=None)
        self._items = (self._image, self._bars, self._boxes, self._whiskers, self._line, self._points, self._chosen)
        for item in self._items:
            plot.addItem(item)
            item.hide()
        self._legend = pg.LegendItem(offset=(-8, 4))
        self._legend.setParentItem(plot.getViewBox())
        self._shown: Drawing | None = None
        self._shades: list[Any] = []
        self._words: list[Any] = []

    @property
    def kinds(self) -> set[str]:
        """What is to be seen."""
        names = ("image", "bars", "boxes", "whiskers", "line", "points", "chosen")
        return {name for name, item in zip(names, self._items, strict=True) if item.isVisible()}

    @property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        x, y = self._points.getData()
        return x, y

    def clear(self) -> None:
        self._shown = None
        self._legend.clear()
        for item in self._items:
            item.hide()

    def show(self, shown: Drawing) -> None:
        """Show what there is to be shown."""
        self.clear()
        self._shown = shown
        if shown.bars is not None:
            self._show_bars(shown.bars)
        if shown.boxes:
            self._show_boxes(shown.boxes)
        if shown.line is not None:
            self._line.setData(shown.line.x, shown.line.y)
            self._line.show()
        if shown.points is not None and shown.points.x.size:
            self._show_points(shown.points, shown.legend)
        area = shown.density or shown.image
        if area is not None:
            self._show_area(area, nothing=shown.density is not None)

    def choose(self, place: tuple[float, float] | None) -> None:
        """Mark the place of the task that is chosen."""
        self._chosen.setVisible(place is not None)
        if place is not None:
            self._chosen.setData([place[0]], [place[1]])

    def _show_bars(self, shown: Bars) -> None:
        inset = (shown.edges[1:] - shown.edges[:-1]) * (0.08 if shown.apart else 0.0)
        self._bars.setOpts(x0=shown.edges[:-1] + inset, x1=shown.edges[1:] - inset, height=shown.counts)
        self._bars.show()

    def _show_boxes(self, boxes: tuple[Box, ...]) -> None:
        places = np.array([box.place for box in boxes])
        half = 0.3 * (float(np.diff(places).min()) if places.size > 1 else 1.0)
        first, third = np.array([box.first for box in boxes]), np.array([box.third for box in boxes])
        self._boxes.setOpts(x0=places - half, x1=places + half, y0=first, y1=third)
        self._boxes.show()
        lines = []
        for box in boxes:
            lines += [(box.place, box.low), (box.place, box.first), (box.place, box.third), (box.place, box.high)]
            lines += [(box.place - half, box.median), (box.place + half, box.median)]
        x, y = np.array(lines).T
        self._whiskers.setData(x, y)
        self._whiskers.show()

    def _show_points(self, shown: Points, legend: tuple[str, ...]) -> None:
        brushes = self._words if legend else self._shades
        if shown.shades is None:
            self._points.setData(shown.x, shown.y, brush=self._shades[-2])
        else:
            self._points.setData(shown.x, shown.y, brush=[brushes[at] for at in shown.shades.tolist()])
        self._points.show()
        for at, word in enumerate(legend):
            self._legend.addItem(pg.ScatterPlotItem(size=8, pen=None, brush=brushes[at]), word[:20])

    def _show_area(self, area: Area, nothing: bool) -> None:
        """`nothing`: the lowest number is no colour."""
        low, high = float(np.nanmin(area.cells)), float(np.nanmax(area.cells))
        high = high if high > low else low + 1.0
        self._image.setImage(area.cells, levels=(low if nothing else low - (high - low) / 128, high))
        self._image.setRect(QRectF(*area.place))
        self._image.show()

    def paint(self, colours: Colours) -> None:
        accent, panel = colours.accent, colours.panel
        self._bars.setOpts(brush=pg.mkBrush(mixed(panel, accent, 0.7)), pen=pg.mkPen(panel, width=1))
        self._boxes.setOpts(brush=pg.mkBrush(mixed(panel, accent, 0.4)), pen=pg.mkPen(accent, width=1))
        self._whiskers.setPen(pg.mkPen(colours.text, width=1))
        self._line.setPen(pg.mkPen(accent, width=1))
        self._chosen.setPen(pg.mkPen(colours.text, width=2))
        # From a quarter of the colour, so that one point in a cell can still be seen.
        shades = [mixed(panel, accent, 0.25 + 0.75 * step / 255) for step in range(256)]
        table = np.array([(c.red(), c.green(), c.blue()) for c in [panel, *shades[1:]]], dtype=np.ubyte)
        self._image.setLookupTable(table)
        steps = [shades[round(255 * step / (SHADES - 1))] for step in range(SHADES)]
        self._shades = [pg.mkBrush(_clear(colour)) for colour in (*steps, colours.muted)]
        self._words = [pg.mkBrush(_clear(colour)) for colour in (*colours.series[:COLOURS], colours.muted)]
        self._legend.setLabelTextColor(colours.muted)
        if self._shown is not None:
            self.show(self._shown)


def _clear(colour: QColor) -> QColor:
    made = QColor(colour)
    made.setAlphaF(0.7)
    return made
