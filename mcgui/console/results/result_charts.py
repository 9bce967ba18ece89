"""How numbers are drawn: a histogram, or one column against another, which becomes a density where points are many."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from mcgui import format
from mcgui.console.throughput.plot_parts import mixed

#: Bars of a histogram at most; whole numbers have one each, where they are few enough.
BINS: Final = 60
#: Points that are drawn one by one. More would take long and hide each other: then it is told how many are where.
POINTS: Final = 10_000
#: Cells of a density, across and up.
CELLS: Final = (240, 120)
#: Whole numbers from here on are further apart than bars of one each.
_WHOLE: Final = 1e15
#: Numbers that differ by a smaller part of themselves are drawn as one place: between them is no room for bars, nor for
#: the numbers on an axis.
_NARROW: Final = 1e-9
#: Exponents of ten beyond which numbers are drawn in a unit of their own: sums and squares of them leave the floats.
_PLAIN: Final = 100
#: The largest power of ten that can be divided by on both sides of one.
_MOST: Final = 300


@dataclass(frozen=True)
class Histogram:
    """How often numbers lie between `edges`."""

    counts: np.ndarray
    edges: np.ndarray
    whole: bool  # each bar is one whole number


def histogram(values: np.ndarray) -> Histogram | None:
    """None where there is no number."""
    found = values[np.isfinite(values)]
    if not found.size:
        return None
    low, high = float(found.min()), float(found.max())
    if max(-low, high) < _WHOLE and high - low < BINS and bool(np.all(found == np.round(found))):
        edges = np.arange(low - 0.5, high + 1.0)
        counts, _ = np.histogram(found, edges)
        return Histogram(counts, edges, whole=True)
    bins = int(np.clip(np.sqrt(found.size), 5, BINS)) if not _is_narrow(low, high) else 1
    counts, edges = np.histogram(found, bins, extent(found))
    return Histogram(counts, edges, whole=False)


def unit_of(values: np.ndarray) -> float:
    """1.0, or the power of ten in which numbers are drawn that are too large or too small to be reckoned with."""
    found = np.abs(values[np.isfinite(values)])
    most = float(found.max()) if found.size else 0.0
    exponent = floor(log10(most)) if most else 0
    return 1.0 if abs(exponent) <= _PLAIN else 10.0 ** max(-_MOST, min(exponent, _MOST))


def extent(values: np.ndarray) -> tuple[float, float]:
    """From where to where an axis goes for these numbers, all of them finite; never so narrow that nothing fits."""
    low, high = float(values.min()), float(values.max())
    if not _is_narrow(low, high):
        return low, high
    middle = low + (high - low) / 2
    half = max(0.5, abs(middle) * 1000 * _NARROW)
    return middle - half, middle + half


def _is_narrow(low: float, high: float) -> bool:
    return high - low <= max(abs(low), abs(high)) * _NARROW


def number(value: float) -> str:
    """A number as short as is honest: "3.14159", "1,000,000", "2.5e-09"."""
    if abs(value) < _WHOLE and value == round(value):
        return format.count(round(value))
    return f"{value:.6g}"


def summary(values: np.ndarray) -> str:
    """The numbers in words."""
    found = values[np.isfinite(values)]
    other = values.size - found.size
    if not found.size:
        return "No numbers."
    unit = unit_of(found)
    words = [
        f"mean {number(float((found / unit).mean()) * unit)}",
        f"median {number(float(np.median(found / unit)) * unit)}",
        f"from {number(float(found.min()))} to {number(float(found.max()))}",
    ]
    if other:
        words.append(f"{format.count(other)} without a number")
    return ", ".join(words)


@dataclass(frozen=True)
class Density:
    """How many points lie in each cell: rows from the bottom up."""

    counts: np.ndarray
    area: tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True)
class Drawing:
    """All that is painted and said of some columns; made away from the GUI thread, where a million take a while."""

    size: int
    words: str
    histogram: Histogram | None = None
    points: tuple[np.ndarray, np.ndarray] | None = None
    density: Density | None = None
    across: tuple[float, float] = (0.0, 1.0)  # from where to where the axis goes
    up: tuple[float, float] = (0.0, 1.0)
    units: tuple[float, float] = (1.0, 1.0)  # what numbers were divided by, across and up


def drawing(parts: tuple[tuple[np.ndarray, ...], ...]) -> Drawing:
    """Of one column a histogram; of two, the first is drawn against the second. They come in parts."""
    columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    values = columns[0]
    words = summary(values)
    if len(columns) == 1:
        unit = unit_of(values)
        bars = histogram(values / unit)
        if bars is None:
            return Drawing(values.size, words)
        across, up = (float(bars.edges[0]), float(bars.edges[-1])), (0.0, float(bars.counts.max()))
        return Drawing(values.size, words, histogram=bars, across=across, up=up, units=(unit, 1.0))
    finite = np.isfinite(columns[1]) & np.isfinite(values)
    x, y = columns[1][finite], values[finite]
    if not x.size:
        return Drawing(values.size, words)
    units = unit_of(x), unit_of(y)
    x, y = x / units[0], y / units[1]
    across, up = extent(x), extent(y)
    if x.size <= POINTS:
        return Drawing(values.size, words, points=(x, y), across=across, up=up, units=units)
    counts, *_ = np.histogram2d(x, y, CELLS, (across, up))
    density = Density(counts.T, (across[0], up[0], across[1] - across[0], up[1] - up[0]))
    return Drawing(values.size, words, density=density, across=across, up=up, units=units)


class NumberAxis(pg.AxisItem):
    """Numbers as everywhere in the window: "20,000"."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.setStyle(tickLength=4 if side == "bottom" else 0, tickTextOffset=4, maxTickLevel=0)
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if spacing >= 1 and all(value == round(value) and abs(value) < 1e12 for value in values):
            return [format.count(round(value)) for value in values]
        return super().tickStrings(values, scale, spacing)


