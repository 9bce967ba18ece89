"""What is drawn of some columns: bars, points, a line, boxes or an image; made away from the GUI thread.

Whatever the columns hold, there is a drawing, or its words say why not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from mcgui import format
from mcgui.console.results.plot.numbers import bins, extent, summary, unit_of
from mcgui_core.protocol.queries import Series

#: What can be drawn: of one column its bars, of two the others.
KINDS: Final = ("Points", "Line", "Boxes", "Image")
#: Points that are drawn one by one. More would take long and hide each other: then it is told how many are where.
POINTS: Final = 10_000
#: Points of a line at most.
LINE: Final = 20_000
#: Cells of a density, or of an image, across and up.
CELLS: Final = (240, 120)
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

    def plain(self, value: float) -> float:
        """A place on the axis as the column's number."""
        with np.errstate(over="ignore"):
            return float(np.power(10.0, value)) if self.log else value * self.unit


@dataclass(frozen=True)
class Bars:
    """How often numbers lie between `edges`, or words are there."""

    counts: np.ndarray
    edges: np.ndarray
    apart: bool  # each bar is one whole number, or one word


@dataclass(frozen=True)
class Box:
    """Where half of the numbers lie, the middle one, and how far others reach."""

    place: float
    low: float
    first: float
    median: float
    third: float
    high: float


@dataclass(frozen=True)
class Area:
    """Numbers in cells: rows from the bottom up; nan where there is none."""

    cells: np.ndarray
    place: tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True)
class Points:
    """`tasks` are what the points are of; `shades` their colours, from 0 to SHADES or COLOURS."""

    x: np.ndarray
    y: np.ndarray
    tasks: np.ndarray
    shades: np.ndarray | None = None


_NOTHING: Final = Points(np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True)
class Drawing:
    """All that is painted and said. `places` are all points, for whoever points at one, drawn or not."""

    words: str
    across: Axis | None = None
    up: Axis | None = None
    bars: Bars | None = None
    points: Points | None = None
    line: Points | None = None
    boxes: tuple[Box, ...] = ()
    density: Area | None = None
    image: Area | None = None
    ranges: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))
    places: Points = _NOTHING
    legend: tuple[str, ...] = field(default=())  # of COLOURS, in their order


def draw(series: Series, titles: tuple[str, ...], kind: str, log: tuple[bool, bool]) -> Drawing:
    """Of one title the bars of its column; of two the second against the first, coloured by a third. `log`: across, up.

    Columns come in the order of `titles`: up, across, colour.
    """
    tasks = np.frombuffer(series.tasks, np.int64)
    columns = [np.frombuffer(data) for data in series.columns]
    head = _head(tasks.size, series.stride)
    if not tasks.size:
        return Drawing("No task is done yet")
    dead = [title for title, found in zip(titles, series.kinds, strict=True) if not found]
    if dead:
        return Drawing(f"{head}: there is nothing to draw in {dead[0]}")
    with np.errstate(all="ignore"):
        if len(columns) == 1:
            return _bars(head, _axis(titles[0], series, 0, log[0], columns[0]))
        up = _axis(titles[0], series, 0, log[1], columns[0])
        across = _axis(titles[1], series, 1, log[0], columns[1])
        there = np.isfinite(up.values) & np.isfinite(across.values)
        words = f"{head}: {summary(columns[0], up.kind)}" if up.kind != "category" else head
        if not there.any():
            return Drawing(f"{words}. No task has both {up.title} and {across.title} as numbers that can be drawn")
        made = _Pairs(words, across, up, there, tasks, series, columns)
        return {"Line": made.line, "Boxes": made.boxes, "Image": made.image}.get(kind, made.points)()


def _head(count: int, stride: int) -> str:
    words = format.plural(count, "result")
    return f"Every {format.count(stride)}th task, {words}" if stride > 1 else words


