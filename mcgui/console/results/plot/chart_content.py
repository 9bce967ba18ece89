"""What is drawn of some columns: bars, points, lines, boxes or an image; made away from the GUI thread.

Whatever the columns hold, there is a drawing, or its words say why not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mcgui import format
from mcgui.console.results.plot.drawing import COLOURS, SHADES, Area, Axis, Bars, Box, Drawing, Points
from mcgui.console.results.plot.numbers import bins, extent, summary, undrawn, unit_of
from mcgui_core.protocol.queries import Series

#: What can be drawn: of one column its bars, of two the others.
KINDS: Final = ("Points", "Line", "Boxes", "Image")
#: Points that are drawn one by one. More would take long and hide each other: then it is told how many are where.
POINTS: Final = 10_000
#: Points of a line at most.
LINE: Final = 20_000
#: Cells of a density, or of an image, across and up.
CELLS: Final = (240, 120)
#: What the legend calls words that have no colour of their own.
OTHERS: Final = "others"
#: Boxes along an axis of numbers that are nowhere the same, and different numbers up to which each has its own.
BOXES, PLACES = 12, 24


@dataclass(frozen=True)
class Wish:
    """What is to be drawn: the bars of one column, or of two the second against the first, coloured by a third.

    Columns come in the order of `titles`: up, across, colour. `log`: across, up. `apart`: one more column, the last, is
    a category, such as the job; bars, lines and boxes are drawn for each of its words, and told of each.
    """

    series: Series
    titles: tuple[str, ...]
    kind: str
    log: tuple[bool, bool]
    apart: bool = False


def draw(wish: Wish) -> Drawing:
    """Draw it, or say why not."""
    series, titles, log = wish.series, wish.titles, wish.log
    tasks = np.frombuffer(series.tasks, np.int64)
    columns = [np.frombuffer(data) for data in series.columns]
    head = _head(tasks.size, series.stride)
    if not tasks.size:
        return Drawing("None of the tasks that are shown has a result")
    dead = [title for title, found in zip(titles, series.kinds, strict=True) if not found]
    if dead:
        return Drawing(f"{head}: there is nothing to draw in {dead[0]}")
    with np.errstate(all="ignore"):
        up = _axis(titles[0], series, 0, log[1], columns[0])
        if len(columns) - wish.apart == 1:
            across = _axis(titles[0], series, 0, log[0], columns[0])
            return _bars(head, across, Colouring(columns[-1], series.words[-1]) if wish.apart else None)
        across = _axis(titles[1], series, 1, log[0], columns[1])
        there = np.isfinite(up.values) & np.isfinite(across.values)
        words = _words(head, columns, up, series.words[-1] if wish.apart else ())
        if not there.any():
            return Drawing(f"{words}. No task has both {up.title} and {across.title} as numbers that can be drawn")
        made = _Pairs(words, across, up, there, tasks, series, columns)
        return {"Line": made.line, "Boxes": made.boxes, "Image": made.image}.get(wish.kind, made.points)()


def _head(count: int, stride: int) -> str:
    words = format.plural(count, "result")
    return f"Every {format.count(stride)}th task, {words}" if stride > 1 else words


def _words(head: str, columns: list[np.ndarray], up: Axis, names: tuple[str, ...]) -> str:
    """What the numbers are like: all of them, or those of each of the `names`, which the last column has."""
    if up.kind == "category":
        return head
    if not names:
        return f"{head}: {summary(columns[0], up.kind)}"
    return f"{head}  ·  " + ";  ".join(
        f"{name}: {summary(columns[0][columns[-1] == at], up.kind)}" for at, name in enumerate(names)
    )


def _axis(title: str, series: Series, at: int, log: bool, values: np.ndarray) -> Axis:
    kind = series.kinds[at]
    if kind == "category":
        return Axis(title, kind, values, series.words[at])
    if log and kind == "number":
        return Axis(title, kind, np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.nan), log=True)
    unit = unit_of(values)  # of dates it is 1.0, unless another job has numbers there
    return Axis(title, kind, values / unit, unit=unit)


class Colouring:
    """Tasks by the words of a category: the most frequent have a colour each, the others share one."""

    def __init__(self, codes: np.ndarray, words: tuple[str, ...]) -> None:
        self.shades = np.where(np.isfinite(codes) & (codes < COLOURS), codes, COLOURS).astype(int)
        self.legend = (*words[:COLOURS], OTHERS) if len(words) > COLOURS else words

    def name(self, shade: int) -> str:
        return self.legend[shade] if shade < len(self.legend) else OTHERS

    def groups(self) -> list[tuple[int, np.ndarray]]:
        """Each colour that is there, and which tasks have it."""
        return [(shade, self.shades == shade) for shade in np.unique(self.shades).tolist()]


def _bars(head: str, across: Axis, colouring: Colouring | None) -> Drawing:
    values = across.values
    there = np.isfinite(values)
    if not there.any():
        why = f": {undrawn(values)}" if np.isinf(values).any() else ""
        return Drawing(f"{head}: no numbers{' above zero' if across.log else ''} in {across.title}{why}")
    if across.kind == "category":
        edges, apart = np.arange(len(across.words) + 1) - 0.5, True
        counts = np.histogram(values[there], edges)[0]
    else:
        counts, edges, apart = bins(values[there])
    words, names = f"{head}: {_said(across, values)}", colouring.legend if colouring is not None else ()
    bars = [Bars(counts, edges, apart)]
    if colouring is not None:
        groups = colouring.groups()
        bars = [Bars(np.histogram(values[there & of], edges)[0], edges, apart, shade) for shade, of in groups]
        told = [f"{colouring.name(shade)}: {_said(across, values[of])}" for shade, of in groups]
        words = f"{head}  ·  {';  '.join(told)}"
    ranges = (float(edges[0]), float(edges[-1])), (0.0, max(float(one.counts.max()) for one in bars))
    return Drawing(words, across, Axis("tasks", "number", counts), bars=tuple(bars), ranges=ranges, legend=names)


def _said(across: Axis, values: np.ndarray) -> str:
    """What the values of an axis are like, in words."""
    if across.kind == "category":
        counts = np.bincount(values[np.isfinite(values)].astype(int), minlength=len(across.words))
        most = across.words[int(counts.argmax())]
        return f"{format.plural(int((counts > 0).sum()), 'value')}, most often {most[:40]}" if counts.any() else "none"
    with np.errstate(over="ignore"):
        plain = np.power(10.0, values) if across.log else values * across.unit
    return summary(plain, across.kind)


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
        self._by_word: Colouring | None = None
        if self._colour is not None and series.kinds[2] == "category":
            self._by_word = Colouring(self._colour, series.words[2])
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
        lines = []
        for shade, of in self._groups():
            order = np.flatnonzero(of)[np.argsort(self._x[of], kind="stable")]
            order = order[:: max(1, -(-order.size // LINE))]
            shades = None if shade is None else np.array([shade])
            lines.append(Points(self._x[order], self._y[order], self._tasks[order], shades))
        return self._drawn(self._words, lines=tuple(lines), legend=self._legend())

    def _groups(self) -> list[tuple[int | None, np.ndarray]]:
        """What has a line, or boxes, of its own: a colour, and which points have it."""
        if self._by_word is None:
            return [(None, np.ones(self._x.size, bool))]
        return [(shade, of) for shade, of in self._by_word.groups()]

    def boxes(self) -> Drawing:
        """A box for each word, or for each of some places along the axis; what lies far from it is drawn by itself.

        Boxes of several colours stand beside each other.
        """
        places, groups = self._places_of_boxes(), self._groups()
        each = np.unique(places)
        wide = min(np.diff(each).min(initial=np.inf), self._ranges[0][1] - self._ranges[0][0])
        half = 0.3 * (wide if each.size > 1 else 1.0) / len(groups)
        boxes: list[Box] = []
        far, x = np.zeros(places.size, bool), places.copy()
        for number, (shade, of) in enumerate(groups):
            shift = (2 * number - len(groups) + 1) * half * 1.1
            x[of] += shift
            for place in np.unique(places[of]).tolist():
                here = np.flatnonzero(of & (places == place))
                box, outside = _box(place + shift, half, self._y[here], shade)
                boxes.append(box)
                far[here[outside]] = True
        at = np.flatnonzero(far)[:POINTS]
        shades = None if self._by_word is None else self._by_word.shades[at]
        some = Points(x[at], self._y[at], self._tasks[at], shades)
        drawn = self._drawn(self._words, boxes=tuple(boxes), points=some, legend=self._legend())
        across = float(each[0]) - wide / 2, float(each[-1]) + wide / 2
        return replace(drawn, ranges=(across, drawn.ranges[1]), places=some)

    def _places_of_boxes(self) -> np.ndarray:
        """Where along the axis the box of each point stands."""
        x = self._x
        few = np.unique(x[: POINTS * 10]).size <= PLACES and np.unique(x).size <= PLACES
        if self._across.kind == "category" or few:
            return x
        low, high = self._ranges[0]
        steps = np.clip(np.floor((x - low) / ((high - low) / BOXES)), 0, BOXES - 1)
        found: np.ndarray = low + (steps + 0.5) * ((high - low) / BOXES)
        return found

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
        return replace(drawn, ranges=((left, left + width), (bottom, bottom + height)))

    def _drawn(self, words: str, **parts: object) -> Drawing:
        made = Drawing(words, self._across, self._up, ranges=self._ranges, places=self._places)
        return replace(made, **parts)  # type: ignore[arg-type]  # names of its fields

    def _area(self) -> tuple[float, float, float, float]:
        (left, right), (bottom, top) = self._ranges
        return left, bottom, right - left, top - bottom

    def _shades(self) -> np.ndarray | None:
        """A colour for each point; the last one for those that have no number, or whose word is a rare one."""
        values = self._colour
        if values is None:
            return None
        if self._by_word is not None:
            return self._by_word.shades
        found = values[np.isfinite(values)]
        if not found.size:
            return np.full(values.size, SHADES)
        unit = unit_of(values)
        low, high = extent(found / unit)
        steps = np.clip((values / unit - low) / (high - low) * SHADES, 0, SHADES - 1)
        return np.where(np.isfinite(values), np.nan_to_num(steps), SHADES).astype(int)

    def _legend(self) -> tuple[str, ...]:
        return self._by_word.legend if self._by_word is not None else ()


def _box(place: float, half: float, y: np.ndarray, shade: int | None) -> tuple[Box, np.ndarray]:
    """The box of some numbers, and which of them lie far from it."""
    first, median, third = np.percentile(y, (25, 50, 75)).tolist()
    inside = (y >= first - 1.5 * (third - first)) & (y <= third + 1.5 * (third - first))
    kept = y[inside] if inside.any() else y
    return Box(place, half, float(kept.min()), first, median, third, float(kept.max()), shade), ~inside


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
