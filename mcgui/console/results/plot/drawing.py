"""What is painted of some columns: axes, bars, points, lines, boxes, and areas of colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

#: Steps from the lowest to the highest number by which points are coloured; and categories that have a colour.
SHADES: Final = 16
COLOURS: Final = 8


@dataclass(frozen=True)
class Axis:
    """One column along an axis. `values` are what is drawn: numbers in `unit`, their logarithms, places of words."""

    title: str
    kind: str  # "number", "date" or "category"
    values: np.ndarray
    words: tuple[str, ...] = ()
    unit: float = 1.0
    log: bool = False

    @property
    def whole(self) -> bool:
        """It has nothing between whole numbers: a count, a year, a number of somethings."""
        values = np.asarray(self.values, dtype=float)
        found = values[np.isfinite(values)]
        return self.kind == "number" and not self.log and bool(found.size) and bool(np.all(found == np.round(found)))

    def plain(self, value: float) -> float:
        """A place on the axis as the column's number."""
        with np.errstate(over="ignore"):
            return float(np.power(10.0, value)) if self.log else value * self.unit


@dataclass(frozen=True)
class Bars:
    """How often numbers lie between `edges`, or words are there; of all tasks, or of those that have one colour."""

    counts: np.ndarray
    edges: np.ndarray
    apart: bool  # each bar is one whole number, or one word
    shade: int | None = None  # of COLOURS


@dataclass(frozen=True)
class Box:
    """Where half of the numbers lie, the middle one, and how far others reach."""

    place: float
    half: float  # of its width
    low: float
    first: float
    median: float
    third: float
    high: float
    shade: int | None = None  # of COLOURS


@dataclass(frozen=True)
class Area:
    """Numbers in cells: rows from the bottom up; nan where there is none."""

    cells: np.ndarray
    place: tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True)
class Points:
    """`tasks` are what the points are of; `shades` their colours, 0 to SHADES or COLOURS; of a line one for all."""

    x: np.ndarray
    y: np.ndarray
    tasks: np.ndarray
    shades: np.ndarray | None = None


NOTHING: Final = Points(np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True)
class Drawing:
    """All that is painted and said. `places` are all points, for whoever points at one, drawn or not."""

    words: str
    across: Axis | None = None
    up: Axis | None = None
    bars: tuple[Bars, ...] = ()
    points: Points | None = None
    lines: tuple[Points, ...] = ()
    boxes: tuple[Box, ...] = ()
    density: Area | None = None
    image: Area | None = None
    ranges: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))
    places: Points = NOTHING
    legend: tuple[str, ...] = field(default=())  # of COLOURS, in their order

    def name(self, shade: int | None) -> str:
        """What the legend calls a colour."""
        return self.legend[shade] if shade is not None and shade < len(self.legend) else "others"