def _axis(title: str, series: Series, at: int, log: bool, values: np.ndarray) -> Axis:
    kind = series.kinds[at]
    if kind == "category":
        return Axis(title, kind, values, series.words[at])
    if log and kind == "number":
        return Axis(title, kind, np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.nan), log=True)
    unit = unit_of(values) if kind == "number" else 1.0
    return Axis(title, kind, values / unit, unit=unit)


def _bars(head: str, across: Axis) -> Drawing:
    found = across.values[np.isfinite(across.values)]
    if not found.size:
        return Drawing(f"{head}: no numbers{' above zero' if across.log else ''} in {across.title}")
    if across.kind == "category":
        counts = np.bincount(found.astype(int), minlength=len(across.words))
        bars = Bars(counts, np.arange(counts.size + 1) - 0.5, True)
        most = across.words[int(counts.argmax())]
        words = f"{head}: {format.plural(len(across.words), 'value')}, most often {most[:40]}"
    else:
        bars = Bars(*bins(found))
        words = f"{head}: {summary(across.values * across.unit, across.kind)}" if not across.log else head
    ranges = (float(bars.edges[0]), float(bars.edges[-1])), (0.0, float(bars.counts.max()))
    return Drawing(words, across, Axis("tasks", "number", bars.counts), bars=bars, ranges=ranges)


