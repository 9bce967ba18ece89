"""The results as a plot: how often each occurs, or one column against another; a point leads to its task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.results.plot.chart_content import Axis, Drawing, draw
from mcgui.console.results.plot.chart_items import Charts
from mcgui.console.results.plot.numbers import moment, number
from mcgui.console.results.plot.plot_axis import PlotAxis
from mcgui.console.results.plot.plot_data import PlotData
from mcgui.console.results.plot.plot_fields import PlotFields
from mcgui.console.results.plot.plot_files import PATTERNS, picture, save_numbers, save_svg
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.table_query import TableQuery
from mcgui.console.throughput.plot_parts import plain
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.screen_reader import give_role
from mcgui.theme import Theme
from mcgui_core.protocol.queries import Series

#: Pixels from a point within which a click is meant for it.
_NEAR: Final = 12


class ResultsPlot(QWidget):
    """Draws the rows that `query` has found, while it is in sight.

    Signals:
    task_chosen(int): somebody clicked at the point of this task.
    trouble(str): the numbers cannot be fetched.
    """

    task_chosen = Signal(int)
    trouble = Signal(str)

    def __init__(
        self,
        background: Background,
        source: ResultSource,
        query: TableQuery,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._background, self._query = theme, background, query
        self._labels = ("", "")
        self._shown: Drawing | None = None
        self._drawing: tuple[Any, ...] | None = None  # what is being made into one
        self._task = -1
        self.numbers = PlotData(background, source, query, self)
        self.numbers.changed.connect(self._draw)
        self.numbers.trouble.connect(self.trouble)
        self.fields = PlotFields(self)
        self.fields.changed.connect(self._on_chosen)
        self.fields.file_wanted.connect(self._on_file)
        self.words = self.fields.words
        self._axes = {side: PlotAxis(side) for side in ("bottom", "left")}
        self._plot = pg.PlotWidget(self, axisItems=self._axes)
        plain(self._plot)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        give_role(self._plot, QAccessible.Role.Chart)
        self._plot.setAccessibleName("Plot of the results")
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._plot.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self.charts = Charts(self._plot.getPlotItem())
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.fields)
        layout.addWidget(self._plot, 1)
        self._empty = EmptyState("", "", self)
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)
        query.columns_changed.connect(self._on_columns)
        query.rows_changed.connect(self._say_empty)
        theme.changed.connect(self._dress)
        self._dress()
        self._on_columns()

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return self.numbers.at_rest and self._drawing is None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.numbers.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.numbers.watch(False)

    @Slot()
    def _on_columns(self) -> None:
        self.fields.show_columns(self._query.known)
        self._on_chosen()
        self._say_empty()

    @Slot()
    def _say_empty(self) -> None:
        job = self._query.job
        self._stack.show_content(bool(self.fields.titles))
        if job is None or not job.done or self._query.part < 1:
            self._empty.say("No results yet", "Results are plotted as soon as there are some.")
        else:
            self._empty.say(
                "Nothing to plot",
                "Results are plotted where they are numbers, dates or text, or tuples, lists, dicts or objects with "
                "those in them. A result that is an array is shown as a picture, when its row is selected.",
            )

    @Slot()
    def _on_chosen(self) -> None:
        before = self.numbers.series
        self.numbers.choose(self.fields.titles)
        if before is not None and self.numbers.series is before:
            self._draw()  # the same numbers in another way

    def _wish(self) -> tuple[Series, tuple[str, ...], str, tuple[bool, bool]] | None:
        series = self.numbers.series
        if series is None or len(series.columns) != len(self.fields.titles):
            return None
        return series, self.fields.titles, self.fields.kind.currentText(), self.fields.log

    @Slot()
    def _draw(self) -> None:
        """Have what there is drawn: in the background, one at a time."""
        wish = self._wish()
        if wish is None:
            self._clear("Reading the results" if self.fields.titles else "")
        elif self._drawing is None:
            self._drawing = wish
            self._background.run(lambda: draw(*wish), self._on_drawing, self._on_not_drawn)

    def _clear(self, words: str) -> None:
        self._shown = None
        self.charts.clear()
        self.words.say(words)

    def _on_drawing(self, made: Drawing) -> None:
        drawn, self._drawing = self._drawing, None
        if drawn != self._wish():
            self._draw()  # there is more by now, or something else
            return
        try:
            self._show(made)
        except Exception as error:  # noqa: BLE001 - whatever one drawing makes of its numbers, the next is drawn again
            self._clear(f"These numbers cannot be drawn: {error}")

    def _on_not_drawn(self, error: Exception) -> None:
        """Say why; what comes next is drawn again."""
        drawn, self._drawing = self._drawing, None
        self._clear(f"These numbers cannot be drawn: {error}")
        if drawn != self._wish():
            self._draw()

    def _show(self, made: Drawing) -> None:
        self._shown = made
        if made.across is not None and made.up is not None:
            self._axes["bottom"].show_axis(made.across)
            self._axes["left"].show_axis(made.up)
            self._label(_named(made.across), _named(made.up))
        self.charts.show(made)
        self._plot.setRange(xRange=made.ranges[0], yRange=made.ranges[1], padding=0.03)
        self.choose(self._task)
        self.words.say(made.words if self.numbers.complete else f"{made.words} so far")
        self._plot.setAccessibleDescription(self.words.whole)

    def _label(self, across: str, up: str) -> None:
        if (across, up) != self._labels:  # to lay out a label anew takes longer than to draw the plot
            self._labels = across, up
            self._plot.getPlotItem().setLabels(bottom=across, left=up)

    # From points to tasks, and back

    def choose(self, task: int) -> None:
        """Mark the point of this task, if it has one."""
        self._task = task
        places = self._shown.places if self._shown is not None else None
        at = np.flatnonzero(places.tasks == task) if places is not None else np.empty(0, int)
        found = places is not None and bool(at.size)
        self.charts.choose((float(places.x[at[0]]), float(places.y[at[0]])) if found and places is not None else None)

    def task_at(self, where: QPointF) -> int:
        """The task of the point that is nearest to a place of the scene; -1 where none is near."""
        box = self._plot.getPlotItem().getViewBox()
        places = self._shown.places if self._shown is not None else None
        if places is None or not places.x.size or not box.sceneBoundingRect().contains(where):
            return -1
        at = box.mapSceneToView(where)
        wide, high = box.viewPixelSize()
        if not (wide > 0 and high > 0):
            return -1
        away = np.hypot((places.x - at.x()) / wide, (places.y - at.y()) / high)
        nearest = int(np.nanargmin(away))
        return int(places.tasks[nearest]) if away[nearest] <= scaled(_NEAR) else -1

    @Slot(object)
    def _on_mouse_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.double():
            return
        task = self.task_at(event.scenePos())
        if task >= 0:
            self.choose(task)
            self.task_chosen.emit(task)

    @Slot(object)
    def _on_mouse_moved(self, where: QPointF) -> None:
        """The values under the pointer, as a tip."""
        box = self._plot.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(where):
            self._plot.setToolTip("")
            return
        point = box.mapSceneToView(where)
        task = self.task_at(where)
        named = f"task {format.count(task)}: " if task >= 0 else ""
        self._plot.setToolTip(plain_tip(named + self.values_at(point.x(), point.y())))

    def values_at(self, x: float, y: float) -> str:
        """What is at this place of the plot."""
        shown = self._shown
        if shown is None or shown.across is None or shown.up is None:
            return ""
        if shown.bars is None:
            return f"{shown.across.title} {_said(shown.across, x)}, {shown.up.title} {_said(shown.up, y)}"
        edges, counts = shown.bars.edges, shown.bars.counts
        at = int(np.searchsorted(edges, x, side="right")) - 1
        if not 0 <= at < counts.size:
            return ""
        tasks = format.plural(int(counts[at]), "task")
        if shown.bars.apart:
            return f"{_said(shown.across, float(edges[at] + 0.5))}: {tasks}"
        return f"{_said(shown.across, float(edges[at]))} to {_said(shown.across, float(edges[at + 1]))}: {tasks}"

    # Files

    @Slot(str)
    def _on_file(self, kind: str) -> None:
        series, titles = self.numbers.series, self.fields.titles
        if kind == "copy":
            QApplication.clipboard().setImage(picture(self._plot))
            return
        name = "-".join(titles).replace("/", "_")
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the plot", f"{name}.{kind}", PATTERNS[kind])
        if not chosen or series is None:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(f"{chosen}.{kind}")
        if kind == "svg":
            self._try(lambda: save_svg(self._plot, path), path)
        elif kind == "png":
            image = picture(self._plot)
            self._write(lambda: _save(image, path), path)
        else:
            self._write(lambda: save_numbers(series, titles, path), path)

    def _write(self, work: Callable[[], None], path: Path) -> None:
        self._background.run(work, lambda _: None, lambda error: self._on_not_written(path, error))

    def _try(self, work: Callable[[], None], path: Path) -> None:
        """A widget is painted in this thread only."""
        try:
            work()
        except OSError as error:
            self._on_not_written(path, error)

    def _on_not_written(self, path: Path, error: Exception) -> None:
        self.trouble.emit(f"{path} was not written: {getattr(error, 'strerror', None) or error}.")

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        self._plot.setBackground(colours.panel)
        for axis in self._axes.values():
            axis.setPen(pg.mkPen(colours.border, width=1))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(self.font())
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        self.charts.paint(colours)


def _save(image: Any, path: Path) -> None:
    if not image.save(str(path)):
        raise OSError("choose a folder that you may write to")


def _named(axis: Axis) -> str:
    return axis.title if axis.unit == 1.0 else f"{axis.title} / {axis.unit:.0e}"


def _said(axis: Axis, value: float) -> str:
    if axis.kind == "category":
        return axis.words[round(value)] if 0 <= round(value) < len(axis.words) else ""
    return moment(value) if axis.kind == "date" else number(axis.plain(value))
