"""The results of the selected job: a table of any length or a plot, what was reduced from it, and the way to a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.parts.first_picture import Later
from mcgui.console.results.closed_results import ClosedResults
from mcgui.console.results.export_strip import ExportStrip
from mcgui.console.results.picture_window import PictureWindow, save_picture
from mcgui.console.results.reduced_view import PictureView, ReducedLine, image_of
from mcgui.console.results.result_columns import ResultColumns
from mcgui.console.results.result_exporter import ResultExporter
from mcgui.console.results.result_source import Order, ResultSource
from mcgui.console.results.results_header import ResultsHeader, has_decimal_comma
from mcgui.console.results.results_model import LIMIT, ResultsModel
from mcgui.console.results.rows_copier import RowsCopier
from mcgui.console.results.rows_menu import RowsMenu
from mcgui.console.results.rows_words import (
    RowsInSight,
    instead_of_rows,
    line_above,
    rows_asked_for,
    rows_to_export,
)
from mcgui.console.results.task_detail import TaskDetailView
from mcgui.console.results.task_row import TaskRow
from mcgui.console.tables.columns_button import ColumnsButton
from mcgui.console.tables.table_view import TableView
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobStatus, Reduced, TaskStatus
from mcgui_core.results.export_formats import FOLDER, ExportOptions

if TYPE_CHECKING:
    from mcgui.console.results.plot.results_plot import ResultsPlot

_NOTHING_YET: Final = (
    "No results yet",
    "The result of each task appears here as soon as it is there, with its argument.",
)


class ResultsPanel(QWidget):
    """Shows one job's results.

    Signals: `export_wanted(job id, path, format, ExportOptions)`; `snippet_wanted(job id, kind)`;
    `try_wanted(job id, task)`: try this one here; `argument_wanted(task)`: open its argument in the form;
    `said(str)`: what is on the clipboard; `trouble(str)` when rows cannot be read.
    """

    export_wanted = Signal(int, str, str, object)
    snippet_wanted = Signal(int, str)
    try_wanted = Signal(int, int)
    argument_wanted = Signal(int)
    said = Signal(str)
    trouble = Signal(str)

    def __init__(
        self,
        background: Background,
        source: ResultSource,
        exporter: ResultExporter,
        theme: Theme,
        parent: QWidget | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._job: JobStatus | None = None
        self._is_reduced = self._has_picture = False
        self.exporter = exporter
        self.model = ResultsModel(background, source, theme, self)
        self.query = self.model.query
        self.head = ResultsHeader(theme, self, settings)
        self._plot: Later[ResultsPlot] = Later(
            "mcgui.console.results.plot.results_plot",
            lambda: self._make_plot(background, source, theme),
            background,
            self,
        )
        self._plot.made.connect(self._on_plot_made)
        self.view = TableView(theme, "Results", self)
        self.view.setProperty("main", True)  # where the focus comes to, whatever is beside it
        self.detail = TaskDetailView(background, source, theme, self)
        self._make_table(theme, settings)
        self._pages.addWidget(self._plot)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.head)
        layout.addWidget(ExportStrip(exporter, self))
        self.closed = ClosedResults(background, source, self)
        layout.addWidget(self.closed)
        layout.addWidget(self._split, 1)
        self._empty = EmptyState(*_NOTHING_YET, self)
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)
        self._connect()

    def _make_plot(self, background: Background, source: ResultSource, theme: Theme) -> ResultsPlot:
        from mcgui.console.results.plot.results_plot import ResultsPlot

        return ResultsPlot(background, source, self.query, theme, self._plot)

    @Slot()
    def _on_plot_made(self) -> None:
        self._plot.widget.trouble.connect(self.trouble)
        self._plot.widget.task_chosen.connect(self._on_point)
        self._plot.widget.choose(self.detail.task)

    def _make_table(self, theme: Theme, settings: Settings | None) -> None:
        self.view.setModel(self.model)
        self._place = (-1, 0)  # the task that is chosen, and how far the table is scrolled, while its columns change
        self._awaited: tuple[int, int] | None = None  # the task that is to be shown once its job is here
        self._row = TaskRow(self._background, self._source, self.view, self.model, self)
        self._row.found.connect(self._on_found)
        self._row.missing.connect(self._on_missing)
        self._in_sight: tuple[str, Order] = ("", None)  # filter and order of the rows in sight
        self._has_failed = False  # rows were not to be had
        self.columns = ResultColumns(self.view, self.model, settings)
        self.columns.arrange(None)
        self.head.add(ColumnsButton(self.columns, theme, "Choose the columns of the results", self.head))
        self.menu = RowsMenu(self.view, self.model, self)
        copier = RowsCopier(self._background, self._source, self.view, self.model, self)
        self.view.copies = copier.copy
        self.menu.exact_copy_wanted.connect(lambda: copier.copy(exact=True))
        copier.said.connect(self.said)
        copier.trouble.connect(self.trouble)
        self.menu.filter_wanted.connect(self._on_narrower)
        self.menu.details_wanted.connect(self._on_selected)
        self.menu.try_wanted.connect(self._on_try)
        self.menu.argument_wanted.connect(self.argument_wanted)
        self.none_fits = EmptyState("No task fits", "", self)
        self._table = EmptyStack(self.view, self.none_fits)
        left = QWidget(self)
        left.setLayout(self._table)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(left)
        self._table.show_content(True)
        self.picture = PictureView(self)
        self.picture.enlarge_wanted.connect(self._on_enlarge)
        self.side = QStackedWidget(self)
        self.side.addWidget(self.picture)
        self.side.addWidget(self.detail)
        self.side.hide()
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.addWidget(self._pages)
        self._split.addWidget(self.side)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)

    @Slot()
    def _before_columns(self) -> None:
        self._place = (self._row.chosen, self.view.verticalScrollBar().value())

    @Slot()
    def _on_columns(self) -> None:
        task, scrolled = self._place
        self.columns.arrange(self.query.order)
        if task >= 0 and self.model.view == 0 and self.model.row_of_shown(task) >= 0:
            self.view.choose_row(self.model.row_of_shown(task))
        self.view.verticalScrollBar().setValue(scrolled)
        self._tell_columns()

    def _tell_columns(self) -> None:
        known = self.query.known
        self.head.filter.know([column.title for column in known], {one.title: one.words for one in known})

    def _connect(self) -> None:
        self.query.rows_changed.connect(self._show_closed)
        self.closed.opened.connect(self._on_opened)
        self.closed.trouble.connect(self.trouble)
        self._tell_columns()
        self.model.columns_change.connect(self._before_columns)
        self.model.columns_changed.connect(self._on_columns)
        self.model.rows_arrived.connect(self._on_rows_arrived)
        self.model.rows_arrived.connect(self.columns.fit)
        for part in (self.model, self.detail):
            part.trouble.connect(self.trouble)
        self.model.trouble.connect(self._on_no_rows)
        self.query.rows_changed.connect(self._on_rows)
        self.query.refused.connect(self.head.filter.refuse)
        self.columns.sort_wanted.connect(self._on_sort)
        self.head.filter.refused.connect(self._say)
        self.head.asked.connect(self._on_asked)
        self.head.task_wanted.connect(self.go_to)
        self.head.plot_wanted.connect(self._on_plot_wanted)
        self.head.export_wanted.connect(self._on_export)
        self.head.snippet_wanted.connect(self._on_snippet)
        self.head.reduced.save_wanted.connect(self._on_save_picture)
        self.detail.closed.connect(self._on_detail_closed)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return self.model.at_rest and self.head.filter.at_rest

    @Slot()
    def _show_closed(self) -> None:
        self.closed.show_count(self.query.closed)

    @Slot()
    def _on_opened(self) -> None:
        """What was closed can be opened now."""
        self.closed.show_count(0)
        self.model.forget()
        self.query.again()
        task = self.detail.task
        self.detail.forget()
        self._show_task(task)
        self._row.forget()
        self._row.choose_again(task)

    @property
    def job(self) -> JobStatus | None:
        return self._job

    @property
    def reduced(self) -> ReducedLine:
        """The line that tells what the results are of."""
        return self.head.reduced

    @Slot(object)
    def show_job(self, job: JobStatus | None) -> None:
        """Show this job as it stands now."""
        if job is None or self._job is None or job.id != self._job.id:
            self.view.clearSelection()  # before its columns change, or its task would be chosen among the next ones
            self.view.scrollToTop()  # where somebody was among the rows of another job says nothing of these
            self.detail.forget()
            self.show_reduced(None)
            self._row.forget()
            self._in_sight = ("", None)
            self.columns.show_function(job.function if job is not None else "")
        self._job = job
        self.model.show_job(job)
        self.head.show_job(job)
        nothing = job is None or (job.total == 0 and job.sealed)  # else its arguments are on their way
        if job is None:
            self._empty.say(*_NOTHING_YET)
        elif nothing:
            self._empty.say(f"{job.name} has no tasks", "Its arguments were empty, so there was nothing to run.")
        self._stack.show_content(not nothing)
        if job is None:
            return
        self._say()
        self.detail.follow(job)
        if self._awaited is not None and self._awaited[0] == job.id:
            self.go_to_task_of(*self._awaited)

    def show_statuses(self, statuses: Iterable[TaskStatus]) -> None:
        """What tasks say of themselves that run now."""
        self.model.show_statuses(statuses)

    @Slot()
    def _say(self) -> None:
        """One line that tells what is seen, or what is wrong with the filter; and why there are no rows."""
        job, rows, first = self._job, self._rows, self.model.first
        if job is None:
            return
        in_parts = self.query.view == 0 and job.total > LIMIT
        between = (first, min(first + LIMIT, job.total) - 1) if in_parts else None
        some = not rows.where or self.model.rowCount() > 0
        words, kept = line_above(job, rows, self._is_reduced, between)
        said = bool(rows.problem) and not some and self._pages.currentIndex() == 0  # in the place of the rows, whole
        if said:
            words, kept = job.name, ""
        self.head.reduced.say(words, kept, bad=bool(rows.problem) and not said)
        self.none_fits.say(*instead_of_rows(rows))
        self._table.show_content(some)
        is_choice = rows.where or rows.is_ordered or self.columns.chosen
        self.head.offer_shown(rows_to_export(job, rows) if is_choice else None)

    @property
    def _rows(self) -> RowsInSight:
        # Where the table is not seen, or nothing is in it, there are no other rows than those that are wanted.
        in_sight = self._in_sight if self.view.isVisible() and self.model.rowCount() > 0 else None
        return rows_asked_for(self.query, in_sight, self.head.filter.problem, self._has_failed)

    @Slot(str)
    def _on_asked(self, where: str) -> None:
        self.query.ask(where, self.query.order)

    @Slot(str)
    def _on_narrower(self, where: str) -> None:
        before = self.head.where
        self.head.filter_by(f"{f'({before})' if ' or ' in before else before} and {where}" if before else where)

    @Slot(object)
    def _on_sort(self, order: Order) -> None:
        self.query.ask(self.query.where, order)

    @Slot()
    def _on_rows(self) -> None:
        self._has_failed = False
        self.columns.show_order(self.query.order)
        self._say()
        self._row.choose_again(self.detail.task)

    @Slot()
    def _on_no_rows(self) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._say()

    @Slot()
    def _on_rows_arrived(self) -> None:
        """What was chosen before it was there is known now, and which rows are in sight."""
        if self.query.is_answered and not self.model.is_another(max(self.view.rowAt(0), 0)):
            self._in_sight, self._has_failed = (self.query.where, self.query.order), False
        self._say()
        if self.isVisible() and not self._row.is_asking and self._row.chosen not in (-1, self.detail.task):
            self._on_selected()

    def show_reduced(self, reduced: Reduced | None) -> None:
        """Show what was reduced from these results; None: nothing (yet)."""
        self._has_picture = False
        if self._job is None:
            reduced = None
        self._is_reduced = reduced is not None
        if self._job is None or reduced is None:
            self.head.show_reduced("", None)
        else:
            if reduced.picture is not None:
                reduced = self._show_picture(reduced)
            self.head.show_reduced(self._job.name, reduced)
        self._show_side()
        self._say()

    def _show_picture(self, reduced: Reduced) -> Reduced:
        """Show the picture; where it is none, the failure to be told of instead."""
        assert reduced.picture is not None
        try:
            self.picture.show_image(image_of(reduced.picture))
        except ValueError as error:
            return Reduced(str(error), failed=True)
        self._has_picture = True
        return reduced

    def _show_side(self) -> None:
        """Beside the table: the task that is looked at, or else the reduced picture, or else nothing."""
        detail = self.detail.task >= 0
        self.side.setCurrentWidget(self.detail if detail else self.picture)
        self.side.setVisible(detail or self._has_picture)

    @Slot()
    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: object = None, _deselected: object = None) -> None:
        self._show_task(self._row.chosen)

    def _show_task(self, task: int) -> None:
        if self._job is None or task < 0:
            return
        self.detail.show_task(self._job.id, task)
        self._show_side()
        if self._plot.is_made:
            self._plot.widget.choose(task)

    @Slot()
    def _on_detail_closed(self) -> None:
        self.view.clearSelection()
        self.detail.forget()
        self._show_side()
        self.view.setFocus()

    @Slot(int)
    def go_to(self, task: int) -> None:
        """Show this task's row and details; of all tasks, if the filter does not keep it."""
        self.head.show_table()
        self._row.look_for(task)

    def go_to_task_of(self, job: int, task: int) -> None:
        """The same, of a job that may be about to be shown."""
        if self._job is None or self._job.id != job:
            self._awaited = (job, task)
            return
        self._awaited = None
        self.go_to(task)

    @Slot(int)
    def _on_point(self, task: int) -> None:
        """Show the details of the task beside the plot, and choose its row in the table."""
        self._row.look_for(task)

    @Slot(int)
    def _on_found(self, task: int) -> None:
        self._say()
        self._show_task(task)

    @Slot()
    def _on_missing(self) -> None:
        self.head.filter_by("")

    @Slot(bool)
    def _on_plot_wanted(self, wanted: bool) -> None:
        self._pages.setCurrentIndex(1 if wanted else 0)
        self._say()

    @Slot(str, str)
    def _on_export(self, path: str, kind: str) -> None:
        if self._job is None:
            return
        format, _, variant = kind.partition("-")
        options = ExportOptions(
            self.head.exported_arguments,
            exact=variant == "exact",
            decimal_comma=variant == "comma" or (format == FOLDER.name and has_decimal_comma()),
        )
        if self.head.exports_shown:
            columns = tuple(self.columns.titles) if self.columns.chosen else ()
            options = replace(options, where=self.query.where, order=self.query.order, columns=columns)
        self.export_wanted.emit(self._job.id, path, format, options)

    @Slot(str)
    def _on_snippet(self, kind: str) -> None:
        if self._job is not None:
            self.snippet_wanted.emit(self._job.id, kind)

    @Slot(int)
    def _on_try(self, task: int) -> None:
        if self._job is not None:
            self.try_wanted.emit(self._job.id, task)

    @Slot()
    def _on_save_picture(self) -> None:
        if self._job is None or self.picture.image.isNull():
            return
        problem = save_picture(self.picture.image, f"{self._job.name}-{self._job.id}", self)
        if problem:
            self.trouble.emit(problem)

    @Slot()
    def _on_enlarge(self) -> None:
        if self._job is not None and not self.picture.image.isNull():
            window = PictureWindow(self.picture.image, f"{self._job.name}-{self._job.id}", self)
            window.trouble.connect(self.trouble)
            window.show()
