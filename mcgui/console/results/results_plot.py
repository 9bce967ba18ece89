"""The results as a plot, where they are numbers: how often each occurs, or one column against another."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.results.plot_data import PlotData
from mcgui.console.results.result_charts import Charts, Drawing, NumberAxis, drawing, number
from mcgui.console.results.result_source import ResultSource
from mcgui.console.throughput.plot_parts import plain
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.messages import JobStatus

#: What stands in the second field for a histogram.
OFTEN: Final = "how often"


class ResultsPlot(QWidget):
    """Draws the numbers of the job that is shown while it is in sight. `trouble(str)` when they cannot be fetched."""

    trouble = Signal(str)

    def __init__(
        self, background: Background, source: ResultSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._background = background
        self._labels = ("", "")
        self._shown: Drawing | None = None
        self._drawing: tuple[tuple[np.ndarray, ...], ...] | None = None  # what is being made into one
        self._job: JobStatus | None = None
        self.numbers = PlotData(background, source, self)
        self.numbers.named.connect(self._on_named)
        self.numbers.changed.connect(self._draw)
        self.numbers.trouble.connect(self.trouble)
        self._make_head()
        self._plot = pg.PlotWidget(self, axisItems={"bottom": NumberAxis("bottom"), "left": NumberAxis("left")})
        plain(self._plot)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._plot.setAccessibleName("Plot of the results")
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.charts = Charts(self._plot.getPlotItem())
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(self._plot, 1)
        self._empty = EmptyState("", "", self)
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)
        theme.changed.connect(self._dress)
        self._dress()

    def _make_head(self) -> None:
        self.up, self.across = QComboBox(self), QComboBox(self)
        self.up.setAccessibleName("What is plotted")
        self.across.setAccessibleName("Against what it is plotted")
        self._against = QLabel("against", self)
        set_tone(self._against, "muted")
        self.words = ElidedLabel(self)
        self.words.setAccessibleName("The plot in words")
        set_tone(self.words, "muted")
        self._head = QHBoxLayout()
        self._head.setContentsMargins(8, 2, 8, 0)
        self._head.setSpacing(8)
        for widget in (self.up, self._against, self.across):
            self._head.addWidget(widget)
        self._head.addWidget(self.words, 1)
        for field in (self.up, self.across):
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            field.currentTextChanged.connect(self._on_chosen)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return self.numbers.at_rest and self._drawing is None

    def show_job(self, job: JobStatus | None) -> None:
        """Plot this job, as it stands now."""
        self._job = job
        self.numbers.show_job(job)
        if not self.numbers.names:
            self._say_empty()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.numbers.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.numbers.watch(False)

    @Slot()
    def _on_named(self) -> None:
        """Other columns are there: keep what was chosen if it is among them."""
        names = self.numbers.names
        up, across = self.up.currentText(), self.across.currentText()
        for field, entries in ((self.up, [n for n in names if n != "task"]), (self.across, [OFTEN, *names])):
            field.blockSignals(True)
            field.clear()
            field.addItems(entries)
            field.blockSignals(False)
        results = [name for name in names if name.startswith("result")]
        if results:
            self.up.setCurrentText(up if up in names else results[0])
            self.across.setCurrentText(across if across in names else OFTEN)
        else:
            self.up.clear()  # arguments alone are not worth a picture
        self._stack.show_content(bool(results))
        self._say_empty()
        self._on_chosen()

    def _say_empty(self) -> None:
        if not self.numbers.at_rest or self._job is None or not self._job.done:
            self._empty.say("No results yet", "Numbers are plotted as soon as there are some.")
        else:
            self._empty.say(
                "No numbers to plot",
                "Results are plotted where they are numbers, or tuples, lists, dicts or objects with numbers in them. "
                "A result that is an array is shown as a picture beside the table, when its row is selected.",
            )

    @Slot()
    def _on_chosen(self) -> None:
        up, across = self.up.currentText(), self.across.currentText()
        self._against.setText("counted" if across == OFTEN else "against")
        wanted = (up,) if across in ("", OFTEN) else (up, across)
        self.numbers.choose(wanted if up else ())

    @Slot()
    def _draw(self) -> None:
        """Have what there is drawn: in the background, once at a time."""
        parts = self.numbers.parts
        if not any(part[0].size for part in parts):
            self._shown = None
            self.charts.clear()
            self.words.say("" if self.numbers.complete else "Reading the results")
            if self.numbers.complete:
                self._stack.show_content(False)
                self._say_empty()
            return
        self._stack.show_content(True)
        if self._drawing is None:
            self._drawing = parts
            self._background.run(lambda: drawing(parts), self._on_drawing, self._on_not_drawn)

    def _on_drawing(self, made: Drawing) -> None:
        drawn, self._drawing = self._drawing, None
        if drawn is not self.numbers.parts:
            self._draw()  # there is more by now, or something else
        if drawn is None or not self.numbers.parts or drawn[0] is not self.numbers.parts[0]:
            return
        self._shown = made
        self.charts.show(made)
        across, up = self.across.currentText(), self.up.currentText()
        across, up = (up, "tasks") if across == OFTEN else (across, up)
        self._label(_with_unit(across, made.units[0]), _with_unit(up, made.units[1]))
        self._plot.setRange(xRange=made.across, yRange=made.up, padding=0.03)
        self.words.say(self._in_words(made))
        self._plot.setAccessibleDescription(self.words.whole)

    def _on_not_drawn(self, error: Exception) -> None:
        """Say why; what comes next is drawn again."""
        drawn, self._drawing = self._drawing, None
        self._shown = None
        self.charts.clear()
        self.words.say(f"These numbers cannot be drawn: {error}")
        if drawn is not self.numbers.parts:
            self._draw()

    def _label(self, across: str, up: str) -> None:
        if (across, up) != self._labels:  # to lay out a label anew takes longer than to draw the plot
            self._labels = across, up
            self._plot.getPlotItem().setLabels(bottom=across, left=up)

    def _in_words(self, made: Drawing) -> str:
        words = f"{format.plural(made.size, 'result')}: {made.words}"
        if self.numbers.stride > 1:
            words = f"Every {format.count(self.numbers.stride)}th task, {words}"
        return words if self.numbers.complete and self._drawing is None else f"{words} so far"

    @Slot(object)
    def _on_mouse_moved(self, where: QPointF) -> None:
        """The values under the pointer, as a tip."""
        box = self._plot.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(where):
            self._plot.setToolTip("")
            return
        point = box.mapSceneToView(where)
        self._plot.setToolTip(self.values_at(point.x(), point.y()))

    def values_at(self, x: float, y: float) -> str:
        """What is at this place of the plot."""
        across, up = self._shown.units if self._shown is not None else (1.0, 1.0)
        shown = self._shown.histogram if self._shown is not None else None
        if shown is None:
            return f"{self.across.currentText()} {number(x * across)}, {self.up.currentText()} {number(y * up)}"
        at = int(np.searchsorted(shown.edges, x, side="right")) - 1
        if not 0 <= at < shown.counts.size:
            return ""
        low, high = float(shown.edges[at]) * across, float(shown.edges[at + 1]) * across
        where = number((low + high) / 2) if shown.whole else f"{number(low)} to {number(high)}"
        return f"{where}: {format.plural(int(shown.counts[at]), 'task')}"

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        self._plot.setBackground(colours.panel)
        for side in ("left", "bottom"):
            axis = self._plot.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(colours.border, width=1))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(self.font())
            axis.enableAutoSIPrefix(False)
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        self.charts.paint(colours.accent, colours.panel)


def _with_unit(name: str, unit: float) -> str:
    return name if unit == 1.0 else f"{name} / {unit:.0e}"
