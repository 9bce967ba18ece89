"""Two jobs in one plot, each in its colour; a point leads to its task."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.comparison.joined_series import JoinedSeries, without
from mcgui.console.comparison.series_fetching import SeriesFetching
from mcgui.console.results.plot.chart_content import KINDS, Wish
from mcgui.console.results.plot.plot_files import save_numbers
from mcgui.console.results.plot.plot_frame import PlotFrame
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.task_detail import TaskDetailView
from mcgui.theme import Theme
from mcgui.wheel_guard import guard_from_wheel

#: The column that says which job a task is of.
_JOB: Final = "job"
#: An image has no place for two jobs.
_KINDS: Final = tuple(kind for kind in KINDS if kind != "Image")


class JobsPlot(PlotFrame):
    """Signals: `task_wanted(job, task)`: it is to be shown among the results of its job; `trouble(str)`."""

    task_wanted = Signal(int, int)

    def __init__(
        self, background: Background, source: ResultSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        which = guard_from_wheel(QComboBox())
        super().__init__(background, theme, "Plot of both jobs", parent, kinds=_KINDS, which=which, named=self._named)
        self.which = which
        self.numbers = SeriesFetching(background, source, self)
        self.numbers.columns_changed.connect(self._on_columns)
        self.numbers.changed.connect(self._draw)
        self.numbers.trouble.connect(self._on_trouble)
        self.which.setAccessibleName("Which of the jobs are plotted")
        self.which.setToolTip("Which of the jobs are plotted")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.which.currentIndexChanged.connect(self._draw)
        self.fields.changed.connect(self._on_chosen)
        self.fields.file_wanted.connect(self._on_file)
        self.view.said.connect(self._on_said)
        self.view.task_chosen.connect(self._on_point)
        self.detail = TaskDetailView(background, source, theme, self)
        self.detail.closed.connect(self._on_detail_closed)
        self.detail.trouble.connect(self.trouble)
        self.go = QPushButton("Show in Results", self.detail)
        self.go.setAccessibleName("Show this task among the results of its job")
        self.go.clicked.connect(self._on_go)
        self.detail.add(self.go)
        self.detail.hide()
        self._chosen = (0, -1)  # job, task
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.setContentsMargins(0, 8, 0, 0)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return self.numbers.at_rest and self.view.at_rest

    def show_jobs(self, jobs: tuple[int, int]) -> None:
        """Plot these two, as they stand now."""
        self._on_detail_closed()
        self.numbers.show_jobs(jobs)
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItems(["both jobs", *self.numbers.names])
        self.which.blockSignals(False)

    @Slot()
    def _on_columns(self) -> None:
        columns = self.numbers.columns
        self.fields.show_columns(columns)
        self.show_drawing(bool(self.fields.titles))
        if columns:
            self.say_empty("Nothing to plot", "Neither of the jobs has results that are numbers, dates or text.")
        else:
            self.say_empty("Reading the results", "They are plotted as soon as both jobs have been looked through.")
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        before = self.numbers.found
        self.numbers.choose(self.fields.titles)
        if before is not None and self.numbers.found is before:
            self._draw()  # the same numbers in another way

    @property
    def _found(self) -> JoinedSeries | None:
        """What is to be drawn, of both jobs or of one."""
        found, which = self.numbers.found, self.which.currentIndex()
        return without(found, 2 - which) if found is not None and which > 0 else found

    @Slot()
    def _draw(self) -> None:
        found, titles = self._found, self.fields.titles
        if found is None:
            self.view.draw(None, "Reading the results" if titles else "")
        elif found.problem:
            self.view.draw(None, found.problem)
        else:
            wish = Wish(found.series, (*titles, _JOB), self.fields.kind.currentText(), self.fields.log, apart=True)
            self.view.draw(wish)

    @Slot(str)
    def _on_said(self, words: str) -> None:
        self.fields.say(words)
        self.view.describe(words)

    @Slot(str)
    def _on_trouble(self, words: str) -> None:
        self.say_empty("The jobs cannot be plotted", words)
        self.show_drawing(False)

    # From a point to its task

    def _task_of(self, place: int) -> tuple[int, int]:
        """Job and task of a point."""
        assert self.numbers.found is not None, "there are points"
        at, task = self.numbers.found.task_at(place)
        return self.numbers.jobs[at], task

    def _named(self, place: int) -> str:
        if self.numbers.found is None:
            return ""
        job, task = self._task_of(place)
        return f"job {job}, task {format.count(task)}"

    @Slot(int)
    def _on_point(self, place: int) -> None:
        if self.numbers.found is None:
            return
        self._chosen = self._task_of(place)
        self.detail.show_task(*self._chosen, f"job {self._chosen[0]}")
        if self.detail.isHidden():
            self.detail.show()
            half = self.split.width() // 2
            self.split.setSizes([half, half])

    @Slot()
    def _on_go(self) -> None:
        self.task_wanted.emit(*self._chosen)

    @Slot()
    def _on_detail_closed(self) -> None:
        self.detail.forget()
        self.detail.hide()
        self.view.choose(-1)

    def close_opened(self) -> bool:
        """Close the task that is looked at. False where none is."""
        if self.detail.isHidden():
            return False
        self._on_detail_closed()
        self.view.setFocus()
        return True

    # Files

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        self._on_file("copy")

    @Slot(str)
    def _on_file(self, kind: str) -> None:
        found, titles = self._found, self.fields.titles
        if found is not None:
            name = "-".join((*titles, *self.numbers.names)).replace(" ", "-")
            self.view.save(kind, name, partial(_save_numbers, found, titles, self.numbers.jobs))


def _save_numbers(found: JoinedSeries, titles: tuple[str, ...], jobs: tuple[int, int], path: Path) -> None:
    """A line for each task of each job."""
    series = found.series
    places = np.frombuffer(series.tasks, np.int64).tolist()
    named = [(jobs[at], task) for at, task in map(found.task_at, places)]
    columns = type(series)(series.tasks, series.columns[:-1], series.kinds[:-1], series.words[:-1], series.stride)
    save_numbers(columns, (_JOB, "task", *titles), named, path)
