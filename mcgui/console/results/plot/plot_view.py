"""One plot on the screen: what is wished is drawn in the background, and a point that is clicked says whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QFontMetrics, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.console.results.plot.chart_content import Wish, draw
from mcgui.console.results.plot.chart_items import Charts
from mcgui.console.results.plot.drawing import Axis, Drawing
from mcgui.console.results.plot.numbers import moment, number
from mcgui.console.results.plot.plot_axis import PlotAxis
from mcgui.console.results.plot.plot_files import FINER, PATTERNS, picture, save_svg
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.console.throughput.plot_parts import plain
from mcgui.plain_text import plain_tip, unturned
from mcgui.scale import scaled
from mcgui.screen_reader import give_role
from mcgui.theme import Theme, set_tone
from mcgui_core.results.files.file_names import file_name

#: Pixels from a point within which a click is meant for it.
_NEAR: Final = 12
#: Pixels of its height at least, and from which on there is room for the titles of its axes beside the drawing.
_LOW: Final = 80
_TITLED: Final = 130
#: Pixels along an axis that are not its own: what stands along the other one.
_CORNER: Final = 64
#: Pixels at both sides of the words that stand in the place of a drawing.
_MARGIN: Final = 8
#: The least size of a plot in a file, in pixels.
_FILE: Final = QSize(720, 400)


def name_of_task(task: int) -> str:
    """What a point is called that stands for a task."""
    return f"task {format.count(task)}"


class PlotView(QWidget):
    """Draws what it is given. `naming` says what a point is called in its tip, by the number of its task.

    Signals:
    said(str): what the drawing is, in words, or why there is none; "" where nothing is wanted.
    task_chosen(int): somebody clicked at the point of this task.
    trouble(str): a file was not written.
    """

    said = Signal(str)
    task_chosen = Signal(int)
    trouble = Signal(str)

    def __init__(
        self,
        background: Background,
        theme: Theme,
        name: str,
        parent: QWidget,
        naming: Callable[[int], str] = name_of_task,
    ) -> None:
        super().__init__(parent)
        self._theme, self._background, self._naming = theme, background, naming
        self._titles = ("", "")  # of the axes, across and up
        self._labels = ("", "")  # as much of them as is shown
        self._shown: Drawing | None = None
        self._wish: Wish | None = None
        self._drawing: Wish | None = None  # what is being made into a drawing
        self._task = -1
        self._axes = {side: PlotAxis(side) for side in ("bottom", "left")}
        self._plot = pg.PlotWidget(self, axisItems=self._axes, enableMenu=False)
        plain(self._plot)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        give_role(self._plot, QAccessible.Role.Chart)
        self._plot.setAccessibleName(name)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._plot.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self.charts = Charts(self._plot.getPlotItem())
        self.why = WrappedLabel(self)  # nothing is drawn
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.why.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_tone(self.why, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._say("")
        theme.changed.connect(self._dress)
        self._dress()

    def minimumSizeHint(self) -> QSize:
        """While it is seen, with room for a drawing that tells something, and for what stands along it; or for all
        lines of the words in its place."""
        hint = super().minimumSizeHint()
        if not self.isVisible():
            return hint
        words = 0 if self.why.isHidden() else self.why.heightForWidth(self.width() - 2 * scaled(_MARGIN))
        return QSize(hint.width(), max(scaled(_LOW), words))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.updateGeometry()

    @property
    def at_rest(self) -> bool:
        """Nothing is being drawn."""
        return self._drawing is None

    @property
    def shown(self) -> Drawing | None:
        return self._shown

    def draw(self, wish: Wish | None, words: str = "") -> None:
        """Have this drawn, in the background, one at a time; None: draw nothing, and say these words instead."""
        self._wish = wish
        if wish is None:
            self._clear(words)
        elif self._drawing is None:
            self._drawing = wish
            self._background.run(lambda: draw(wish), self._on_drawing, self._on_not_drawn)

    def describe(self, words: str) -> None:
        """For who cannot see it."""
        self._plot.setAccessibleDescription(words)

    def _clear(self, words: str) -> None:
        self._shown = None
        self.charts.clear()
        self._show_axes(None, None)
        self._say(words)

    def _on_drawing(self, made: Drawing) -> None:
        drawn, self._drawing = self._drawing, None
        if drawn != self._wish:
            self._again()
            return
        try:
            self.show_drawing(made)
        except Exception as error:  # noqa: BLE001 - whatever one drawing makes of its numbers, the next is drawn again
            self._clear(f"These numbers cannot be drawn: {error}")

    def _on_not_drawn(self, error: Exception) -> None:
        """Say why, unless something else is wanted by now: that is drawn again."""
        drawn, self._drawing = self._drawing, None
        if drawn != self._wish:
            self._again()
            return
        self._clear(f"These numbers cannot be drawn: {error}")

    def _again(self) -> None:
        """There is more by now, or something else, or nothing is wanted any more."""
        if self._wish is not None:
            self.draw(self._wish)

    def show_drawing(self, made: Drawing) -> None:
        self._shown = made
        self._show_axes(made.across, made.up)
        self.charts.show(made)
        self._plot.setRange(xRange=made.ranges[0], yRange=made.ranges[1], padding=0.03)
        self.choose(self._task)
        self._say(made.words)

    def _show_axes(self, across: Axis | None, up: Axis | None) -> None:
        """Where there is no drawing, there is nothing along them: what they said of the last one would be untrue."""
        for side, axis in (("bottom", across), ("left", up)):
            if axis is not None:
                self._axes[side].show_axis(axis)
            self._axes[side].setStyle(showValues=axis is not None)
        self._dress_axes()
        self._titles = across.title if across is not None else "", up.title if up is not None else ""
        self._label(self.size())

    def _say(self, words: str) -> None:
        """In the place of a drawing, where there is none."""
        there = self._shown is not None and self._shown.across is not None
        self.why.setText("" if there else words)
        self.why.setVisible(bool(self.why.text()))
        self.updateGeometry()
        self.said.emit(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.why.setGeometry(self.rect().adjusted(scaled(_MARGIN), 0, -scaled(_MARGIN), 0))
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its words have other lines
        self._label(self.size())

    def _label(self, size: QSize) -> None:
        """Write the titles along the axes of a plot of this size, in as much room as it leaves them. A low one needs
        that for its drawing, and the fields above it say the same."""
        metrics, titled = self.fontMetrics(), size.height() >= scaled(_TITLED)
        rooms = size.width() - 2 * scaled(_CORNER), size.height() - scaled(_CORNER)
        across, up = (
            _fitting(metrics, unturned(title), room) if titled else ""
            for title, room in zip(self._titles, rooms, strict=True)
        )
        if (across, up) != self._labels:  # to lay out a label anew takes longer than to draw the plot
            self._labels = across, up
            self._plot.getPlotItem().setLabels(bottom=escape(across), left=escape(up))
            for axis in self._axes.values():
                axis.resizeEvent()  # in which it puts its title into the middle

    # From points to tasks, and back

    def choose(self, task: int) -> None:
        """Mark the point of this task, if it has one; -1 for none."""
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
        named = f"{self._naming(task)}: " if task >= 0 else ""
        self._plot.setToolTip(plain_tip(named + self.values_at(point.x(), point.y())))

    def values_at(self, x: float, y: float) -> str:
        """What is at this place of the plot."""
        shown = self._shown
        if shown is None or shown.across is None or shown.up is None:
            return ""
        if not shown.bars:
            return f"{shown.across.title} {_said(shown.across, x)}, {shown.up.title} {_said(shown.up, y)}"
        edges = shown.bars[0].edges
        at = int(np.searchsorted(edges, x, side="right")) - 1
        if not 0 <= at < edges.size - 1:
            return ""
        counts = [int(bars.counts[at]) for bars in shown.bars]
        tasks = format.plural(counts[0], "task")
        if shown.legend:
            named = zip(shown.bars, counts, strict=True)
            tasks = ", ".join(f"{shown.name(bars.shade)} {format.plural(count, 'task')}" for bars, count in named)
        if shown.bars[0].apart:
            return f"{_said(shown.across, float(edges[at] + 0.5))}: {tasks}"
        return f"{_said(shown.across, float(edges[at]))} to {_said(shown.across, float(edges[at + 1]))}: {tasks}"

    # Files

    def save(self, kind: str, name: str, numbers: Callable[[Path], None]) -> None:
        """Ask for a file, and write it: "png", "svg", or "csv", which `numbers` writes; "copy": to the clipboard."""
        if kind == "copy":
            with self._for_file(FINER) as plot:
                QApplication.clipboard().setImage(picture(plot))
            return
        suggested = f"{file_name(name, 'plot')}.{kind}"
        found = ask_where_to_save(self, "Save the plot", suggested, PATTERNS[kind])
        if found is None:
            return
        path, _ = found
        if kind == "svg":
            with self._for_file() as plot:
                self._try(lambda: save_svg(plot, path), path)
        elif kind == "png":
            with self._for_file(FINER) as plot:
                image = picture(plot)
            self._write(lambda: _save(image, path), path)
        else:
            self._write(lambda: numbers(path), path)

    @contextmanager
    def _for_file(self, finer: int = 1) -> Iterator[pg.PlotWidget]:
        """The plot with all that belongs to it, which a small panel may have no room for."""
        before = self._plot.size()
        size = before.expandedTo(QSize(scaled(_FILE.width()), scaled(_FILE.height())))
        self._plot.setUpdatesEnabled(False)
        try:
            self._plot.resize(size)
            self._label(size)
            if finer > 1:
                self.charts.paint(self._theme.colours, finer)
            self._plot.getPlotItem().layout.activate()  # else titles that are new stand over the numbers
            yield self._plot
        finally:
            self._plot.resize(before)
            self._label(self.size())
            if finer > 1:
                self.charts.paint(self._theme.colours)
            self._plot.setUpdatesEnabled(True)

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
        self._dress_axes()
        for axis in self._axes.values():
            axis.setTickFont(self.font())
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        self.charts.paint(colours)

    def _dress_axes(self) -> None:
        """Lines along a drawing, and through words in its place none."""
        there = self._shown is not None and self._shown.across is not None
        colours = self._theme.colours
        pen = pg.mkPen(colours.border, width=1) if there else pg.mkPen(None)
        for axis in self._axes.values():
            axis.setPen(pen)
            axis.setTextPen(pg.mkPen(colours.muted))  # which that of the lines has replaced in the title


def _fitting(metrics: QFontMetrics, title: str, room: int) -> str:
    """As much of a title as there is room for: what all of them begin with goes first."""
    if metrics.horizontalAdvance(title) > room:
        title = title.removeprefix("result.")
    return metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)


def _save(image: Any, path: Path) -> None:
    if not image.save(str(path)):
        raise OSError("choose a folder that you may write to")


def _said(axis: Axis, value: float) -> str:
    if axis.kind == "category":
        return axis.words[round(value)] if 0 <= round(value) < len(axis.words) else ""
    return moment(value) if axis.kind == "date" else number(axis.plain(value))
