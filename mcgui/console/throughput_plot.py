"""The throughput plot: tasks completed in each second, the nodes' shares on each other, failures in red."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QSizePolicy, QWidget

from mcgui import format
from mcgui.card import Card
from mcgui.console.plot_parts import Band, RateAxis, TimeAxis, mixed, nice_top, plain
from mcgui.console.throughput_history import TOLD, ThroughputHistory, Window
from mcgui.theme import Theme, set_tone
from mcgui_core.jobs import NodeStatus

#: Label -> seconds that the view looks back; None: all there is.
SPANS: Final[dict[str, int | None]] = {"1 min": 60, "10 min": 600, "All": None}
#: Bands at most. The nodes that do least share the last one.
BANDS: Final = 8
#: Part of the plot's height at which a mark for failures stands at least.
_LEAST: Final = 0.04
#: Part of the time that is shown after now, so that the last mark is whole.
_AFTER: Final = 0.008


class ThroughputPlot(Card):
    """Draws a ThroughputHistory. `show_nodes` gives the names; the picture moves on by itself once a second."""

    drawn = Signal()

    def __init__(self, history: ThroughputHistory, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Throughput", parent)
        self._history, self._theme = history, theme
        self._names: dict[str, str] = {}
        self._ahead = 0.0  # the master's clock minus ours
        self._span: int | None = 60
        self._make_head()
        self._plot = pg.PlotWidget(self, axisItems={"bottom": TimeAxis(), "left": RateAxis()})
        plain(self._plot)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._plot.setMinimumHeight(90)
        self._plot.setAccessibleName("Plot of the throughput")
        item = self._plot.getPlotItem()
        self._bands = [Band(item, depth) for depth in range(BANDS)]
        self._failed = pg.ScatterPlotItem(symbol="t1", size=8, pen=None)
        self._failed.setZValue(50)
        item.addItem(self._failed, ignoreBounds=True)
        self._nothing = QLabel("Tasks completed each second appear here while a job runs.", self._plot)
        set_tone(self._nothing, "muted")
        self._nothing.move(56, 18)
        self.body.addWidget(self._plot)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.draw)
        self._timer.start()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _make_head(self) -> None:
        words = QLabel("tasks per second", self)
        set_tone(words, "muted")
        self.header.addWidget(words)
        self._by_node = _segment("By worker", "Show each worker's share, or all of them as one", self)
        self._by_node.setChecked(True)
        self._by_node.toggled.connect(self.draw)
        self.header.addWidget(self._by_node)
        self._spans = QButtonGroup(self)
        for number, label in enumerate(SPANS):
            button = _segment(label, f"Look back {label}" if SPANS[label] else "Look back to the beginning", self)
            button.setChecked(number == 0)
            self._spans.addButton(button, number)
            self.header.addWidget(button)
        self._spans.idClicked.connect(self._on_span_chosen)

    def show_nodes(self, nodes: tuple[NodeStatus, ...], now: float) -> None:
        """The nodes' names, and the time on the master's clock."""
        self._names = {node.id: node.name for node in nodes}
        self._ahead = now - time.time()

    def set_span(self, seconds: int | None) -> None:
        """Look back so far; None: to the beginning."""
        self._span = seconds
        self.draw()

    @Slot()
    def draw(self) -> None:
        """Draw the picture of this moment, unless nobody would see it."""
        if not self.isVisible():
            return
        now = int(time.time() + self._ahead) - TOLD
        window = self._history.window(now, self._span)
        shares = self._shares(window)
        total = window.total
        most = float(max(total.max(initial=0.0), window.failed.max(initial=0.0)))
        self._nothing.setVisible(most == 0)
        item = self._plot.getPlotItem()
        item.setXRange(float(window.times[0]), -float(window.times[0]) * _AFTER, padding=0)
        item.setYRange(0, nice_top(most), padding=0)
        height = item.getViewBox().height()
        per_pixel = nice_top(most) / height if height > 0 else 0.0
        low = np.zeros(len(window.times))
        for band, (node, rates) in zip(self._bands, shares, strict=False):
            high = low + rates
            band.show(window.times, low, high)
            band.name(self._label(node, len(shares)), self._theme.colours.text, window.times, low, high, per_pixel)
            low = high
        for band in self._bands[len(shares) :]:
            band.hide()
        self._mark_failures(window, nice_top(most))
        self._plot.setAccessibleDescription(self.summary(window))
        self.drawn.emit()

    def _mark_failures(self, window: Window, top: float) -> None:
        """A red mark at each moment with failures, as high as their rate but never so low that it cannot be seen."""
        some = window.failed > 0
        self._failed.setData(window.times[some], np.maximum(window.failed[some], top * _LEAST))

    def summary(self, window: Window) -> str:
        """The picture in words."""
        total = window.total
        if not total.any() and not window.failed.any():
            return "No task was completed in this time."
        span = format.duration(-float(window.times[0]))
        words = [
            f"The last {span}: now {format.rate(float(total[-1]))} tasks a second",
            f"{format.rate(float(total.mean()))} on average",
            f"{format.rate(float(total.max()))} at most",
        ]
        failed = round(float(window.failed.sum()) * window.step)
        if failed:
            words.append(f"{format.plural(failed, 'task')} failed")
        return ", ".join(words) + "."

    def _shares(self, window: Window) -> list[tuple[str, np.ndarray]]:
        """The bands from the bottom up: (node, rates); "" is the sum of all that have no band of their own."""
        if not self._by_node.isChecked():
            return [("", window.total)]
        busy = [node for node, rates in window.done.items() if rates.any()]
        if len(busy) <= BANDS:
            return [(node, window.done[node]) for node in busy]
        most = set(sorted(busy, key=lambda node: -float(window.done[node].sum()))[: BANDS - 1])
        rest = sum((window.done[node] for node in busy if node not in most), np.zeros(len(window.times)))
        return [(node, window.done[node]) for node in busy if node in most] + [("", rest)]

    def _label(self, node: str, bands: int) -> str:
        if node:
            return self._names.get(node, node)
        return "others" if bands > 1 else ""

    @Slot(int)
    def _on_span_chosen(self, number: int) -> None:
        self.set_span(list(SPANS.values())[number])

    @Slot()
    def _on_theme_changed(self) -> None:
        colours = self._theme.colours
        self._plot.setBackground(colours.panel)
        for side in ("left", "bottom"):
            axis = self._plot.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(colours.border, width=1))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(self.font())
        self._plot.getPlotItem().getAxis("left").setWidth(44)
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        for band, colour in zip(self._bands, colours.series, strict=False):
            band.paint(colour, mixed(colours.panel, colour, 0.45))
        self._failed.setBrush(pg.mkBrush(colours.bad))
        self.draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draw()


def _segment(text: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setProperty("segment", True)
    button.setCheckable(True)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    return button
