"""The items of one plot, made once; what is not shown is hidden."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QGuiApplication

from mcgui.colours import Colours
from mcgui.console.results.plot.drawing import COLOURS, SHADES, Area, Bars, Box, Drawing, Points
from mcgui.console.throughput.plot_parts import mixed
from mcgui.plain_text import unturned
from mcgui.scale import scaled

#: Points of a line that is as thick as the size of the text wants it: 20,000 of noise took 5 s, and thin ones 14 ms.
_FEW: Final = 1_000
#: Letters of a word in the legend.
_WORD: Final = 20


class Charts:
    """Paints drawings into a plot."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._boxes = pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[])
        self._whiskers = pg.PlotCurveItem(connect="pairs")
        self._lines = [_line()]
        self._points = pg.ScatterPlotItem(size=scaled(5), pen=None)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._chosen = pg.ScatterPlotItem(size=scaled(13), brush=None)
        items = (self._image, self._bars, self._boxes, self._whiskers, *self._lines, self._points, self._chosen)
        names = ("image", "bars", "boxes", "whiskers", "line", "points", "chosen")
        self._items = dict(zip(names, items, strict=True))
        for item in items:
            plot.addItem(item)
            item.hide()
        points = QGuiApplication.font().pointSizeF()
        self._legend = pg.LegendItem(offset=(-8, 4), labelTextSize=f"{points:g}pt")
        self._legend.setParentItem(plot.getViewBox())
        self._shown: Drawing | None = None
        self._shades: list[Any] = []
        self._words: list[Any] = []
        self._series: list[QColor] = []
        self._bar = self._box = self._pen = self._gap = None
        self._wide, self._line = 1, QColor()  # pixels of a line, and its colour where it has none of its own

    @property
    def kinds(self) -> set[str]:
        """What is to be seen."""
        return {name for name, item in self._items.items() if item.isVisible()}

    @property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        x, y = self._points.getData()
        return x, y

    def clear(self) -> None:
        self._shown = None
        self._legend.clear()
        self._legend.hide()
        for item in (*self._items.values(), *self._lines):
            item.hide()

    def show(self, shown: Drawing) -> None:
        """Show what there is to be shown."""
        self.clear()
        self._shown = shown
        if shown.bars:
            self._show_bars(shown.bars)
        if shown.boxes:
            self._show_boxes(shown.boxes)
        for number, line in enumerate(shown.lines):
            self._show_line(number, line)
        if shown.points is not None and shown.points.x.size:
            self._show_points(shown.points, bool(shown.legend))
        self._legend.setVisible(bool(shown.legend))
        for at, word in enumerate(shown.legend):
            seen = unturned(word)
            short = seen if len(seen) <= _WORD else f"{seen[: _WORD - 1].rstrip()}…"
            sign = pg.ScatterPlotItem(size=scaled(8), pen=None, brush=self._words[at])
            self._legend.addItem(sign, escape(short))  # which it reads as HTML
        area = shown.density or shown.image
        if area is not None:
            self._show_area(area, nothing=shown.density is not None)

    def choose(self, place: tuple[float, float] | None) -> None:
        """Mark the place of the task that is chosen."""
        self._chosen.setVisible(place is not None)
        if place is not None:
            self._chosen.setData([place[0]], [place[1]])

    def _show_bars(self, shown: tuple[Bars, ...]) -> None:
        """Those of several colours stand beside each other."""
        left, right, heights, colours = [], [], [], []
        for at, bars in enumerate(shown):
            wide = bars.edges[1:] - bars.edges[:-1]
            inset = wide * (0.08 if bars.apart or len(shown) > 1 else 0.0)
            begin, end = bars.edges[:-1] + inset, bars.edges[1:] - inset
            if len(shown) > 1:
                step = (end - begin) / len(shown)
                begin, end = begin + at * step, begin + (at + 1) * step
            left.append(begin)
            right.append(end)
            heights.append(bars.counts)
            colours += [self._brush(bars.shade, self._bar)] * bars.counts.size
        self._bars.setOpts(
            x0=np.concatenate(left), x1=np.concatenate(right), height=np.concatenate(heights), brushes=colours
        )
        self._bars.setOpts(
            pen=self._gap if len(shown) == 1 else None
        )  # between narrow ones there is no room for a line
        self._bars.show()

    def _brush(self, shade: int | None, plain: Any) -> Any:
        return plain if shade is None else self._words[shade]

    def _show_boxes(self, boxes: tuple[Box, ...]) -> None:
        places, halves = np.array([box.place for box in boxes]), np.array([box.half for box in boxes])
        first, third = np.array([box.first for box in boxes]), np.array([box.third for box in boxes])
        brushes = [self._brush(box.shade, self._box) for box in boxes]
        pens = [
            self._pen if box.shade is None else pg.mkPen(self._series[box.shade], width=self._wide) for box in boxes
        ]
        self._boxes.setOpts(x0=places - halves, x1=places + halves, y0=first, y1=third, brushes=brushes, pens=pens)
        self._boxes.show()
        lines = []
        for box in boxes:
            lines += [(box.place, box.low), (box.place, box.first), (box.place, box.third), (box.place, box.high)]
            lines += [(box.place - box.half, box.median), (box.place + box.half, box.median)]
        x, y = np.array(lines).T
        self._whiskers.setData(x, y)
        self._whiskers.show()

    def _show_line(self, number: int, line: Points) -> None:
        while number >= len(self._lines):
            self._lines.append(_line())
            self._plot.addItem(self._lines[-1])
        item = self._lines[number]
        colour = self._line if line.shades is None else self._series[int(line.shades[0])]
        item.setPen(pg.mkPen(colour, width=self._wide if line.x.size <= _FEW else 1))
        item.setData(line.x, line.y)
        item.show()

    def _show_points(self, shown: Points, worded: bool) -> None:
        brushes = self._words if worded else self._shades
        if shown.shades is None:
            self._points.setData(shown.x, shown.y, brush=self._shades[-2])
        else:
            self._points.setData(shown.x, shown.y, brush=[brushes[at] for at in shown.shades.tolist()])
        self._points.show()

    def _show_area(self, area: Area, nothing: bool) -> None:
        """`nothing`: the lowest number is no colour."""
        low, high = float(np.nanmin(area.cells)), float(np.nanmax(area.cells))
        high = high if high > low else low + 1.0
        self._image.setImage(area.cells, levels=(low if nothing else low - (high - low) / 128, high))
        self._image.setRect(QRectF(*area.place))
        self._image.show()

    def paint(self, colours: Colours, finer: int = 1) -> None:
        """Put these colours on. `finer`: pixels of a picture for each on the screen, in which no view draws lines."""
        wide = finer * scaled(1)
        accent, panel = colours.accent, colours.panel
        self._bar, self._box = pg.mkBrush(mixed(panel, accent, 0.7)), pg.mkBrush(mixed(panel, accent, 0.4))
        self._gap = pg.mkPen(panel, width=1)
        self._whiskers.setPen(pg.mkPen(colours.text, width=wide))
        self._wide, self._line, self._pen = wide, accent, pg.mkPen(accent, width=wide)
        self._chosen.setPen(pg.mkPen(colours.text, width=2))
        # From a quarter of the colour, so that one point in a cell can still be seen.
        shades = [mixed(panel, accent, 0.25 + 0.75 * step / 255) for step in range(256)]
        table = np.array([(c.red(), c.green(), c.blue()) for c in [panel, *shades[1:]]], dtype=np.ubyte)
        self._image.setLookupTable(table)
        steps = [shades[round(255 * step / (SHADES - 1))] for step in range(SHADES)]
        self._shades = [pg.mkBrush(_clear(colour)) for colour in (*steps, colours.muted)]
        self._series = [*colours.series[:COLOURS], colours.muted]
        self._words = [pg.mkBrush(_clear(colour)) for colour in self._series]
        self._legend.setLabelTextColor(colours.text)
        behind = QColor(panel)
        behind.setAlphaF(0.6)
        self._legend.setBrush(pg.mkBrush(behind))  # it lies on the drawing
        if self._shown is not None:
            self.show(self._shown)


def _line() -> pg.PlotCurveItem:
    """A smooth one: else a line that rises slowly is a row of dashes."""
    return pg.PlotCurveItem(antialias=True)


def _clear(colour: QColor) -> QColor:
    made = QColor(colour)
    made.setAlphaF(0.7)
    return made