class Charts:
    """The items of one plot, made once; what is not shown is hidden."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._points = pg.ScatterPlotItem(size=5, pen=None)
        self._density = pg.ImageItem(axisOrder="row-major")
        for item in (self._bars, self._points, self._density):
            plot.addItem(item)
            item.hide()

    def clear(self) -> None:
        for item in (self._bars, self._points, self._density):
            item.hide()

    def show(self, shown: Drawing) -> None:
        """Show what there is to be shown."""
        self.clear()
        if shown.histogram is not None:
            self._show_histogram(shown.histogram)
        elif shown.points is not None:
            self._points.setData(*shown.points)
            self._points.show()
        elif shown.density is not None:
            # By the logarithm: where most points are must not hide where few are.
            self._density.setImage(np.log1p(shown.density.counts), autoLevels=True)
            self._density.setRect(QRectF(*shown.density.area))
            self._density.show()

    def _show_histogram(self, shown: Histogram) -> None:
        inset = (shown.edges[1:] - shown.edges[:-1]) * (0.08 if shown.whole else 0.0)
        self._bars.setOpts(x0=shown.edges[:-1] + inset, x1=shown.edges[1:] - inset, height=shown.counts)
        self._bars.show()

    def paint(self, colour: QColor, panel: QColor) -> None:
        self._bars.setOpts(brush=pg.mkBrush(mixed(panel, colour, 0.7)), pen=pg.mkPen(panel, width=1))
        strong = QColor(colour)
        strong.setAlphaF(0.65)
        self._points.setBrush(pg.mkBrush(strong))
        # From nothing over a quarter of the colour, so that one point in a cell can still be seen.
        shades = [panel, *(mixed(panel, colour, 0.25 + 0.75 * step / 255) for step in range(1, 256))]
        self._density.setLookupTable(np.array([(c.red(), c.green(), c.blue()) for c in shades], dtype=np.ubyte))