class _Pairs:
    """Two columns, of which `there` says where both can be drawn."""

    def __init__(
        self,
        words: str,
        across: Axis,
        up: Axis,
        there: np.ndarray,
        tasks: np.ndarray,
        series: Series,
        columns: list[np.ndarray],
    ) -> None:
        self._words, self._across, self._up, self._series = words, across, up, series
        self._x, self._y, self._tasks = across.values[there], up.values[there], tasks[there]
        self._colour = columns[2][there] if len(columns) > 2 and series.kinds[2] else None
        self._ranges = _range(across, self._x), _range(up, self._y)
        self._places = Points(self._x, self._y, self._tasks)

    def points(self) -> Drawing:
        if self._x.size <= POINTS or self._colour is not None:
            step = max(1, -(-self._x.size // POINTS))
            shades = self._shades()
            thin = shades[::step] if shades is not None else None
            some = Points(self._x[::step], self._y[::step], self._tasks[::step], thin)
            words = f"{self._words}, every {step}th is drawn" if step > 1 else self._words
            return self._drawn(words, points=some, legend=self._legend())
        counts, *_ = np.histogram2d(self._x, self._y, CELLS, self._ranges)
        # By the logarithm: where most points are must not hide where few are.
        return self._drawn(self._words, density=Area(np.log1p(counts.T), self._area()))

    def line(self) -> Drawing:
        order = np.argsort(self._x, kind="stable")
        order = order[:: max(1, -(-order.size // LINE))]
        return self._drawn(self._words, line=Points(self._x[order], self._y[order], self._tasks[order]))

    def boxes(self) -> Drawing:
        """A box for each word, or for each of some places along the axis; what lies far from it is drawn by itself."""
        x = self._x
        if self._across.kind == "category":
            places = x
        else:
            low, high = self._ranges[0]
            steps = np.clip(np.floor((x - low) / ((high - low) / 12)), 0, 11)
            places = (
                x
                if np.unique(x[: POINTS * 10]).size <= 24 and np.unique(x).size <= 24
                else low + (steps + 0.5) * ((high - low) / 12)
            )
        boxes, far = [], np.zeros(x.size, bool)
        for place in np.unique(places).tolist():
            here = np.flatnonzero(places == place)
            y = self._y[here]
            first, median, third = np.percentile(y, (25, 50, 75)).tolist()
            inside = (y >= first - 1.5 * (third - first)) & (y <= third + 1.5 * (third - first))
            kept = y[inside] if inside.any() else y
            boxes.append(Box(place, float(kept.min()), first, median, third, float(kept.max())))
            far[here[~inside]] = True
        at = np.flatnonzero(far)[:POINTS]
        some = Points(places[at], self._y[at], self._tasks[at])
        drawn = self._drawn(self._words, boxes=tuple(boxes), points=some)
        width = min(np.diff(np.unique(places)).min(initial=np.inf), self._ranges[0][1] - self._ranges[0][0])
        across = (boxes[0].place - width / 2, boxes[-1].place + width / 2)
        return _with(drawn, ranges=(across, drawn.ranges[1]), places=some)

    def image(self) -> Drawing:
        """The third column in cells of the other two: its mean where several tasks fall into one."""
        values = self._colour
        if values is None or self._series.kinds[2] == "category":
            return Drawing(f"{self._words}. An image shows a column of numbers as colours: choose one")
        finite = np.isfinite(values)
        x, y, unit = self._x[finite], self._y[finite], unit_of(values)
        if not x.size:
            return Drawing(f"{self._words}. There is no number to colour by")
        (columns, left, width), (rows, bottom, height) = _grid(x, CELLS[0]), _grid(y, CELLS[1])
        many = int(columns.max()) + 1, int(rows.max()) + 1
        at = rows * many[0] + columns
        sums = np.bincount(at, values[finite] / unit, many[0] * many[1])
        counts = np.bincount(at, minlength=many[0] * many[1])
        cells = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan).reshape(many[1], many[0])
        low, high = float(np.nanmin(cells)) * unit, float(np.nanmax(cells)) * unit
        area = Area(cells, (left, bottom, width, height))
        drawn = self._drawn(f"{self._words}; colour from {low:.6g} to {high:.6g}", image=area)
        return _with(drawn, ranges=((left, left + width), (bottom, bottom + height)))

    def _drawn(self, words: str, **parts: object) -> Drawing:
        made = Drawing(words, self._across, self._up, ranges=self._ranges, places=self._places)
        return _with(made, **parts)

    def _area(self) -> tuple[float, float, float, float]:
        (left, right), (bottom, top) = self._ranges
        return left, bottom, right - left, top - bottom

    def _shades(self) -> np.ndarray | None:
        """A colour for each point; the last one for those that have no number, or whose word is a rare one."""
        values = self._colour
        if values is None:
            return None
        if self._series.kinds[2] == "category":
            return np.where(np.isfinite(values) & (values < COLOURS), values, COLOURS).astype(int)
        found = values[np.isfinite(values)]
        if not found.size:
            return np.full(values.size, SHADES)
        unit = unit_of(values)
        low, high = extent(found / unit)
        steps = np.clip((values / unit - low) / (high - low) * SHADES, 0, SHADES - 1)
        return np.where(np.isfinite(values), np.nan_to_num(steps), SHADES).astype(int)

    def _legend(self) -> tuple[str, ...]:
        if self._colour is None or self._series.kinds[2] != "category":
            return ()
        words = self._series.words[2]
        return (*words[:COLOURS], "others") if len(words) > COLOURS else words


def _with(drawing: Drawing, **parts: object) -> Drawing:
    from dataclasses import replace

    return replace(drawing, **parts)  # type: ignore[arg-type]  # names of its fields


def _range(axis: Axis, values: np.ndarray) -> tuple[float, float]:
    return (-0.5, len(axis.words) - 0.5) if axis.kind == "category" else extent(values)


def _grid(values: np.ndarray, most: int) -> tuple[np.ndarray, float, float]:
    """In which cell each number lies, where the first begins, and how wide all are: one each where they are few."""
    places = np.unique(values)
    if places.size <= most and (places.size < 3 or np.allclose(np.diff(places), places[1] - places[0], rtol=1e-6)):
        step = float(places[1] - places[0]) if places.size > 1 else max(abs(float(places[0])), 1.0)
        return np.searchsorted(places, values), float(places[0]) - step / 2, step * places.size
    low, high = extent(values)
    cells = np.clip(np.floor((values - low) / (high - low) * most), 0, most - 1).astype(int)
    return cells, low, high - low
