"""The results as a plot: how often each occurs, or one column against another; a point leads to its task."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mcgui.background import Background
from mcgui.console.results.plot.chart_content import Wish
from mcgui.console.results.plot.plot_data import PlotData
from mcgui.console.results.plot.plot_files import save_numbers
from mcgui.console.results.plot.plot_frame import PlotFrame
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.rows_words import why_none
from mcgui.console.results.table_query import TableQuery
from mcgui.theme import Theme
from mcgui_core.protocol.queries import Series


class ResultsPlot(PlotFrame):
    """Draws the rows that `query` has found, while it is in sight.

    Signals:
    task_chosen(int): somebody clicked at the point of this task.
    trouble(str): the numbers cannot be fetched.
    """

    task_chosen = Signal(int)

    def __init__(
        self,
        background: Background,
        source: ResultSource,
        query: TableQuery,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(background, theme, "Plot of the results", parent)
        self._query = query
        self.numbers = PlotData(background, source, query, self)
        self.numbers.changed.connect(self._draw)
        self.numbers.trouble.connect(self.trouble)
        self.fields.changed.connect(self._on_chosen)
        self.fields.file_wanted.connect(self._on_file)
        self.view.said.connect(self._on_said)
        self.view.task_chosen.connect(self.task_chosen)
        query.columns_changed.connect(self._on_columns)
        query.rows_changed.connect(self._say_empty)
        self._on_columns()

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return self.numbers.at_rest and self.view.at_rest

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
        self.show_drawing(bool(self.fields.titles))
        if job is not None and job.final and not job.done:
            self.say_empty("No results", why_none(job))
        elif job is None or not job.done or self._query.part < 1:
            self.say_empty("No results yet", "Results are plotted as soon as there are some.")
        else:
            self.say_empty(
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

    @Slot()
    def _draw(self) -> None:
        series, titles = self.numbers.series, self.fields.titles
        if series is None or len(series.columns) != len(titles):
            self.view.draw(None, "Reading the results" if titles else "")
        else:
            self.view.draw(Wish(series, titles, self.fields.kind.currentText(), self.fields.log))

    @Slot(str)
    def _on_said(self, words: str) -> None:
        self.fields.say(words if self.view.shown is None or self.numbers.complete else f"{words} so far")
        self.view.describe(self.words.whole)

    def choose(self, task: int) -> None:
        """Mark the point of this task, if it has one."""
        self.view.choose(task)

    @Slot(str)
    def _on_file(self, kind: str) -> None:
        series, titles = self.numbers.series, self.fields.titles
        if series is not None:
            name = "-".join(titles)
            self.view.save(kind, name, lambda path: _save_numbers(series, titles, path))


def _save_numbers(series: Series, titles: tuple[str, ...], path: Path) -> None:
    tasks = np.frombuffer(series.tasks, np.int64).tolist()
    save_numbers(series, ("task", *titles), [[task] for task in tasks], path)
