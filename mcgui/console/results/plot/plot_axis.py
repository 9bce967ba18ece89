"""An axis of a plot of results: numbers as everywhere in the window, dates, words, and powers of ten."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from mcgui import format
from mcgui.console.parts.axis_ticks import OUT, with_room
from mcgui.console.results.plot.drawing import Axis
from mcgui.console.results.plot.numbers import moment
from mcgui.plain_text import unturned
from mcgui.scale import scaled

#: Seconds between two dates on an axis.
_STEPS: Final = (
    1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600,
    *(86400 * days for days in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652, 18262, 36524)),
)  # fmt: skip
#: Pixels that a label along the axis needs; and up.
_WIDE, _HIGH = 90, 24
#: Pixels by which the title below a plot is raised.
_RAISED: Final = 3
#: Characters of a word that are shown.
_WORD: Final = 14


class PlotAxis(pg.AxisItem):
    """Shows what `show_axis` was given last."""

    def __init__(self, side: str) -> None:
        self._axis, self._whole = Axis("", "number", ()), False  # type: ignore[arg-type]  # nothing along it
        self._out = scaled(OUT) if side == "left" else 0
        super().__init__(side)
        self.setStyle(tickLength=4 if side == "bottom" else 0, tickTextOffset=4, maxTickLevel=0)
        self.enableAutoSIPrefix(False)

    def boundingRect(self) -> QRectF:
        found: QRectF = super().boundingRect()
        return found.adjusted(0, -self._out, 0, self._out)

    def _updateWidth(self) -> None:
        super()._updateWidth()
        self.setMaximumWidth(self.maximumWidth() + self._missing())
        self.setMinimumWidth(self.maximumWidth())

    def _updateHeight(self) -> None:
        super()._updateHeight()
        # pyqtgraph counts four fifths of the words along it: of "g" and "p" the feet were cut.
        feet = 0.25 * self.textHeight if self._axis.kind == "category" else 0.0
        self.setMaximumHeight(self.maximumHeight() + self._missing() + feet)
        self.setMinimumHeight(self.maximumHeight())

    def resizeEvent(self, event: Any = None) -> None:
        super().resizeEvent(event)
        if self.orientation == "bottom":  # pyqtgraph lays the title below its edge by a pixel or two
            self.label.setY(self.label.y() - _RAISED)

    def _missing(self) -> float:
        """Pixels of its title that pyqtgraph does not count: large ones touched the numbers."""
        high: float = self.label.boundingRect().height()
        return high * 0.2 if self.label.isVisible() else 0.0

    def show_axis(self, axis: Axis) -> None:
        self._axis, self._whole = axis, axis.whole
        self.picture = None
        if self.orientation == "bottom":
            self._updateHeight()
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        room = max(int(size // scaled(_WIDE if self.orientation in ("bottom", "top") else _HIGH)), 2)
        if self._axis.kind == "category":
            step = max(1, -(-len(self._axis.words) // room))
            return [(step, [float(at) for at in range(0, len(self._axis.words), step)])]
        if self._axis.kind == "date":
            longest = _STEPS[-1] * max(1, ceil((high - low) / _STEPS[-1] / room))  # of centuries, some
            step = next((step for step in _STEPS if (high - low) / step <= room), longest)
            first = -(-low // step)
            return [(step, [(first + at) * step for at in range(room + 1) if (first + at) * step <= high])]
        if self._axis.log and high - low >= 1:
            step = max(1, -(-floor(high - low) // room))
            first = -(-low // 1)
            return [(step, [first + at for at in range(0, floor(high - first) + 1, step)])]
        return with_room(super().tickValues(low, high, size), room)  # more than that where the text is large

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = super().tickSpacing(low, high, size)
        return [each for each in found if each[0] >= 1] or [(1.0, 0.0)] if self._whole else found

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        axis = self._axis
        if axis.kind == "category":
            return [_short(axis.words[int(value)]) for value in values if 0 <= value < len(axis.words)]
        if axis.kind == "date":
            if spacing >= 86400:
                return [moment(value, precise=False) for value in values]
            return [moment(value).rpartition(" ")[2] for value in values]
        if axis.log:
            return [_power(value) for value in values]
        if axis.unit != 1.0:
            return [_of_unit(value, axis.unit) for value in values]
        if spacing >= 1 and all(value == round(value) and abs(value) < 1e12 for value in values):
            return [format.count(round(value)) for value in values]
        found: list[str] = super().tickStrings(values, scale, spacing)
        return found


def _short(word: str) -> str:
    word = unturned(word)
    return f"{word[: _WORD - 1]}…" if len(word) > _WORD else word


def _of_unit(value: float, unit: float) -> str:
    """So many of a power of ten: their product may leave the floats."""
    if not value:
        return "0"
    digits, _, exponent = f"{value:.5e}".partition("e")
    return f"{float(digits):g}e{int(exponent) + round(log10(unit))}"


def _power(value: float) -> str:
    if -4 <= value <= 5:
        number = 10.0**value
        digits = max(0, 2 - floor(log10(number)))
        return format.count(round(number)) if number >= 1 and value == round(value) else f"{number:.{digits}g}"
    return f"1e{round(value)}" if value == round(value) else f"{10 ** (value % 1):.2g}e{floor(value)}"
